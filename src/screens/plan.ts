// What an edit made stale, and why: the plan as a page shows it. A look runs nothing.
import type { FieldChange } from './cell.ts';

export type PlanScreen = {
  readonly tasks: number;
  readonly pending: number;
  readonly cached: number;
  readonly stale: number;
  /** null = unknown. */
  readonly estimate: {
    readonly calls: number;
    readonly inputTokens: number | null;
    readonly outputTokens: number | null;
    readonly costUsd: number | null;
  };
  /** Edits, each with how many cells it touched: what `plan --explain` groups by. */
  readonly edits: readonly {
    /** `new`, `changed`, `failed`, `forced`... as in plan --json. */
    readonly kind: string;
    readonly changed: readonly FieldChange[];
    readonly cells: readonly { readonly variant: string; readonly scenario: string; readonly run: number }[];
    /** Of how many; `cells` holds some hundred at most. */
    readonly total: number;
  }[];
  /** As `plan` prints it, without colour. */
  readonly text: string;
};
