// A server that is not started yet is waited for, and it is said once that it is: for half a minute, or as long as the user
// says. A name that cannot be looked up just now is tried for some seconds: more often there is no network at all.
//
// One that has answered in this run and went away is the circuit's: it comes back, or does not, as any that keeps failing.
//
//   nobody there --first time--> told, its time runs --over--> its lane is given up
//                                     '--answered----> waited for no more
import type { RunEvent } from '../core/event.ts';
import type { Failure } from '../core/outcome.ts';
import { type Asked, nobodyWords } from './limits/no-server-words.ts';
import type { Timers } from './timers.ts';

/** Somebody who starts a server beside it does so within that; whoever forgot it knows then. */
const SERVER_MS = 30_000;
/** Some tries: a resolver that was busy has answered by then. */
const LOOKUP_MS = 5_000;

export type Awaited = {
  failed(lane: string, of: Asked & { readonly failure: Failure }): void;
  answered(lane: string): void;
  /** It keeps failing: who said how long to wait for a provider meant this as well. */
  suspended(lane: string, why: string): void;
  isAwaiting(lane: string): boolean;
};

export function makeAwaited(of: {
  /** Infinity = for ever; as long as is usual, where it is not said. */
  readonly limitMs?: number | undefined;
  readonly timers: Timers;
  readonly tell: (event: RunEvent) => void;
  readonly giveUp: (lane: string, why: string) => void;
}): Awaited {
  const waiting = new Map<string, () => void>();
  /** That nobody is there was said of them. */
  const told = new Set<string>();
  const hasAnswered = new Set<string>();

  function startFor(
    lane: string,
    { limitMs, why }: { readonly limitMs: number; readonly why: string },
  ): void {
    const end = (): void => {
      waiting.delete(lane);
      of.giveUp(lane, why);
    };
    // No timer is so long.
    waiting.set(lane, limitMs === Number.POSITIVE_INFINITY ? () => {} : of.timers.later(limitMs, end));
  }

  function over(lane: string): boolean {
    waiting.get(lane)?.();
    return waiting.delete(lane);
  }

  return {
    failed(lane, { failure, ...asked }) {
      const kind = failure.isNobodyThere;
      if (kind === undefined || kind === 'host' || waiting.has(lane) || hasAnswered.has(lane)) return;
      const limitMs = of.limitMs ?? (kind === 'server' ? SERVER_MS : LOOKUP_MS);
      const { what, todo } = nobodyWords(kind, asked);
      const most = limitMs === Number.POSITIVE_INFINITY ? '' : `, at most ${seconds(limitMs)}`;
      startFor(lane, { limitMs, why: `${what} after ${seconds(limitMs)}: ${todo}` });
      told.add(lane);
      of.tell({
        ...{ kind: 'diagnostic', severity: 'warning', code: 'nobody-listens' },
        message: `${what}: it is waited for${most}; Ctrl-C stops waiting`,
        hint: `${todo}; --wait-for-provider 10m waits longer`,
      });
    },
    answered(lane) {
      hasAnswered.add(lane);
      if (!over(lane) || !told.has(lane)) return;
      const message = `${lane} answers now`;
      of.tell({ kind: 'diagnostic', severity: 'note', code: 'provider-there', message, hint: null });
    },
    suspended(lane, why) {
      const { limitMs } = of;
      if (limitMs !== undefined && !waiting.has(lane))
        startFor(lane, { limitMs, why: `${why}; given up after ${seconds(limitMs)}` });
    },
    isAwaiting: (lane) => told.has(lane) && waiting.has(lane),
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
