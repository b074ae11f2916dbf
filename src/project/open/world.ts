// The outside world as use cases see it: who gives it (a command line, a program, a test) decides where words go and what ends work.
import type { Clock } from '../../core/clock.ts';
import type { Debug } from '../../core/debug.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Env } from '../../core/env.ts';
import type { Redact } from '../../core/redact.ts';
import type { MakeExecutor } from '../../executor/index.ts';
import type { Reporter } from '../../progress/reporter.ts';
import type { InterruptSource } from './interrupts.ts';
import type { MakeStores } from './stores.ts';

export type World = {
  readonly env: Env;
  readonly cwd: string;
  /** How the user said where everything is; commands that are named in sentences say it again. */
  readonly given: Given;
  readonly clock: Clock;
  readonly random: () => number;
  /**
   * Models are called, and simulations played, in this thread: where a hundred invocations follow each other in one process,
   * most of their time would be that of threads which begin.
   */
  readonly isOneThread?: boolean;
  /** The process does nothing else: how its memory grows may be decided for all of it. Left out = it is somebody's program. */
  readonly ownsProcess?: boolean;
  /** What is noticed on the way to a result. Results are returned, never noticed. */
  readonly notify: (notice: Notice) => void;
  /** What asks for an end: signals of a terminal, or an AbortSignal. */
  readonly interrupts: InterruptSource;
  /** Where results are kept; left out = in files beside the manifest. */
  readonly stores?: MakeStores;
  /** Told of the inside, where somebody looks; left out = nobody does. */
  readonly debug?: Debug;
  /** Who watches the events of an invocation beside those that the caller names. */
  readonly makeReporter: () => Promise<Reporter>;
  /** Everything that is told from now on has these secrets taken out. */
  redactWith(redact: Redact): void;
  /** The same for what goes to a file that others read. */
  clean(text: string): string;
  /** Who does the orders' work, where it is not whoever the table of executors names. */
  readonly makeExecutor?: MakeExecutor;
};

export type Given = {
  /** Each -C. */
  readonly folders: readonly string[];
  /** The manifest of -f; null = it is found without. */
  readonly file: string | null;
  /** Numbers by arm are asked for although a blind review is open; left out = they are not. */
  readonly unblind?: Unblinding;
};

/** What breaks the blinding, as it is written into the protocol of each review that is open. */
export type Unblinding = {
  /** The command line, or the function that a program called. */
  readonly what: string;
  readonly reason: string | null;
};

export type Notice =
  /** Mistakes and hints, each with its place in a file where it has one. */
  | { readonly kind: 'diagnostics'; readonly diagnostics: readonly Diagnostic[] }
  /** One sentence that should be read, however little the user wants to hear. */
  | { readonly kind: 'note'; readonly text: string }
  /** Lines as they are: the words of a program that failed, a list. Fit for a terminal. */
  | { readonly kind: 'lines'; readonly text: string }
  /** Lines that may be left out where the user wants to hear little. */
  | { readonly kind: 'progress'; readonly text: string };

export function notifyDiagnostics(world: Pick<World, 'notify'>, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) world.notify({ kind: 'diagnostics', diagnostics });
}

export function note(world: Pick<World, 'notify'>, text: string): void {
  world.notify({ kind: 'note', text });
}
