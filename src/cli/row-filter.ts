// Whether a filter means a record, whatever the manifest asks for now.
import type { RecordRow } from '../cache/store.ts';
import { matchesAny } from '../core/glob.ts';
import type { Filter } from '../core/task.ts';
import type { Experiment } from './experiment.ts';

/** Tags stand in the manifest alone: what it does not have has none. */
export function makeRowFilter(
  { scenarioIndex, manifest }: Pick<Experiment, 'scenarioIndex' | 'manifest'>,
  filter: Filter,
): (row: Pick<RecordRow, 'variant' | 'scenario' | 'category' | 'run'>) => boolean {
  return ({ variant, scenario, category, run }) => {
    const index = scenarioIndex.get(scenario);
    const tags = index === undefined ? [] : manifest.scenarios[index]!.tags;
    return (
      matchesAny(filter.variant, variant) &&
      matchesAny(filter.scenario, scenario) &&
      (filter.category.length === 0 || (category !== null && filter.category.includes(category))) &&
      (filter.tag.length === 0 || filter.tag.some((tag) => tags.includes(tag))) &&
      (filter.runs.length === 0 || filter.runs.includes(run))
    );
  };
}
