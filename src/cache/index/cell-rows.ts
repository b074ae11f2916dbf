// The records of one cell, by its names and by the key that is asked for it.
import type { Key } from '../../core/brand.ts';
import type { Cell } from '../../core/task.ts';
import { type RecordRow, rowFromSql } from '../rows.ts';
import type { IndexDb } from './index-db.ts';

/** One look over the table and no row made of the others: a hundred thousand records are read in some ten milliseconds. */
export function rowsOfCell(
  index: Pick<IndexDb, 'statement'>,
  { variant, scenario, run }: Cell,
  key: Key | null,
): readonly RecordRow[] {
  return index
    .statement(
      `SELECT * FROM records WHERE (variant = ? AND scenario = ? AND run = ?) OR key = ? ORDER BY sequence, stamp, id`,
    )
    .all(variant, scenario, run, key)
    .map(rowFromSql);
}
