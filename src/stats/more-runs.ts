// How many runs of these scenarios would find the difference that was seen. More runs average out how one scenario's
// answers vary; how scenarios vary among themselves stays. Pure.
import { type ArmValues, pairedDifferences } from './compare.ts';
import { deviationOf, meanOf } from './intervals.ts';
import { detectable } from './power.ts';

/** `runs` of each scenario in each arm. `out-of-reach`: with these scenarios no number of runs would do. */
export type MoreRuns =
  | { readonly kind: 'runs'; readonly runs: number }
  | { readonly kind: 'out-of-reach' }
  /** Nothing was seen, or it takes two runs of each scenario to know how answers vary. */
  | { readonly kind: 'unknown' };

/**
 * The variance of a scenario's difference is taken apart into that between scenarios and that of the means of runs (one-way
 * random effects; G. Snedecor and W. Cochran, "Statistical Methods", chapter 13), for a power of 80 % at 5 %.
 */
export function runsNeeded(first: ArmValues, second: ArmValues): MoreRuns {
  const { first: a, second: b, differences } = pairedDifferences(first, second);
  const pairs = a.map((runs, i) => ({ a: runs, b: b[i]! }));
  if (pairs.length < 2 || pairs.some(({ a, b }) => a.length < 2 || b.length < 2)) return { kind: 'unknown' };
  const seen = meanOf(differences);
  if (seen === 0) return { kind: 'unknown' };
  const ofRuns = meanOf(pairs.map(({ a, b }) => ofMean(a) + ofMean(b)));
  const between = Math.max(0, deviationOf(differences) ** 2 - ofRuns);
  // What the variance of one difference may be, so that this many of them show what was seen.
  const allowed = (seen / detectable({ deviation: 1, pairs: pairs.length })) ** 2;
  if (allowed <= between) return { kind: 'out-of-reach' };
  const runs = meanOf(pairs.map(({ a, b }) => (a.length + b.length) / 2));
  return { kind: 'runs', runs: Math.max(1, Math.ceil((runs * ofRuns) / (allowed - between))) };
}

function ofMean(runs: readonly number[]): number {
  return deviationOf(runs) ** 2 / runs.length;
}
