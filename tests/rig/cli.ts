// A command of the program in a test, within this process: what it printed, how it ended and what it wrote. Kills, signals,
// terminals and packing need a process of their own: `started.ts`.
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
