// The outside world of a process, made once: its streams, environment, folder, clock and signals.

import { clockOf } from '../core/clock.ts';
import type { Redact } from '../core/redact.ts';
import { withoutCommands } from '../core/workflow-commands.ts';
import { type Io, isGithub, type Out } from './io.ts';
import { printNotice } from './terminal/notices.ts';
import { makeReporter } from './terminal/reporters.ts';
import { signalInterrupts } from './terminal/signals.ts';

export function realIo(): Io {
  let redact: Redact = (text) => text;
  const clean = (text: string): string => redact(text);
  return makeIo({
    detail: 'normal',
    out: makeOut(process.stdout, clean),
    err: makeOut(process.stderr, clean),
    env: process.env,
    cwd: process.cwd(),
    given: { folders: [], file: null },
    clock: clockOf(globalThis),
    random: Math.random,
    ownsProcess: true,
    clean,
    redactWith(next) {
      redact = next;
    },
  });
}

/** Streams with the words of use cases going to them. What is changed later (`-C`, `-q`) goes through here as well. */
export function makeIo(of: Omit<Io, 'notify' | 'interrupts' | 'makeReporter'>): Io {
  const io: Io = {
    ...of,
    notify: (notice) => printNotice(io, notice),
    interrupts: signalInterrupts(of.err),
    makeReporter: () => makeReporter(io),
  };
  return io;
}

function makeOut(stream: NodeJS.WriteStream, clean: (text: string) => string): Out {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const isObeyed = isGithub(process);
  const isTerminal = stream.isTTY === true && TERM !== 'dumb' && !NO_COLOR;
  return {
    write: (text) => {
      stream.write(isObeyed ? withoutCommands(clean(text)) : clean(text));
    },
    raw: (text) => {
      stream.write(clean(text));
    },
    isTerminal,
    isTty: stream.isTTY === true,
    // Nothing but colours is forced: a log is no live region. 0 and false say no, as chalk and Node read it.
    colors: FORCE_COLOR ? !['0', 'false'].includes(FORCE_COLOR) : isTerminal,
    // A terminal whose size nobody has set says 0 of both: `docker exec -t`, jobs of CI, expect.
    columns: () => stream.columns || (stream.isTTY ? 80 : 100),
    rows: () => stream.rows || 24,
  };
}
