// Which records an export is about: names and numbers only, bodies are read one by one.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { standsFor } from '../../core/counting.ts';
import { asksOutcome, type Cell, cellId, type Filter } from '../../core/task.ts';
import type { Standing } from '../../exchange/exported.ts';
import type { Experiment } from '../open/experiment.ts';
import type { Moment } from '../select/find-records.ts';
import { differingPlaces, isNotPassed, openOutcomes, placeOf } from '../select/outcomes.ts';
import { viewCells } from '../select/plan-experiment.ts';
import { pairsBetween } from '../select/record-changes.ts';
import { makeRowFilter } from '../select/row-filter.ts';
import { bookOfToday } from '../select/verdict.ts';

export type ExportRow = Cell & {
  readonly id: number;
  readonly category: string | null;
  readonly standing: Standing;
};

export type Selection =
  | { readonly kind: 'view' }
  | { readonly kind: 'all' }
  | { readonly kind: 'at'; readonly moment: Moment };

/** Sorted by variant and run, and within these as the manifest or the history has them. */
export function exportRows(input: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly filter: Filter;
  readonly selection: Selection;
}): readonly ExportRow[] {
  const { experiment, store, filter } = input;
  const isWanted = makeRowFilter(experiment, filter);
  const isMeant = makeOutcomeFilter(input);
  const rows = [...selected(input)].filter((row) => {
    if (!isWanted(row)) return false;
    const found = store.row(row.id);
    return found !== undefined && found.archive === null && isMeant(row, found);
  });
  const order = new Map<string, number>();
  for (const { variant } of rows) if (!order.has(variant)) order.set(variant, order.size);
  return rows.sort((a, b) => order.get(a.variant)! - order.get(b.variant)! || a.run - b.run);
}

function* selected(input: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly selection: Selection;
}): Generator<ExportRow> {
  const { experiment, store, selection } = input;
  if (selection.kind === 'view') return yield* viewRows(experiment, store);
  const keys = new Map<string, string>();
  for (const cell of viewCells(experiment, null)) keys.set(cellId(cell), cell.key);
  const standingOf = (row: RecordRow): Standing => {
    const key = keys.get(cellId(row));
    if (key === undefined) return 'out-of-scope';
    if (key !== row.key) return 'stale';
    return store.history.byKey(row.key)?.id === row.id ? 'current' : 'superseded';
  };
  const rows =
    selection.kind === 'all'
      ? store.records()
      : pairsBetween(store, { before: selection.moment, after: selection.moment }).flatMap(
          ({ after }) => after ?? [],
        );
  for (const row of rows) yield rowOf(row, standingOf(row));
}

/** Of an export each record is asked itself: those of other times are in it as well. */
function makeOutcomeFilter(input: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly filter: Filter;
}): (row: ExportRow, found: RecordRow) => boolean {
  const { experiment, store, filter } = input;
  if (!asksOutcome(filter)) return () => true;
  const book = bookOfToday(experiment);
  const outcomeOf = filter.differs ? openOutcomes({ experiment, store, book }) : null;
  const differing = outcomeOf && differingPlaces({ experiment, filter, outcomeOf });
  return (row, { status, outputDigest, tested, ending }) => {
    const { variant, scenario, run } = row;
    if (filter.failed && status === 'failed') return true;
    if (filter.stale && row.standing === 'stale') return true;
    if (row.standing === 'current' && differing?.has(placeOf(row))) return true;
    if (!filter.notPassed) return false;
    const scores =
      outputDigest === null ? [] : book.of({ variant, scenario, run, outputDigest, tested, ending });
    return isNotPassed({ status, scores });
  };
}

/** What stands in runs/: today's cells by key, else by name; cells that the manifest does not hold by name. */
function* viewRows(experiment: Experiment, store: StoreReader): Generator<ExportRow> {
  const inScope = new Set<string>();
  for (const { variant, scenario, run, category, key } of viewCells(experiment, null)) {
    const cell = { variant, scenario, run };
    inScope.add(cellId(cell));
    const shown = standsFor(store.history, { ...cell, key });
    if (shown) yield { ...cell, id: shown.record.id, category, standing: shown.standing };
  }
  const gone = new Map<string, number>();
  for (const row of store.records()) {
    const name = cellId(row);
    if (inScope.has(name) || gone.has(name)) continue;
    gone.set(name, store.history.byCell(row)?.id ?? row.id);
  }
  for (const id of gone.values()) {
    const row = store.row(id);
    if (row) yield rowOf(row, 'out-of-scope');
  }
}

/** Cells that the manifest asks for and that no row is of. */
export function missingCells(input: {
  readonly experiment: Experiment;
  readonly filter: Filter;
  readonly rows: readonly ExportRow[];
}): readonly (Cell & { readonly category: string | null })[] {
  const isWanted = makeRowFilter(input.experiment, input.filter);
  const there = new Set(input.rows.map(cellId));
  return [...viewCells(input.experiment, null)]
    .map(({ variant, scenario, run, category }) => ({ variant, scenario, run, category }))
    .filter((cell) => !there.has(cellId(cell)) && isWanted(cell));
}

function rowOf({ id, variant, scenario, run, category }: RecordRow, standing: Standing): ExportRow {
  return { id, variant, scenario, run, category, standing };
}
