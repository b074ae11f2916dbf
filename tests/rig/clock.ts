// A clock turned by hand: time moves only when the test says so.
import type { Clock } from '../../src/core/clock.ts';

export type HandClock = Clock & {
  /** Moves on, calling what falls due in order; lets promises settle after each. */
  advance(ms: number): Promise<void>;
  /** Moves to the next timer, again and again, until `done` says true or no timer is left. */
  runUntil(done: () => boolean): Promise<void>;
  readonly pending: () => number;
};

export function handClock(start = Date.UTC(2026, 0, 2, 3, 4, 5)): HandClock {
  let at = 0;
  let timers: { readonly due: number; readonly callback: () => void }[] = [];
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  const next = (): (typeof timers)[number] | undefined =>
    timers.reduce<(typeof timers)[number] | undefined>(
      (first, timer) => (first === undefined || timer.due < first.due ? timer : first),
      undefined,
    );
  const fire = async (timer: (typeof timers)[number]): Promise<void> => {
    timers = timers.filter((other) => other !== timer);
    at = Math.max(at, timer.due);
    timer.callback();
    await settle();
  };
  return {
    now: () => new Date(start + at),
    monotonicMs: () => at,
    after(ms, callback) {
      const timer = { due: at + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      const until = at + ms;
      await settle();
      for (let timer = next(); timer && timer.due <= until; timer = next()) await fire(timer);
      at = until;
      await settle();
    },
    async runUntil(done) {
      await settle();
      for (let timer = next(); timer && !done(); timer = next()) await fire(timer);
      await settle();
    },
    pending: () => timers.length,
  };
}
