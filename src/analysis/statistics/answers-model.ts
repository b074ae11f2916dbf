// What answers are like, so that further experiments can be drawn: which values there are, and how much of their variation
// lies in the scenario, in how an arm takes a scenario, and in the run. Pure.
import { normalCdf, normalQuantile } from './special.ts';

/**
 * A value is `quantile(Φ(z))`, z standard normal: what is seen of values is what is drawn, steps and bounds included (a
 * Gaussian copula; R. Nelsen, "An Introduction to Copulas", 2006; of passes: the threshold model, K. Pearson 1900).
 * z is the sum of three parts whose shares of its variance add to 1.
 */
export type AnswersModel = {
  /** Distinct, rising. */
  readonly values: readonly number[];
  /** Where z changes from one value to the next: one fewer than there are values. */
  readonly thresholds: readonly number[];
  readonly mean: number;
  /** Of the variance of z: of the scenario, the same for both arms. */
  readonly shared: number;
  /** How each arm takes the scenario, the same in all of its runs. */
  readonly own: number;
  /** Whether `own` and what runs add are known apart. false = no scenario was drawn twice; all of it is taken for runs. */
  readonly isSplit: boolean;
  readonly shift: Shift;
};

/**
 * How a true difference moves the second arm. `threshold`: z moves, so that each scenario's chance moves towards the bound
 * and never beyond (passes, and scores of few steps). `clipped`: the value moves, and stays within 0..1. `scaled`: by a factor,
 * as an amount that is never below 0. `added`: of numbers that know no bounds.
 */
export type Shift = 'threshold' | 'clipped' | 'scaled' | 'added';

export type Weighted = { readonly value: number; readonly weight: number };

/** More steps than this are drawn as so many: nothing hangs on the rest. */
const MOST_VALUES = 64;

export function makeModel(input: {
  readonly values: readonly Weighted[];
  readonly shift: Shift;
  readonly shared: number;
  readonly own: number;
  readonly isSplit: boolean;
}): AnswersModel {
  const { shift, shared, own, isSplit } = input;
  const steps = merged(input.values);
  const values = steps.map(({ value }) => value);
  const all = steps.reduce((sum, { weight }) => sum + weight, 0);
  let below = 0;
  const thresholds = steps.slice(0, -1).map(({ weight }) => {
    below += weight;
    return normalQuantile(below / all);
  });
  const mean = steps.reduce((sum, { value, weight }) => sum + value * weight, 0) / all;
  return { values, thresholds, mean, shared, own, isSplit, shift };
}

function merged(values: readonly Weighted[]): readonly Weighted[] {
  const weights = new Map<number, number>();
  for (const { value, weight } of values) weights.set(value, (weights.get(value) ?? 0) + weight);
  const distinct: Weighted[] = [];
  for (const [value, weight] of [...weights].sort(([one], [other]) => one - other)) {
    const last = distinct.at(-1);
    // Means of the same numbers differ in their last bits.
    if (last && value - last.value <= 1e-12 * Math.max(1, Math.abs(value)))
      distinct[distinct.length - 1] = { value: last.value, weight: last.weight + weight };
    else distinct.push({ value, weight });
  }
  if (distinct.length <= MOST_VALUES) return distinct;
  const all = distinct.reduce((sum, { weight }) => sum + weight, 0);
  const bins: { sum: number; weight: number }[] = [];
  let before = 0;
  for (const { value, weight } of distinct) {
    const at = Math.min(MOST_VALUES - 1, Math.floor(((before + weight / 2) / all) * MOST_VALUES));
    bins[at] ??= { sum: 0, weight: 0 };
    bins[at].sum += value * weight;
    bins[at].weight += weight;
    before += weight;
  }
  return bins.filter(Boolean).map(({ sum, weight }) => ({ value: sum / weight, weight }));
}

/** What a true difference may be at most, up and down; a pass or a score is never above 1, an amount never below 0. */
export function reachOf({ mean, shift, values }: AnswersModel): {
  readonly up: number;
  readonly down: number;
} {
  // What has no end is searched to a hundred times as much.
  if (shift === 'scaled') return { up: 100 * mean, down: mean };
  if (shift === 'added') {
    const far = 100 * (values.at(-1)! - values[0]!);
    return { up: far, down: far };
  }
  return { up: Math.max(0, 1 - mean), down: Math.max(0, mean) };
}

/** What moves the second arm so that its mean is this much higher: added to z, added to values, or a factor of them. */
export function shiftFor(model: AnswersModel, difference: number): number {
  const { mean, shift } = model;
  if (shift === 'scaled') return 1 + difference / mean;
  if (shift === 'added') return difference;
  const wanted = mean + difference;
  const meanAt = shift === 'threshold' ? thresholdMean : clippedMean;
  let low = shift === 'threshold' ? -40 : -1;
  let high = -low;
  for (let n = 0; n < 60; n++) {
    const middle = (low + high) / 2;
    if (meanAt(model, middle) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function thresholdMean({ values, thresholds }: AnswersModel, moved: number): number {
  return thresholds.reduce(
    (mean, at, i) => mean + (values[i + 1]! - values[i]!) * normalCdf(moved - at),
    values[0]!,
  );
}

function clippedMean({ values, thresholds }: AnswersModel, moved: number): number {
  let below = 0;
  return values.reduce((mean, value, i) => {
    const upTo = i < thresholds.length ? normalCdf(thresholds[i]!) : 1;
    const chance = upTo - below;
    below = upTo;
    return mean + chance * Math.min(1, Math.max(0, value + moved));
  }, 0);
}

/** Terms of a Hermite series; what is left out is added where it belongs. */
const TERMS = 40;

/** Variance of values, and how their covariance hangs on that of z: c1² r + c2² r² + ..., cₖ the Hermite coefficients. */
export function covarianceOf(steps: Pick<AnswersModel, 'values' | 'thresholds' | 'mean'>): {
  readonly variance: number;
  /** The correlation of z that gives this covariance of values. */
  readonly correlationFor: (covariance: number) => number;
} {
  const { values, thresholds, mean } = steps;
  let below = 0;
  const variance = values.reduce((sum, value, i) => {
    const upTo = i < thresholds.length ? normalCdf(thresholds[i]!) : 1;
    const chance = upTo - below;
    below = upTo;
    return sum + chance * (value - mean) ** 2;
  }, 0);
  const squares = Array.from({ length: TERMS }, () => 0);
  const coefficients = Array.from({ length: TERMS }, () => 0);
  thresholds.forEach((at, i) => {
    const size = (values[i + 1]! - values[i]!) * (Math.exp((-at * at) / 2) / Math.sqrt(2 * Math.PI));
    // Normalised Hermite polynomials, one from the two before.
    let before = 0;
    let now = 1;
    for (let k = 1; k <= TERMS; k++) {
      coefficients[k - 1]! += (size * now) / Math.sqrt(k);
      const next = (at * now - Math.sqrt(k - 1) * before) / Math.sqrt(k);
      before = now;
      now = next;
    }
  });
  let rest = variance;
  coefficients.forEach((one, i) => {
    squares[i] = one * one;
    rest -= one * one;
  });
  const at = (r: number): number => {
    let sum = Math.max(0, rest) * r;
    for (let k = TERMS - 1; k >= 0; k--) sum = (sum + squares[k]!) * r;
    return sum;
  };
  return {
    variance,
    correlationFor: (covariance) => {
      let low = 0;
      let high = 1;
      if (covariance <= 0) return 0;
      if (covariance >= variance) return 1;
      for (let n = 0; n < 40; n++) {
        const middle = (low + high) / 2;
        if (at(middle) < covariance) low = middle;
        else high = middle;
      }
      return (low + high) / 2;
    },
  };
}
