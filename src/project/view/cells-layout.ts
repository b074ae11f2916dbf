// Where each cell of the matrix stands: columns, their runs, and scenarios.
import type { RecordRow } from '../../cache/store.ts';
import { type Cell, cellId, type Filter } from '../../core/task.ts';
import { cellsInScope } from '../../planner/plan.ts';
import type { MatrixIndex } from '../../screens/matrix-index.ts';
import type { Experiment } from '../open/experiment.ts';
import { namesOnly } from '../open/filters.ts';
import { makeRowFilter } from '../select/row-filter.ts';
import type { Pause } from './pause.ts';

export type AskedCell = ReturnType<typeof cellsInScope> extends Generator<infer One> ? One : never;

export type Layout = {
  readonly columns: MatrixIndex['columns'];
  readonly scenarios: readonly { readonly id: string; readonly category: string | null }[];
  readonly rowOf: ReadonlyMap<string, number>;
  readonly width: number;
  readonly placeOf: (cell: Cell) => number;
  /** How many cells the manifest asks for. */
  readonly asked: number;
  /** Imported answers to what it does not ask for. */
  readonly beside: readonly RecordRow[];
};

export type Asking = {
  readonly experiment: Experiment;
  readonly filter: Filter;
  /** Scenarios that are meant; null = all that the filter names. */
  readonly only: ReadonlySet<string> | null;
};

/** What the manifest asks for, in its order: walked again and again, so that none of them is held. */
export function* askedCells({ experiment, filter, only }: Asking): Generator<AskedCell> {
  const { parts, manifest } = experiment;
  const input = { variants: parts, scenarios: manifest.scenarios, filter: namesOnly(filter) };
  for (const cell of cellsInScope(input)) if (only === null || only.has(cell.scenario)) yield cell;
}

/** Arms, runs and scenarios of the manifest in its order, then those that only imports have. */
export async function layoutOf(
  input: Asking & { readonly pause: Pause },
  imported: ReadonlyMap<string, RecordRow>,
): Promise<Layout> {
  const { experiment, filter, only, pause } = input;
  const { manifest } = experiment;
  const runs = new Map<string, Set<number>>();
  const seen = new Map<string, string | null>();
  const known = new Set<string>();
  let asked = 0;
  for (const cell of askedCells(input)) {
    asked++;
    if (pause.isDue()) await pause.take();
    seen.set(cell.scenario, cell.category);
    addTo(runs, cell);
    if (imported.size > 0) known.add(cellId(cell));
  }
  const means = makeRowFilter(experiment, filter);
  const beside =
    only === null ? [...imported.values()].filter((row) => !known.has(cellId(row)) && means(row)) : [];
  const scenarios = manifest.scenarios.flatMap(({ id, category }) =>
    seen.has(id) ? [{ id, category }] : [],
  );
  for (const row of beside) {
    addTo(runs, row);
    if (seen.has(row.scenario)) continue;
    seen.set(row.scenario, row.category);
    scenarios.push({ id: row.scenario, category: row.category });
  }
  const columns = [...runs].map(([variant, of]) => ({ variant, runs: [...of].sort((a, b) => a - b) }));
  const places = new Map<string, Map<number, number>>();
  let width = 0;
  for (const column of columns)
    places.set(column.variant, new Map(column.runs.map((run) => [run, width++] as const)));
  return {
    columns,
    scenarios,
    rowOf: new Map(scenarios.map(({ id }, at) => [id, at])),
    width,
    placeOf: ({ variant, run }) => places.get(variant)!.get(run)!,
    asked,
    beside,
  };
}

function addTo(runs: Map<string, Set<number>>, { variant, run }: Cell): void {
  const known = runs.get(variant);
  if (known) known.add(run);
  else runs.set(variant, new Set([run]));
}
