// Numbers and times events and hands them to everybody who watches.
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { StoreError } from '../../cache/disk/disk-read.ts';
import { diskWords } from '../../cache/disk/disk-words.ts';
import { makeFolder } from '../../cache/disk/durable.ts';
import { modesNow, settleFile } from '../../cache/disk/modes.ts';
import type { Clock } from '../../core/clock.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { EventLine, RunEvent } from '../../core/event.ts';
import { type Redact, redactFields } from '../../core/redact.ts';
import type { Reporter } from '../../progress/reporter.ts';
import { CommandError } from './command-error.ts';

export type Emit = (event: RunEvent) => void;

/** Where words of a provider or of a user's file stand in an event. */
const FREE_TEXT = ['error', 'decision', 'message', 'hint'] as const;

export function makeEmit(input: {
  readonly invocation: string;
  readonly clock: Clock;
  readonly redact: Redact;
  readonly reporters: readonly Reporter[];
  /** A watcher failed (a full disk under --events): it is asked no more, and the run goes on. */
  readonly onLost: (cause: Error) => void;
}): Emit {
  let seq = 0;
  const listening = new Set(input.reporters);
  return (raw) => {
    const event = redactFields(raw, { fields: FREE_TEXT, redact: input.redact });
    const line = {
      v: 1,
      seq: ++seq,
      at: input.clock.now().toISOString(),
      invocation: input.invocation,
      ...event,
    } as EventLine;
    for (const reporter of listening) {
      try {
        reporter.report(line);
      } catch (cause) {
        // Deleted first: telling it may come back here.
        listening.delete(reporter);
        input.onLost(cause as Error);
      }
    }
  };
}

/** Tells what was noticed about files while events are told, each with its place. */
export function emitDiagnostics(
  emit: Emit,
  input: { readonly cwd: string; readonly diagnostics: readonly Diagnostic[] },
): void {
  for (const { severity, code, message, hint, location } of input.diagnostics) {
    const place = location === null ? '' : `${path.relative(input.cwd, location.file)}: `;
    emit({ kind: 'diagnostic', severity, code, message: `${place}${message}`, hint });
  }
}

/** A killed run may have left half a line: what follows must not be glued to it. */
function endTornLine(fd: number): void {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  if (size === 0 || readSync(fd, last, 0, 1, size - 1) === 0) return;
  if (last[0] !== 10) writeSync(fd, '\n');
}

export type EventFile = {
  append(line: string): void;
  /** However often: a second close must never reach the number that the kernel has given to another file since. */
  close(): void;
};

function eventTrouble(file: string, cause: unknown): string {
  if ((cause as NodeJS.ErrnoException).code === 'EISDIR')
    return `${file}: it is a folder; name a file in it: --events ${path.join(file, 'events.jsonl')}`;
  return cause instanceof StoreError ? cause.message : `${file}: ${diskWords(file, cause)}`;
}

/** A file that takes one line at a time. Each line is with the kernel before the next thing happens. */
export function openEventFile(file: string): EventFile {
  let fd: number;
  let isOpen = true;
  try {
    makeFolder(path.dirname(file));
    fd = openSync(file, 'a+', modesNow().file);
    // One that is there (a pipe, a log of the user's) is as it is.
    if (fstatSync(fd).size === 0 && fstatSync(fd).isFile()) settleFile(fd);
    endTornLine(fd);
  } catch (cause) {
    throw new CommandError(`--events ${eventTrouble(file, cause)}`);
  }
  return {
    append(line) {
      if (!isOpen) return;
      const bytes = Buffer.from(line);
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    },
    close() {
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
  };
}
