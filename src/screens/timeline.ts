// An invocation over time, by lane: attempts, waits, refusals and how many calls were under way.
export type TimelineAttempt = {
  /** ms since `startedAt`. */
  readonly from: number;
  readonly to: number;
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
  readonly n: number;
  /** null = it succeeded; `rate-limited` and the like else. */
  readonly error: string | null;
  readonly status: number | null;
};

export type TimelineLane = {
  readonly lane: string;
  /** In the order of their starts. */
  readonly attempts: readonly (TimelineAttempt & {
    /** The row that it is drawn in: those of one row never overlap. */
    readonly row: number;
  })[];
  /** Between an attempt and the next one of its task. */
  readonly waits: readonly { readonly from: number; readonly to: number }[];
  /** Calls under way, at each moment that it changes; of very many changes the most of each short while. */
  readonly concurrency: readonly { readonly at: number; readonly calls: number }[];
  /** Of all attempts, also those that are not listed. */
  readonly totals: {
    readonly attempts: number;
    readonly failed: number;
    /** Refused with 429. */
    readonly refused: number;
    readonly most: number;
    /** Of those that succeeded; null = none did. */
    readonly medianMs: number | null;
  };
};

export type TimelineScreen = {
  readonly invocation: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** From `startedAt` to the last thing that is known. */
  readonly lengthMs: number;
  readonly lanes: readonly TimelineLane[];
  /** Attempts beyond this many are counted, not listed. */
  readonly left: number;
  /** Newest first: what else may be looked at. */
  readonly invocations: readonly string[];
};
