// Two arms over the same scenarios, each drawn several times: what was seen, how sure it is, and what could not have been
// seen. Runs of one scenario are not independent, so scenarios are the units: they are drawn, flipped and counted. Pure.
import { hedgesZ } from './effects.ts';
import {
  bcaMean,
  deviationOf,
  type Interval,
  meanOf,
  squareAndAdd,
  studentMean,
  wilsonOverClusters,
} from './intervals.ts';
import { type Permuted, signFlip } from './permutation.ts';
import { makeRandom } from './random.ts';

/** Values of one arm: by scenario, one a run. Scenarios without a value are left out of it. */
export type ArmValues = ReadonlyMap<string, readonly number[]>;

/**
 * How an interval was made. `none`: of one scenario, or of scenarios that are all alike, nothing says how sure a mean is, and
 * the interval is that mean alone.
 */
export type IntervalMethod = 'wilson' | 'bca' | 'student' | 'newcombe' | 'none';

export type ArmSummary = {
  readonly scenarios: number;
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

/** null = no scenario has a value. */
export function summarizeArm(values: ArmValues, seed: number): ArmSummary | null {
  const scenarios = [...values.values()].filter((runs) => runs.length > 0);
  if (scenarios.length === 0) return null;
  const repeated = scenarios.filter((runs) => runs.length > 1);
  const alike = repeated.filter((runs) => runs.every((value) => value === runs[0])).length;
  const means = scenarios.map(meanOf);
  return {
    scenarios: scenarios.length,
    values: countOf(scenarios),
    mean: meanOf(means),
    ...armInterval({ scenarios, means, seed }),
    consistency: { alike, of: repeated.length },
  };
}

type Runs = readonly number[];
type WithMethod = { readonly interval: Interval; readonly method: IntervalMethod };

function armInterval(of: {
  readonly scenarios: readonly Runs[];
  readonly means: readonly number[];
  readonly seed: number;
}): WithMethod {
  const { scenarios, means, seed } = of;
  if (areBinary(scenarios)) return { interval: ofPasses(scenarios, means), method: 'wilson' };
  const { low, high } = bcaMean(means, { random: makeRandom(seed) });
  return { interval: { low, high }, method: deviationOf(means) === 0 ? 'none' : 'bca' };
}

/** null = the arms have no scenario in common. */
export function comparePaired(first: ArmValues, second: ArmValues, seed: number): Comparison | null {
  const a: Runs[] = [];
  const b: Runs[] = [];
  for (const [scenario, runs] of first) {
    const others = second.get(scenario) ?? [];
    if (runs.length === 0 || others.length === 0) continue;
    a.push(runs);
    b.push(others);
  }
  if (a.length === 0) return null;
  const differences = a.map((runs, i) => meanOf(b[i]!) - meanOf(runs));
  return {
    pairs: differences.length,
    difference: meanOf(differences),
    ...pairedInterval({ first: a, second: b, differences }),
    permutation: signFlip(differences, makeRandom(seed + 1)),
    effect: differences.length < 2 ? 0 : hedgesZ(differences),
    signs: {
      better: differences.filter((one) => one > 0).length,
      worse: differences.filter((one) => one < 0).length,
      same: differences.filter((one) => one === 0).length,
    },
  };
}

function pairedInterval(of: {
  readonly first: readonly Runs[];
  readonly second: readonly Runs[];
  readonly differences: readonly number[];
}): WithMethod {
  const { first, second, differences } = of;
  if (differences.length > 1 && deviationOf(differences) > 0)
    return { interval: studentMean(differences), method: 'student' };
  if (areBinary(first) && areBinary(second)) {
    const of = (arm: readonly Runs[]): Interval & { readonly p: number } => {
      const means = arm.map(meanOf);
      return { ...ofPasses(arm, means), p: meanOf(means) };
    };
    return { interval: squareAndAdd(of(first), of(second)), method: 'newcombe' };
  }
  return { interval: studentMean(differences), method: 'none' };
}

function ofPasses(scenarios: readonly Runs[], means: readonly number[]): Interval {
  return wilsonOverClusters(means, { trials: countOf(scenarios) });
}

function areBinary(scenarios: readonly Runs[]): boolean {
  return scenarios.every((runs) => runs.every((value) => value === 0 || value === 1));
}

function countOf(scenarios: readonly Runs[]): number {
  return scenarios.reduce((sum, runs) => sum + runs.length, 0);
}
