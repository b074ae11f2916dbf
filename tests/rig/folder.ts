// Temporary folders for code that runs outside of a test runner as well: made, handed over, removed whatever happens.
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Calls with a new folder and removes it afterwards. */
export async function withFolder<Value>(action: (folder: string) => Promise<Value>): Promise<Value> {
  return withFolderIn(tmpdir(), action);
}

/** The same in memory where the machine offers it: for thousands of small stores whose durability is not the point. */
export async function withFastFolder<Value>(action: (folder: string) => Promise<Value>): Promise<Value> {
  return withFolderIn(isWritable('/dev/shm') ? '/dev/shm' : tmpdir(), action);
}

async function withFolderIn<Value>(
  parent: string,
  action: (folder: string) => Promise<Value>,
): Promise<Value> {
  const folder = mkdtempSync(path.join(parent, 'expgraph-row-'));
  try {
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
