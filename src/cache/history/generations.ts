// Which generation of its key each record of a group is: what the index knows of, and one more.
import type { AnyRecord, Unkept } from '../../core/record.ts';
import type { IndexDb } from '../index/index-db.ts';

/** Keys asked for at once. */
const AT_ONCE = 1_000;

const LAST = `SELECT lower(hex(key)) AS key, max(generation) AS last FROM kept
  WHERE key IN (SELECT unhex(value) FROM json_each(?)) GROUP BY kept.key`;
const LAST_DAMAGED = `SELECT key, max(generation) AS last FROM damage
  WHERE key IS NOT NULL AND key IN (SELECT value FROM json_each(?)) GROUP BY key`;

/** Of one key several may come at once, as an import brings them. */
export function withGenerations(index: IndexDb, records: readonly Unkept<AnyRecord>[]): readonly AnyRecord[] {
  const last = lastOf(index, records);
  return records.map((record) => {
    const generation = (last.get(record.key) ?? 0) + 1;
    last.set(record.key, generation);
    return { ...record, generation };
  });
}

/** Archived and damaged ones included: what was given out is not given out again. */
function lastOf(index: IndexDb, records: readonly Unkept<AnyRecord>[]): Map<string, number> {
  const last = new Map<string, number>();
  const hasDamage = index.statement('SELECT 1 FROM damage WHERE key IS NOT NULL LIMIT 1').get() !== undefined;
  for (let from = 0; from < records.length; from += AT_ONCE) {
    const keys = JSON.stringify(records.slice(from, from + AT_ONCE).map(({ key }) => key));
    for (const sql of hasDamage ? [LAST, LAST_DAMAGED] : [LAST]) {
      for (const row of index.statement(sql).all(keys) as { readonly key: string; readonly last: number }[])
        last.set(row.key, Math.max(row.last, last.get(row.key) ?? 0));
    }
  }
  return last;
}
