// The numbers of `compare`: as tables and words, and as plots.
import type { Plot } from '../report/plot/plot.ts';
import type { SheetBlock } from './sheet-block.ts';

export type { Comparison } from '../report/compare/comparison.ts';

export type CompareScreen = {
  /** As `compare --json` prints it. */
  readonly comparison: object;
  /** As `compare` prints it, without colour; why there is none where it is refused. */
  readonly text: string;
  /** Why no number is given; what would give one is `incomplete=allow` and `models=allow` in the query. */
  readonly refused: { readonly isIncomplete: boolean; readonly isMixed: boolean } | null;
  readonly metric: string;
  readonly by: 'category' | 'tag' | null;
  /** null = scenarios are counted. */
  readonly cluster: string | null;
  readonly blocks: readonly SheetBlock[];
  readonly plots: readonly Plot[];
  /** What may be asked instead. */
  readonly choices: {
    readonly variants: readonly string[];
    readonly metrics: readonly string[];
    readonly groups: readonly ('category' | 'tag')[];
    readonly clusters: readonly string[];
  };
};
