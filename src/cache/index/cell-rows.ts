// The records of one cell, by its names and by the key that is asked for it.
import type { Key } from '../../core/brand.ts';
import type { Cell } from '../../core/task.ts';
import { type RecordRow, rowFromSql } from '../rows.ts';
import type { IndexDb } from './index-db.ts';

export function countOfKey(index: Pick<IndexDb, 'statement'>, key: Key): number {
  return Number(
    index.statement('SELECT count(*) AS records FROM kept WHERE key = unhex(?)').get(key)?.records,
  );
}

/** Both are found by an index. */
export function rowsOfCell(
  index: Pick<IndexDb, 'statement'>,
  { variant, scenario, run }: Cell,
  key: Key | null,
): readonly RecordRow[] {
  return index
    .statement(
      `SELECT * FROM records WHERE id IN (
         SELECT id FROM kept WHERE variant = (SELECT id FROM texts WHERE text = ?)
           AND scenario = (SELECT id FROM texts WHERE text = ?) AND run = ?
         UNION SELECT id FROM kept WHERE key = unhex(?))
       ORDER BY sequence, stamp, origin, id`,
    )
    .all(variant, scenario, run, key)
    .map(rowFromSql);
}
