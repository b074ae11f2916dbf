// Calls at once, of an account that counts those: grows with care from where it was refused last, quickly up to 85 % of that, as
// CUBIC does. Pure.
//
// Sources: D. Chiu, R. Jain, "Analysis of the increase and decrease algorithms for congestion avoidance", 1989; the plateau of
// RFC 9438. Why and how well: docs/decisions/0008-limits.md.

export type Adaptive = {
  /** Calls that may be in flight, at least 1. */
  limit(): number;
  /** An answer came; `saturated`: a call had to wait for a place while it was awaited. Only then is there reason to grow. */
  answered(saturated: boolean): void;
  /** The provider answered "too much"; to be called once for a burst. */
  toldOff(): void;
};

const SURE_SHARE = 0.85;
const CAREFUL_ROUNDS = 4;

/** @param known so many it took, and refused one more */
export function makeAdaptive(most: number, known: number): Adaptive {
  let limit = Math.max(1, Math.min(known, most));
  /** Where it was refused last: somewhat too much. */
  let tooMuch = limit + 1;
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
      limit = Math.max(1, limit * SURE_SHARE);
    },
  };
}
