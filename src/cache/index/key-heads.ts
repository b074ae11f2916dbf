// The head of each key: the table that was kept, and what came after it.
import type { KeyRecord } from '../../core/history.ts';
import {
  findHead,
  type HeadTable,
  keepHeadTable,
  keptHeadTable,
  lastId,
  makeHeadTable,
  NUMBERS,
  WHOLE,
} from './head-table.ts';
import type { IndexDb } from './index-db.ts';
import { COUNTS_FIRST } from './index-tables.ts';

/** `file`: the number of its file in the index. */
export type KeyHead = KeyRecord & { readonly file: number };

export type KeyHeads = (key: string) => KeyHead | undefined;

/** So many records behind the table, and a tenth of it, are looked at besides; of more it is made anew. */
const FEW_RECORDS = 1_000;

export function keyHeads(index: IndexDb, few = FEW_RECORDS): KeyHeads {
  const last = lastId(index);
  const kept = last > few ? keptHeadTable(index) : null;
  if (kept !== null && kept.upto <= last && last - kept.upto <= few + kept.count / 10) {
    const since = headsSince(index, kept.upto);
    return since.size === 0 ? headsOf(kept) : withNewer(headsOf(kept), since);
  }
  const table = makeHeadTable(index, last);
  if (last > few && index.keepsHeads) keep(index, table);
  return headsOf(table);
}

/** It saves the next command a scan: what stands in the way of that (a full disk) is met by who has to write. */
function keep(index: IndexDb, table: HeadTable): void {
  if (index.database.isTransaction) return;
  try {
    keepHeadTable(index, table);
  } catch {
    // Nothing was kept, and nothing is lost.
  }
}

function headsOf(table: HeadTable): KeyHeads {
  const { whole, numbers } = table;
  const numberOrNull = (at: number): number | null => {
    const value = numbers[at]!;
    return Number.isNaN(value) ? null : value;
  };
  return (key) => {
    const place = findHead(table, key);
    if (place < 0) return undefined;
    const at = place * NUMBERS;
    return {
      id: whole[place * WHOLE]!,
      file: whole[place * WHOLE + 1]!,
      status: whole[place * WHOLE + 2] ? 'completed' : 'failed',
      latencyMs: numberOrNull(at),
      inputTokens: numberOrNull(at + 1),
      outputTokens: numberOrNull(at + 2),
      costUsd: numberOrNull(at + 3),
    };
  };
}

function withNewer(older: KeyHeads, newer: ReadonlyMap<string, KeyHead>): KeyHeads {
  return (key) => newer.get(key) ?? older(key);
}

// Of each key that has a record behind the table: all its records, the one that counts last.
const SINCE = `SELECT lower(hex(key)) AS key, id, file, iif(completed, 'completed', 'failed') AS status, latency_ms AS latencyMs,
  input_tokens AS inputTokens, output_tokens AS outputTokens, cost_usd AS costUsd
  FROM kept WHERE key IN (SELECT key FROM kept WHERE id > ?) AND archive IS NULL ORDER BY ${COUNTS_FIRST}`;

function headsSince(index: IndexDb, upto: number): ReadonlyMap<string, KeyHead> {
  const heads = new Map<string, KeyHead>();
  const rows = index.statement(SINCE).all(upto) as unknown as readonly (KeyHead & { readonly key: string })[];
  for (const { key, ...head } of rows) if (!heads.has(key)) heads.set(key, head);
  return heads;
}
