// What scorers are asked about of a cell's record: whether one is about the cell does not hang on there being an answer.
import type { MeasuredRow } from '../../cache/store.ts';
import { NOT_TESTED } from '../../core/tested.ts';

/** The digest of no answer: nothing was ever judged under it. */
const NO_ANSWER = '0'.repeat(64);

/** Of an answer that gc archived it is not known any more how its test ended. */
export function judgedOf(row: MeasuredRow | null): {
  readonly outputDigest: string;
  readonly tested: string | null;
  readonly ending: string | null;
} {
  if (row === null || row.outputDigest === null)
    return { outputDigest: NO_ANSWER, tested: NOT_TESTED, ending: null };
  const { outputDigest, ending } = row;
  return { outputDigest, ending, tested: row.archive === null ? row.tested : NOT_TESTED };
}
