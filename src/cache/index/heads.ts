// The history as planning sees it, read from the index in one scan each and only when asked for.
import type { Key } from '../../core/brand.ts';
import type { CellRecord, History, KeyRecord, VariantUsage } from '../../core/history.ts';
import { cellId } from '../../core/task.ts';
import type { IndexDb } from './index-db.ts';

/** Point look-ups cost 7 us each; one scan of 100,000 heads costs less than a tenth of that. */
export function makeHistory(index: IndexDb): History {
  let keys: ((key: string) => KeyRecord | undefined) | null = null;
  let cells: Map<string, CellRecord> | null = null;
  return {
    byKey(key) {
      keys ??= loadKeyHeads(index);
      return keys(key);
    },
    byCell(cell) {
      cells ??= cellHeads(index);
      return cells.get(cellId(cell));
    },
    usageByVariant: () => index.statement(USAGE).all() as unknown as readonly VariantUsage[],
  };
}

const USAGE = `SELECT variant, part_variant AS part, part_engine AS engine, count(*) AS records,
  avg(input_tokens) AS inputTokens, avg(output_tokens) AS outputTokens FROM records
  WHERE status = 'completed' AND input_tokens IS NOT NULL AND output_tokens IS NOT NULL
  GROUP BY variant, part_variant, part_engine`;

type KeyTuple = readonly [string, ...(number | null)[]];

/** id, completed, latency, input tokens, output tokens, cost */
const NUMBERS = 6;
/** all() is a third faster than iterate(), but holds its rows: some at a time. */
const ROWS_AT_ONCE = 10_000;

/** Numbers go into one typed array: an object a head would double the memory of a plan of 100,000 tasks. */
function loadKeyHeads(index: IndexDb): (key: string) => KeyRecord | undefined {
  const { count } = index.statement('SELECT count(*) AS count FROM key_heads').get() as { count: number };
  const places = new Map<string, number>();
  const numbers = new Float64Array(count * NUMBERS);
  const statement = index.database.prepare(
    `SELECT key, id, completed, latency_ms, input_tokens, output_tokens, cost_usd FROM key_heads
     WHERE key > ? ORDER BY key LIMIT ${ROWS_AT_ONCE}`,
  );
  statement.setReturnArrays(true);
  for (let last = ''; places.size < count; ) {
    const rows = statement.all(last) as unknown as readonly KeyTuple[];
    if (rows.length === 0) break;
    for (const row of rows) {
      const at = places.size * NUMBERS;
      for (let i = 0; i < NUMBERS; i++) numbers[at + i] = (row[i + 1] as number | null) ?? Number.NaN;
      places.set(row[0], at);
    }
    last = rows.at(-1)![0];
  }
  const numberOrNull = (at: number): number | null => {
    const value = numbers[at]!;
    return Number.isNaN(value) ? null : value;
  };
  return (key) => {
    const at = places.get(key);
    if (at === undefined) return undefined;
    return {
      id: numbers[at]!,
      status: numbers[at + 1] ? 'completed' : 'failed',
      latencyMs: numberOrNull(at + 2),
      inputTokens: numberOrNull(at + 3),
      outputTokens: numberOrNull(at + 4),
      costUsd: numberOrNull(at + 5),
    };
  };
}

type CellSql = {
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
  readonly id: number;
  readonly completed: number;
  readonly key: Key;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly part_variant: never;
  readonly part_scenario: never;
  readonly part_engine: never;
  readonly unadopted: string | null;
};

function cellHeads(index: IndexDb): Map<string, CellRecord> {
  const heads = new Map<string, CellRecord>();
  for (const row of index.statement('SELECT * FROM cell_heads').iterate() as unknown as Iterable<CellSql>) {
    heads.set(cellId(row), {
      id: row.id,
      key: row.key,
      status: row.completed ? 'completed' : 'failed',
      parts: { variant: row.part_variant, scenario: row.part_scenario, engine: row.part_engine },
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      unadopted: row.unadopted,
    });
  }
  return heads;
}
