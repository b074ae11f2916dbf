// A token bucket: so many a second, of requests or of tokens, with a burst on top. Time is handed in.

export type Token = {
  readonly isTaken: boolean;
  /** Milliseconds until as much is there once more; 0 where it is. */
  readonly waitMs: number;
  /** Whole tokens that are left. */
  readonly left: number;
  /** Milliseconds until the bucket is full again. */
  readonly fullInMs: number;
};

/** More than the limit is never asked for: who wants more takes all. */
export type Bucket = { readonly limit: number; readonly take: (nowMs: number, amount?: number) => Token };

export function makeBucket(ratePerSecond: number, burst: number): Bucket {
  const perMs = ratePerSecond / 1000;
  let tokens = burst;
  let filledAtMs: number | null = null;
  return {
    limit: burst,
    take: (nowMs, amount = 1) => {
      const wanted = Math.min(amount, burst);
      tokens = Math.min(burst, tokens + (nowMs - (filledAtMs ?? nowMs)) * perMs);
      filledAtMs = nowMs;
      // Rounding must not turn a wait of exactly the time that was told into another refusal.
      const isTaken = tokens >= wanted - 1e-9;
      if (isTaken) tokens = Math.max(0, tokens - wanted);
      return {
        isTaken,
        waitMs: Math.ceil(Math.max(0, (wanted - tokens) / perMs)),
        left: Math.floor(tokens),
        fullInMs: Math.ceil((burst - tokens) / perMs),
      };
    },
  };
}
