// Exact tests: no approximation stands between the counts and the p value.
import { logChoose } from './special.ts';

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

/** Half of what was seen counts: H. O. Lancaster, JASA 56 (1961). Less strict than exact, true to its level on average. */
export function mcnemarMid(onlyFirst: number, onlySecond: number): number {
  const trials = onlyFirst + onlySecond;
  if (trials === 0) return 1;
  const seen = Math.exp(logChoose(trials, onlyFirst) - trials * Math.LN2);
  return onlyFirst === onlySecond ? 1 - seen / 2 : binomialHalf(onlyFirst, trials) - seen;
}
