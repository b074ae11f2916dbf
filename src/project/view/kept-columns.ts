// Of many places the record that counts for each: columns of numbers, filled in one walk over the index, not an object a record.
import type { MeasuredRow } from '../../cache/store.ts';
import { outranks } from '../../core/counting.ts';

export type Kept = Pick<
  MeasuredRow,
  | 'id'
  | 'status'
  | 'outputDigest'
  | 'tested'
  | 'ending'
  | 'latencyMs'
  | 'inputTokens'
  | 'outputTokens'
  | 'costUsd'
  | 'sequence'
>;

export type KeptColumns = {
  /** One of the records of a place; the one that counts stays. */
  see(place: number, row: MeasuredRow): void;
  /** null = there is none, or gc archived it. */
  rowAt(place: number): Kept | null;
};

const ID = 0;
const SEQUENCE = 1;
const STAMP = 2;
const ORIGIN = 3;
const LATENCY = 4;
const INPUT = 5;
const OUTPUT = 6;
const COST = 7;
const NUMBERS = 8;

const COMPLETED = 1;
const ARCHIVED = 2;

export function makeKeptColumns(count: number): KeptColumns {
  const numbers = new Float64Array(count * NUMBERS).fill(-1);
  const flags = new Uint8Array(count);
  const digests = new Array<string | null>(count).fill(null);
  const tested = new Array<string | null>(count).fill(null);
  const endings = new Array<string | null>(count).fill(null);

  const statusAt = (place: number): MeasuredRow['status'] =>
    (flags[place]! & COMPLETED) === 0 ? 'failed' : 'completed';
  const isArchived = (place: number): boolean => (flags[place]! & ARCHIVED) !== 0;
  const numberOrNull = (at: number): number | null => {
    const number = numbers[at]!;
    return Number.isNaN(number) ? null : number;
  };

  return {
    see(place, row) {
      const at = place * NUMBERS;
      const isFirst = numbers[at + ID]! < 0;
      const known = {
        id: numbers[at + ID]!,
        sequence: numbers[at + SEQUENCE]!,
        stamp: numbers[at + STAMP]!,
        origin: numbers[at + ORIGIN]!,
        status: statusAt(place),
        archive: isArchived(place) ? '' : null,
      };
      if (!isFirst && !outranks(row, known)) return;
      numbers[at + ID] = row.id;
      numbers[at + SEQUENCE] = row.sequence;
      numbers[at + STAMP] = row.stamp;
      numbers[at + ORIGIN] = row.origin;
      numbers[at + LATENCY] = row.latencyMs ?? Number.NaN;
      numbers[at + INPUT] = row.inputTokens ?? Number.NaN;
      numbers[at + OUTPUT] = row.outputTokens ?? Number.NaN;
      numbers[at + COST] = row.costUsd ?? Number.NaN;
      flags[place] = (row.status === 'completed' ? COMPLETED : 0) | (row.archive === null ? 0 : ARCHIVED);
      digests[place] = row.outputDigest;
      tested[place] = row.tested;
      endings[place] = row.ending;
    },
    rowAt(place) {
      const at = place * NUMBERS;
      if (numbers[at + ID]! < 0 || isArchived(place)) return null;
      return {
        id: numbers[at + ID]!,
        status: statusAt(place),
        outputDigest: digests[place] as Kept['outputDigest'],
        tested: tested[place]!,
        ending: endings[place]!,
        latencyMs: numberOrNull(at + LATENCY),
        inputTokens: numberOrNull(at + INPUT),
        outputTokens: numberOrNull(at + OUTPUT),
        costUsd: numberOrNull(at + COST),
        sequence: numbers[at + SEQUENCE]!,
      };
    },
  };
}

/** Places of keys, in the order in which keys first came. Cells of one content share one. */
export type KeyPlaces = {
  add(key: string): void;
  placeOf(key: string): number | undefined;
  /** Of each key that was added, in order. */
  readonly places: Int32Array;
  /** How many different ones. */
  readonly size: number;
};

export function makeKeyPlaces(most: number): KeyPlaces {
  const known = new Map<string, number>();
  const places = new Int32Array(most);
  let count = 0;
  return {
    add(key) {
      let place = known.get(key);
      if (place === undefined) {
        place = known.size;
        known.set(key, place);
      }
      places[count++] = place;
    },
    placeOf: (key) => known.get(key),
    places,
    get size() {
      return known.size;
    },
  };
}
