// What the history holds, as the planner and the summary need it: heads of records, never bodies.
import type { Digest, Key } from './brand.ts';
import type { Cell, KeyRecord, PartDigests } from './task.ts';

export type { KeyRecord } from './task.ts';

/** The record that counts for a cell by its names, whatever its key. */
export type CellRecord = {
  readonly id: number;
  readonly key: Key;
  readonly status: 'completed' | 'failed';
  readonly parts: PartDigests;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** What version 1 of keys did not hold of it: it is kept, and answers nothing that is asked today. null = nothing. */
  readonly unadopted: string | null;
};

/** Mean tokens of the completed records that have one variant's name, one variant's content and one engine. */
export type VariantUsage = {
  readonly variant: string;
  readonly part: Digest;
  readonly engine: Digest;
  readonly records: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
};

export interface History {
  byKey(key: Key): KeyRecord | undefined;
  byCell(cell: Cell): CellRecord | undefined;
  /** Of every record that there ever was, archived ones included. */
  usageByVariant(): readonly VariantUsage[];
}

/** An experiment that was never run. */
export const EMPTY_HISTORY: History = {
  byKey: () => undefined,
  byCell: () => undefined,
  usageByVariant: () => [],
};
