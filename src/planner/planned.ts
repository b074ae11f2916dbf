// What the planner is told of variants and scenarios.
import type { Digest } from '../core/brand.ts';
import { matchesAny } from '../core/glob.ts';
import type { Scenario } from '../core/manifest.ts';
import type { Filter } from '../core/task.ts';

/** `scenarios`: digest of the scenario part by the scenario's index. */
export type PlannedVariant = {
  readonly name: string;
  readonly runs: number;
  readonly variant: { readonly digest: Digest };
  readonly engine: { readonly digest: Digest };
  readonly scenarios: readonly { readonly digest: Digest }[];
  /** Indexes of scenarios that the variant leaves out: they are out of scope, whatever the filters. */
  readonly without?: ReadonlySet<number>;
};

export type PlannedScenario = Pick<Scenario, 'id' | 'category' | 'tags'>;

export function meansScenario(
  filter: Pick<Filter, 'scenario' | 'category' | 'tag'>,
  { id, category, tags }: PlannedScenario,
): boolean {
  return (
    matchesAny(filter.scenario, id) &&
    (filter.category.length === 0 || (category !== null && filter.category.includes(category))) &&
    (filter.tag.length === 0 || filter.tag.some((tag) => tags.includes(tag)))
  );
}
