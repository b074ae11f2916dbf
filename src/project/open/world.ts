// The outside world as the commands see it, made once: streams, environment, folder, clock, signals.
import type { Clock } from '../../core/clock.ts';
import type { Redact } from '../../core/redact.ts';
import { withoutCommands } from '../../core/workflow-commands.ts';

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

export type Given = {
  /** Each -C. */
  folders: readonly string[];
  /** The manifest of -f; null = it is found without. */
  file: string | null;
};

export type Io = {
  readonly detail: Detail;
  readonly out: Out;
  readonly err: Out;
  readonly env: { readonly [name: string]: string | undefined };
  readonly cwd: string;
  /** How the user said where everything is; commands that are printed say it again. */
  readonly given: Given;
  readonly clock: Clock;
  readonly random: () => number;
  /** Models are called, and simulations played, in this thread: where a hundred invocations follow each other in one process,
   * most of their time would be that of threads which begin. */
  readonly isOneThread?: boolean;
  /** Everything printed from now on has these secrets taken out. */
  redactWith(redact: Redact): void;
  /** The same for what goes to a file that others read. */
  clean(text: string): string;
};

export function isGithub({ env }: Pick<Io, 'env'>): boolean {
  return env.GITHUB_ACTIONS === 'true';
}

export function realIo(): Io {
  let redact: Redact = (text) => text;
  const { env } = process;
  const clean = (text: string): string => redact(text);
  return {
    detail: 'normal',
    out: makeOut(process.stdout, clean),
    err: makeOut(process.stderr, clean),
    env,
    cwd: process.cwd(),
    given: { folders: [], file: null },
    clock: realClock(),
    random: Math.random,
    clean,
    redactWith(next) {
      redact = next;
    },
  };
}

export function realClock(): Clock {
  return {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    after(ms, callback) {
      // setTimeout takes at most 2^31 - 1 ms; nothing here waits longer on purpose.
      const timer = setTimeout(callback, Math.min(ms, 2 ** 31 - 1));
      return () => clearTimeout(timer);
    },
  };
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
