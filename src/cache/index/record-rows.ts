// Many rows of the index at once. Texts are strings that rows share, a key that is its own is one string, and no column is
// looked up by its name: a third of the time and of the memory that a row of the view `records` costs.
import type { SQLInputValue } from 'node:sqlite';
import { type RecordRow, yesOrNo } from '../rows.ts';
import type { IndexDb } from './index-db.ts';
import { allTexts } from './texts.ts';

/** all() is faster than iterate(), but holds its rows: some at a time. */
export const ROWS_AT_ONCE = 10_000;

const COLUMNS = `id, lower(hex(key)), lower(hex(own_key)), unadopted, generation, sequence, stamp, origin, variant, scenario, category,
  run, completed, file, offset, length, lower(hex(output_digest)), tested, ending, started_at, latency_ms, input_tokens,
  output_tokens, cost_usd, attempts, served_model, part_variant, part_scenario, part_engine, archive, is_score, score,
  passed, label, said`;

/** The record that counts of each key. Most keys have one, and nothing is compared. */
export const COUNTING = `archive IS NULL AND (key NOT IN (SELECT key FROM kept GROUP BY key HAVING count(*) > 1)
  OR NOT EXISTS (SELECT 1 FROM kept AS other WHERE other.key = kept.key AND other.archive IS NULL
    AND (other.completed, other.sequence, other.stamp, other.origin, other.id) >
      (kept.completed, kept.sequence, kept.stamp, kept.origin, kept.id)))`;

/** Records of these engines, as a JSON list: of a long history that none of them made, no row is made. */
export const MADE_BY = 'part_engine IN (SELECT id FROM texts WHERE text IN (SELECT value FROM json_each(?)))';

/** In the order of time: of their invocations, then as they came. @param where a condition on the columns of `kept`, or nothing */
export function* rowsOf(
  index: Pick<IndexDb, 'database'>,
  where: string,
  ...values: readonly SQLInputValue[]
): Generator<RecordRow> {
  // Texts of all records up to the last one that is read: a run may go on meanwhile.
  const stretches = inTime(index, where, values);
  const texts = allTexts(index.database);
  for (const { first, last } of stretches) {
    const statement = index.database.prepare(
      `SELECT ${COLUMNS} FROM kept WHERE id > ? AND id <= ? ${where === '' ? '' : `AND (${where})`} ORDER BY id LIMIT ${ROWS_AT_ONCE}`,
    );
    statement.setReturnArrays(true);
    for (let after = first - 1; ; ) {
      const rows = statement.all(after, last, ...values) as unknown as readonly (readonly never[])[];
      for (const row of rows) yield rowFrom(row, texts);
      if (rows.length < ROWS_AT_ONCE) break;
      after = rows.at(-1)![0]!;
    }
  }
}

type Stretch = { readonly first: number; readonly last: number };

/**
 * Stretches of numbers, in the order of time. Records of one invocation stand together as a rule, so that nothing has to be
 * sorted; where two branches were merged by hand, or a file was read again, each stands for itself.
 */
function inTime(
  { database }: Pick<IndexDb, 'database'>,
  where: string,
  values: readonly SQLInputValue[],
): readonly Stretch[] {
  const condition = where === '' ? '' : `WHERE ${where}`;
  const stretches = database
    .prepare(
      `SELECT min(id) AS first, max(id) AS last FROM kept ${condition} GROUP BY sequence, stamp, origin
       ORDER BY sequence, stamp, origin`,
    )
    .all(...values) as unknown as readonly Stretch[];
  if (stretches.every(({ first }, i) => i === 0 || stretches[i - 1]!.last < first)) return stretches;
  return database
    .prepare(`SELECT id AS first, id AS last FROM kept ${condition} ORDER BY sequence, stamp, origin, id`)
    .all(...values) as unknown as readonly Stretch[];
}

function rowFrom(row: readonly never[], texts: readonly string[]): RecordRow {
  const maybe = (id: number | null): string | null => (id === null ? null : texts[id]!);
  const key = row[1]!;
  return {
    id: row[0]!,
    key,
    ownKey: row[2]! === '' ? key : row[2]!,
    unadopted: row[3]!,
    generation: row[4]!,
    sequence: row[5]!,
    stamp: row[6]!,
    origin: row[7]!,
    variant: texts[row[8]!]!,
    scenario: texts[row[9]!]!,
    category: maybe(row[10]!),
    run: row[11]!,
    status: row[12] === 1 ? 'completed' : 'failed',
    file: row[13]!,
    offset: row[14]!,
    length: row[15]!,
    outputDigest: digestOrNull(row[16]!),
    tested: maybe(row[17]!),
    ending: maybe(row[18]!),
    startedAt: row[19]!,
    latencyMs: row[20]!,
    inputTokens: row[21]!,
    outputTokens: row[22]!,
    costUsd: row[23]!,
    attempts: row[24]!,
    servedModel: maybe(row[25]!),
    parts: {
      variant: texts[row[26]!] as never,
      scenario: texts[row[27]!] as never,
      engine: texts[row[28]!] as never,
    },
    archive: maybe(row[29]!),
    verdict:
      row[30] === 1
        ? { score: row[31]!, passed: yesOrNo(row[32]!), label: row[33]!, said: yesOrNo(row[34]!) }
        : null,
  };
}

/** hex(NULL) is the empty text. */
export function digestOrNull<Text extends string>(hex: Text): Text | null {
  return hex === '' ? null : hex;
}
