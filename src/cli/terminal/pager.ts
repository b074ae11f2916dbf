// Long text goes to the user's pager where somebody sits at a terminal. What is shown is handed over as bytes on its input:
// no shell sees it, and the command itself is words, not a script.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pagerOf } from '../../text/pager-command.ts';
import type { Io } from '../io.ts';

/** Writes the chunks, one after another as they are made: whoever leaves the pager early has the rest never made. */
export async function page(
  io: Io,
  at: { readonly chunks: Iterable<string>; readonly may: boolean; readonly clean: (text: string) => string },
): Promise<void> {
  const command = at.may && io.out.isTty && io.env.TERM !== 'dumb' ? pagerOf(io.env) : null;
  const chunks = at.chunks[Symbol.iterator]();
  if (command === null || !(await pipe(io, { command, chunks, clean: at.clean }))) {
    for (let next = chunks.next(); !next.done; next = chunks.next()) io.out.write(next.value);
  }
}

/** @returns false where the pager could not be started: then nothing was taken */
async function pipe(
  io: Io,
  at: {
    readonly command: readonly string[];
    readonly chunks: Iterator<string>;
    readonly clean: (text: string) => string;
  },
): Promise<boolean> {
  const [program = '', ...args] = at.command;
  // As git does: who has set neither gets a `less` that shows colours and text of all languages.
  const env = { LESS: 'FRX', LESSCHARSET: 'utf-8', LV: '-c', ...io.env };
  const child = spawn(program, args, { stdio: ['pipe', 'inherit', 'inherit'], env });
  const started = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });
  if (!started) return false;
  // Ctrl-C is the pager's: it stops a search. Without us its terminal would be left as it set it.
  process.on('SIGINT', ignore);
  const over = new AbortController();
  const ended = once(child, 'close').finally(() => over.abort());
  // It was left before the end: no error, and nobody to be told the rest.
  child.stdin.on('error', () => over.abort());
  try {
    while (!over.signal.aborted) {
      const next = at.chunks.next();
      if (next.done) break;
      if (child.stdin.write(at.clean(next.value))) continue;
      await once(child.stdin, 'drain', { signal: over.signal }).catch(ignore);
    }
  } finally {
    // Whatever ended the text: what is there is read until somebody leaves.
    child.stdin.end();
    await ended;
    process.off('SIGINT', ignore);
  }
  return true;
}

function ignore(): void {}
