// What of an account's limits is worth keeping between invocations, and what is left of it after a while. Names are those of
// files, events and --json.
import type { LimitHint } from './limit-hint.ts';

/** What an account turned out to allow; null = that did not show. */
export type FoundLimits = {
  readonly lane: string;
  readonly requests_per_s: number | null;
  readonly burst: number | null;
  readonly concurrency: number | null;
};

/** As an invocation found it. */
export type NewLimits = FoundLimits & {
  /** Calls that it refused until it was known, and after. */
  readonly refused: number;
};

export type KeptLimits = FoundLimits & {
  /** ISO, and the invocation that found it. */
  readonly found_at: string;
  readonly found_in: string;
};

const DAY_MS = 86_400_000;
/** Tiers move by the month, not by the hour: after a week half of it is left, and it is found out anew from there. */
const HALVED_AFTER_DAYS = 7;
/** What would be left is less than a lane begins with by itself. */
const FORGOTTEN_AFTER_DAYS = 28;

/** Where a lane begins of what was found so long ago: lower each day, for it is quicker to grow than to be refused. */
export function fadedHint(kept: FoundLimits, ageMs: number): LimitHint | null {
  const days = Math.max(0, ageMs) / DAY_MS;
  if (days >= FORGOTTEN_AFTER_DAYS) return null;
  const left = 0.5 ** (days / HALVED_AFTER_DAYS);
  const whole = (count: number | null): number | null => count && Math.max(1, Math.round(count * left));
  const hint = {
    requestsPerSecond: kept.requests_per_s && kept.requests_per_s * left,
    burst: whole(kept.burst),
    concurrency: whole(kept.concurrency),
  };
  return isEmpty(hint) ? null : hint;
}

/** As it is kept and told: three digits of a rate are more than it is worth. */
export function foundLimits(lane: string, found: LimitHint): FoundLimits | null {
  if (isEmpty(found)) return null;
  const { requestsPerSecond, burst, concurrency } = found;
  return {
    lane,
    requests_per_s: requestsPerSecond === null ? null : Number(requestsPerSecond.toPrecision(3)),
    burst: burst === null ? null : Math.max(1, Math.round(burst)),
    concurrency: concurrency === null ? null : Math.max(1, Math.round(concurrency)),
  };
}

/**
 * Whether it says more than what the lane began with: a run of six calls that nobody refused has confirmed nothing, and what was
 * found longer ago must not look new for it.
 */
export function isNews(found: FoundLimits, begun: FoundLimits | null): boolean {
  if (begun === null) return true;
  const more = (now: number | null, before: number | null): boolean => now !== null && now > (before ?? 0);
  return (
    more(found.requests_per_s, begun.requests_per_s) ||
    more(found.burst, begun.burst) ||
    more(found.concurrency, begun.concurrency)
  );
}

function isEmpty({ requestsPerSecond, burst, concurrency }: LimitHint): boolean {
  return requestsPerSecond === null && burst === null && concurrency === null;
}
