// Which record stands at the head of each key, as three flat tables: looked up without a string or an object for each of a
// hundred thousand keys. Made in one scan; kept in the index beside the number of the last record that it knows.
//
//   key -> first 32 bits -> slot (open addressing) -> place: 32 bytes of the key, whole numbers, numbers that may be missing
import { crc32 } from 'node:zlib';
import type { IndexDb } from './index-db.ts';

/** What is known of one head, by its place in the tables. */
export type HeadTable = {
  /** Records with a larger number are not in it. */
  readonly upto: number;
  readonly count: number;
  /** Eight words of 32 bits a key. */
  readonly keys: Uint32Array;
  /** Place + 1; 0 = empty. Their number is a power of two, at least a third of them empty. */
  readonly slots: Uint32Array;
  /** Id, file, and 1 for a completed one. */
  readonly whole: Uint32Array;
  /** Latency, input tokens, output tokens, cost; NaN = not known. */
  readonly numbers: Float64Array;
};

export const WHOLE = 3;
export const NUMBERS = 4;
const WORDS = 8;
/** Sequence, stamp, origin. */
const TIMES = 3;
/** all() is a third faster than iterate(), but holds its rows: some at a time. */
const ROWS_AT_ONCE = 10_000;

/** Hex digits by their codes. */
const NIBBLES = new Uint8Array(128);
for (const [digits, from] of [
  ['0123456789', 0],
  ['abcdef', 10],
  ['ABCDEF', 10],
] as const) {
  for (let i = 0; i < digits.length; i++) NIBBLES[digits.charCodeAt(i)] = from + i;
}

function wordAt(hex: string, word: number): number {
  let value = 0;
  const end = (word + 1) * 8;
  for (let i = word * 8; i < end; i++) value = (value << 4) | NIBBLES[hex.charCodeAt(i) & 127]!;
  return value >>> 0;
}

/** The place of a key, or -1. */
export function findHead(table: Pick<HeadTable, 'keys' | 'slots'>, key: string): number {
  const found = table.slots[slotOf(table, key)]!;
  return found - 1;
}

/** The slot that holds the key, or the empty one where it would be put. */
function slotOf({ keys, slots }: Pick<HeadTable, 'keys' | 'slots'>, key: string): number {
  const mask = slots.length - 1;
  const first = wordAt(key, 0);
  for (let slot = first & mask; ; slot = (slot + 1) & mask) {
    const place = slots[slot]! - 1;
    if (place < 0) return slot;
    if (keys[place * WORDS] !== first) continue;
    let word = 1;
    while (word < WORDS && keys[place * WORDS + word] === wordAt(key, word)) word++;
    if (word === WORDS) return slot;
  }
}

type Row = readonly [string, number, number, number, number, number, number, ...(number | null)[]];

const ROWS = `SELECT hex(key), id, file, completed, sequence, stamp, origin, latency_ms, input_tokens, output_tokens, cost_usd
  FROM kept WHERE id > ? AND id <= ? AND archive IS NULL ORDER BY id LIMIT ${ROWS_AT_ONCE}`;

/** @param upto the number of the last record that counts; left out: the last there is */
export function makeHeadTable(
  index: Pick<IndexDb, 'statement' | 'database'>,
  upto = lastId(index),
): HeadTable {
  const rows = Number(index.statement('SELECT count(*) AS count FROM kept WHERE id <= ?').get(upto)?.count);
  let capacity = 16;
  while (capacity * 2 < rows * 3) capacity *= 2;
  const table = {
    keys: new Uint32Array(rows * WORDS),
    slots: new Uint32Array(capacity),
    whole: new Uint32Array(rows * WHOLE),
    numbers: new Float64Array(rows * NUMBERS),
  };
  const times = new Float64Array(rows * TIMES);
  let count = 0;
  const statement = index.database.prepare(ROWS);
  statement.setReturnArrays(true);
  for (let last = -1; ; ) {
    const some = statement.all(last, upto) as unknown as readonly Row[];
    for (const row of some) {
      const slot = slotOf(table, row[0]);
      const known = table.slots[slot]! - 1;
      if (known >= 0 && !counts(row, { table, times, place: known })) continue;
      const place = known >= 0 ? known : count++;
      if (known < 0) {
        for (let word = 0; word < WORDS; word++) table.keys[place * WORDS + word] = wordAt(row[0], word);
        table.slots[slot] = place + 1;
      }
      for (let i = 0; i < WHOLE; i++) table.whole[place * WHOLE + i] = Number(row[1 + i]);
      for (let i = 0; i < TIMES; i++) times[place * TIMES + i] = Number(row[4 + i]);
      for (let i = 0; i < NUMBERS; i++)
        table.numbers[place * NUMBERS + i] = (row[4 + TIMES + i] as number | null) ?? Number.NaN;
    }
    if (some.length < ROWS_AT_ONCE) break;
    last = some.at(-1)![1];
  }
  return {
    upto,
    count,
    keys: table.keys.subarray(0, count * WORDS),
    slots: table.slots,
    whole: table.whole.subarray(0, count * WHOLE),
    numbers: table.numbers.subarray(0, count * NUMBERS),
  };
}

/** Whether a later row is the one that counts (core/counting.ts); its number is the larger one. */
function counts(
  [, , , completed, sequence, stamp, origin]: Row,
  { table, times, place }: { table: Pick<HeadTable, 'whole'>; times: Float64Array; place: number },
): boolean {
  const known = table.whole[place * WHOLE + 2]!;
  if (completed !== known) return completed > known;
  const at = place * TIMES;
  if (sequence !== times[at]) return sequence > times[at]!;
  return stamp === times[at + 1] ? origin >= times[at + 2]! : stamp > times[at + 1]!;
}

export function lastId(index: Pick<IndexDb, 'statement'>): number {
  return Number(index.statement('SELECT coalesce(max(id), 0) AS id FROM kept').get()?.id);
}

type Kept = {
  readonly name: string;
  readonly upto: number;
  readonly sum: number;
  readonly bytes: Uint8Array;
};

/** As it was kept; null where it was not, was ended by a change, or does not fit its checksum. */
export function keptHeadTable(index: Pick<IndexDb, 'statement'>): HeadTable | null {
  const rows = index.statement('SELECT name, upto, sum, bytes FROM head_table').all() as unknown as Kept[];
  const of = new Map(rows.map((row) => [row.name, row]));
  const [keys, slots, whole, numbers] = NAMES.map((name) => of.get(name));
  if (!keys || !slots || !whole || !numbers) return null;
  if (rows.some(({ upto, sum, bytes }) => upto !== keys.upto || sum !== crc32(bytes))) return null;
  return {
    upto: keys.upto,
    count: keys.bytes.length / 4 / WORDS,
    keys: new Uint32Array(...span(keys.bytes, 4)),
    slots: new Uint32Array(...span(slots.bytes, 4)),
    whole: new Uint32Array(...span(whole.bytes, 4)),
    numbers: new Float64Array(...span(numbers.bytes, 8)),
  };
}

const NAMES = ['keys', 'slots', 'whole', 'numbers'] as const;

export function keepHeadTable(index: IndexDb, table: HeadTable): void {
  index.transaction(() => {
    for (const name of NAMES) {
      const bytes = bytesOf(table[name]);
      index
        .statement('INSERT OR REPLACE INTO head_table(name, upto, sum, bytes) VALUES (?, ?, ?, ?)')
        .run(name, table.upto, crc32(bytes), bytes);
    }
  });
}

/** In the byte order of this machine: an index is of one machine, and its checksum tells of another one. */
function bytesOf(numbers: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** What SQLite gave may stand anywhere in a buffer; numbers stand at multiples of their size. */
function span({ buffer, byteOffset, byteLength }: Uint8Array, size: number): [ArrayBuffer, number, number] {
  const at = byteOffset % size === 0 ? byteOffset : 0;
  const source = at === byteOffset ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  return [source as ArrayBuffer, at, byteLength / size];
}

/** Whether what is kept is what would be made: for who checks an index. */
export function isHeadTableTrue(index: IndexDb): boolean {
  const kept = keptHeadTable(index);
  if (kept === null) return true;
  const made = makeHeadTable(index, kept.upto);
  return NAMES.every((name) => Buffer.compare(bytesOf(kept[name]), bytesOf(made[name])) === 0);
}
