// How many calls a second an account takes: a bucket of unknown size that fills at an unknown rate. Two refusals are two moments at
// which it was empty; what it took between them, over the time between, is the rate. Pure: time is handed in.
//
//   ramp --refused--> hold --enough were counted, or the pace was raised and refused--> steady
//                      ^                                                               |
//                      '------------------------ four of twelve refused ---------------'
//
//   ramp    a pace that doubles
//   hold    a pace just beyond the limit, for a short while: there calls are counted
//   steady  somewhat below what was found, and slowly up to somewhat above it

/** A call as the finder remembers it. */
export type Mark = {
  /** Calls that were sent before it. */
  readonly n: number;
  readonly atMs: number;
  /** Calls a millisecond, when it was sent; 0 = it was not paced. */
  readonly pace: number;
  /** Calls that were under way beside it. */
  readonly open: number;
  /** In a search it took the place of one that had ended, before its time. */
  readonly isSwap: boolean;
};

export type Range = { readonly low: number; readonly high: number };

export type Rate = {
  /** A call was taken after so long a wait: it fills at least that fast, or about so. In calls a millisecond, as all that follow. */
  ramp(from: { readonly atMs: number; readonly perMs: number }): void;
  /** `sinceMs`: of the last call before it. */
  steady(range: Range, sinceMs: number): void;
  /** When the next call may start. */
  readyAt(): number;
  /** A call is sent; returns the pace. `freeMs`: nothing else had held it since then. */
  sent(nowMs: number, freeMs: number): number;
  /** Returns a wait with which to search anew, where it takes next to nothing any more. */
  refused(
    mark: Mark,
    at: { readonly nowMs: number; readonly isSameBurst: boolean },
  ): { readonly searchMs: number | null };
  /** The same while calls are not paced by this. */
  emptied(mark: Mark): void;
  /** It was refused for the first time. */
  began(taken: { readonly n: number; readonly forMs: number }): void;
  /** How fast, and how many at once; null = not found yet. */
  found(): { readonly perMs: number; readonly burst: number } | null;
  isSteady(): boolean;
};

/** Below this rate a handful of calls takes seconds: it is approached from below instead. */
export const SLOW_PER_MS = 4 / 1000;
/** Calls that make a count exact within three percent. */
const ENOUGH = 25;
const HOLD_MS = 3_000;
/** Taken at one pace after the other, these show that it may be raised. */
const QUIET_SENDS = 8;
/** Timers are late by some milliseconds: what was missed meanwhile may follow at once. */
const LATE_MS = 15;
/** Steady goes from the one share of what was found to the other: in so many calls, and in no less time. */
const BELOW = 0.97;
const ABOVE = 1.03;
const ROUND_CALLS = 40;
const ROUND_MS = 10_000;
/** However few calls that are: whoever has a small share of an account must not wait for ever for more. */
const LONGEST_ROUND_MS = 40_000;
const CROWDED_CALLS = 4;
/** Between refusals with nothing taken between them. */
const WAIT_STEP = 2;
const LONGEST_WAIT_MS = 10_000;
/** Beyond above, where nothing was refused for a round, the rest of the way is gone so much faster. */
const FREE_TIMES = 3;
/** One refusal leaves at least this share of the pace: others may have taken what is missing, and more so where few calls were counted. */
const LEAST_SHARE = 0.5;
const LEAST_SHARE_COUNTED = 0.4;
/** And no refusal leads below this. */
const CRAWL_PER_MS = 0.5 / 1000;
/** Where little is known the way is long, and gone faster. */
const WIDE = 1.1;
const WIDE_ROUND_MS = 5_000;
const FLAT = 1.01;
/** Refused again after so few calls, the pace was wrong and not a little too high. */
const SOON = 8;
/** So many refused of so many: the limit is another one now. */
const MANY = { refused: 4, sent: 12 };

/** @param refusalMs how long a refusal takes to come */
export function makeRate(refusalMs: () => number): Rate {
  let state: 'ramp' | 'hold' | 'steady' = 'ramp';
  let isFound = false;
  let pace = 0;
  let paceMs = 0;
  let nextMs = 0;
  let sentMs = 0;
  let quietSends = 0;
  /** Of the way from below to above. */
  let progress = 0;
  let low = 0;
  let high = 0;
  /** The most that it gave; fades. */
  let best = 0;
  /** A moment at which it was empty, and what was refused from then on. */
  let pin = { n: 0, atMs: 0, refused: 0 };
  /** No count goes across this: it stood still, or the pace moved too far. */
  let isCountLost = false;
  let raisedFrom = Number.POSITIVE_INFINITY;
  let recent: number[] = [];
  /** Refused again and again with nothing taken between, it is asked less and less often. */
  let waitMs = 0;
  /** That happened last: others take their share, and whoever gets little of it has to ask for more sooner. */
  let isCrowded = false;
  /** The next call finds out whether it takes anything again: it goes alone. */
  let isProbe = false;
  let first = { n: 0, forMs: 0 };

  function setPace(nowMs: number, next: number): void {
    pace = next;
    paceMs = nowMs;
    quietSends = 0;
    progress = 0;
  }

  function steady(range: Range, sinceMs: number = sentMs): void {
    state = 'steady';
    isFound = true;
    ({ low, high } = range);
    recent = [];
    setPace(sinceMs, BELOW * low);
    nextMs = Math.max(nextMs, sinceMs + 1 / pace);
  }

  function hold(nowMs: number, next: number): void {
    state = 'hold';
    raisedFrom = Number.POSITIVE_INFINITY;
    isCountLost = true;
    setPace(nowMs, next);
  }

  function paceAt(nowMs: number): number {
    if (state === 'ramp') {
      const roundMs = Math.max(3 * refusalMs(), 3 / pace);
      // As fast as calls went out before the first refusal there is reason for care.
      while (nowMs - paceMs >= roundMs && quietSends >= 2)
        setPace(paceMs + roundMs, pace * (pace < first.n / Math.max(1, first.forMs) ? 2 : 1.25));
    } else if (state === 'hold') {
      if (quietSends >= QUIET_SENDS && nowMs - paceMs >= 3 * refusalMs()) {
        raisedFrom = pace;
        setPace(nowMs, pace * 1.25);
      }
    } else {
      const reach = (ABOVE * high) / (BELOW * low);
      return progress <= 1 ? pace * reach ** progress : pace * reach * 4 ** (progress - 1);
    }
    return pace;
  }

  /** Calls on the way from below to above. */
  function roundAt(now: number): number {
    const usual = high > 4 * low ? SOON : high > 2 * low ? ROUND_CALLS / 2 : ROUND_CALLS;
    const calls = isCrowded ? CROWDED_CALLS : usual;
    const fewest = Math.min(calls, Math.max(3, now * LONGEST_ROUND_MS));
    return Math.max(fewest, now * (high > WIDE * low ? WIDE_ROUND_MS : ROUND_MS));
  }

  /** Calls that it holds, where it fills that fast: those that it took at the start. */
  const burstAt = (perMs: number): number => first.n - perMs * first.forMs;

  type Count = { readonly n: number; readonly tookMs: number };

  function refusedInHold(mark: Mark, { n, tookMs }: Count, nowMs: number): void {
    // It took a handful of calls at the last pace, and refused one at this.
    if (mark.pace > raisedFrom) steady({ low: Math.max(n / tookMs, mark.pace / 1.3), high: mark.pace });
    else if (isCountLost) isCountLost = false;
    else if (n >= ENOUGH || (tookMs > HOLD_MS && n >= 4))
      steady({ low: (n - 0.7) / tookMs, high: (n + 0.7) / tookMs });
    else if (n + 1 < 0.8 * pace * tookMs) setPace(nowMs, Math.max((1.2 * (n + 0.5)) / tookMs, pace / 2));
  }

  function refusedInSteady(mark: Mark, { n, tookMs }: Count, nowMs: number): void {
    isCrowded = n === 0;
    if (isCrowded) {
      // Nothing was taken since: it is still empty, or others took it, which says nothing of how fast it fills.
      waitMs = Math.min(LONGEST_WAIT_MS, Math.max(waitMs, 1 / pace) * WAIT_STEP);
      setPace(nowMs, Math.min(pace, mark.pace));
      isProbe = true;
      return;
    }
    waitMs = 0;
    recent = [...recent.slice(1 - MANY.refused), mark.n];
    if (mark.pace > SLOW_PER_MS && recent.length === MANY.refused && mark.n - recent[0]! < MANY.sent)
      hold(nowMs, 0.6 * mark.pace);
    else adjust(mark, { n, tookMs }, nowMs);
  }

  function adjust(mark: Mark, { n, tookMs }: Count, nowMs: number): void {
    high = mark.pace;
    const wasLost = isCountLost && burstAt(n / tookMs) <= n;
    isCountLost = false;
    if (wasLost) {
      // It may have recovered meanwhile: the count says too little, and the pace too much.
      low = Math.min(0.7 * mark.pace, Math.sqrt(((n + 1) / tookMs) * mark.pace));
    } else {
      const share = n < SOON ? LEAST_SHARE : LEAST_SHARE_COUNTED;
      const counted = (n - (n < SOON ? 0.5 : 1)) / tookMs;
      const least = Math.max(counted, share * mark.pace, Math.min(mark.pace, CRAWL_PER_MS));
      // Where it holds more than it can have gathered meanwhile, the count is the rate; and at one and the same pace as well.
      const isExact = burstAt(n / tookMs) > 0.2 * n + 1 || mark.pace <= FLAT * pace;
      if (isExact) high = Math.min(high, Math.max(least, (n + 2) / tookMs));
      low = Math.min(high, !isExact && mark.pace <= WIDE * pace ? Math.max(least, BELOW * mark.pace) : least);
    }
    // What it gave before it may give again: others that share it pause, and end.
    best = Math.max(0.85 * best, n < SOON ? 0 : n / tookMs);
    if (low < 0.25 * best) high = Math.max(high, 0.5 * best);
    setPace(nowMs, BELOW * low);
  }

  return {
    ramp({ atMs, perMs }) {
      state = 'ramp';
      setPace(atMs, perMs);
      nextMs = atMs + 1 / pace;
    },
    steady,
    readyAt: () => nextMs,
    sent(nowMs, freeMs) {
      const now = paceAt(nowMs);
      if (nowMs - Math.max(nextMs, freeMs) <= 1 / now + LATE_MS) {
        quietSends++;
        const round = roundAt(now);
        progress += progress > 1 ? 1 / Math.max(SOON, round / FREE_TIMES) : 1 / round;
      } else {
        isCountLost = true;
      }
      nextMs = Math.max(nextMs, nowMs - LATE_MS) + 1 / now;
      if (isProbe) nextMs = Math.max(nextMs, nowMs + 2.5 * refusalMs());
      isProbe = false;
      sentMs = nowMs;
      return now;
    },
    refused(mark, { nowMs, isSameBurst }) {
      quietSends = 0;
      if (mark.n >= pin.n) pin.refused++;
      const from = pin;
      // A count goes on from where it began; otherwise the newest refusal is the newest moment that is known.
      if (mark.n >= pin.n && (state !== 'hold' || isCountLost))
        pin = { n: mark.n + 1, atMs: mark.atMs, refused: 0 };
      let searchMs: number | null = null;
      if (!isSameBurst && mark.pace > 0) {
        const count = { n: mark.n - from.n - from.refused + 1, tookMs: Math.max(1, mark.atMs - from.atMs) };
        if (state === 'ramp') {
          const counted = (count.n + 1) / count.tookMs;
          const isDeep = burstAt(counted) > count.n;
          const likely = isDeep ? 1.2 * counted : Math.sqrt(mark.pace * Math.max(mark.pace / 4, counted));
          hold(nowMs, Math.min(mark.pace, likely));
        } else if (state === 'hold') {
          refusedInHold(mark, count, nowMs);
          if (state === 'hold' && pace < SLOW_PER_MS) searchMs = 1.6 / mark.pace;
        } else refusedInSteady(mark, count, nowMs);
      }
      nextMs = Math.max(nextMs, nowMs + Math.max(waitMs, 1 / pace));
      return { searchMs };
    },
    emptied(mark) {
      if (mark.n >= pin.n) pin = { n: mark.n + 1, atMs: mark.atMs, refused: 0 };
    },
    began: (taken) => {
      first = taken;
    },
    found: () => (isFound ? { perMs: low, burst: Math.max(1, Math.floor(burstAt(low))) } : null),
    isSteady: () => state === 'steady',
  };
}
