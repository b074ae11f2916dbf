// quarantine/: what was set aside. Nothing that may hold something is thrown away.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, moveFile } from './durable.ts';
import type { Layout } from './layout.ts';

/** Moved to quarantine/ under a free name. @returns the new place, null where there was nothing. */
export function setAside(layout: Layout, file: string): string | null {
  if (!existsSync(file)) return null;
  makeFolder(layout.quarantine);
  const base = path.basename(file);
  const taken = new Set(readdirSync(layout.quarantine));
  let name = base;
  for (let i = 2; taken.has(name); i++) name = `${base}.${i}`;
  const kept = path.join(layout.quarantine, name);
  moveFile(file, kept);
  return kept;
}

/** A database with what SQLite keeps beside it. */
export function setDatabaseAside(layout: Layout, file: string): void {
  for (const suffix of ['', '-wal', '-shm']) setAside(layout, `${file}${suffix}`);
}
