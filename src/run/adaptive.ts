// How many calls at once, where nobody said: additive increase, multiplicative decrease, as TCP finds its rate.
// Source: D. Chiu, R. Jain, "Analysis of the increase and decrease algorithms for congestion avoidance", 1989; slow start
// and the congestion window of RFC 5681. Why and how: docs/decisions/0008-limits.md. Pure.

export type Adaptive = {
  /** Calls that may be in flight, at least 1. */
  limit(): number;
  /** An answer came; `saturated`: a call had to wait for a place while it was awaited. Only then is there reason to grow. */
  answered(saturated: boolean): void;
  /** The provider said "too much"; to be called once for a burst. */
  toldOff(): void;
};

/** Enough to keep most accounts busy from the first moment, few enough to be forgiven. */
const START = 16;

export function makeAdaptive(most: number): Adaptive {
  let limit = Math.min(START, most);
  /** Below it the limit doubles each round trip, above it it grows by one. */
  let threshold = Number.POSITIVE_INFINITY;
  return {
    limit: () => Math.floor(limit),
    answered(saturated) {
      if (!saturated) return;
      limit = Math.min(most, limit + (limit < threshold ? 1 : 1 / limit));
    },
    toldOff() {
      limit = Math.max(1, limit / 2);
      threshold = limit;
    },
  };
}
