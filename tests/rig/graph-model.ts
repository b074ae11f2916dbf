// The pure model that random experiments are held against: what is kept, what a plan must say, what the view must show.
// It knows nothing of digests, files or loops: a key is the text of what counts.
import { type Cell, cellId, type Filter } from '../../src/core/task.ts';

export type ModelVariant = {
  readonly name: string;
  readonly system: string;
  readonly provider: 'left' | 'right';
  readonly runs: number;
};
export type ModelScenario = { readonly id: string; readonly input: string; readonly category: string | null };
export type ModelExperiment = {
  readonly variants: readonly ModelVariant[];
  readonly scenarios: readonly ModelScenario[];
};

export type Kept = {
  readonly key: string;
  readonly cell: Cell;
  readonly status: 'completed' | 'failed';
  /** The answer; null where failed. */
  readonly text: string | null;
};

export type ModelCell = Cell & { readonly key: string; readonly category: string | null };
export type ModelTask = ModelCell & { readonly state: string };

/** Every cell of the manifest in its order. */
export function cellsOf(experiment: ModelExperiment): readonly ModelCell[] {
  return experiment.variants.flatMap((variant) =>
    Array.from({ length: variant.runs }, (_, i) => i + 1).flatMap((run) =>
      experiment.scenarios.map((scenario) => ({
        variant: variant.name,
        scenario: scenario.id,
        run,
        category: scenario.category,
        key: JSON.stringify([variant.system, variant.provider, scenario.input, run]),
      })),
    ),
  );
}

/** The record that counts for a key: the newest completed one, else the newest. */
export function headOf(kept: readonly Kept[], key: string): Kept | undefined {
  return best(kept.filter((record) => record.key === key));
}

/** The same for a place in the matrix by its names, whatever key it had. */
export function headOfCell(kept: readonly Kept[], cell: Cell): Kept | undefined {
  return best(kept.filter((record) => cellId(record.cell) === cellId(cell)));
}

function best(records: readonly Kept[]): Kept | undefined {
  return records.findLast(({ status }) => status === 'completed') ?? records.at(-1);
}

/** What a plan must say of each cell in scope: `cached`, `shared`, `new`, `failed`, `stale`, `forced`. */
export function planOf(at: {
  readonly experiment: ModelExperiment;
  readonly kept: readonly Kept[];
  readonly filter: Filter;
  readonly force: boolean;
}): readonly ModelTask[] {
  const { kept, filter, force } = at;
  const asked = new Set<string>();
  const tasks: ModelTask[] = [];
  for (const cell of cellsOf(at.experiment)) {
    if (!isWanted(cell, filter)) continue;
    const head = headOf(kept, cell.key);
    const last = head ?? headOfCell(kept, cell);
    const isStale = head === undefined && last !== undefined;
    const isChosen = (filter.failed && last?.status === 'failed') || (filter.stale && isStale);
    if ((filter.failed || filter.stale) && !isChosen) continue;
    const state = (): string => {
      if (head?.status === 'completed' && !force) return 'cached';
      if (asked.has(cell.key)) return 'shared';
      asked.add(cell.key);
      if (head) return head.status === 'completed' ? 'forced' : 'failed';
      return headOfCell(kept, cell) ? 'stale' : 'new';
    };
    tasks.push({ ...cell, state: state() });
  }
  return tasks;
}

function isWanted(cell: ModelCell, filter: Filter): boolean {
  const has = (list: readonly (string | number)[], value: string | number | null): boolean =>
    list.length === 0 || (value !== null && list.includes(value));
  return (
    has(filter.variant, cell.variant) &&
    has(filter.scenario, cell.scenario) &&
    has(filter.category, cell.category) &&
    has(filter.runs, cell.run)
  );
}

/** Cell -> what its line in the view says: status, answer, standing. */
export function viewOfModel(experiment: ModelExperiment, kept: readonly Kept[]): Record<string, string> {
  const view: Record<string, string> = {};
  const say = (record: Kept, standing: string): string => `${record.status} ${record.text} ${standing}`;
  const today = cellsOf(experiment);
  for (const { cell } of kept) view[cellId(cell)] = say(headOfCell(kept, cell)!, 'out of scope');
  for (const cell of today) {
    const current = headOf(kept, cell.key);
    const before = headOfCell(kept, cell);
    if (current) view[cellId(cell)] = say(current, 'current');
    else if (before) view[cellId(cell)] = say(before, 'stale');
  }
  return view;
}
