// The outside world as the commands see it, made once: streams, environment, folder, clock, signals.
import type { Redact } from '../core/redact.ts';
import { withoutCommands } from '../core/workflow-commands.ts';
import { realClock } from '../project/open/real-clock.ts';
import type { Given, World } from '../project/open/world.ts';
import { printNotice } from './terminal/notices.ts';
import { makeReporter } from './terminal/reporters.ts';
import { signalInterrupts } from './terminal/signals.ts';

export type Out = {
  write(text: string): void;
  /** What a program reads, as it is: data, and commands to GitHub Actions, which `write` keeps text of others from being. */
  raw(text: string): void;
  /** A terminal that takes colours and a live region; NO_COLOR and TERM=dumb say no. */
  readonly isTerminal: boolean;
  /** Somebody looks at it, whatever it takes: of a pipe and a file nobody is asked to page. */
  readonly isTty: boolean;
  readonly colors: boolean;
  columns(): number;
  rows(): number;
};

/** How much is told beside the results: `-q`, nothing said, `-v`. */
export type Detail = 'quiet' | 'normal' | 'verbose';

export type Io = Omit<World, 'given'> &
  Streams & { readonly given: { -readonly [Name in keyof Given]: Given[Name] } };

/** What use cases do not see: they return their results. */
export type Streams = {
  readonly detail: Detail;
  readonly out: Out;
  readonly err: Out;
};

export function isGithub({ env }: Pick<Io, 'env'>): boolean {
  return env.GITHUB_ACTIONS === 'true';
}

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
    clock: realClock(),
    random: Math.random,
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
