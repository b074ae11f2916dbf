// Whether a filter means a record, whatever the manifest asks for now.
import type { RecordRow } from '../../cache/store.ts';
import { matchesAny } from '../../core/glob.ts';
import type { Filter } from '../../core/task.ts';
import { meansVariant } from '../../core/variant-names.ts';
import { makeDeal } from '../../planner/deal.ts';
import type { Experiment } from '../open/experiment.ts';

/** Tags stand in the manifest alone: what it does not have has none. */
export function makeRowFilter(
  { scenarioIndex, manifest, parts }: Pick<Experiment, 'scenarioIndex' | 'manifest' | 'parts'>,
  filter: Filter,
): (row: Pick<RecordRow, 'variant' | 'scenario' | 'category' | 'run'>) => boolean {
  const meansArm = meansVariant(
    filter.variant,
    manifest.variants.map(({ name }) => name),
  );
  const { shard } = filter;
  const { scenarios } = manifest;
  const deal = shard && makeDeal({ variants: parts, scenarios, filter, shards: shard.of });
  return ({ variant, scenario, category, run }) => {
    const index = scenarioIndex.get(scenario);
    const tags = index === undefined ? [] : manifest.scenarios[index]!.tags;
    return (
      meansArm(variant) &&
      matchesAny(filter.scenario, scenario) &&
      (filter.category.length === 0 || (category !== null && filter.category.includes(category))) &&
      (filter.tag.length === 0 || filter.tag.some((tag) => tags.includes(tag))) &&
      (filter.runs.length === 0 || filter.runs.includes(run)) &&
      (deal === null || deal({ variant, scenario, run }) === shard?.number)
    );
  };
}
