// Time as something that is handed in: the machine's in the entries of programs and threads, turned by hand in tests.
export type Clock = {
  /** Wall time, for records and messages: it may jump. */
  now(): Date;
  /** Milliseconds that only grow, for durations and deadlines. */
  monotonicMs(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, callback: () => void): () => void;
};

/** What of a machine tells the time; `globalThis` has it. */
type Machine<Timer> = Record<'Date', new () => Date> &
  Record<'performance', { now(): number }> &
  Record<'setTimeout', (callback: () => void, ms: number) => Timer> &
  Record<'clearTimeout', (timer: Timer) => void>;

/** More makes setTimeout fire at once; nothing here waits longer on purpose. */
const MAX_MS = 2 ** 31 - 1;

/** Of `globalThis` the real clock; this file looks at none by itself. */
export function clockOf<Timer>(machine: Machine<Timer>): Clock {
  return {
    now: () => new machine.Date(),
    monotonicMs: () => machine.performance.now(),
    after(ms, callback) {
      const timer = machine.setTimeout(callback, Math.min(ms, MAX_MS));
      return () => machine.clearTimeout(timer);
    },
  };
}
