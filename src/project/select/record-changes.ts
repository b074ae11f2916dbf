// What changed: between the records of one cell over time, and between two moments of the whole history.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { countedBy } from '../../core/counting.ts';
import { type Cell, type Change, cellId, type PartDigests } from '../../core/task.ts';
import { editOf, explainChange } from '../../planner/explain.ts';
import type { Moment } from './find-records.ts';

export type Step = {
  readonly row: RecordRow;
  /** Fields of the content that differ from the cell's record before; null for the first. */
  readonly since: { readonly changed: readonly Change[] } | null;
  /** The cell's last answer before it to this same content was another one. */
  readonly moved: boolean;
};

/** Every record of the wanted cells, cell by cell, oldest first. */
export function stepsOf(store: StoreReader, wanted: (row: RecordRow) => boolean): readonly Step[] {
  const cells = new Map<string, RecordRow[]>();
  for (const row of store.everyRecord()) {
    if (!wanted(row)) continue;
    const id = cellId(row);
    const rows = cells.get(id);
    if (rows) rows.push(row);
    else cells.set(id, [row]);
  }
  const explain = makeExplain(store);
  return [...cells.values()]
    .sort((a, b) => byCell(a[0]!, b[0]!))
    .flatMap((rows) => stepsOfCell(store, rows, explain));
}

/** Of one cell. @param rows oldest first */
export function stepsOfCell(
  store: Pick<StoreReader, 'part'>,
  rows: readonly RecordRow[],
  explain = makeExplain(store),
): readonly Step[] {
  // An edit may be undone: what is asked again is held against when it was last asked.
  const answers = new Map<string, string>();
  return rows.map((row, i) => {
    const before = rows[i - 1];
    const answer = answers.get(row.key);
    if (row.outputDigest !== null) answers.set(row.key, row.outputDigest);
    const moved = answer !== undefined && row.outputDigest !== null && answer !== row.outputDigest;
    return { row, since: before ? changeSince(before, row, explain) : null, moved };
  });
}

type Explain = (from: PartDigests, to: PartDigests) => readonly Change[];

/** An edit touches many cells: what it changed is read and compared once. */
function makeExplain({ part }: Pick<StoreReader, 'part'>): Explain {
  const known = new Map<string, readonly Change[]>();
  return (from, to) => {
    const id = editOf(from, to);
    let changes = known.get(id);
    if (changes === undefined) {
      changes = explainChange({ from, to, content: part });
      known.set(id, changes);
    }
    return changes;
  };
}

function changeSince(before: RecordRow, after: RecordRow, explain: Explain): NonNullable<Step['since']> {
  return { changed: before.key === after.key ? [] : explain(before.parts, after.parts) };
}

export type Pair = {
  readonly cell: Cell;
  readonly before: RecordRow | null;
  readonly after: RecordRow | null;
};

/** Cell by cell: what counted at one moment and what counts at the other. */
export function pairsBetween(
  store: StoreReader,
  moments: { readonly before: Moment; readonly after: Moment },
): readonly Pair[] {
  const before = stateAt(store, moments.before);
  const after = stateAt(store, moments.after);
  const pairs = [...new Set([...before.keys(), ...after.keys()])].map((id) => {
    const pair = { before: before.get(id) ?? null, after: after.get(id) ?? null };
    const { variant, scenario, run } = (pair.after ?? pair.before)!;
    return { cell: { variant, scenario, run }, ...pair };
  });
  return pairs.sort((a, b) => byCell(a.cell, b.cell));
}

/** Scenario first: the arms of one question stand side by side. */
function byCell(a: Cell, b: Cell): number {
  if (a.scenario !== b.scenario) return a.scenario < b.scenario ? -1 : 1;
  if (a.variant !== b.variant) return a.variant < b.variant ? -1 : 1;
  return a.run - b.run;
}

/** Of each cell the record that counted then, gone to an archive since or not. */
export function stateAt(store: StoreReader, { sequence }: Moment): Map<string, RecordRow> {
  return countedBy(store.everyRecord(), { groupOf: cellId, sequence });
}
