// A server that is not started yet is waited for, and one warning says so: for half a minute, or as long as the user
// says. A name that cannot be looked up just now is tried for some seconds: more often there is no network at all.
//
// One that has answered in this run and went away is the circuit's: it comes back, or does not, as any that keeps failing.
//
//   nobody there --first time--> warned, its time runs --over--> its lane is given up
//                                     '--answered----> waited for no more
import type { RunEvent } from '../core/event.ts';
import type { Failure } from '../core/outcome.ts';
import { type Asked, nobodyWords } from './limits/no-server-words.ts';
import type { Timers } from './timers.ts';

/** Who starts a server in another terminal does so within that; who forgot it is reminded then. */
const SERVER_MS = 30_000;
/** Some tries: a resolver that was busy has answered by then. */
const LOOKUP_MS = 5_000;

export type Awaited = {
  failed(lane: string, input: Asked & { readonly failure: Failure }): void;
  answered(lane: string): void;
  /** It keeps failing: --wait-for-provider counts for this as well. */
  suspended(lane: string, why: string): void;
  isAwaiting(lane: string): boolean;
};

export function makeAwaited(loop: {
  /** Infinity = for ever; the usual time where this is missing. */
  readonly limitMs?: number | undefined;
  readonly timers: Timers;
  readonly tell: (event: RunEvent) => void;
  readonly giveUp: (lane: string, why: string) => void;
}): Awaited {
  const waiting = new Map<string, () => void>();
  /** The warning was given. */
  const warned = new Set<string>();
  const hasAnswered = new Set<string>();

  function startFor(
    lane: string,
    { limitMs, why }: { readonly limitMs: number; readonly why: string },
  ): void {
    const end = (): void => {
      waiting.delete(lane);
      loop.giveUp(lane, why);
    };
    // No timer is so long.
    waiting.set(lane, limitMs === Number.POSITIVE_INFINITY ? () => {} : loop.timers.later(limitMs, end));
  }

  function over(lane: string): boolean {
    waiting.get(lane)?.();
    return waiting.delete(lane);
  }

  return {
    failed(lane, { failure, ...asked }) {
      const kind = failure.isNobodyThere;
      if (kind === undefined || kind === 'host' || waiting.has(lane) || hasAnswered.has(lane)) return;
      const limitMs = loop.limitMs ?? (kind === 'server' ? SERVER_MS : LOOKUP_MS);
      const { what, todo } = nobodyWords(kind, asked);
      const most = limitMs === Number.POSITIVE_INFINITY ? '' : `, at most ${seconds(limitMs)}`;
      startFor(lane, { limitMs, why: `${what} after ${seconds(limitMs)}: ${todo}` });
      warned.add(lane);
      loop.tell({
        kind: 'diagnostic',
        severity: 'warning',
        code: 'nobody-listens',
        message: `${what}: it is waited for${most}; Ctrl-C stops waiting`,
        hint: `${todo}; --wait-for-provider 10m waits longer`,
      });
    },
    answered(lane) {
      hasAnswered.add(lane);
      if (!over(lane) || !warned.has(lane)) return;
      const message = `${lane} answers now`;
      loop.tell({ kind: 'diagnostic', severity: 'note', code: 'provider-there', message, hint: null });
    },
    suspended(lane, why) {
      const { limitMs } = loop;
      if (limitMs !== undefined && !waiting.has(lane))
        startFor(lane, { limitMs, why: `${why}; given up after ${seconds(limitMs)}` });
    },
    isAwaiting: (lane) => warned.has(lane) && waiting.has(lane),
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
