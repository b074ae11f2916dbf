// A command of the program in a test, within this process: what it printed, how it ended and what it wrote. Kills, signals,
// terminals and packing need a process of their own: `started.ts`.
import { constants, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { editFile } from './files.ts';
import { inProcess } from './in-process.ts';
import type { Ended } from './program.ts';

export type CliOptions = {
  readonly cwd: string;
  readonly env?: { readonly [name: string]: string };
};

/** Runs one command to its end. */
export async function cli(args: readonly string[], options: CliOptions): Promise<Ended> {
  const { code, out, err } = await inProcess(args, options);
  return { code, signal: null, stdout: out, stderr: err };
}

/** The sample experiment, with the simulation answering at once. */
export async function sample(folder: string, sim = 'latency_ms: 2, latency_spread: 0'): Promise<void> {
  const made = await cli(['init'], { cwd: folder });
  if (made.code !== 0) throw new Error(made.stderr);
  editFile(path.join(folder, 'experiment.yaml'), (text) => {
    const quick = text.replace(/^providers:$/m, `providers:\n  sim: { type: sim, sim: { ${sim} } }`);
    if (quick === text) throw new Error('the sample has no providers block');
    return quick;
  });
}

let ranOnce: Promise<string> | null = null;

/** The sample experiment as its first `run` left it: drawn once a worker, copied for each test. */
export async function ranSample(folder: string): Promise<void> {
  ranOnce ??= drawSample();
  cpSync(await ranOnce, folder, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

async function drawSample(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-test-sample-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await sample(folder);
  const { code, stderr } = await cli(['run'], { cwd: folder });
  if (code !== 0) throw new Error(stderr);
  return folder;
}
