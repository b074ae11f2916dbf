// What an account's limits turned out to be, kept between invocations: where to begin, never a limit.

export type LimitHint = {
  /** Calls a second that were answered for a while without a refusal in between; null = never slowed down. */
  readonly requestsPerSecond: number | null;
  /** Calls that were answered at once after a silence; null = not found out. */
  readonly burst: number | null;
  /** Calls under way at once, where the account counts those; null = it did not show to. */
  readonly concurrency: number | null;
};
