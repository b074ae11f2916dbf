// Of every key the verdict that counts, from the index: what tables of scores are made of. A row of it is a few numbers.
import type { IndexDb } from './index-db.ts';
import type { RowVerdict } from './rows.ts';

export type KeyVerdict = {
  readonly key: string;
  readonly status: 'completed' | 'failed';
  readonly verdict: RowVerdict | null;
};

const HEADS = `SELECT k.key, k.completed, r.is_score, r.score, r.passed, r.label FROM key_heads k JOIN records r ON r.id = k.id`;

export function* verdictsOf(index: IndexDb): Generator<KeyVerdict> {
  const statement = index.database.prepare(HEADS);
  statement.setReturnArrays(true);
  for (const row of statement.all() as unknown as readonly (readonly never[])[]) {
    const passed: number | null = row[4]!;
    yield {
      key: row[0]!,
      status: row[1] === 1 ? 'completed' : 'failed',
      verdict:
        row[2] === 1
          ? { score: row[3]!, passed: passed === null ? null : passed === 1, label: row[5]! }
          : null,
    };
  }
}
