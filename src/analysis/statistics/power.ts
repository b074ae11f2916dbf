// What could have been found: power of a paired comparison over scenarios, by the noncentral t distribution.
import { logGamma, normalCdf, studentQuantile } from './special.ts';

type Of = {
  /** Standard deviation of the scenarios' differences. */
  readonly deviation: number;
  readonly pairs: number;
  /** Two-sided; 0.05 unless told. */
  readonly level?: number;
};

/**
 * The power that this many pairs have to find a true mean difference: both tails of the paired t test, as R's
 * power.t.test(strict = TRUE) and statsmodels' TTestPower. The sign-flip test comes to the same but for few pairs.
 */
export function powerOf(input: Of & { readonly difference: number }): number {
  const { difference, deviation, pairs, level = 0.05 } = input;
  if (deviation === 0) return difference === 0 ? level : 1;
  if (pairs < 2) return level;
  const shift = (Math.abs(difference) / deviation) * Math.sqrt(pairs);
  return beyond({ critical: studentQuantile(1 - level / 2, pairs - 1), shift, degrees: pairs - 1 });
}

/** The smallest true mean difference that this many pairs find with this power; 0 = it cannot be told, for nothing varied. */
export function detectable(input: Of & { readonly power?: number }): number {
  const { deviation, pairs, level = 0.05, power = 0.8 } = input;
  if (pairs < 2 || deviation === 0) return 0;
  const degrees = pairs - 1;
  const critical = studentQuantile(1 - level / 2, degrees);
  let low = 0;
  let high = 1;
  while (beyond({ critical, shift: high, degrees }) < power && high < 1e9) high *= 2;
  for (let n = 0; n < 60 && high - low > 1e-12 * high; n++) {
    const middle = (low + high) / 2;
    if (beyond({ critical, shift: middle, degrees }) < power) low = middle;
    else high = middle;
  }
  return (high * deviation) / Math.sqrt(pairs);
}

/** A plan for more scenarios than this is none. */
export const MOST_PAIRS = 10_000_000;

/** The fewest pairs that find a true mean difference with this power; null = none to find, or more than ten million. */
export function pairsNeeded(input: {
  readonly difference: number;
  readonly deviation: number;
  readonly level?: number;
  readonly power?: number;
}): number | null {
  if (input.difference === 0) return null;
  const enough = (pairs: number): boolean => powerOf({ ...input, pairs }) >= (input.power ?? 0.8);
  let low = 1;
  let high = 2;
  while (!enough(high)) {
    if (high > MOST_PAIRS) return null;
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Half steps of Simpson's rule; 200 leave errors below 1e-10 for every number of degrees. */
const STEPS = 200;

/**
 * P(|T| > critical) for T noncentral t: (Z + shift) / S, integrated over S, which is chi over the root of its degrees.
 */
function beyond(input: {
  readonly critical: number;
  readonly shift: number;
  readonly degrees: number;
}): number {
  const { critical, shift, degrees } = input;
  const spread = 1 / Math.sqrt(2 * degrees);
  const low = Math.max(0, 1 - 12 * spread);
  const high = 1 + 12 * spread;
  const constant = Math.LN2 + (degrees / 2) * Math.log(degrees / 2) - logGamma(degrees / 2);
  let sum = 0;
  for (let i = 0; i <= STEPS; i++) {
    const s = low + ((high - low) * i) / STEPS;
    const density =
      s === 0
        ? degrees === 1
          ? Math.exp(constant)
          : 0
        : Math.exp(constant + (degrees - 1) * Math.log(s) - (degrees * s * s) / 2);
    const both = normalCdf(shift - critical * s) + normalCdf(-shift - critical * s);
    sum += (i === 0 || i === STEPS ? 1 : i % 2 === 1 ? 4 : 2) * density * both;
  }
  return Math.min(1, (sum * (high - low)) / STEPS / 3);
}
