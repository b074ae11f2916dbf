// The real program inside a test: whatever is left of it is killed when the test ends.
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type Ended, editFile, type ProgramOptions, type Started, startProgram } from './program.ts';

export { CLI, type Ended, editFile, filesBelow, jsonLines, ROOT, writeFiles } from './program.ts';

export type CliOptions = Omit<ProgramOptions, 'through'>;

/** Runs one command to its end. */
export async function cli(args: readonly string[], options: CliOptions): Promise<Ended> {
  return startCli(args, options).ended;
}

/** Starts one command; whatever is left of it is killed when the test ends. */
export function startCli(args: readonly string[], options: CliOptions): Started {
  const started = startProgram(args, options);
  onTestFinished(() => {
    started.child.kill('SIGKILL');
  });
  return started;
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

/** A second Ctrl-C, pressed until it is heard: one that follows at once is the first one, handed on. @returns how it ended */
export async function pressAgain({ child, ended }: Started): Promise<Ended> {
  const timer = setInterval(() => child.kill('SIGINT'), 100);
  let said = '';
  child.stderr!.on('data', (text: string) => {
    said += text;
    if (/Leaving now|is killed/.test(said)) clearInterval(timer);
  });
  try {
    return await ended;
  } finally {
    clearInterval(timer);
  }
}
