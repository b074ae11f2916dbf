// Of every key the verdict that counts, from the index: what tables of scores are made of. A row of it is a few numbers.

import { type KeyVerdict, yesOrNo } from '../rows.ts';
import type { IndexDb } from './index-db.ts';

// In the order in which records outrank each other: the last row of a key is the one that counts. Read by id, no row is
// fetched twice; those of a key that come out of order are few, and are compared.
const ROWS = `SELECT key, status, sequence, stamp, is_score, score, passed, label, said FROM records WHERE archive IS NULL ORDER BY id`;

export function* verdictsOf(index: IndexDb): Generator<KeyVerdict> {
  const statement = index.database.prepare(ROWS);
  statement.setReturnArrays(true);
  const heads = new Map<string, readonly never[]>();
  for (const row of statement.all() as unknown as readonly (readonly never[])[]) {
    const key: string = row[0]!;
    const known = heads.get(key);
    if (known === undefined || outranks(row, known)) heads.set(key, row);
  }
  for (const row of heads.values()) yield verdictFrom(row);
}

/** A newer record outranks an older one, a completed one any failed one. */
function outranks(row: readonly never[], known: readonly never[]): boolean {
  const [isDone, wasDone] = [row[1] === 'completed', known[1] === 'completed'];
  if (isDone !== wasDone) return isDone;
  if (row[2] !== known[2]) return row[2]! > known[2]!;
  return row[3]! >= known[3]!;
}

function verdictFrom(row: readonly never[]): KeyVerdict {
  const [score, label] = [row[5]!, row[7]!];
  const verdict = row[4] === 1 ? { score, passed: yesOrNo(row[6]!), label, said: yesOrNo(row[8]!) } : null;
  return { key: row[0]!, status: row[1]!, verdict };
}
