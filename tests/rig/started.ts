// The real program, started inside a test: whatever is left of it is killed when the test ends.
import { onTestFinished } from 'vitest';
import { type Ended, type ProgramOptions, type Started, startProgram } from './program.ts';

/** Starts one command in a process of its own. */
export function startCli(args: readonly string[], options: Omit<ProgramOptions, 'through'>): Started {
  const started = startProgram(args, options);
  onTestFinished(() => {
    started.child.kill('SIGKILL');
  });
  return started;
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
