// Where results and events go, which may both be stdout.
import path from 'node:path';
import { makeEventWriter } from '../../progress/json.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { type EventFile, openEventFile } from '../../project/open/emit.ts';
import type { OpenListener } from '../../project/open/watchers.ts';
import type { Io, Out } from '../io.ts';

/** Where `--events` writes: `-` is stdout, and what else is printed goes to stderr then. */
function openEvents(io: Io, target: string): EventFile {
  if (target !== '-') return openEventFile(path.resolve(io.cwd, target));
  return { append: (line) => io.out.write(line), close: () => {} };
}

/** What an invocation opens when it begins. */
export function eventsOf(io: Io, target: string | undefined): OpenListener | null {
  if (target === undefined) return null;
  return () => {
    const file = openEvents(io, target);
    const { report } = makeEventWriter({ append: file.append });
    return { report, close: file.close };
  };
}

/** Where results are printed. @throws CommandError where two things would be written to stdout */
export function resultsOut(io: Io, of: { readonly events?: string; readonly json?: boolean }): Out {
  if (of.events !== '-') return io.out;
  if (of.json) {
    throw new CommandError(
      '--events - and --json both write to stdout: name a file for one of them, as in --events events.jsonl --json',
    );
  }
  return io.err;
}
