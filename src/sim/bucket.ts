// A token bucket: so many requests a second, with a burst on top. Time is handed in.

export type Token = {
  readonly isTaken: boolean;
  /** Milliseconds until the next token; 0 where one is left. */
  readonly waitMs: number;
  /** Whole tokens that are left. */
  readonly left: number;
  /** Milliseconds until the bucket is full again. */
  readonly fullInMs: number;
};

export type Bucket = { readonly limit: number; readonly take: (nowMs: number) => Token };

export function makeBucket(ratePerSecond: number, burst: number): Bucket {
  const perMs = ratePerSecond / 1000;
  let tokens = burst;
  let filledAtMs: number | null = null;
  return {
    limit: burst,
    take: (nowMs) => {
      tokens = Math.min(burst, tokens + (nowMs - (filledAtMs ?? nowMs)) * perMs);
      filledAtMs = nowMs;
      // Rounding must not turn a wait of exactly the time that was told into another refusal.
      const isTaken = tokens >= 1 - 1e-9;
      if (isTaken) tokens = Math.max(0, tokens - 1);
      return {
        isTaken,
        waitMs: Math.ceil(Math.max(0, (1 - tokens) / perMs)),
        left: Math.floor(tokens),
        fullInMs: Math.ceil((burst - tokens) / perMs),
      };
    },
  };
}
