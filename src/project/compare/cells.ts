// The cells of a comparison with the record that counts for each: as the manifest asks for them now, or as they were then.
import type { MeasuredRow, RecordRow, StoreReader } from '../../cache/store.ts';
import { newestBy, newestOf } from '../../core/counting.ts';
import { type Cell, cellId, type Filter } from '../../core/task.ts';
import { sampleKey } from '../../planner/key.ts';
import { cellsInScope } from '../../planner/plan.ts';
import type { Experiment } from '../open/experiment.ts';
import { type IsSimulated, makeIsSimulated } from '../open/simulated.ts';
import type { Moment } from '../select/find-records.ts';
import { stateAt } from '../select/record-changes.ts';
import { makeRowFilter } from '../select/row-filter.ts';
import { drawsOf, firstDraw, type KeyRows, rowsByKey } from './draws.ts';

export type FoundCell = {
  readonly scenario: string;
  readonly run: number;
  readonly category: string | null;
  readonly row: MeasuredRow | null;
  /** The record is of the variant as it is declared now. */
  readonly isOfToday: boolean;
  /** The simulation played it, as the record says. */
  readonly simulated: boolean;
  readonly lack: 'missing' | 'stale' | 'failed' | 'archived' | null;
  /** Every record of the key that it is asked under, oldest first; `alone` = `row`; null = nothing was drawn here. */
  readonly draws: readonly MeasuredRow[] | 'alone' | null;
};

/** By variant, in the order of the manifest. */
export type FoundCells = ReadonlyMap<string, readonly FoundCell[]>;

type Scope = {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly variants: readonly string[];
  readonly filter: Filter;
};

export function cellsToday(
  context: Scope & {
    readonly imported: ReadonlyMap<string, RecordRow>;
    /** The first completed draw of each key stands for it. */
    readonly isFirstDraws?: boolean;
  },
): FoundCells {
  const { experiment, store, variants, filter, imported, isFirstDraws = false } = context;
  const chosen = experiment.parts.filter(({ name }) => variants.includes(name));
  const { parts: declared, manifest } = experiment;
  const input = { variants: chosen, declared, scenarios: manifest.scenarios, filter };
  const rows = rowsByKey(store.measures());
  const isSimulated = makeIsSimulated(experiment, store);
  const found = new Map<string, FoundCell[]>(variants.map((name) => [name, []]));
  const rowOf = (key: string): MeasuredRow | null => {
    const row = rows.counting.get(key) ?? null;
    return (row && isFirstDraws ? firstDraw(drawsOf(row, rows)) : row) ?? row;
  };
  let drawn = 0;
  const add = (
    cell: Cell & Pick<FoundCell, 'category'>,
    row: MeasuredRow | null,
    simulated: boolean,
  ): void => {
    const { scenario, run, category } = cell;
    const isDrawn = row !== null && row.status === 'completed' && row.archive === null;
    const standIn = isDrawn ? undefined : imported.get(cellId(cell));
    if (row !== null && standIn === undefined) drawn++;
    // Each in one piece, of one shape: there are as many as answers.
    found.get(cell.variant)!.push({
      scenario,
      run,
      category,
      row: standIn ?? row,
      isOfToday: standIn === undefined,
      simulated: standIn === undefined ? simulated : isSimulated(standIn),
      lack: standIn === undefined ? lackOf(row, { store, cell }) : lackOfImported(standIn),
      draws: standIn === undefined ? toldDraws(row, rows) : null,
    });
  };
  for (const cell of cellsInScope(input)) {
    const row = rowOf(sampleKey(cell.parts, cell.run));
    // Who answers is in the key.
    add(cell, row, row !== null && isSimulated(cell));
  }
  // Of a variant that the manifest does not have, the cells of one that it has are asked for.
  const [first] = chosen;
  const gone = first === undefined ? [] : variants.filter((name) => !experiment.variants.has(name));
  for (const variant of gone)
    for (const cell of found.get(first!.name)!) add({ ...cell, variant }, null, false);
  const isAnyImported = [...imported.values()].some(({ variant }) => variants.includes(variant));
  if (drawn > 0 || !isAnyImported) return found;
  return importedOnly({ experiment, store, variants, filter }, { imported, isSimulated });
}

function toldDraws(row: MeasuredRow | null, { again }: KeyRows): FoundCell['draws'] {
  return row === null ? null : (again.get(row.key) ?? 'alone');
}

function lackOfImported(row: RecordRow): FoundCell['lack'] {
  if (row.status === 'failed') return 'failed';
  return row.archive === null ? null : 'archived';
}

/** Where nothing is drawn, what is compared is what was imported: scenarios and runs that any of the arms has. */
function importedOnly(
  { experiment, variants, filter }: Scope,
  input: { readonly imported: ReadonlyMap<string, RecordRow>; readonly isSimulated: IsSimulated },
): FoundCells {
  const means = makeRowFilter(experiment, filter);
  const rows = [...input.imported.values()].filter((row) => variants.includes(row.variant) && means(row));
  const cells = new Map(rows.map((row) => [JSON.stringify([row.scenario, row.run]), row]));
  const sorted = [...cells.values()].sort((a, b) =>
    a.scenario === b.scenario ? a.run - b.run : a.scenario < b.scenario ? -1 : 1,
  );
  return new Map(
    variants.map((variant) => [
      variant,
      sorted.map(({ scenario, run, category }): FoundCell => {
        const row = input.imported.get(cellId({ variant, scenario, run })) ?? null;
        const lack = row === null ? 'missing' : lackOfImported(row);
        const simulated = row !== null && input.isSimulated(row);
        return { scenario, run, category, row, isOfToday: false, simulated, lack, draws: null };
      }),
    ]),
  );
}

function lackOf(
  row: MeasuredRow | null,
  { store, cell }: { readonly store: StoreReader; readonly cell: Cell },
): FoundCell['lack'] {
  if (row === null) return store.history.byCell(cell) ? 'stale' : 'missing';
  if (row.status === 'failed') return 'failed';
  return row.archive === null ? null : 'archived';
}

/**
 * There is no manifest of then to be held against. Of each variant the newest record says what was asked for; cells of
 * other content had not been drawn again yet. Scenarios that one of the variants has are expected of all.
 */
export function cellsAt({
  experiment,
  store,
  variants,
  filter,
  moment,
}: Scope & { readonly moment: Moment }): FoundCells {
  const means = makeRowFilter(experiment, filter);
  const wanted = (row: RecordRow): boolean => variants.includes(row.variant) && means(row);
  const isSimulated = makeIsSimulated(experiment, store);
  const rows = [...stateAt(store, moment).values()].filter(wanted);
  const known = rowsByKey(store.measures(), moment.upTo);
  const scenarios = new Map(
    rows.map(({ scenario, category }) => [scenario, category] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return new Map(
    variants.map((name) => {
      const own = rows.filter(({ variant }) => variant === name);
      const today = experiment.variants.get(name)?.parts.variant.digest;
      return [name, cellsOf(own, { scenarios, today, isSimulated, known })];
    }),
  );
}

const MISSING = { row: null, isOfToday: false, simulated: false, lack: 'missing', draws: null } as const;

function cellsOf(
  rows: readonly RecordRow[],
  {
    scenarios,
    today,
    isSimulated,
    known,
  }: {
    readonly scenarios: ReadonlyMap<string, string | null>;
    readonly today: string | undefined;
    readonly isSimulated: IsSimulated;
    readonly known: KeyRows;
  },
): readonly FoundCell[] {
  const runs = [...new Set(rows.map(({ run }) => run))].sort((a, b) => a - b);
  const byPlace = new Map(rows.map((row) => [`${row.run} ${row.scenario}`, row]));
  const newest = newestOf(rows);
  const newestOfScenario = newestBy(rows, ({ scenario }) => scenario);
  return [...scenarios].flatMap(([scenario, category]) =>
    runs.map((run): FoundCell => {
      const row = byPlace.get(`${run} ${scenario}`) ?? null;
      if (row === null) return { ...MISSING, scenario, run, category };
      const isStale =
        row.parts.variant !== newest!.parts.variant ||
        row.parts.engine !== newest!.parts.engine ||
        row.parts.scenario !== newestOfScenario.get(scenario)!.parts.scenario;
      const other = row.status === 'failed' ? 'failed' : row.archive === null ? null : 'archived';
      const isOfToday = row.parts.variant === today;
      const simulated = isSimulated(row);
      const lack = isStale ? 'stale' : other;
      const draws = toldDraws(row, known);
      return { scenario, run, category, row, isOfToday, simulated, lack, draws };
    }),
  );
}
