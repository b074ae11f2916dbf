// The history of a cell: its generations, with what changed in the key, field by field.
import type { DrawText } from './scenario.ts';

export type FieldChange = {
  /** A path into what counts: `variant.system`, `scenario.input`. */
  readonly path: string;
  /** As text, cut where it is long; null = was not there. */
  readonly from: string | null;
  readonly to: string | null;
};

export type CellScreen = {
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
  /** Oldest first. */
  readonly generations: readonly {
    readonly draw: DrawText;
    readonly key: string;
    readonly generation: number;
    readonly invocation: string;
    readonly standing: 'current' | 'superseded' | 'stale' | 'out-of-scope' | 'archived';
    /** Since the one before it; [] = drawn again under the same key. */
    readonly changed: readonly FieldChange[];
    /** The answer is not that of the one before it. */
    readonly moved: boolean;
  }[];
};
