// What was drawn for one key: which draw came first, and how often it took another.

import type { CellDraws } from '../../analysis/compare/input.ts';
import type { MeasuredRow } from '../../cache/store.ts';
import { isNewer, outranks } from '../../core/counting.ts';
import { EVER, type InvocationOrder, isUpTo, orderKey } from '../../core/invocation-id.ts';
import { failedByContent } from '../../core/record-ending.ts';

/** Records of each key, the one that counts and the others; of most keys there is one, and they are not in `again`. */
export type KeyRows = {
  readonly counting: ReadonlyMap<string, MeasuredRow>;
  readonly again: ReadonlyMap<string, readonly MeasuredRow[]>;
};

/** What gc archived counts where nothing else is there. One pass over the index. */
export function rowsByKey(rows: Iterable<MeasuredRow>, upTo: InvocationOrder = EVER): KeyRows {
  const counting = new Map<string, MeasuredRow>();
  const again = new Map<string, MeasuredRow[]>();
  for (const row of rows) {
    if (!isUpTo(row, upTo)) continue;
    const known = counting.get(row.key);
    if (known) {
      const others = again.get(row.key);
      if (others) others.push(row);
      else again.set(row.key, [known, row]);
    }
    if (!known || outranks(row, known)) counting.set(row.key, row);
  }
  for (const rows of again.values()) rows.sort((a, b) => (isNewer(a, b) ? 1 : -1));
  return { counting, again };
}

/** Every record of a cell's key, oldest first. */
export function drawsOf(row: MeasuredRow, { again }: KeyRows): readonly MeasuredRow[] {
  return again.get(row.key) ?? [row];
}

/**
 * The first completed draw in its newest reading: an answer that was read again by another mapping is a record more, with the
 * times of the draw that it is of. null = none was completed.
 */
export function firstDraw(draws: readonly MeasuredRow[]): MeasuredRow | null {
  const completed = draws.filter(({ status }) => status === 'completed');
  const first = completed[0];
  return completed.findLast(({ startedAt }) => startedAt === first?.startedAt) ?? null;
}

const NONE_FAILED: CellDraws['failed'] = { byContent: 0, byTransport: 0 };

/** Of one completed record: the same for all cells of an invocation, and there are many of them. */
const alone = new Map<number, CellDraws>();

function drawnAlone({ sequence }: MeasuredRow): CellDraws {
  let told = alone.get(sequence);
  if (told === undefined) {
    told = { completed: 1, failed: NONE_FAILED, since: sequence, first: null, isChosen: false };
    alone.set(sequence, told);
  }
  return told;
}

/** @param valueOf of a record of this cell, as its number is found */
export function tellDraws(
  all: readonly MeasuredRow[] | 'alone',
  input: {
    readonly counting: MeasuredRow;
    readonly valueOf: (row: MeasuredRow) => number | null;
    /** Invocations that chose cells by how they had come out. */
    readonly choosing: () => ReadonlySet<string>;
  },
): CellDraws {
  if (all === 'alone' && input.counting.status === 'completed') return drawnAlone(input.counting);
  const draws = all === 'alone' ? [input.counting] : all;
  const first = firstDraw(draws);
  const starts = new Set(draws.flatMap(({ status, startedAt }) => (status === 'completed' ? startedAt : [])));
  const before =
    first === null
      ? []
      : draws.slice(
          0,
          draws.findIndex(({ status }) => status === 'completed'),
        );
  const byContent = before.filter(({ ending }) => failedByContent(ending)).length;
  const isOther = first !== null && first.startedAt !== input.counting.startedAt;
  return {
    completed: starts.size,
    failed: { byContent, byTransport: before.length - byContent },
    since: first?.sequence ?? null,
    first: isOther ? { value: input.valueOf(first) } : null,
    isChosen: isOther && draws.some((row) => row !== draws[0] && input.choosing().has(orderKey(row))),
  };
}
