// Where records stand, of many that are asked for by their numbers one after another: who goes on from front to back is answered
// from what was fetched with the last one.
import type { Key } from '../../core/brand.ts';
import type { Told } from '../../core/meaning.ts';
import { type Place, type RecordRow, yesOrNo } from '../rows.ts';
import type { IndexDb } from './index-db.ts';

/** Where a record stands, the key that its line has, and what it says where it is a verdict: of thirty columns only these. */
export type Standing = Place & Pick<RecordRow, 'ownKey'> & { readonly told: Told | null };

const ROWS = `SELECT id, file, offset, length, lower(hex(coalesce(own_key, key))), is_score, score, passed, label, said FROM kept
  WHERE id >= ? ORDER BY id LIMIT ?`;
/** Fetched at once of who reads on and on. */
const MOST = 512;

type Tuple = readonly never[];

export function standings(index: IndexDb): (id: number) => Standing | undefined {
  const statement = index.database.prepare(ROWS);
  statement.setReturnArrays(true);
  let rows: readonly Tuple[] = [];
  let at = 0;
  let many = 1;
  return (id) => {
    while (at < rows.length && idOf(rows[at]!) < id) at++;
    if (at >= rows.length || idOf(rows[at]!) !== id) {
      const last = rows.at(-1);
      const goesOn = last !== undefined && id > idOf(last) && id <= idOf(last) + MOST;
      many = goesOn ? Math.min(MOST, many * 2) : 1;
      rows = statement.all(id, many) as unknown as readonly Tuple[];
      at = 0;
    }
    const row = rows[at];
    return row !== undefined && idOf(row) === id ? standingOf(row) : undefined;
  };
}

function idOf(row: Tuple): number {
  return row[0]!;
}

function standingOf(row: Tuple): Standing {
  const ownKey: Key = row[4]!;
  const isScore = row[5] === 1;
  return {
    file: row[1]!,
    offset: row[2]!,
    length: row[3]!,
    ownKey,
    told: isScore
      ? { score: row[6]!, passed: yesOrNo(row[7]!), label: row[8]!, said: yesOrNo(row[9]!) }
      : null,
  };
}
