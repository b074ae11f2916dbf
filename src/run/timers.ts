// The loop's own timers: all of them end with the loop.
import type { Clock } from '../core/clock.ts';
import { startLimit } from '../core/limit.ts';

export type Timers = {
  /** Calls back once; the returned function cancels. */
  later(ms: number, action: () => void): () => void;
  /** The same for a time limit: only time in which this process ran counts. */
  limit(ms: number, action: () => void): () => void;
  cancelAll(): void;
};

export function makeTimers(clock: Clock): Timers {
  const open = new Set<() => void>();
  const kept = (action: () => void, start: (ended: () => void) => () => void): (() => void) => {
    const cancel = start(() => {
      open.delete(cancel);
      action();
    });
    open.add(cancel);
    return () => {
      open.delete(cancel);
      cancel();
    };
  };
  return {
    later: (ms, action) => kept(action, (ended) => clock.after(ms, ended)),
    limit: (ms, action) => kept(action, (ended) => startLimit(clock, ms, ended).cancel),
    cancelAll() {
      for (const cancel of open) cancel();
      open.clear();
    },
  };
}

export function soonest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
