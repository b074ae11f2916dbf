// The loop's own timers: all of them end with the loop.
import type { Clock } from '../core/clock.ts';

export type Timers = {
  /** Calls back once; the returned function cancels. */
  later(ms: number, action: () => void): () => void;
  cancelAll(): void;
};

export function makeTimers(clock: Clock): Timers {
  const open = new Set<() => void>();
  return {
    later(ms, action) {
      const cancel = clock.after(ms, () => {
        open.delete(cancel);
        action();
      });
      open.add(cancel);
      return () => {
        open.delete(cancel);
        cancel();
      };
    },
    cancelAll() {
      for (const cancel of open) cancel();
      open.clear();
    },
  };
}
