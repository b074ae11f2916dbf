// An invocation over time, by lane: attempts, waits, refusals and how many calls were under way.
export type TimelineScreen = {
  readonly invocation: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly lanes: readonly {
    readonly lane: string;
    readonly attempts: readonly {
      /** ms since `startedAt`. */
      readonly from: number;
      readonly to: number;
      readonly variant: string;
      readonly scenario: string;
      readonly run: number;
      readonly n: number;
      /** null = it succeeded; `rate_limited` and the like else. */
      readonly error: string | null;
      readonly status: number | null;
    }[];
    /** Between an attempt and the next one of its task. */
    readonly waits: readonly { readonly from: number; readonly to: number }[];
    /** Calls under way, at each moment that it changes. */
    readonly concurrency: readonly { readonly at: number; readonly calls: number }[];
  }[];
  /** Attempts beyond this many are counted, not listed. */
  readonly left: number;
};
