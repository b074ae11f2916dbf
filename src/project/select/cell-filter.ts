// Which records filters mean, where a command is about records: by names whatever the manifest holds, by what became of a
// cell those of cells that it asks for.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { asksOutcome, cellId, type Filter } from '../../core/task.ts';
import type { Experiment } from '../open/experiment.ts';
import { namesOnly } from '../open/filters.ts';
import { planExperiment } from './plan-experiment.ts';
import { makeRowFilter } from './row-filter.ts';
import { checkFilter } from './unmatched.ts';

type Named = Pick<RecordRow, 'variant' | 'scenario' | 'category' | 'run'>;

/** @throws CommandError where it means nothing, neither of the manifest nor of the history. */
export async function makeCellFilter(input: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly filter: Filter;
}): Promise<(row: Named) => boolean> {
  const { experiment, store, filter } = input;
  const means = makeRowFilter(experiment, namesOnly(filter));
  const elsewhere = (): boolean => anyOf(store, means);
  checkFilter(experiment, filter, elsewhere);
  if (!asksOutcome(filter)) return means;
  const { tasks } = await planExperiment({ experiment, store, filter, force: false, elsewhere });
  const chosen = new Set(tasks.map(cellId));
  return (row) => chosen.has(cellId(row)) && means(row);
}

function anyOf(store: StoreReader, means: (row: Named) => boolean): boolean {
  for (const row of store.everyRecord()) if (means(row)) return true;
  return false;
}
