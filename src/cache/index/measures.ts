// What a comparison counts of every record, from the index: fewer columns than a row has, in no order.

import type { MeasuredRow } from '../rows.ts';
import type { IndexDb } from './index-db.ts';

/** all() is faster than iterate(), but holds its rows: some at a time. By id no row is sorted. */
const ROWS_AT_ONCE = 10_000;

const COLUMNS = `id, key, sequence, stamp, status, output_digest, tested, started_at, latency_ms, input_tokens, output_tokens, cost_usd,
  attempts, served_model, archive, ending`;

/** A third of the time that whole rows take: 100,000 of them would be most of what a comparison may take. */
export function* measuresOf(index: IndexDb): Generator<MeasuredRow> {
  const one = makeOneOfEach();
  const statement = index.database.prepare(
    `SELECT ${COLUMNS} FROM records WHERE id > ? ORDER BY id LIMIT ${ROWS_AT_ONCE}`,
  );
  statement.setReturnArrays(true);
  for (let last = -1; ; ) {
    const rows = statement.all(last) as unknown as readonly (readonly never[])[];
    for (const row of rows) yield measuredFrom(row, one);
    if (rows.length < ROWS_AT_ONCE) return;
    last = rows.at(-1)![0]!;
  }
}

/** What few values are said with is one text each, not one a row. */
function makeOneOfEach(): (text: string | null) => string | null {
  const known = new Map<string, string>();
  return (text) => {
    if (text === null) return null;
    const one = known.get(text);
    if (one !== undefined) return one;
    // Of what each row says otherwise nothing is gained.
    if (known.size < MOST_KNOWN) known.set(text, text);
    return text;
  };
}

const MOST_KNOWN = 1_000;

function measuredFrom(row: readonly never[], one: ReturnType<typeof makeOneOfEach>): MeasuredRow {
  return {
    id: row[0]!,
    key: row[1]!,
    sequence: row[2]!,
    stamp: row[3]!,
    status: one(row[4]!) as MeasuredRow['status'],
    outputDigest: row[5]!,
    tested: one(row[6]!),
    startedAt: row[7]!,
    latencyMs: row[8]!,
    inputTokens: row[9]!,
    outputTokens: row[10]!,
    costUsd: row[11]!,
    attempts: row[12]!,
    servedModel: one(row[13]!),
    archive: one(row[14]!),
    ending: one(row[15]!),
  };
}
