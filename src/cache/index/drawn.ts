// What each invocation left, counted by SQLite: who lists invocations has no use for a row of each record.
import type { Drawn } from '../rows.ts';
import type { IndexDb } from './index-db.ts';

/** Invocations in the order of time, variants as they came. */
export function drawnBy(index: Pick<IndexDb, 'statement'>): readonly Drawn[] {
  return index
    .statement(
      `SELECT sequence, stamp, variant, count(*) AS executed, sum(status = 'failed') AS failed FROM records
       GROUP BY sequence, stamp, variant ORDER BY sequence, stamp, min(id)`,
    )
    .all() as unknown as readonly Drawn[];
}
