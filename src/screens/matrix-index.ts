// All that a matrix is chosen from, as plain JSON: heads of records, never bodies. A server keeps one a revision; a file that works
// from disk has one inside.
import { MARKS, type Mark } from './matrix.ts';

/**
 * One run of a cell: its mark (a place in MARKS), its answer (equal numbers within a row are equal answers; 0 = none), joint score,
 * tokens, latency in ms, cost in USD, number of the invocation that drew it (0 = none), odd end or kind of failure. null = unknown.
 * A tuple: 100,000 of them are kept, and written into a file.
 */
export type RunFacts = readonly [
  mark: number,
  answer: number,
  score: number | null,
  tokens: number | null,
  latencyMs: number | null,
  costUsd: number | null,
  sequence: number,
  ending: string | null,
];

export type IndexRow = {
  readonly scenario: string;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly description: string | null;
  /** In the order of `columns` and of their runs; null = the cell is asked for by nobody. */
  readonly runs: readonly (RunFacts | null)[];
};

export type MatrixIndex = {
  readonly revision: string;
  readonly columns: readonly { readonly variant: string; readonly runs: readonly number[] }[];
  /** In the order of the manifest. */
  readonly rows: readonly IndexRow[];
};

export function markOf(facts: RunFacts): Mark {
  return MARKS[facts[0]]!;
}

export const markNumber = (mark: Mark): number => MARKS.indexOf(mark);

/** One run of one variant: where its facts stand in a row. */
export type Slot = {
  readonly place: number;
  readonly column: number;
  readonly variant: string;
  readonly run: number;
};

/** Of the columns that are shown. @param variants none = all */
export function slotsOf({ columns }: MatrixIndex, variants: readonly string[]): readonly Slot[] {
  const wanted = new Set(variants);
  let place = 0;
  return columns.flatMap(({ variant, runs }, column) =>
    runs.flatMap((run): readonly Slot[] => {
      const slot = { place: place++, column, variant, run };
      return wanted.size === 0 || wanted.has(variant) ? [slot] : [];
    }),
  );
}
