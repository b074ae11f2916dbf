// Lanes: what one provider account allows at once, per minute and in tokens, and when it asked for a pause.
// Pure: time is handed in. The only place that limits calls beside an executor's capacity.
import type { Limits } from '../core/manifest.ts';

export type Admission =
  | { readonly kind: 'go' }
  /** Nothing before this moment of the monotonic clock. */
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** When one of its calls has ended. */
  | { readonly kind: 'full' };

export type Lane = {
  readonly name: string;
  /** Asks for one call; `go` takes the place. */
  admit(nowMs: number, tokens: number): Admission;
  /** Gives the place back and settles the estimate by what was really used. */
  release(settled: { readonly estimatedTokens: number; readonly usedTokens: number | null }): void;
  /** The provider asked for a pause. Returns how much longer than already known it will be; 0 = nothing new. */
  cool(nowMs: number, forMs: number): number;
};

const MINUTE_MS = 60_000;
/** A bucket holds this much of a minute's allowance: a burst of one second, not of one minute. */
const BURST_SHARE = 1 / 60;

export function makeLane(name: string, limits: Limits): Lane {
  let inFlight = 0;
  let cooledUntilMs = 0;
  const requests = limits.requestsPerMinute === null ? null : makeBucket(limits.requestsPerMinute);
  const tokens = limits.tokensPerMinute === null ? null : makeBucket(limits.tokensPerMinute);
  return {
    name,
    admit(nowMs, wanted) {
      if (limits.concurrency !== null && inFlight >= limits.concurrency) return { kind: 'full' };
      const untilMs = Math.max(
        cooledUntilMs,
        requests?.readyAt(nowMs, 1) ?? 0,
        tokens?.readyAt(nowMs, wanted) ?? 0,
      );
      if (untilMs > nowMs) return { kind: 'wait', untilMs };
      requests?.take(nowMs, 1);
      tokens?.take(nowMs, wanted);
      inFlight++;
      return { kind: 'go' };
    },
    release({ estimatedTokens, usedTokens }) {
      inFlight--;
      if (usedTokens !== null) tokens?.give(estimatedTokens - usedTokens);
    },
    cool(nowMs, forMs) {
      const untilMs = nowMs + forMs;
      const longer = untilMs - Math.max(cooledUntilMs, nowMs);
      if (longer <= 0) return 0;
      cooledUntilMs = untilMs;
      return longer;
    },
  };
}

type Bucket = {
  readyAt(nowMs: number, amount: number): number;
  take(nowMs: number, amount: number): void;
  give(amount: number): void;
};

/** A token bucket: filled evenly, may go into debt by one call that is larger than it can ever hold. */
function makeBucket(perMinute: number): Bucket {
  const perMs = perMinute / MINUTE_MS;
  const capacity = Math.max(1, perMinute * BURST_SHARE);
  let level = capacity;
  let atMs: number | null = null;
  const fill = (nowMs: number): void => {
    if (atMs !== null) level = Math.min(capacity, level + (nowMs - atMs) * perMs);
    atMs = nowMs;
  };
  return {
    readyAt(nowMs, amount) {
      fill(nowMs);
      const missing = Math.min(amount, capacity) - level;
      return missing <= 0 ? nowMs : nowMs + missing / perMs;
    },
    take(nowMs, amount) {
      fill(nowMs);
      level -= amount;
    },
    give(amount) {
      level = Math.min(capacity, level + amount);
    },
  };
}
