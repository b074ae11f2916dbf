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
  return (key) => {
    const place = findHead(table, key);
    return place < 0 ? undefined : new HeadAt(table, place);
  };
}

/** One for each of a hundred thousand tasks, most of which are asked for little: two words, and numbers when they are wanted. */
class HeadAt implements KeyHead {
  readonly #table: HeadTable;
  readonly #place: number;
  constructor(table: HeadTable, place: number) {
    this.#table = table;
    this.#place = place;
  }
  get id(): number {
    return this.#table.whole[this.#place * WHOLE]!;
  }
  get file(): number {
    return this.#table.whole[this.#place * WHOLE + 1]!;
  }
  get status(): KeyHead['status'] {
    return this.#table.whole[this.#place * WHOLE + 2] ? 'completed' : 'failed';
  }
  get latencyMs(): number | null {
    return this.#number(0);
  }
  get inputTokens(): number | null {
    return this.#number(1);
  }
  get outputTokens(): number | null {
    return this.#number(2);
  }
  get costUsd(): number | null {
    return this.#number(3);
  }
  #number(column: number): number | null {
    const value = this.#table.numbers[this.#place * NUMBERS + column]!;
    return Number.isNaN(value) ? null : value;
  }
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
