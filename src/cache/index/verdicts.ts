// Of every key the verdict that counts, from the index: what tables of scores are made of. Columns, not an object a score: there are
// as many of them as answers.

import { outranks } from '../../core/counting.ts';
import { type KeyVerdict, type KeyVerdicts, yesOrNo } from '../rows.ts';
import { lastId } from './head-table.ts';
import type { IndexDb } from './index-db.ts';

/** all() is faster than iterate(), but holds its rows: some at a time. Read by id, no row is fetched twice. */
const ROWS_AT_ONCE = 5_000;
const ROWS = `SELECT id, lower(hex(key)), completed, sequence, stamp, origin, is_score, score, passed, label, said FROM kept
  WHERE id > ? AND id <= ? AND archive IS NULL ORDER BY id LIMIT ${ROWS_AT_ONCE}`;

type Row = readonly never[];

/** id, sequence, stamp, origin, score */
const NUMBERS = 5;
const SCORE = 4;
const COMPLETED = 1;
const JUDGED = 2;

export function verdictsOf(index: IndexDb): KeyVerdicts {
  // A run may go on meanwhile: what it adds has no place here, and is not read.
  const upto = lastId(index);
  const most = Number(index.statement('SELECT count(*) AS most FROM kept WHERE id <= ?').get(upto)?.most);
  const places = new Map<string, number>();
  const numbers = new Float64Array(most * NUMBERS);
  const flags = new Uint8Array(most);
  /** null, no, yes -> 0, 1, 2 */
  const passed = new Uint8Array(most);
  const said = new Uint8Array(most);
  /** Few scorers have them. */
  const labels = new Map<number, string>();

  function put(place: number, row: Row): void {
    const at = place * NUMBERS;
    numbers[at] = row[0]!;
    numbers[at + 1] = row[3]!;
    numbers[at + 2] = row[4]!;
    numbers[at + 3] = row[5]!;
    numbers[at + SCORE] = row[7] ?? Number.NaN;
    flags[place] = (row[2] === 1 ? COMPLETED : 0) | (row[6] === 1 ? JUDGED : 0);
    passed[place] = row[8] === null ? 0 : row[8]! + 1;
    said[place] = row[10] === null ? 0 : row[10]! + 1;
    if (row[9] === null) labels.delete(place);
    else labels.set(place, row[9]!);
  }

  /** Those of which a key has several are few, and are compared. */
  function isBeaten(place: number, row: Row): boolean {
    const at = place * NUMBERS;
    const known = {
      id: numbers[at]!,
      sequence: numbers[at + 1]!,
      stamp: numbers[at + 2]!,
      origin: numbers[at + 3]!,
    };
    return outranks(
      {
        id: row[0]!,
        sequence: row[3]!,
        stamp: row[4]!,
        origin: row[5]!,
        status: row[2] === 1 ? 'completed' : 'failed',
        archive: null,
      },
      { ...known, status: statusAt(place), archive: null },
    );
  }

  const statusAt = (place: number): KeyVerdict['status'] =>
    (flags[place]! & COMPLETED) === 0 ? 'failed' : 'completed';

  function verdictAt(key: string, place: number): KeyVerdict {
    const status = statusAt(place);
    if ((flags[place]! & JUDGED) === 0) return { key, status, verdict: null };
    const score = numbers[place * NUMBERS + SCORE]!;
    return {
      key,
      status,
      verdict: {
        score: Number.isNaN(score) ? null : score,
        passed: yesOrNo(passed[place] === 0 ? null : passed[place]! - 1),
        label: labels.get(place) ?? null,
        said: yesOrNo(said[place] === 0 ? null : said[place]! - 1),
      },
    };
  }

  const statement = index.database.prepare(ROWS);
  statement.setReturnArrays(true);
  for (let last = -1; ; ) {
    const rows = statement.all(last, upto) as unknown as readonly Row[];
    for (const row of rows) {
      const key: string = row[1]!;
      const place = places.get(key);
      if (place === undefined) {
        put(places.size, row);
        places.set(key, places.size);
      } else if (isBeaten(place, row)) put(place, row);
    }
    if (rows.length < ROWS_AT_ONCE) break;
    last = rows.at(-1)![0]!;
  }
  return {
    of(key) {
      const place = places.get(key);
      return place === undefined ? undefined : verdictAt(key, place);
    },
    *[Symbol.iterator]() {
      for (const [key, place] of places) yield verdictAt(key, place);
    },
  };
}
