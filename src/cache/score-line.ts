// One line of the view of scores to be.
import type { Meaning } from '../core/meaning.ts';
import type { Cell } from '../core/task.ts';

/** One judgement of one cell, by the key of its score. */
export type ScoreLine = Cell & {
  readonly slug: string;
  readonly category: string | null;
  readonly key: string;
  /** What is made of its verdict; null = what was kept of it. */
  readonly meaning: Meaning | null;
};
