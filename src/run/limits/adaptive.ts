// How many calls at once, where nothing declares it: additive increase, multiplicative decrease, as TCP finds its rate, with a
// memory of where it was refused last, as CUBIC has one. Pure.
//
//   doubling --refused--> halved --answers--> doubling up to 85 % of where it was refused
//      ^                     ^                      | careful: one more each four round trips
//      |                     '------refused---------| beyond it: one more each round trip
//
// Sources: D. Chiu, R. Jain, "Analysis of the increase and decrease algorithms for congestion avoidance", 1989; slow start
// of RFC 5681; the plateau of RFC 9438. Why and how well: docs/decisions/0008-limits.md.

export type Adaptive = {
  /** Calls that may be in flight, at least 1. */
  limit(): number;
  /** An answer came; `saturated`: a call had to wait for a place while it was awaited. Only then is there reason to grow. */
  answered(saturated: boolean): void;
  /** The provider answered "too much"; to be called once for a burst. */
  toldOff(): void;
};

/** Enough to keep most accounts busy from the first moment, few enough to be forgiven. */
const START = 16;
const SURE_SHARE = 0.85;
const CAREFUL_ROUNDS = 4;

export function makeAdaptive(most: number): Adaptive {
  let limit = Math.min(START, most);
  /** Where it was refused last: somewhat too much. */
  let tooMuch = Number.POSITIVE_INFINITY;
  const growth = (): number => {
    if (limit < tooMuch * SURE_SHARE) return 1;
    return limit < tooMuch ? 1 / (limit * CAREFUL_ROUNDS) : 1 / limit;
  };
  return {
    limit: () => Math.floor(limit),
    answered(saturated) {
      if (saturated) limit = Math.min(most, limit + growth());
    },
    toldOff() {
      tooMuch = Math.floor(limit);
      limit = Math.max(1, limit / 2);
    },
  };
}
