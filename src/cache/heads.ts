// The history as planning sees it, read from the index in one scan each and only when asked for.
import type { Key } from '../core/brand.ts';
import type { CellHead, History, KeyHead } from '../core/history.ts';
import { cellId } from '../core/task.ts';
import type { IndexDb } from './index-db.ts';

/** Point look-ups cost 7 us each; one scan of 100,000 heads costs less than a tenth of that. */
export function makeHistory(index: IndexDb): History {
  let keys: Map<string, KeyHead> | null = null;
  let cells: Map<string, CellHead> | null = null;
  return {
    byKey(key) {
      keys ??= keyHeads(index);
      return keys.get(key);
    },
    byCell(cell) {
      cells ??= cellHeads(index);
      return cells.get(cellId(cell));
    },
  };
}

type KeyTuple = [string, number, number, number | null, number | null, number | null, number | null];

function keyHeads(index: IndexDb): Map<string, KeyHead> {
  const statement = index.database.prepare(
    'SELECT key, id, completed, latency_ms, input_tokens, output_tokens, cost_usd FROM key_heads',
  );
  statement.setReturnArrays(true);
  const heads = new Map<string, KeyHead>();
  for (const row of statement.iterate() as unknown as Iterable<KeyTuple>) {
    heads.set(row[0], {
      id: row[1],
      status: row[2] ? 'completed' : 'failed',
      latencyMs: row[3],
      inputTokens: row[4],
      outputTokens: row[5],
      costUsd: row[6],
    });
  }
  return heads;
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
};

function cellHeads(index: IndexDb): Map<string, CellHead> {
  const heads = new Map<string, CellHead>();
  for (const row of index.statement('SELECT * FROM cell_heads').iterate() as unknown as Iterable<CellSql>) {
    heads.set(cellId(row), {
      id: row.id,
      key: row.key,
      status: row.completed ? 'completed' : 'failed',
      parts: { variant: row.part_variant, scenario: row.part_scenario, engine: row.part_engine },
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
    });
  }
  return heads;
}
