// The matrix that is asked for out of all that there is: which rows match, in which order, and a page of them. Pure: a server and a
// file that works from disk show the same.
import { err, ok, type Result } from '../core/result.ts';
import type { Mark, MatrixQuery, MatrixRow, MatrixScreen, RunMark } from './matrix.ts';
import { differing } from './matrix-differ.ts';
import { type MatrixIndex, markOf, type Slot, slotsOf } from './matrix-index.ts';
import { makeMatcher } from './matrix-match.ts';
import { sortRows } from './matrix-sort.ts';
import type { TextFinder } from './search-texts.ts';

/** All rows that match, in order: whoever pages keeps it. Places in `index.rows`. */
export type Selection = {
  readonly slots: readonly Slot[];
  readonly rows: readonly number[];
  readonly groups: MatrixScreen['groups'];
  readonly counts: MatrixScreen['counts'];
  /** Of texts, 0..1; 1 where none were searched. */
  readonly searched: number;
};

/** @param texts null = they are not there, and a search for one is refused. @returns what is wrong in one sentence, where something is */
export function selectRows(
  index: MatrixIndex,
  query: MatrixQuery,
  texts: TextFinder | null,
): Result<Selection, string> {
  const slots = slotsOf(index, query.variant);
  const matcher = makeMatcher({ index, query, slots, texts });
  if (matcher.kind === 'err') return matcher;
  const { matches, searched } = matcher.value;
  const found: number[] = [];
  const counts: Record<Mark, number> = { passed: 0, failed: 0, unjudged: 0, error: 0, stale: 0, missing: 0 };
  for (let row = 0; row < index.rows.length; row++) {
    if (!matches(row)) continue;
    found.push(row);
    const { runs } = index.rows[row]!;
    for (const { place } of slots) {
      const facts = runs[place];
      if (facts) counts[markOf(facts)]++;
    }
  }
  const rows = sortRows({ index, query, slots, rows: found });
  return ok({ slots, rows, groups: groupsOf(index, query, rows), counts, searched });
}

/** One page of a selection. */
export function matrixPage(
  index: MatrixIndex,
  { slots, rows, groups, counts, searched }: Selection,
  { offset, limit }: Pick<MatrixQuery, 'offset' | 'limit'>,
): MatrixScreen {
  const shown = new Set(slots.map(({ column }) => column));
  return {
    columns: index.columns.filter((_, column) => shown.has(column)),
    total: rows.length,
    all: index.rows.length,
    offset,
    rows: rows.slice(offset, offset + limit).map((row) => matrixRow(index, row, slots)),
    groups,
    counts,
    revision: index.revision,
    searched,
  };
}

export function selectMatrix(
  index: MatrixIndex,
  query: MatrixQuery,
  texts: TextFinder | null,
): Result<MatrixScreen, string> {
  const selection = selectRows(index, query, texts);
  return selection.kind === 'err' ? err(selection.error) : ok(matrixPage(index, selection.value, query));
}

function matrixRow(index: MatrixIndex, at: number, slots: readonly Slot[]): MatrixRow {
  const row = index.rows[at]!;
  const cells: RunMark[][] = [];
  const answers = new Map<number, number>();
  const number = (answer: number): number | null => {
    if (answer === 0) return null;
    const known = answers.get(answer) ?? answers.size + 1;
    answers.set(answer, known);
    return known;
  };
  let column = -1;
  for (const slot of slots) {
    if (slot.column !== column) cells.push([]);
    ({ column } = slot);
    const facts = row.runs[slot.place];
    if (!facts) continue;
    const [, answer, score, tokens, latencyMs, costUsd] = facts;
    const mark = markOf(facts);
    cells.at(-1)!.push({ run: slot.run, mark, answer: number(answer), score, tokens, latencyMs, costUsd });
  }
  const { scenario, category, tags, description } = row;
  return { scenario, category, tags, description, cells, ...differing(row.runs, slots) };
}

function groupsOf(
  { rows: all }: MatrixIndex,
  { sort }: MatrixQuery,
  rows: readonly number[],
): MatrixScreen['groups'] {
  if (rows.length === 0) return [];
  if (sort !== 'category') return [{ category: null, offset: 0, rows: rows.length }];
  const groups: { category: string | null; offset: number; rows: number }[] = [];
  rows.forEach((row, offset) => {
    const { category } = all[row]!;
    const last = groups.at(-1);
    if (last?.category === category) last.rows++;
    else groups.push({ category, offset, rows: 1 });
  });
  return groups;
}
