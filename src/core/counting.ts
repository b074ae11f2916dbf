// Which record counts. Several are kept of one key and of one cell, and whoever shows, exports, judges or compares has to
// mean the same one: this is the rule, and the index keeps what it says in its heads (cache/index/index-tables.ts).
//
//   in the history before archived  >  completed before failed  >  newer before older
import type { Key } from './brand.ts';
import { compareOrder, type InvocationOrder, isUpTo } from './invocation-id.ts';
import type { Cell } from './task.ts';

/** Records have an order in time: of their invocations, then as they came. */
export type Dated = InvocationOrder & { readonly id: number };

export type Ranked = Dated & {
  readonly status: 'completed' | 'failed';
  /** The archive that gc moved it to; null = it is in the history. */
  readonly archive: string | null;
};

export function isNewer(a: Dated, b: Dated): boolean {
  const order = compareOrder(a, b);
  return order === 0 ? a.id > b.id : order > 0;
}

export function newestOf<Row extends Dated>(rows: Iterable<Row>): Row | undefined {
  return best(rows, isNewer);
}

export function newestBy<Row extends Dated>(
  rows: Iterable<Row>,
  groupOf: (row: Row) => string,
): Map<string, Row> {
  return bestBy(rows, { groupOf, beats: isNewer });
}

/** What was archived counts where nothing else is there: its answer is gone from the history, and what it cost is not. */
export function outranks(a: Ranked, b: Ranked): boolean {
  const isKept = a.archive === null;
  return isKept === (b.archive === null) ? outranksThen(a, b) : isKept;
}

/** The same at a moment of the past, when nothing of it was archived yet. */
export function outranksThen(a: Ranked, b: Ranked): boolean {
  return a.status === b.status ? isNewer(a, b) : a.status === 'completed';
}

export function countingOf<Row extends Ranked>(rows: Iterable<Row>): Row | undefined {
  return best(rows, outranks);
}

/** The one that counts of each group. */
export function countingBy<Row extends Ranked>(
  rows: Iterable<Row>,
  groupOf: (row: Row) => string,
): Map<string, Row> {
  return bestBy(rows, { groupOf, beats: outranks });
}

/** The one of each group that counted at a moment. */
export function countedBy<Row extends Ranked>(
  rows: Iterable<Row>,
  { groupOf, upTo }: { readonly groupOf: (row: Row) => string; readonly upTo: InvocationOrder },
): Map<string, Row> {
  const then = {
    *[Symbol.iterator]() {
      for (const row of rows) if (isUpTo(row, upTo)) yield row;
    },
  };
  return bestBy(then, { groupOf, beats: outranksThen });
}

/**
 * What stands for a cell: the record of the key that is asked for today. Where there is none, the one that counts under the
 * cell's names: it answers something else, and is stale.
 */
export function standsFor<OfKey, OfCell>(
  heads: {
    byKey(key: Key): OfKey | undefined;
    byCell(cell: Cell): OfCell | undefined;
  },
  cell: Cell & { readonly key: Key },
):
  | { readonly standing: 'current'; readonly record: OfKey }
  | { readonly standing: 'stale'; readonly record: OfCell }
  | undefined {
  const current = heads.byKey(cell.key);
  if (current !== undefined) return { standing: 'current', record: current };
  const other = heads.byCell(cell);
  return other === undefined ? undefined : { standing: 'stale', record: other };
}

type Beats<Row> = (a: Row, b: Row) => boolean;

function best<Row>(rows: Iterable<Row>, beats: Beats<Row>): Row | undefined {
  let found: Row | undefined;
  for (const row of rows) if (found === undefined || beats(row, found)) found = row;
  return found;
}

function bestBy<Row>(
  rows: Iterable<Row>,
  { groupOf, beats }: { readonly groupOf: (row: Row) => string; readonly beats: Beats<Row> },
): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const group = groupOf(row);
    const known = found.get(group);
    if (known === undefined || beats(row, known)) found.set(group, row);
  }
  return found;
}
