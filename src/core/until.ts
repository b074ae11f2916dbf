// When runs are enough: `until:` of the manifest with every name looked up.

/** `half-width`: intervals are no wider than twice this. `decided`: a difference is found, or shown to be smaller than this. */
export type UntilGoal = { readonly kind: 'half-width' | 'decided'; readonly size: number };

export type Until = {
  readonly goal: UntilGoal;
  readonly metric: 'score' | 'pass';
  /** Arms that are drawn further, in their order: each of them is compared with the first. One alone is looked at by itself. */
  readonly variants: readonly string[];
  /** Of each scenario, before the first look. */
  readonly runs: number;
  /** Of each scenario, at most. */
  readonly maxRuns: number;
};

/** One look after each run from `first` to `last`. */
export type PlannedLooks = { readonly first: number; readonly last: number };

/** The looks that both arms are drawn for: what is concluded of them is corrected for all of these. null = they are not. */
export function plannedLooks(until: Until | undefined, arms: readonly string[]): PlannedLooks | null {
  if (until === undefined || !arms.every((arm) => until.variants.includes(arm))) return null;
  return { first: until.runs, last: until.maxRuns };
}

/** What became of one question: two arms, or one alone. */
export type UntilQuestion = {
  readonly first: string;
  /** null = the first one alone. */
  readonly second: string | null;
  /** Runs of each scenario that it looks at. */
  readonly runs: number;
  readonly scenarios: number;
  readonly estimate: number;
  /** Holds the truth in 95 % over all looks (decided: over all questions as well). */
  readonly low: number;
  readonly high: number;
  readonly half_width: number;
  /** Of this look alone; null = there is one arm. */
  readonly p: number | null;
  /** What that may be at most. */
  readonly level: number;
  /**
   * `narrow`, `found`, `smaller`: the goal is reached. `open`: more runs are drawn. `last`: all runs are there, and it is not
   * reached. `scenarios-vary`: no number of runs would do. `runs-short`: some number would, beyond the last.
   */
  readonly state: 'narrow' | 'found' | 'smaller' | 'open' | 'last' | 'scenarios-vary' | 'runs-short';
  /** Scenarios (`scenarios-vary`) or runs (`runs-short`) that would do, roughly; null = nobody can tell. */
  readonly needs: number | null;
};

/** As it stands now, with the field names of `run --json`. */
export type UntilSummary = {
  readonly goal: { readonly half_width: number } | { readonly decided: number };
  readonly metric: 'score' | 'pass';
  /** Looks that were planned: after this many runs, and after each one more. */
  readonly looks: { readonly first: number; readonly last: number };
  /** Empty where no look could be taken. */
  readonly questions: readonly UntilQuestion[];
  /** Why there is no look; null = there is one. */
  readonly waits: string | null;
  /** What is drawn next; null = nothing. */
  readonly next: {
    readonly run: number;
    readonly variants: readonly string[];
    readonly tasks: number;
  } | null;
};
