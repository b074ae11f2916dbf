// Accounts with limits of every kind, played: each is asked at a moment and says whether it takes the call. Pure.
import type { LimitSeen, LimitsSeen } from '../../src/core/outcome.ts';

export type Verdict = {
  readonly isTaken: boolean;
  /** Of a refusal; null = it does not say when to come back. */
  readonly retryAfterMs: number | null;
  readonly limits: LimitsSeen | null;
};

export type Account = {
  ask(nowMs: number, tokens: number): Verdict;
  /** A call that it took has ended. */
  ended(): void;
};

/** What a refusal says: the moment, the same in whole seconds, nothing, or always a minute. */
export type RetryAfter = 'exact' | 'rounded' | 'absent' | 'minute';

export type Bucket = {
  readonly perSecond: number;
  readonly burst: number;
  readonly retryAfter: RetryAfter;
  readonly headers: boolean;
};

/** A token bucket, of calls or of tokens. A call larger than it can ever hold takes all of it. */
export function bucketAccount(of: Bucket & { readonly counts?: 'calls' | 'tokens' }): Account {
  const { burst, retryAfter, headers, counts = 'calls' } = of;
  const perMs = of.perSecond / 1000;
  let level = burst;
  let atMs = 0;
  const toldOf = (): LimitsSeen => {
    // As they are sent: whole calls, and milliseconds rounded up.
    const seen: LimitSeen = {
      limit: Math.floor(burst),
      remaining: Math.floor(level),
      resetMs: Math.ceil((burst - level) / perMs),
    };
    return counts === 'calls' ? { requests: seen, tokens: null } : { requests: null, tokens: seen };
  };
  return {
    ask(nowMs, tokens) {
      level = Math.min(burst, level + (nowMs - atMs) * perMs);
      atMs = nowMs;
      const wanted = counts === 'calls' ? 1 : Math.min(tokens, burst);
      const isTaken = level >= wanted - 1e-6;
      if (isTaken) level = Math.max(0, level - wanted);
      return {
        isTaken,
        retryAfterMs: isTaken ? null : said((wanted - level) / perMs, retryAfter),
        limits: headers ? toldOf() : null,
      };
    },
    ended() {},
  };
}

/** So many in each second or minute, from its start or back from now. Refused calls count for nothing. */
export function windowAccount(of: {
  readonly most: number;
  readonly windowMs: number;
  readonly kind: 'fixed' | 'sliding';
  readonly retryAfter: RetryAfter;
}): Account {
  /** Times of calls that were taken, oldest first. */
  const taken: number[] = [];
  let first = 0;
  return {
    ask(nowMs) {
      const sinceMs =
        of.kind === 'fixed' ? Math.floor(nowMs / of.windowMs) * of.windowMs : nowMs - of.windowMs + 1e-6;
      while (first < taken.length && taken[first]! < sinceMs) first++;
      const isTaken = taken.length - first < of.most;
      if (isTaken) taken.push(nowMs);
      const freeMs = of.kind === 'fixed' ? sinceMs + of.windowMs : (taken[first] ?? 0) + of.windowMs;
      return { isTaken, retryAfterMs: isTaken ? null : said(freeMs - nowMs, of.retryAfter), limits: null };
    },
    ended() {},
  };
}

/** So many at once. When one of them ends it does not know. */
export function concurrencyAccount(of: {
  readonly most: number;
  readonly retryAfterMs: number | null;
}): Account {
  let open = 0;
  return {
    ask() {
      const isTaken = open < of.most;
      if (isTaken) open++;
      return { isTaken, retryAfterMs: isTaken ? null : of.retryAfterMs, limits: null };
    },
    ended() {
      open--;
    },
  };
}

/** The one up to a moment, the other from then on. */
export function changingAccount(
  before: Account,
  change: { readonly atMs: number; readonly after: Account },
): Account {
  return {
    ask: (nowMs, tokens) => (nowMs < change.atMs ? before : change.after).ask(nowMs, tokens),
    ended() {},
  };
}

function said(waitMs: number, retryAfter: RetryAfter): number | null {
  switch (retryAfter) {
    case 'exact':
      return waitMs;
    case 'rounded':
      return Math.ceil(waitMs / 1000 - 1e-9) * 1000;
    case 'absent':
      return null;
    default:
      return 60_000;
  }
}
