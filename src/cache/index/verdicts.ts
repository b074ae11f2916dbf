// Of every key the verdict that counts, from the index: what tables of scores are made of. A row of it is a few numbers.

import { outranks, type Ranked } from '../../core/counting.ts';
import { type KeyVerdict, yesOrNo } from '../rows.ts';
import type { IndexDb } from './index-db.ts';

// Read by id, no row is fetched twice; those of which a key has several are few, and are compared.
const ROWS = `SELECT lower(hex(key)), iif(completed, 'completed', 'failed'), sequence, stamp, is_score, score, passed, label, said, id
  FROM kept WHERE archive IS NULL ORDER BY id`;

export function* verdictsOf(index: IndexDb): Generator<KeyVerdict> {
  const statement = index.database.prepare(ROWS);
  statement.setReturnArrays(true);
  const heads = new Map<string, readonly never[]>();
  for (const row of statement.all() as unknown as readonly (readonly never[])[]) {
    const key: string = row[0]!;
    const known = heads.get(key);
    if (known === undefined || outranks(rankOf(row), rankOf(known))) heads.set(key, row);
  }
  for (const row of heads.values()) yield verdictFrom(row);
}

function rankOf(row: readonly never[]): Ranked {
  return { status: row[1]!, sequence: row[2]!, stamp: row[3]!, id: row[9]!, archive: null };
}

function verdictFrom(row: readonly never[]): KeyVerdict {
  const [score, label] = [row[5]!, row[7]!];
  const verdict = row[4] === 1 ? { score, passed: yesOrNo(row[6]!), label, said: yesOrNo(row[8]!) } : null;
  return { key: row[0]!, status: row[1]!, verdict };
}
