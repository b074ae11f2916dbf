// The matrix: scenarios x variants, each cell its runs as marks. Only the rows that are seen are asked for.

/**
 * What one run of a cell comes to. `unjudged`: answered, and no scorer is about it or has spoken yet; `error`: its record
 * failed; `stale`: what is kept is of other content than the manifest has now; `missing`: nothing is kept.
 */
export type Mark = 'passed' | 'failed' | 'unjudged' | 'error' | 'stale' | 'missing';
export const MARKS: readonly Mark[] = ['passed', 'failed', 'unjudged', 'error', 'stale', 'missing'];

export type RunMark = {
  readonly run: number;
  readonly mark: Mark;
  /** Equal numbers within a row are equal answers, from 1 in the order of columns and runs; null = there is none. */
  readonly answer: number | null;
  /** Joint score 0..1; null = unknown. */
  readonly score: number | null;
  /** Of the answer, all calls of it; null = unknown, never 0. */
  readonly tokens: number | null;
  readonly latencyMs: number | null;
  readonly costUsd: number | null;
};

export type MatrixRow = {
  readonly scenario: string;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly description: string | null;
  /** In the order of `columns`. */
  readonly cells: readonly (readonly RunMark[])[];
  readonly armsDiffer: boolean;
  readonly runsDiffer: boolean;
};

export type MatrixScreen = {
  readonly columns: readonly { readonly variant: string; readonly runs: readonly number[] }[];
  /** Rows that match, and all that there are. */
  readonly total: number;
  readonly all: number;
  /** Of the first of `rows` among those that match. */
  readonly offset: number;
  readonly rows: readonly MatrixRow[];
  /** Consecutive rows of one category; one group without name where the order is not by category. */
  readonly groups: readonly {
    readonly category: string | null;
    readonly offset: number;
    readonly rows: number;
  }[];
  /** Runs of cells in the rows that match. */
  readonly counts: Readonly<Record<Mark, number>>;
  readonly revision: string;
  /** Where texts are searched, and it goes on: how much of the history was read, 0..1. */
  readonly searched: number;
};

export type SortKey = 'category' | 'scenario' | 'score' | 'tokens' | 'latency' | 'cost' | 'spread';

/** What is asked for; read from and written to a URL by `matrix-query.ts`. */
export type MatrixQuery = {
  /** Words in inputs, answers, calls and their arguments; `-word` = not, `"two words"`, `name:value` (see matrix-query.ts). */
  readonly search: string;
  readonly category: readonly string[];
  readonly tag: readonly string[];
  /** Columns that are shown; none = all. */
  readonly variant: readonly string[];
  /** Rows with at least one such mark. */
  readonly mark: readonly Mark[];
  readonly armsDiffer: boolean;
  readonly runsDiffer: boolean;
  /** An invocation (its number is enough): rows with a record that is newer. */
  readonly changedSince: string | null;
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
};
