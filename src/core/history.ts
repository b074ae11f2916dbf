// What the history holds, as the planner and the summary need it: heads of records, never bodies.
import type { Key } from './brand.ts';
import type { Cell, PartDigests } from './task.ts';

/** The record that counts for a key: the newest completed one, else the newest failed one. */
export type KeyHead = {
  /** The record's number in the index: grows with each record. */
  readonly id: number;
  readonly status: 'completed' | 'failed';
  /** Of the attempt that answered. */
  readonly latencyMs: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
};

/** The record that counts for a cell by its names, whatever its key. */
export type CellHead = {
  readonly id: number;
  readonly key: Key;
  readonly status: 'completed' | 'failed';
  readonly parts: PartDigests;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
};

export interface History {
  byKey(key: Key): KeyHead | undefined;
  byCell(cell: Cell): CellHead | undefined;
}

/** An experiment that was never run. */
export const EMPTY_HISTORY: History = { byKey: () => undefined, byCell: () => undefined };
