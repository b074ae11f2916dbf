// What can be held against a schema, and how a violation is told.
import type { JsonPath } from './place.ts';

export type Shape =
  | 'intents'
  | 'price-list'
  | 'sim-answers'
  | 'experiment'
  | 'variant'
  | 'tool'
  | 'message'
  | 'said'
  | 'part'
  | 'scenario'
  | 'defaults';

/** `path` leads to the value, or to the key that is too many; `value` is what stands there, or holds it. */
export type Violation = {
  /** As JSON Schema names it. */
  readonly keyword: string;
  readonly params: { readonly [name: string]: unknown };
  readonly path: JsonPath;
  readonly value: unknown;
};

export type Words = { readonly code: string; readonly message: string; readonly hint: string | null };
