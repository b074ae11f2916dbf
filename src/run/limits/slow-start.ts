// How many calls may be under way before an account has refused any: twice as many each round trip, as in TCP, and each quarter of
// a second where no answer comes: a model may take a minute for its first one. Pure: time is handed in.
//
// Source: slow start of RFC 5681.

export type SlowStart = {
  /** When one more may start beside those; now or earlier = at once. */
  readyAt(nowMs: number, open: number): number;
  /** An answer came. Only where calls wait for a place is there reason to grow. */
  answered(nowMs: number): void;
  /** Something else says what may start. */
  lift(): void;
};

/** Enough to keep most accounts busy from the first moment, few enough to be forgiven. */
const START = 16;
const DOUBLE_MS = 250;
/** Before that, answers have the word. */
const QUIET_MS = 100;
const STILL_FULL_MS = 500;

export function makeSlowStart(most: number): SlowStart {
  let limit = Math.min(START, most);
  let fullMs = Number.NEGATIVE_INFINITY;
  /** For how long, in all, calls have waited for a place. */
  let fullForMs = 0;
  return {
    readyAt(nowMs, open) {
      if (open < Math.floor(limit)) return nowMs;
      if (nowMs - fullMs < STILL_FULL_MS) fullForMs += nowMs - fullMs;
      fullMs = nowMs;
      const untilMs = nowMs + QUIET_MS - fullForMs + DOUBLE_MS * Math.log2((open + 1) / START);
      if (untilMs > nowMs) return untilMs;
      limit = Math.min(most, open + 1);
      return nowMs;
    },
    answered(nowMs) {
      if (nowMs - fullMs < STILL_FULL_MS) limit = Math.min(most, limit + 1);
    },
    lift() {
      limit = most;
    },
  };
}
