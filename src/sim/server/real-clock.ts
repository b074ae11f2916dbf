// The machine's time, for a simulation that is given none to turn by hand.
import type { Clock } from '../../core/clock.ts';

export function realClock(): Clock {
  return {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };
}
