// What a comparison counts of every record, from the index: fewer columns than a row has, in no order.

import type { MeasuredRow } from '../rows.ts';
import { lastId } from './head-table.ts';
import type { IndexDb } from './index-db.ts';
import { digestOrNull, ROWS_AT_ONCE } from './record-rows.ts';
import { allTexts } from './texts.ts';

const COLUMNS = `id, lower(hex(key)), sequence, stamp, origin, completed, lower(hex(output_digest)), tested, started_at, latency_ms,
  input_tokens, output_tokens, cost_usd, attempts, served_model, archive, ending`;

/** Half of the time that whole rows take. By id no row is sorted. */
export function* measuresOf(index: IndexDb): Generator<MeasuredRow> {
  // Before the texts: a run may go on meanwhile, and what it adds is not read.
  const upto = lastId(index);
  const texts = allTexts(index.database);
  const statement = index.database.prepare(
    `SELECT ${COLUMNS} FROM kept WHERE id > ? AND id <= ? ORDER BY id LIMIT ${ROWS_AT_ONCE}`,
  );
  statement.setReturnArrays(true);
  for (let last = -1; ; ) {
    const rows = statement.all(last, upto) as unknown as readonly (readonly never[])[];
    for (const row of rows) yield measuredFrom(row, texts);
    if (rows.length < ROWS_AT_ONCE) return;
    last = rows.at(-1)![0]!;
  }
}

function measuredFrom(row: readonly never[], texts: readonly string[]): MeasuredRow {
  const maybe = (id: number | null): string | null => (id === null ? null : texts[id]!);
  return {
    id: row[0]!,
    key: row[1]!,
    sequence: row[2]!,
    stamp: row[3]!,
    origin: row[4]!,
    status: row[5] === 1 ? 'completed' : 'failed',
    outputDigest: digestOrNull(row[6]!),
    tested: maybe(row[7]!),
    startedAt: row[8]!,
    latencyMs: row[9]!,
    inputTokens: row[10]!,
    outputTokens: row[11]!,
    costUsd: row[12]!,
    attempts: row[13]!,
    servedModel: maybe(row[14]!),
    archive: maybe(row[15]!),
    ending: maybe(row[16]!),
  };
}
