// How long an account asks to be left alone, and whether it means it. Many gateways say "60 seconds" whatever is the matter, and
// Retry-After has no smaller unit than a second: what is asked is a claim, and a call that is taken before its time refutes
// it. One call finds out; where that is refused, the claim is believed. Pure: time is handed in.

export type Claims = {
  /** A call was refused: for how long nothing is sent; 0 = the claim says nothing that is believed. */
  heard(refusal: {
    readonly askedMs: number | null;
    readonly sentMs: number;
    readonly nowMs: number;
  }): number;
  /** A call that was sent then was taken: says whether that shows the claim to be wrong. */
  refutedBy(sentMs: number): boolean;
};

const SECOND_MS = 1_000;
/** So long anybody waits who is asked to; beyond it one call finds out. */
export const PATIENCE_MS = 2_000;
/** Clocks and networks stand between the two. */
const SLACK_MS = 50;

export function makeClaims(): Claims {
  let trust: 'unknown' | 'believed' | 'refuted' = 'unknown';
  let claim: { readonly fromMs: number; readonly untilMs: number; readonly probeMs: number } | null = null;
  return {
    heard({ askedMs, sentMs, nowMs }) {
      if (askedMs === null) return 0;
      const isWhole = askedMs % SECOND_MS === 0;
      // To the millisecond: it was worked out.
      if (!isWhole && askedMs <= PATIENCE_MS) return askedMs;
      // It stands for anything up to a second.
      if (askedMs <= SECOND_MS) return 0;
      if (trust === 'unknown' && claim !== null && sentMs >= claim.probeMs && sentMs < claim.untilMs)
        trust = 'believed';
      if (claim === null || sentMs >= claim.probeMs)
        claim = { fromMs: sentMs, untilMs: sentMs + askedMs - SLACK_MS, probeMs: nowMs + PATIENCE_MS };
      if (trust === 'refuted') return 0;
      return trust === 'believed' ? askedMs : Math.min(askedMs, PATIENCE_MS);
    },
    refutedBy(sentMs) {
      if (claim === null || sentMs <= claim.fromMs || sentMs >= claim.untilMs) return false;
      trust = 'refuted';
      return true;
    },
  };
}
