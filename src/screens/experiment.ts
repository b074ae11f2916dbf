// The experiment as the frame of each page needs it.
export type ExperimentScreen = {
  readonly name: string;
  readonly description: string | null;
  readonly variants: readonly {
    readonly variant: string;
    readonly provider: string;
    /** null = own code that names none. */
    readonly model: string | null;
  }[];
  readonly scenarios: number;
  readonly runs: readonly number[];
  readonly categories: readonly string[];
  readonly tags: readonly string[];
  readonly scorers: readonly string[];
  /** Answers were played by the simulation: shown wherever numbers are. */
  readonly simulated: boolean;
  /** Moves when the history does: whoever has an older one asks again. */
  readonly revision: string;
  /** An invocation goes on now. */
  readonly running: { readonly invocation: string; readonly done: number; readonly total: number } | null;
  /** A blind review is open, and whether this page was started with --unblind. */
  readonly review: { readonly id: string; readonly isUnblinded: boolean } | null;
};
