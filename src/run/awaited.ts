// A server that is not started yet is waited for, and it is said once that it is: for half a minute, or as long as the user says.
//
// One that has answered in this run and went away is the circuit's: it comes back, or does not, as any that keeps failing.
//
//   nothing listens --first time--> told, its time runs --over--> its lane is given up
//                                        '--answered----> waited for no more
import type { RunEvent } from '../core/event.ts';
import type { Failure } from '../core/outcome.ts';
import { serverName } from './facts.ts';
import type { Timers } from './timers.ts';

/** Somebody who starts a server beside it does so within that; whoever forgot it knows then. */
const PATIENCE_MS = 30_000;

export type Awaited = {
  failed(
    lane: string,
    of: { readonly failure: Failure; readonly provider: string; readonly url: string | null },
  ): void;
  answered(lane: string): void;
  /** It keeps failing: who said how long to wait for a provider meant this as well. */
  suspended(lane: string, why: string): void;
  isAwaiting(lane: string): boolean;
};

export function makeAwaited(of: {
  /** Infinity = for ever; half a minute, where it is not said. */
  readonly limitMs?: number | undefined;
  readonly timers: Timers;
  readonly tell: (event: RunEvent) => void;
  readonly giveUp: (lane: string, why: string) => void;
}): Awaited {
  const limitMs = of.limitMs ?? PATIENCE_MS;
  const waiting = new Map<string, () => void>();
  /** That nothing listens was said of them. */
  const told = new Set<string>();
  const hasAnswered = new Set<string>();

  const seconds = Math.round(limitMs / 1000);

  function startFor(lane: string, why: string): void {
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
    failed(lane, { failure, provider, url }) {
      if (failure.isNobodyThere !== 'server' || waiting.has(lane) || hasAnswered.has(lane)) return;
      const where = `nothing listens at ${serverName(url)} (provider ${provider})`;
      const most = limitMs === Number.POSITIVE_INFINITY ? '' : `, at most ${seconds} s`;
      startFor(lane, `${where} after ${seconds} s: start the server, or correct base_url`);
      told.add(lane);
      of.tell({
        ...{ kind: 'diagnostic', severity: 'warning', code: 'nobody-listens' },
        message: `${where}: it is waited for${most}; Ctrl-C stops waiting`,
        hint: 'start the server, or correct base_url; --wait-for-provider 10m waits longer',
      });
    },
    answered(lane) {
      hasAnswered.add(lane);
      if (!over(lane) || !told.has(lane)) return;
      const message = `${lane} answers now`;
      of.tell({ kind: 'diagnostic', severity: 'note', code: 'provider-there', message, hint: null });
    },
    suspended(lane, why) {
      if (of.limitMs !== undefined && !waiting.has(lane))
        startFor(lane, `${why}; given up after ${seconds} s`);
    },
    isAwaiting: (lane) => told.has(lane) && waiting.has(lane),
  };
}
