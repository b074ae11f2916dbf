// What is counted: scenarios, or what they belong to. Pure.

import { formatAmount } from '../../text/format.ts';
import type { ArmValues, Designed } from '../statistics/compare.ts';
import type { CompareInput } from './input.ts';
import type { Clustered, Compared } from './result.ts';

export function designOf({ metric, cluster = null }: Pick<CompareInput, 'metric' | 'cluster'>): Designed {
  return {
    isShare: metric === 'score' || metric === 'pass',
    clusterOf: cluster && ((scenario) => nameOf(cluster, scenario)),
  };
}

type Cluster = NonNullable<CompareInput['cluster']>;

/** A scenario that does not say what it belongs to stands for itself; neither name can be the other's. */
function nameOf({ of }: Cluster, scenario: string): string {
  const name = of(scenario);
  return name === null ? `alone ${scenario}` : `in ${name}`;
}

/** Over the scenarios that have a value in one of the arms. */
export function clusteredIn(
  { cluster = null }: Pick<CompareInput, 'cluster'>,
  values: readonly ArmValues[],
): Clustered | null {
  if (cluster === null) return null;
  const scenarios = [...new Set(values.flatMap((arm) => [...arm.keys()]))];
  return {
    field: cluster.field,
    scenarios: scenarios.length,
    clusters: new Set(scenarios.map((scenario) => nameOf(cluster, scenario))).size,
    without: scenarios.filter((scenario) => cluster.of(scenario) === null).length,
  };
}

/** Fewer than these tell a variance badly: intervals rest on it. C. Cameron and D. Miller (2015), section VI. */
const FEW = 10;

export function clusterSentences({ cluster, metric, pairs }: Compared): readonly string[] {
  if (cluster === null) return [];
  const { field, scenarios, clusters, without } = cluster;
  return [
    `${formatAmount(scenarios, 'scenario')} belong to ${formatAmount(clusters, 'cluster')} by ${field}: intervals and p count clusters, and every scenario weighs the same in the means.`,
    ...(without === 0
      ? []
      : [
          `${formatAmount(without, 'scenario')} without ${field} ${without === 1 ? 'is a cluster of its own' : 'are each a cluster of their own'}.`,
        ]),
    ...(metric === 'pass' && pairs.length > 0
      ? ['McNemar and Fisher count scenarios as if each were alone, so they are left out.']
      : []),
    ...(clusters < FEW
      ? [
          `${formatAmount(clusters, 'cluster')} are few: how much clusters vary is known badly, and intervals with it.`,
        ]
      : []),
  ];
}
