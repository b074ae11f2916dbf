// Intervals of coefficients of agreement, by resampling whole clusters. Pure.
import { addUp, type Coefficient, type Rated } from './agreement.ts';
import { type Interval, quantileOf } from './intervals.ts';
import type { Random } from './random.ts';
import { normalCdf, normalQuantile, studentQuantile } from './special.ts';

/** Above this many, clusters are drawn in groups: groups of independent clusters are independent too. */
const MOST_GROUPS = 400;

/**
 * Bias-corrected and accelerated bootstrap (B. Efron, JASA 82, 1987) of a coefficient of agreement: clusters are drawn with
 * all that is in them (C. Field and A. Welsh, Journal of the Royal Statistical Society B 69, 2007), because three runs of a
 * scenario are not three scenarios. Tails are Student's, as those of `bcaMean` are. Resamples in which the coefficient is
 * not defined are left out.
 * @returns null = nothing varies, or there are fewer than three clusters: no width can be told
 */
export function agreementInterval(
  rated: readonly Rated[],
  {
    coefficient,
    random,
    level = 0.95,
    resamples = 2_000,
  }: {
    readonly coefficient: Coefficient;
    readonly random: Random;
    readonly level?: number;
    readonly resamples?: number;
  },
): Interval | null {
  const groups = groupsOf(rated, coefficient);
  const n = groups.length;
  if (n < 3) return null;
  const total = addUp(groups);
  const estimate = coefficient.valueOf(total);
  if (estimate === null) return null;
  const values = resampled({ groups, coefficient, random, resamples });
  if (values.length < resamples / 2 || values.at(-1)! - values[0]! < 1e-12) return null;
  const acceleration = accelerationOf({ groups, total, coefficient });
  const below = (shareBelow(values, estimate - 1e-12) + shareBelow(values, estimate + 1e-12)) / 2;
  const bias = normalQuantile(Math.min(1 - 0.5 / resamples, Math.max(0.5 / resamples, below)));
  const tail = normalCdf(-studentQuantile(1 - (1 - level) / 2, n - 1));
  const at = (share: number): number => {
    const z = bias + normalQuantile(share);
    return quantileOf(values, normalCdf(bias + z / (1 - acceleration * z)));
  };
  return { low: at(tail), high: at(1 - tail) };
}

/** What each cluster adds, in groups where there are many. */
function groupsOf(rated: readonly Rated[], coefficient: Coefficient): readonly Float64Array[] {
  const clusters = new Map<string, (readonly number[])[]>();
  for (const { cluster, ratings } of rated) {
    const sums = coefficient.sumsOf(ratings);
    const known = clusters.get(cluster);
    if (known) known.push(sums);
    else clusters.set(cluster, [sums]);
  }
  const all = [...clusters.values()].map(addUp);
  if (all.length <= MOST_GROUPS) return all;
  const groups = new Map<number, Float64Array[]>();
  all.forEach((sums, i) => {
    const at = i % MOST_GROUPS;
    const known = groups.get(at);
    if (known) known.push(sums);
    else groups.set(at, [sums]);
  });
  return [...groups.values()].map(addUp);
}

/** Sorted. */
function resampled(input: {
  readonly groups: readonly Float64Array[];
  readonly coefficient: Coefficient;
  readonly random: Random;
  readonly resamples: number;
}): Float64Array {
  const { groups, coefficient, random } = input;
  const width = groups[0]!.length;
  const sums = new Float64Array(width);
  const values: number[] = [];
  for (let b = 0; b < input.resamples; b++) {
    sums.fill(0);
    for (let g = 0; g < groups.length; g++) {
      const group = groups[random.below(groups.length)]!;
      for (let i = 0; i < width; i++) sums[i]! += group[i]!;
    }
    const value = coefficient.valueOf(sums);
    if (value !== null) values.push(value);
  }
  return new Float64Array(values).sort();
}

/** By the jackknife over groups. */
function accelerationOf(input: {
  readonly groups: readonly Float64Array[];
  readonly total: Float64Array;
  readonly coefficient: Coefficient;
}): number {
  const without = input.groups.flatMap((group) => {
    const value = input.coefficient.valueOf(input.total.map((sum, i) => sum - group[i]!));
    return value === null ? [] : [value];
  });
  const mean = without.reduce((sum, value) => sum + value, 0) / without.length;
  const squares = without.reduce((sum, value) => sum + (mean - value) ** 2, 0);
  const cubes = without.reduce((sum, value) => sum + (mean - value) ** 3, 0);
  return squares < 1e-24 ? 0 : cubes / (6 * squares ** 1.5);
}

function shareBelow(values: Float64Array, limit: number): number {
  let count = 0;
  for (const value of values) if (value < limit) count++;
  return values.length === 0 ? 0 : count / values.length;
}
