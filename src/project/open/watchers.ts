// Who is told of an invocation's events: the screen, or a program's own listener, and a file.
import type { Redact } from '../../core/redact.ts';
import type { Reporter } from '../../progress/reporter.ts';
import { type Emit, makeEmit } from './emit.ts';
import { eventUnnamed, withoutNames } from './without-arms.ts';
import { note, type World } from './world.ts';

/** Opened when the invocation begins: it gets every event, also of tasks that are skipped. */
export type OpenListener = () => Reporter;

export type Watchers = Disposable & {
  readonly emit: Emit;
  /** However often: the terminal is the caller's again, files are closed. */
  close(): void;
};

export function openWatchers(
  io: World,
  options: {
    readonly invocation: string;
    readonly redact: Redact;
    /** null = nobody looks on. */
    readonly screen: Reporter | null;
    readonly events: OpenListener | null;
    /** Names of arms that nobody is told while a blind review is open; left out = all may be named. */
    readonly unnamed?: readonly string[] | null;
  },
): Watchers {
  const { invocation, redact, screen, events, unnamed = null } = options;
  const { debug } = io;
  const inside: Reporter[] = debug
    ? [{ report: (event) => debug('event', () => JSON.stringify(event)), close: () => {} }]
    : [];
  const reporters = [...(events ? [events()] : []), ...(screen ? [screen] : []), ...inside];
  const onLost = (cause: Error): void => note(io, `events are told no more from here on: ${cause.message}`);
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    for (const reporter of reporters) reporter.close();
  };
  const tell = makeEmit({ invocation, clock: io.clock, redact, reporters, onLost });
  const without = unnamed && withoutNames(unnamed);
  const emit: Emit = without ? (event) => tell(eventUnnamed(event, without)) : tell;
  return { emit, close, [Symbol.dispose]: close };
}
