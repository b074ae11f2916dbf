// What each invocation left, counted by SQLite: who lists invocations has no use for a row of each record.
import type { Drawn } from '../rows.ts';
import type { IndexDb } from './index-db.ts';

// Counted by the numbers of texts; each text is looked up once.
const DRAWN = `SELECT sequence, stamp, origin, (SELECT text FROM texts WHERE id = variant) AS variant, executed, failed FROM (
    SELECT sequence, stamp, origin, variant, count(*) AS executed, sum(NOT completed) AS failed, min(id) AS first
    FROM kept GROUP BY sequence, stamp, origin, variant)
  ORDER BY sequence, stamp, origin, first`;

/** Invocations in the order of time, variants as they came. */
export function drawnBy(index: Pick<IndexDb, 'statement'>): readonly Drawn[] {
  return index.statement(DRAWN).all() as unknown as readonly Drawn[];
}
