// Numbers and times events and hands them to everybody who watches.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { EventLine, RunEvent } from '../core/event.ts';
import type { Redact } from '../core/redact.ts';
import type { Reporter } from '../progress/reporter.ts';
import { CommandError } from './exit.ts';

export type Emit = (event: RunEvent) => void;

export function makeEmit(at: {
  readonly invocation: string;
  readonly clock: Clock;
  readonly reporters: readonly Reporter[];
}): Emit {
  let seq = 0;
  return (event) => {
    const line = {
      v: 1,
      seq: ++seq,
      at: at.clock.now().toISOString(),
      invocation: at.invocation,
      ...event,
    } as EventLine;
    for (const reporter of at.reporters) reporter.report(line);
  };
}

/** A file that takes one line at a time. Each line is with the kernel before the next thing happens. */
export function openEventFile(file: string, redact: Redact): { append(line: string): void; close(): void } {
  let fd: number;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    fd = openSync(file, 'a');
  } catch (cause) {
    throw new CommandError(`--events ${file}: ${(cause as Error).message}`);
  }
  return {
    append(line) {
      const bytes = Buffer.from(redact(line));
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    },
    close: () => closeSync(fd),
  };
}
