// Intervals: Wilson's for a proportion, and the BCa bootstrap over clusters for everything else.
import { abcInterval } from './abc.ts';
import type { Random } from './random.ts';
import { normalCdf, normalQuantile, studentQuantile } from './special.ts';

export type Interval = { readonly low: number; readonly high: number };

/** E. B. Wilson, JASA 22 (1927). `level` 0..1, usually 0.95. */
export function wilson(successes: number, trials: number, level = 0.95): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const z = normalQuantile(1 - (1 - level) / 2);
  const p = successes / trials;
  const scale = 1 + (z * z) / trials;
  const centre = (p + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
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
 * of one scenario are not independent. For few clusters the tails are widened as T. Hesterberg proposes ("What Teachers
 * Should Know About the Bootstrap", The American Statistician 69, 2015: expanded percentile), without which a nominal 95 %
 * holds 92 to 93 % at twenty.
 * @param clusters one number a cluster: the mean of its runs, or of their paired differences
 */
export function bcaMean(
  clusters: readonly number[],
  {
    random,
    level = 0.95,
    resamples = RESAMPLES,
  }: { readonly random: Random; readonly level?: number; readonly resamples?: number },
): Bootstrap {
  const n = clusters.length;
  const estimate = meanOf(clusters);
  if (n < 2 || clusters.every((one) => one === clusters[0])) {
    return { low: estimate, high: estimate, standardError: 0 };
  }
  const alpha = normalCdf(-Math.sqrt(n / (n - 1)) * studentQuantile(1 - (1 - level) / 2, n - 1));
  const acceleration = accelerationOf(clusters, estimate);
  if (n > MOST_RESAMPLED) {
    const standardError = deviationOf(clusters) * (Math.sqrt(n - 1) / n);
    return { ...abcInterval({ estimate, standardError, acceleration, alpha }), standardError };
  }
  const means = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += clusters[random.below(n)]!;
    means[b] = sum / n;
  }
  means.sort();
  const below = share(means, (mean) => mean < estimate) + share(means, (mean) => mean === estimate) / 2;
  const bias = normalQuantile(Math.min(1 - 0.5 / resamples, Math.max(0.5 / resamples, below)));
  const at = (tail: number): number => {
    const z = bias + normalQuantile(tail);
    return quantileOf(means, normalCdf(bias + z / (1 - acceleration * z)));
  };
  return { low: at(alpha), high: at(1 - alpha), standardError: deviationOf(means) };
}

/** By the jackknife over clusters. Of a mean, leaving one out is known without resampling. */
function accelerationOf(clusters: readonly number[], estimate: number): number {
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

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Of a sample: n - 1 below. */
export function deviationOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return Math.sqrt(squares / Math.max(1, values.length - 1));
}

function share(values: Float64Array, holds: (value: number) => boolean): number {
  let count = 0;
  for (const value of values) if (holds(value)) count++;
  return count / values.length;
}
