// The machine's time.
import type { Clock } from '../../core/clock.ts';

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
