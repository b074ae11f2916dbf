// A limit that nobody declared, read off the x-ratelimit headers of the answers: slows down before the provider has to
// say 429. Pure: time is handed in.
import type { LimitSeen } from '../../core/outcome.ts';

/** What was taken up to and with one call, and when: ties the headers of its answer to a moment. */
export type Mark = { readonly seq: number; readonly taken: number; readonly atMs: number };

export type Learned = {
  /** When this amount should be there; now or earlier = at once, also where nothing is known yet. */
  readyAt(nowMs: number, amount: number): number;
  /** Returns all that was taken so far. */
  take(amount: number): number;
  /** `seen` came with the answer to the call that `mark` belongs to. Older news than what is known changes nothing. */
  learn(seen: LimitSeen, mark: Mark): void;
  /** So much a millisecond, where the answers so far leave little doubt. */
  perMs(): number | null;
};

/** This share of a limit of requests is left alone: calls overtake each other on their way. */
const MARGIN = 0.1;
const MAX_MARGIN = 10;
const SURE = 1.1;
/** A header may name a window of a day: after a minute a call is tried all the same, and a 429 says more. */
const MAX_WAIT_MS = 60_000;

export function makeLearned(kind: 'requests' | 'tokens'): Learned {
  let taken = 0;
  /** What is there at `atMs`: filled as time passes, emptied by what is taken, put right by each answer that tells. */
  let known: { level: number; atMs: number; readonly limit: number; readonly seq: number } | null = null;
  let perMs: number | null = null;
  let isSure = false;
  let waitingSinceMs: number | null = null;
  /** Between these it fills, as far as answers have told. */
  let range = { low: 0, high: Number.POSITIVE_INFINITY };

  /**
   * `reset` is when the bucket will be full again, so what is missing over that time is how fast it fills. The number that remains is
   * rounded down, half a request too much is missing on average, and the time is rounded up: each answer says between what it
   * lies, and all of them together say it well.
   */
  function learnRate(told: {
    readonly limit: number;
    readonly missing: number;
    readonly resetMs: number;
  }): void {
    const { limit, missing, resetMs } = told;
    const isWhole = kind === 'tokens' || limit === 1;
    const exactMs = Math.max(resetMs - 0.5, resetMs / 2);
    const here = { low: (missing - 1) / resetMs, high: missing / Math.max(resetMs - 1, resetMs / 4) };
    const both = { low: Math.max(range.low, here.low), high: Math.min(range.high, here.high) };
    // A limit that was changed.
    range = both.low > both.high ? here : both;
    const likely = isWhole ? missing / exactMs : (missing - 0.5) / resetMs;
    perMs = Math.min(Math.max(likely, range.low), range.high);
    isSure = isWhole || range.high <= SURE * range.low;
  }

  return {
    readyAt(nowMs, amount) {
      if (known === null || perMs === null) return nowMs;
      const { limit } = known;
      known.level = Math.min(limit, known.level + perMs * (nowMs - known.atMs));
      known.atMs = nowMs;
      const margin = kind === 'requests' ? Math.min(MAX_MARGIN, limit * MARGIN) : 0;
      const missing = Math.min(amount + margin, limit) - known.level;
      if (missing <= 0) return nowMs;
      waitingSinceMs ??= nowMs;
      return Math.max(nowMs, Math.min(nowMs + missing / perMs, waitingSinceMs + MAX_WAIT_MS));
    },
    take(amount) {
      taken += amount;
      if (known !== null) known.level -= amount;
      waitingSinceMs = null;
      return taken;
    },
    learn({ limit, remaining, resetMs }, mark) {
      if (limit === null || remaining === null || limit <= 0) return;
      if (known !== null && mark.seq < known.seq) return;
      const level = Math.min(remaining, limit) - (taken - mark.taken);
      known = { level, atMs: mark.atMs, limit, seq: mark.seq };
      if (limit - remaining > 0 && resetMs !== null && resetMs > 0)
        learnRate({ limit, missing: limit - remaining, resetMs });
    },
    perMs: () => (isSure ? perMs : null),
  };
}
