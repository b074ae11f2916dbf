// A cell is a place in the matrix; a task is the work that fills it; a plan says which tasks are needed and why.
import type { Digest, Key } from './brand.ts';
import type { Json, JsonObject } from './json.ts';
import type { Shard } from './shard.ts';

export type Cell = { readonly variant: string; readonly scenario: string; readonly run: number };

/** Names of one cell as one string. JSON keeps hostile names apart: no separator can be forged. */
export function cellId(cell: Cell): string {
  return JSON.stringify([cell.variant, cell.scenario, cell.run]);
}

/** One row of every table and one bar: a variant x run. The number first: no name can be mistaken for another row. */
export function rowId(input: Pick<Cell, 'variant' | 'run'>): string {
  return `${input.run} ${input.variant}`;
}

export type PartName = 'variant' | 'scenario' | 'engine';
/** The three contents that a key is made of, by digest. */
export type PartDigests = { readonly [part in PartName]: Digest };
/** A part's content: the preimage of its digest. */
export type Part = { readonly part: PartName; readonly digest: Digest; readonly content: JsonObject };

/** One field that differs between what was recorded and what is asked for now; undefined = not present. */
export type Change = {
  readonly part: string;
  readonly from: Json | undefined;
  readonly to: Json | undefined;
};

/** Where a change of a definition in code of tests stands: a file, a colon, a name follow. Its values are digests, or what is written. */
export const UNITS = 'variant.harness.units.';

/** Why a task has to run. */
export type Reason =
  | { readonly kind: 'new' }
  | {
      readonly kind: 'stale';
      readonly changed: readonly Change[];
      /** Nothing changed but what keys hold: what version 1 did not hold of the record that is there. */
      readonly forgot?: readonly string[];
    }
  | { readonly kind: 'failed' }
  | { readonly kind: 'forced' };

/** The record that counts for a key: the newest completed one, else the newest failed one. */
export type KeyRecord = {
  /** The record's number in the index: grows with each record. */
  readonly id: number;
  readonly status: 'completed' | 'failed';
  /** Of the attempt that answered. */
  readonly latencyMs: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
};

export type TaskState =
  /** A completed record of this key is there. */
  | { readonly kind: 'cached'; readonly head: KeyRecord }
  /** Another cell of the plan has the same key and runs it. */
  | { readonly kind: 'shared'; readonly with: Cell }
  | { readonly kind: 'pending'; readonly reason: Reason };

export type Task = {
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
  readonly category: string | null;
  readonly key: Key;
  readonly parts: PartDigests;
  readonly state: TaskState;
};

export type Plan = {
  readonly experiment: string;
  /** Every cell in scope, in the order of the manifest. */
  readonly tasks: readonly Task[];
  /** The pending ones in the order in which they start: variants interleaved, shuffled by seed. */
  readonly pending: readonly Task[];
  readonly counts: {
    readonly tasks: number;
    readonly pending: number;
    readonly cached: number;
    readonly shared: number;
    readonly stale: number;
    readonly failed: number;
  };
  /** Whose cells these are, as it is typed; only where one shard is planned. */
  readonly shard?: string;
  /** Pairs of variants with equal content: they share draws. */
  readonly twins: readonly (readonly [string, string])[];
};

/** Which cells a command is about; empty lists = all. */
export type Filter = {
  readonly variant: readonly string[];
  readonly scenario: readonly string[];
  readonly category: readonly string[];
  readonly tag: readonly string[];
  readonly runs: readonly number[];
  /** By what became of a cell; of several that are true a cell has to be one. docs/reading.md says what each means. */
  readonly failed: boolean;
  readonly notPassed: boolean;
  readonly stale: boolean;
  readonly differs: boolean;
  /** Of all that the filters by name leave; what became of cells is asked within it. null = all of it. */
  readonly shard: Shard | null;
};

/** Whether it asks what became of cells, beside which they are. */
export function asksOutcome({ failed, notPassed, stale, differs }: Filter): boolean {
  return failed || notPassed || stale || differs;
}

export const NO_FILTER: Filter = {
  variant: [],
  scenario: [],
  category: [],
  tag: [],
  runs: [],
  failed: false,
  notPassed: false,
  stale: false,
  differs: false,
  shard: null,
};
