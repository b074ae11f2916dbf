// What changed: between the records of one cell over time, and between two moments of the whole history.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { countedBy, outranksThen } from '../../core/counting.ts';
import { isUpTo } from '../../core/invocation-id.ts';
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

type Moments = { readonly before: Moment; readonly after: Moment };

/** Cell by cell: what counted at one moment and what counts at the other. */
export function pairsBetween(store: StoreReader, moments: Moments): readonly Pair[] {
  const steps = pairsInSteps(store, moments);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same a little at a time, so that whoever has others to serve can do so in between. One walk over all records. */
export function* pairsInSteps(
  store: Pick<StoreReader, 'everyRecord'>,
  { before, after }: Moments,
): Generator<undefined, readonly Pair[]> {
  const cells = new Map<string, { cell: Cell; before: RecordRow | null; after: RecordRow | null }>();
  for (const row of store.everyRecord()) {
    yield undefined;
    const [wasThen, isNow] = [isUpTo(row, before.upTo), isUpTo(row, after.upTo)];
    if (!wasThen && !isNow) continue;
    const id = cellId(row);
    let pair = cells.get(id);
    if (pair === undefined) {
      const { variant, scenario, run } = row;
      pair = { cell: { variant, scenario, run }, before: null, after: null };
      cells.set(id, pair);
    }
    if (wasThen && (pair.before === null || outranksThen(row, pair.before))) pair.before = row;
    if (isNow && (pair.after === null || outranksThen(row, pair.after))) pair.after = row;
  }
  const byScenario = Map.groupBy(cells.values(), ({ cell }) => cell.scenario);
  yield undefined;
  const sorted: Pair[] = [];
  for (const scenario of [...byScenario.keys()].sort()) {
    for (const pair of byScenario.get(scenario)!.sort((a, b) => byCell(a.cell, b.cell))) sorted.push(pair);
    yield undefined;
  }
  return sorted;
}

/** Scenario first: the arms of one question stand side by side. */
function byCell(a: Cell, b: Cell): number {
  if (a.scenario !== b.scenario) return a.scenario < b.scenario ? -1 : 1;
  if (a.variant !== b.variant) return a.variant < b.variant ? -1 : 1;
  return a.run - b.run;
}

/** Of each cell the record that counted then, gone to an archive since or not. */
export function stateAt(store: StoreReader, { upTo }: Moment): Map<string, RecordRow> {
  return countedBy(store.everyRecord(), { groupOf: cellId, upTo });
}
