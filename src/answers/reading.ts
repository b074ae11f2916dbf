// By what an answer was read: a kept line whose answer was read otherwise is read again, and nothing is drawn for it.
import { digestOf } from '../core/canonical.ts';

/** Raised where the reader finds something else in the same line. */
const READER = 1;

export function readingDigest(fields: { readonly [ours: string]: string }): string {
  return digestOf({ reader: READER, fields: { ...fields } });
}
