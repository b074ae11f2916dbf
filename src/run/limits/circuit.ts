// A provider that keeps failing is left alone and probed, one call at a time. Pure: time and chance are handed in.
//
//   closed --8 failures in a row--> open --its pause is over--> probing --success--> closed
//     ^                              ^                             |
//     '------ success of a call that was still under way           |
//                                    '--failure, pause doubled ----'--the 8th failed probe--> given up
export type Gate =
  | { readonly kind: 'closed' }
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** One call may find out. */
  | { readonly kind: 'probe' }
  /** A probe is under way. */
  | { readonly kind: 'probing' }
  | { readonly kind: 'given-up' };

export type CircuitNews =
  | { readonly kind: 'suspended'; readonly forMs: number; readonly probes: number }
  | { readonly kind: 'resumed'; readonly afterMs: number }
  | { readonly kind: 'given-up'; readonly afterMs: number; readonly probes: number };

export type Circuit = {
  gate(nowMs: number): Gate;
  /** The probe is under way. */
  probe(): void;
  succeeded(nowMs: number): CircuitNews | null;
  /** `atLeastMs`: what the provider asked for. */
  failed(input: {
    readonly nowMs: number;
    readonly isProbe: boolean;
    readonly atLeastMs: number;
    readonly random: number;
  }): CircuitNews | null;
  /** The probe ended without telling anything. */
  unclear(): void;
  giveUp(): void;
};

/** Eight in a row by chance: at an error rate of 5 % once in 25 billion calls, at 30 % once in 15,000. */
const FAILURES = 8;
/** About two and a half minutes of pauses, and the probes' own time. */
const PROBES = 8;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** @param probes that may fail before it is given up; Infinity = never by itself */
export function makeCircuit(probes: number = PROBES): Circuit {
  let failures = 0;
  let open: { readonly sinceMs: number; untilMs: number; probes: number; isProbing: boolean } | null = null;
  let isGivenUp = false;
  /** Half the pause is fixed, half is chance: probes of many invocations must not come together. */
  const pause = (input: { readonly probes: number; readonly atLeastMs: number; readonly random: number }) => {
    const backoff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** input.probes);
    return Math.max(input.atLeastMs, backoff * (0.5 + input.random / 2));
  };
  return {
    gate(nowMs) {
      if (isGivenUp) return { kind: 'given-up' };
      if (open === null) return { kind: 'closed' };
      if (open.isProbing) return { kind: 'probing' };
      return nowMs < open.untilMs ? { kind: 'wait', untilMs: open.untilMs } : { kind: 'probe' };
    },
    probe() {
      if (open) open.isProbing = true;
    },
    succeeded(nowMs) {
      failures = 0;
      if (open === null || isGivenUp) return null;
      const afterMs = nowMs - open.sinceMs;
      open = null;
      return { kind: 'resumed', afterMs };
    },
    failed({ nowMs, isProbe, atLeastMs, random }) {
      failures++;
      if (isGivenUp) return null;
      if (open === null) {
        if (failures < FAILURES) return null;
        const forMs = pause({ probes: 0, atLeastMs, random });
        open = { sinceMs: nowMs, untilMs: nowMs + forMs, probes: 0, isProbing: false };
        return { kind: 'suspended', forMs, probes: 0 };
      }
      // Calls from before the pause tell nothing new.
      if (!isProbe) return null;
      open.isProbing = false;
      open.probes++;
      if (open.probes >= probes) {
        isGivenUp = true;
        return { kind: 'given-up', afterMs: nowMs - open.sinceMs, probes: open.probes };
      }
      const forMs = pause({ probes: open.probes, atLeastMs, random });
      open.untilMs = nowMs + forMs;
      return { kind: 'suspended', forMs, probes: open.probes };
    },
    unclear() {
      if (open) open.isProbing = false;
    },
    giveUp() {
      isGivenUp = true;
    },
  };
}
