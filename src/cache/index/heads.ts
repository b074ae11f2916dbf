// The history as planning sees it, read from the index only when it is asked for.
import type { CellRecord, History, VariantUsage } from '../../core/history.ts';
import type { Cell } from '../../core/task.ts';
import { cellHeads } from './cell-heads.ts';
import type { IndexDb } from './index-db.ts';
import { type KeyHeads, keyHeads } from './key-heads.ts';

/** A snapshot: what is added later shows in the next one. */
export function makeHistory(index: IndexDb): History {
  let keys: KeyHeads | null = null;
  let cells: ((cell: Cell) => CellRecord | undefined) | null = null;
  return {
    byKey(key) {
      keys ??= keyHeads(index);
      return keys(key);
    },
    byCell(cell) {
      cells ??= cellHeads(index);
      return cells(cell);
    },
    usageByVariant: () => index.statement(USAGE).all() as unknown as readonly VariantUsage[],
  };
}

const USAGE = `SELECT v.text AS variant, p.text AS part, e.text AS engine, records, inputTokens, outputTokens FROM (
  SELECT variant, part_variant, part_engine, count(*) AS records, avg(input_tokens) AS inputTokens, avg(output_tokens) AS outputTokens
  FROM kept WHERE completed AND input_tokens IS NOT NULL AND output_tokens IS NOT NULL
  GROUP BY variant, part_variant, part_engine) AS used
  JOIN texts v ON v.id = used.variant JOIN texts p ON p.id = used.part_variant JOIN texts e ON e.id = used.part_engine
  ORDER BY variant, part, engine`;
