// A test of promptfoo with all that it shares put in.
import type { Json, JsonObject } from '../../core/json.ts';
import type { Notes } from './draft.ts';
import type { Placed, Reach } from './source.ts';

export type Test = {
  readonly placed: Placed<unknown>;
  readonly description: string | null;
  readonly vars: JsonObject;
  readonly asserts: readonly Placed<Json>[];
  /** Of a table, where a row's expectation is read as a cell; null = asserts. */
  readonly expect: JsonObject | null;
  readonly metadata: JsonObject;
  readonly threshold: number | null;
};

export type TestsContext = { readonly reach: Reach; readonly notes: Notes };

/** What all tests have. */
export type Shared = Pick<Test, 'vars' | 'asserts' | 'metadata' | 'threshold'>;

export const NOTHING_SHARED: Shared = { vars: {}, asserts: [], metadata: {}, threshold: null };
