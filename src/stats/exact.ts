// Exact tests: no approximation stands between the counts and the p value.

import type { Random } from './random.ts';
import { erfc, logChoose } from './special.ts';

/** Two-by-two counts: rows are arms, columns pass and fail. */
export type Counts = { readonly a: number; readonly b: number; readonly c: number; readonly d: number };

/** Tables no more probable than the one seen, to within this: equal probabilities differ in their last bits. */
const TIE = 1 + 1e-7;

/**
 * Fisher's exact test, two-sided: the probability of every table with these margins that is no more probable than the one
 * seen. R. A. Fisher, "Statistical Methods for Research Workers" (1934), section 21.02; as fisher.test of R and
 * scipy.stats.fisher_exact have it.
 */
export function fisherExact({ a, b, c, d }: Counts): number {
  const pass = a + c;
  const first = a + b;
  const all = a + b + c + d;
  const log = (k: number): number =>
    logChoose(pass, k) + logChoose(all - pass, first - k) - logChoose(all, first);
  const seen = log(a);
  let p = 0;
  for (let k = Math.max(0, first + pass - all); k <= Math.min(first, pass); k++) {
    const one = log(k);
    if (one <= seen + Math.log(TIE)) p += Math.exp(one);
  }
  return Math.min(1, p);
}

/** Two-sided binomial test of one half: twice the smaller tail, at most 1. */
export function binomialHalf(successes: number, trials: number): number {
  if (trials === 0) return 1;
  const least = Math.min(successes, trials - successes);
  let tail = 0;
  for (let k = 0; k <= least; k++) tail += Math.exp(logChoose(trials, k) - trials * Math.LN2);
  return Math.min(1, 2 * tail);
}

/**
 * McNemar's test in its exact form: of the pairs that differ, as many one way as the other?
 * Q. McNemar, Psychometrika 12 (1947); exact form as statsmodels' mcnemar(exact=True).
 */
export function mcnemarExact(onlyFirst: number, onlySecond: number): number {
  return binomialHalf(onlyFirst, onlyFirst + onlySecond);
}

export type Permuted = {
  readonly p: number;
  /** Every flip was tried; false = a seeded sample of them. */
  readonly isExact: boolean;
};

/** Above this many differences a sample of the flips is drawn: 2^20 of them take some ten milliseconds. */
const MOST_EXACT = 20;
const SAMPLES = 20_000;
/**
 * Above this many, the sum of flips is normal to within what a sample could tell (of sums on a lattice, 0.002 at p = 0.05),
 * unless one of them outweighs the rest.
 */
const MOST_SAMPLED = 2_500;
/** Of the sum of squares. */
const OUTWEIGHS = 0.02;
/** A flip takes some 2 ns. */
const MOST_FLIPS = 50_000_000;
/** Sums that differ by less are equal: they come to the same by other ways of adding. */
const ROUNDING = 1e-9;
/** Steps after which a sum is made anew, so that rounding does not add up. */
const AFRESH = 4_096;

/**
 * Sign-flip permutation test of paired differences, two-sided on their mean. Under no difference each sign is as likely as
 * the other. E. J. G. Pitman (1937). Of a sample, (extreme + 1) / (samples + 1): never 0.
 */
export function signFlip(differences: readonly number[], random: Random): Permuted {
  const moved = differences.filter((one) => one !== 0);
  const seen = Math.abs(moved.reduce((sum, one) => sum + one, 0)) * (1 - ROUNDING);
  if (moved.length === 0) return { p: 1, isExact: true };
  if (moved.length <= MOST_EXACT) return { p: everyFlip(moved, seen), isExact: true };
  // All of one size, as passes of one run are: their sum is a count of coins.
  if (moved.every((one) => Math.abs(one) === Math.abs(moved[0]!))) {
    return { p: binomialHalf(moved.filter((one) => one > 0).length, moved.length), isExact: true };
  }
  const squares = moved.reduce((sum, one) => sum + one ** 2, 0);
  const most = moved.reduce((large, one) => Math.max(large, one ** 2), 0);
  if (moved.length > MOST_SAMPLED && most < OUTWEIGHS * squares) {
    return { p: erfc(seen / Math.sqrt(2 * squares)), isExact: false };
  }
  const samples = Math.min(SAMPLES, Math.ceil(MOST_FLIPS / moved.length));
  const values = Float64Array.from(moved);
  const total = moved.reduce((sum, one) => sum + one, 0);
  let extreme = 0;
  for (let n = 0; n < samples; n++) {
    let heads = 0;
    for (let i = 0; i < values.length; ) {
      // 32 coins a word, and no branch: drawing and guessing wrong would be most of the time.
      let coins = random.below(2 ** 32) | 0;
      for (const end = Math.min(i + 32, values.length); i < end; i++) {
        heads += (coins & 1) * values[i]!;
        coins >>>= 1;
      }
    }
    if (Math.abs(2 * heads - total) >= seen) extreme++;
  }
  return { p: (extreme + 1) / (samples + 1), isExact: false };
}

/** In Gray code order: each step flips one sign. */
function everyFlip(moved: readonly number[], seen: number): number {
  const signs = moved.map(() => 1);
  let sum = moved.reduce((all, one) => all + one, 0);
  let extreme = Math.abs(sum) >= seen ? 1 : 0;
  const total = 2 ** moved.length;
  for (let n = 1; n < total; n++) {
    const bit = 31 - Math.clz32(n & -n);
    signs[bit] = -signs[bit]!;
    sum += 2 * signs[bit]! * moved[bit]!;
    if (n % AFRESH === 0) sum = moved.reduce((all, one, i) => all + signs[i]! * one, 0);
    if (Math.abs(sum) >= seen) extreme++;
  }
  return extreme / total;
}
