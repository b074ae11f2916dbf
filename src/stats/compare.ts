// Two arms over the same scenarios, each drawn several times: what was seen, how sure it is, and what could not have been
// seen. Runs of one scenario are not independent, so scenarios are the units: they are drawn, flipped and counted. Pure.
import { detectable, hedgesZ, powerOf } from './effects.ts';
import { type Permuted, signFlip } from './exact.ts';
import { bcaMean, deviationOf, type Interval, meanOf } from './intervals.ts';
import { makeRandom } from './random.ts';

/** Values of one arm: by scenario, one a run. Scenarios without a value are left out of it. */
export type ArmValues = ReadonlyMap<string, readonly number[]>;

export type ArmSummary = {
  readonly scenarios: number;
  readonly values: number;
  /** Mean of the scenarios' means: each scenario weighs the same, however often it was drawn. */
  readonly mean: number;
  readonly interval: Interval;
  /** Scenarios whose runs all have the same value, of those with two runs or more. */
  readonly consistency: { readonly alike: number; readonly of: number };
};

export type Comparison = {
  /** Scenarios that both arms have. */
  readonly pairs: number;
  /** Mean of second minus first. */
  readonly difference: number;
  readonly interval: Interval;
  readonly permutation: Permuted;
  /** In standard deviations of the scenarios' differences. */
  readonly effect: number;
  /** Scenarios that are better in the second arm, worse, and alike. */
  readonly signs: { readonly better: number; readonly worse: number; readonly same: number };
  readonly power: Power;
};

export type Power = {
  /** The smallest true difference that these scenarios and runs find four times out of five. */
  readonly detectable: number;
  /** Of finding a true difference as large as the one seen. */
  readonly ofSeen: number;
  /** Scenarios that would find the one seen four times out of five; null = nothing was seen. */
  readonly scenariosNeeded: number | null;
};

export function summarizeArm(values: ArmValues, seed: number): ArmSummary | null {
  const means = [...values.values()].filter((runs) => runs.length > 0).map(meanOf);
  if (means.length === 0) return null;
  const { low, high } = bcaMean(means, { random: makeRandom(seed) });
  const repeated = [...values.values()].filter((runs) => runs.length > 1);
  const alike = repeated.filter((runs) => runs.every((value) => value === runs[0])).length;
  return {
    scenarios: means.length,
    values: [...values.values()].reduce((sum, runs) => sum + runs.length, 0),
    mean: meanOf(means),
    interval: { low, high },
    consistency: { alike, of: repeated.length },
  };
}

/** null = the arms have no scenario in common. */
export function comparePaired(first: ArmValues, second: ArmValues, seed: number): Comparison | null {
  const differences: number[] = [];
  for (const [scenario, runs] of first) {
    const others = second.get(scenario) ?? [];
    if (runs.length > 0 && others.length > 0) differences.push(meanOf(others) - meanOf(runs));
  }
  if (differences.length === 0) return null;
  const { low, high } = bcaMean(differences, { random: makeRandom(seed) });
  return {
    pairs: differences.length,
    difference: meanOf(differences),
    interval: { low, high },
    permutation: signFlip(differences, makeRandom(seed + 1)),
    effect: differences.length < 2 ? 0 : hedgesZ(differences),
    signs: {
      better: differences.filter((one) => one > 0).length,
      worse: differences.filter((one) => one < 0).length,
      same: differences.filter((one) => one === 0).length,
    },
    power: powerFor(differences),
  };
}

function powerFor(differences: readonly number[]): Power {
  const deviation = deviationOf(differences);
  const seen = Math.abs(meanOf(differences));
  const pairs = differences.length;
  const forOne = detectable({ deviation, pairs: 1 });
  return {
    detectable: forOne / Math.sqrt(pairs),
    ofSeen: powerOf({ difference: seen, deviation, pairs }),
    scenariosNeeded: seen === 0 ? null : Math.max(2, Math.ceil((forOne / seen) ** 2)),
  };
}
