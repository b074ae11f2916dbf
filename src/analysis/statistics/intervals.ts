// Intervals: Wilson's for a proportion, Student's for a difference, and the BCa bootstrap over clusters for everything else.
import { abcInterval } from './abc.ts';
import type { Random } from './random.ts';
import { areAlike, share } from './rounding.ts';
import { normalCdf, normalQuantile, studentQuantile } from './special.ts';
import { exactMean, exactSum } from './sums.ts';

export type Interval = { readonly low: number; readonly high: number };

/** E. B. Wilson, JASA 22 (1927). `level` 0..1, usually 0.95. */
export function wilson(successes: number, trials: number, level = 0.95): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  return score({
    p: Math.min(1, Math.max(0, share(successes / trials))),
    trials,
    z: normalQuantile(1 - (1 - level) / 2),
  });
}

/** `trials` need not be whole. */
function score({
  p,
  trials,
  z,
}: {
  readonly p: number;
  readonly trials: number;
  readonly z: number;
}): Interval {
  const scale = 1 + (z * z) / trials;
  const centre = (p + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * Wilson's interval of a proportion whose trials come in clusters: with as many trials as independent ones would tell as
 * much, p(1 - p) / variance of the mean (L. Kish, "Survey Sampling", 1965; E. Korn and B. Graubard, Survey Methodology 24,
 * 1998). Where all passed or all failed the variance is not known, and a cluster counts as one trial.
 * @param clusters one number a cluster, 0..1: the share of its trials that passed
 * @param trials of all clusters
 */
export function wilsonOverClusters(
  clusters: readonly number[],
  { trials, level = 0.95 }: { readonly trials: number; readonly level?: number },
): Interval {
  const n = clusters.length;
  const p = Math.min(1, Math.max(0, share(meanOf(clusters))));
  const variance = deviationOf(clusters) ** 2 / n;
  const told = n < 2 || p === 0 || p === 1 ? n : Math.min(trials, (p * (1 - p)) / variance);
  return score({ p, trials: told, z: normalQuantile(1 - (1 - level) / 2) });
}

/**
 * Student's interval of a mean ("The Probable Error of a Mean", Biometrika 6, 1908), here of paired differences over
 * scenarios, as E. Miller proposes ("Adding Error Bars to Evals", arXiv:2411.00640, 2024). A difference of two arms is near to
 * symmetric, and BCa corrects its skewness by an estimate that is mostly noise: see bench/aa.ts.
 */
export function studentMean(clusters: readonly number[], level = 0.95): Interval {
  const n = clusters.length;
  const estimate = meanOf(clusters);
  if (n < 2) return { low: estimate, high: estimate };
  const half = (studentQuantile(1 - (1 - level) / 2, n - 1) * deviationOf(clusters)) / Math.sqrt(n);
  return { low: estimate - half, high: estimate + half };
}

/**
 * Second minus first of two proportions from their own intervals. R. Newcombe, Statistics in Medicine 17 (1998), 873-890,
 * "square and add". Holds where no difference varies, which tells no variance: ten scenarios alike are not a thousand alike.
 */
export function squareAndAdd(
  first: Interval & { readonly p: number },
  second: Interval & { readonly p: number },
): Interval {
  const difference = second.p - first.p;
  return {
    low: Math.max(-1, difference - Math.hypot(second.p - second.low, first.high - first.p)),
    high: Math.min(1, difference + Math.hypot(second.high - second.p, first.p - first.low)),
  };
}

export type Bootstrap = Interval & {
  /** Of the resampled statistics. */
  readonly standardError: number;
};

const RESAMPLES = 10_000;
/** Above this many clusters resampling tells nothing that the formula does not: 16,000 take 1.7 s by the one, 1 ms by the other. */
const MOST_RESAMPLED = 1_000;

/**
 * BCa bootstrap (B. Efron, JASA 82, 1987) of a mean over clusters: scenarios are drawn, with all their runs, because runs
 * of one scenario are not independent. For few clusters the tails are those of Student's t, after T. Hesterberg ("What
 * Teachers Should Know About the Bootstrap", The American Statistician 69, 2015); his expanded percentile widens them by
 * n / (n - 1) once more, which is too much on top of BCa: see docs/statistics.md.
 * @param clusters one number a cluster: the mean of its runs, or of their paired differences
 */
export function bcaMean(
  clusters: readonly number[],
  {
    random,
    level = 0.95,
    resamples = RESAMPLES,
    tails = 'student',
  }: {
    readonly random: Random;
    readonly level?: number;
    readonly resamples?: number;
    /** `normal`: as Efron has it, and R's boot and SciPy. */
    readonly tails?: 'student' | 'normal';
  },
): Bootstrap {
  const n = clusters.length;
  const estimate = meanOf(clusters);
  if (n < 2 || areAlike(clusters)) {
    return { low: estimate, high: estimate, standardError: 0 };
  }
  // What is drawn does not hang on the names of scenarios.
  const sorted = Float64Array.from(clusters).sort();
  const upper = 1 - (1 - level) / 2;
  const alpha = normalCdf(-(tails === 'student' ? studentQuantile(upper, n - 1) : normalQuantile(upper)));
  const acceleration = accelerationOf(sorted, estimate);
  if (n > MOST_RESAMPLED) {
    const standardError = deviationOf(clusters) * (Math.sqrt(n - 1) / n);
    return { ...abcInterval({ estimate, standardError, acceleration, alpha }), standardError };
  }
  const means = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += sorted[random.below(n)]!;
    means[b] = sum / n;
  }
  means.sort();
  // Sums of the same numbers in another order differ in their last bits.
  const tie = 1e-12 * means.reduce((most, mean) => Math.max(most, Math.abs(mean)), 0);
  const below = (shareBelow(means, estimate - tie) + shareBelow(means, estimate + tie)) / 2;
  const bias = normalQuantile(Math.min(1 - 0.5 / resamples, Math.max(0.5 / resamples, below)));
  const at = (tail: number): number => {
    const z = bias + normalQuantile(tail);
    return quantileOf(means, normalCdf(bias + z / (1 - acceleration * z)));
  };
  return { low: at(alpha), high: at(1 - alpha), standardError: deviationOf(means) };
}

/** By the jackknife over clusters. Of a mean, leaving one out is known without resampling. */
function accelerationOf(clusters: Float64Array, estimate: number): number {
  const n = clusters.length;
  let squares = 0;
  let cubes = 0;
  for (const one of clusters) {
    const left = (n * estimate - one) / (n - 1);
    const influence = estimate - left;
    squares += influence ** 2;
    cubes += influence ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** Of sorted values, linear between neighbours (type 7 of R). */
export function quantileOf(sorted: ArrayLike<number>, p: number): number {
  const at = Math.min(1, Math.max(0, p)) * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

/** The same for every order of the values; of numbers that are all alike that number. */
export function meanOf(values: ArrayLike<number>): number {
  return exactMean(values);
}

/** Of a sample: n - 1 below. */
export function deviationOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  const squares = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) squares[i] = (values[i]! - mean) ** 2;
  return Math.sqrt(exactSum(squares) / Math.max(1, values.length - 1));
}

function shareBelow(values: Float64Array, limit: number): number {
  let count = 0;
  for (const value of values) if (value < limit) count++;
  return count / values.length;
}
