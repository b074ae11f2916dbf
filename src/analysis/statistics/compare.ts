// Two arms over the same scenarios, each drawn several times: what was seen, how sure it is, and what could not have been
// seen. Runs of one scenario are not independent, so scenarios are the units: they are drawn, flipped and counted. Pure.
import { clusterSums, clusterUnits } from './clusters.ts';
import { hedgesZ } from './effects.ts';
import {
  bcaMean,
  type Interval,
  meanOf,
  squareAndAdd,
  studentMean,
  wilsonOverClusters,
} from './intervals.ts';
import { type Permuted, signFlip } from './permutation.ts';
import { makeRandom } from './random.ts';
import { areAlike, levelled, noiseOf, share } from './rounding.ts';
import { exactSum } from './sums.ts';

/** Values of one arm: by scenario, one a run. Scenarios without a value are left out of it. */
export type ArmValues = ReadonlyMap<string, readonly number[]>;

/**
 * How an interval was made. `none`: of one scenario, or of scenarios that are all alike, nothing says how sure a mean is, and
 * the interval is that mean alone.
 */
export type IntervalMethod = 'wilson' | 'bca' | 'student' | 'newcombe' | 'none';

export type ArmSummary = {
  readonly scenarios: number;
  /** What intervals count: scenarios, or the clusters that they belong to. */
  readonly units: number;
  readonly values: number;
  /** Mean of the scenarios' means: each scenario weighs the same, however often it was drawn. */
  readonly mean: number;
  /** 95 %: Wilson's where every value is 0 or 1, BCa otherwise. Over scenarios. */
  readonly interval: Interval;
  readonly method: IntervalMethod;
  /** Scenarios whose runs all have the same value, of those with two runs or more. */
  readonly consistency: { readonly alike: number; readonly of: number };
};

export type Comparison = {
  /** Scenarios that both arms have. */
  readonly pairs: number;
  /** What is flipped and counted: these scenarios, or the clusters that they belong to. */
  readonly units: number;
  /** Mean of second minus first. */
  readonly difference: number;
  /** 95 %: Student's over scenarios; Newcombe's where all values are 0 or 1 and no difference varies. */
  readonly interval: Interval;
  readonly method: IntervalMethod;
  readonly permutation: Permuted;
  /** In standard deviations of the scenarios' differences. */
  readonly effect: number;
  /** Scenarios that are better in the second arm, worse, and alike. */
  readonly signs: { readonly better: number; readonly worse: number; readonly same: number };
};

export type Designed = {
  /** What a scenario belongs to at the level above it: then whole clusters are drawn, flipped and counted. null = nothing is above. */
  readonly clusterOf?: ((scenario: string) => string) | null;
  /** Values are 0 to 1, and so intervals end at what they can be. */
  readonly isShare?: boolean;
  /** Of the intervals; 0.95 unless told. */
  readonly level?: number;
};

/** null = no scenario has a value. */
export function summarizeArm(values: ArmValues, seed: number, design: Designed = {}): ArmSummary | null {
  const kept = [...values].filter(([, runs]) => runs.length > 0);
  if (kept.length === 0) return null;
  const scenarios = withoutRest(kept.map(([, runs]) => runs));
  const repeated = scenarios.filter((runs) => runs.length > 1);
  const means = levelledMeans(scenarios);
  const units = unitsOf(means, { names: kept.map(([name]) => name), design });
  const { interval, method } = armInterval({ scenarios, units, seed, level: design.level ?? 0.95 });
  return {
    scenarios: scenarios.length,
    units: units.length,
    values: countOf(scenarios),
    mean: meanOf(means),
    interval: design.isShare ? within(interval, { low: 0, high: 1 }) : interval,
    method,
    consistency: { alike: repeated.filter(areAlike).length, of: repeated.length },
  };
}

type Runs = readonly number[];
type WithMethod = { readonly interval: Interval; readonly method: IntervalMethod };

/** Of several scenarios that are alike but for rounding, one number. */
function levelledMeans(scenarios: readonly Runs[]): readonly number[] {
  return levelled(
    scenarios.map(meanOf),
    scenarios.map((runs) => noiseOf(runs)),
  );
}

export function unitsOf(
  values: readonly number[],
  { names, design }: { readonly names: readonly string[]; readonly design: Designed },
): readonly number[] {
  return design.clusterOf ? clusterUnits(values, names.map(design.clusterOf)) : values;
}

function armInterval(input: {
  readonly scenarios: readonly Runs[];
  readonly units: readonly number[];
  readonly seed: number;
  readonly level: number;
}): WithMethod {
  const { scenarios, units, seed, level } = input;
  if (areBinary(scenarios)) {
    const interval = wilsonOverClusters(units, { trials: countOf(scenarios), level });
    return { interval, method: 'wilson' };
  }
  const { low, high } = bcaMean(units, { random: makeRandom(seed), level });
  return { interval: { low, high }, method: low === high ? 'none' : 'bca' };
}

export type Paired = {
  readonly names: readonly string[];
  readonly first: readonly Runs[];
  readonly second: readonly Runs[];
  /** Second minus first; what is no more than rounding leaves is 0, and sizes that differ by no more are alike. */
  readonly differences: readonly number[];
  /** What rounding may leave of each, from the values that it is made of. */
  readonly noises: readonly number[];
};

/** Over the scenarios that both arms have. */
export function pairedDifferences(first: ArmValues, second: ArmValues): Paired {
  const names = [...first]
    .filter(([name, runs]) => runs.length > 0 && (second.get(name)?.length ?? 0) > 0)
    .map(([name]) => name);
  const a = withoutRest(names.map((name) => first.get(name)!));
  const b = withoutRest(names.map((name) => second.get(name)!));
  const noises = a.map((runs, i) => noiseOf(runs, b[i]!));
  const apart = a.map((runs, i) => meanOf(b[i]!) - meanOf(runs));
  return { names, first: a, second: b, differences: levelled(apart, noises), noises };
}

/** null = the arms have no scenario in common. */
export function comparePaired(
  first: ArmValues,
  second: ArmValues,
  seed: number,
  design: Designed = {},
): Comparison | null {
  const paired = pairedDifferences(first, second);
  const { names, differences, noises } = paired;
  if (names.length === 0) return null;
  const noise = exactSum(noises);
  const units = unitsOf(differences, { names, design });
  const flipped = design.clusterOf ? clusterSums(differences, names.map(design.clusterOf)) : differences;
  return {
    pairs: differences.length,
    units: units.length,
    difference: meanBeyond(differences, noise),
    ...pairedInterval({ paired, units, design }),
    permutation: signFlip(
      flipped.map((one) => (Math.abs(one) <= noise / flipped.length ? 0 : one)),
      makeRandom(seed + 1),
      noise,
    ),
    effect: differences.length < 2 ? 0 : hedgesZ(differences),
    signs: {
      better: differences.filter((one) => one > 0).length,
      worse: differences.filter((one) => one < 0).length,
      same: differences.filter((one) => one === 0).length,
    },
  };
}

/** The interval alone, at another level: corrected for the tests that stand beside it. null = no scenario in common. */
export function differenceInterval(first: ArmValues, second: ArmValues, design: Designed): Interval | null {
  const paired = pairedDifferences(first, second);
  if (paired.names.length === 0) return null;
  const units = unitsOf(paired.differences, { names: paired.names, design });
  return pairedInterval({ paired, units, design }).interval;
}

/** Second minus first over the scenarios that both have, without what rounding leaves. */
export function meanDifference(first: ArmValues, second: ArmValues): number {
  const { differences, noises } = pairedDifferences(first, second);
  return meanBeyond(differences, exactSum(noises));
}

/** Sizes that cancel out leave rounding, and no difference. */
function meanBeyond(differences: readonly number[], noise: number): number {
  return Math.abs(exactSum(differences)) <= noise ? 0 : meanOf(differences);
}

type UnitsOfPairs = { readonly paired: Paired; readonly units: readonly number[]; readonly design: Designed };

function pairedInterval(input: UnitsOfPairs): WithMethod {
  const { interval, method } = unboundedInterval(input);
  return { interval: input.design.isShare ? within(interval, { low: -1, high: 1 }) : interval, method };
}

function unboundedInterval({ paired, units, design }: UnitsOfPairs): WithMethod {
  const { first, second, names, differences } = paired;
  const level = design.level ?? 0.95;
  if (units.length > 1 && !areAlike(differences)) {
    // Differences that cancel out in every cluster would leave no width.
    const told = areAlike(units) ? differences : units;
    return { interval: studentMean(told, level), method: 'student' };
  }
  if (areBinary(first) && areBinary(second)) {
    const of = (arm: readonly Runs[]): Interval & { readonly p: number } => {
      const means = unitsOf(arm.map(meanOf), { names, design });
      return { ...wilsonOverClusters(means, { trials: countOf(arm), level }), p: meanOf(arm.map(meanOf)) };
    };
    return { interval: squareAndAdd(of(first), of(second)), method: 'newcombe' };
  }
  return { interval: studentMean([meanOf(differences)]), method: 'none' };
}

function within({ low, high }: Interval, bounds: Interval): Interval {
  return { low: Math.max(bounds.low, low), high: Math.min(bounds.high, high) };
}

/** Shares that were calculated may miss 0 and 1 by what rounding leaves; elsewhere values are as they are. */
function withoutRest(scenarios: readonly Runs[]): readonly Runs[] {
  const rounded = scenarios.map((runs) => runs.map(share));
  return areBinary(rounded) ? rounded : scenarios;
}

function areBinary(scenarios: readonly Runs[]): boolean {
  return scenarios.every((runs) => runs.every((value) => value === 0 || value === 1));
}

function countOf(scenarios: readonly Runs[]): number {
  return scenarios.reduce((sum, runs) => sum + runs.length, 0);
}
