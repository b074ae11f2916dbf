// What came of uniting two stores, as plain data.
/** `what`: a path within the other store, with / between its names. */
export type Told = { readonly what: string; readonly why: string };

export type United = {
  /** Ids of invocations of which nothing was here before: they drew, judged, or both. */
  readonly invocations: readonly string[];
  /** Lines of draws, and of verdicts, that were not here, or only as tombstones or damaged. */
  readonly records: number;
  readonly scores: number;
  readonly blobs: number;
  /** Ids. */
  readonly archives: readonly string[];
  /** Ids of reviews that are new here or have more verdicts now. */
  readonly reviews: readonly string[];
  /** What is no file of ours by its name or make; of what is there it was not looked at. */
  readonly leftOut: readonly Told[];
  /** What says one thing here and another there: ours stays. `kept`: where theirs was put, within our store. */
  readonly conflicts: readonly (Told & { readonly kept: string | null })[];
  /** Damage of the other store: a blob is not taken, a line is taken as it is. */
  readonly damaged: readonly Told[];
};
