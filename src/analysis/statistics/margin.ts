// Not worse by more than a margin, or the same up to it: tests whose null hypothesis is that the arms do differ. Pure.
import { deviationOf, type Interval, meanOf } from './intervals.ts';
import { studentCdf, studentQuantile } from './special.ts';

/** Each of the two tests of equivalence; so its interval is one of 90 %. D. Schuirmann (1987). */
export const SAME_LEVEL = 0.05;
/** One-sided, as regulators and journals ask: FDA, "Non-Inferiority Clinical Trials" (2016); G. Piaggio et al., CONSORT, JAMA 308 (2012). */
export const NOT_WORSE_LEVEL = 0.025;

export type MarginTest = {
  readonly margin: number;
  /** Of the null hypothesis that the arms differ by the margin or more: the larger p of both one-sided tests. null = no telling. */
  readonly same: number | null;
  /** Of the null hypothesis that the second arm is worse by the margin or more. */
  readonly notWorse: number | null;
  /** Of the null hypothesis that the second arm is worse by no more than the margin. */
  readonly worse: number | null;
  /** 90 %: within the margin on both sides is what `same` at 5 % says. */
  readonly interval: Interval | null;
};

/**
 * Two one-sided tests (D. Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15, 1987, 657-680) by Student's t over
 * the scenarios' differences and some more, so far up and down as to keep the level where differences are few, coarse or
 * skewed. Of passes two of +1 and two of -1 (one of each: D. Bonett and R. Price, Journal of Educational and Behavioral
 * Statistics 37, 2012, 479-488; two: A. Agresti and B. Coull, The American Statistician 52, 1998, for they keep 2.5 % as well);
 * of other numbers one of each, as far from the mean as the farthest. Without them twenty scenarios that all pass would be "the
 * same" where one of twenty truly fails, in 36 % of experiments; flips shifted by the margin err as far: bench/aa/margin.ts.
 * @param differences second minus first, one a scenario
 */
export function marginTest(
  differences: readonly number[],
  input: {
    readonly margin: number;
    readonly lowerIsBetter: boolean;
    /** `pass`: every value is 0 or 1. `bounded`: between them. */
    readonly values: 'pass' | 'bounded' | 'amount';
  },
): MarginTest {
  const { margin, lowerIsBetter } = input;
  const widened = widen(differences, input.values);
  if (widened === null) return { margin, same: null, notWorse: null, worse: null, interval: null };
  const n = widened.length;
  const mean = meanOf(widened);
  const error = deviationOf(widened) / Math.sqrt(n);
  const above = (limit: number): number => 1 - studentCdf((mean - limit) / error, n - 1);
  const below = (limit: number): number => 1 - studentCdf((limit - mean) / error, n - 1);
  const half = studentQuantile(1 - SAME_LEVEL, n - 1) * error;
  return {
    margin,
    same: Math.max(above(-margin), below(margin)),
    notWorse: lowerIsBetter ? below(margin) : above(-margin),
    worse: lowerIsBetter ? above(margin) : below(-margin),
    interval: { low: mean - half, high: mean + half },
  };
}

/** null = nothing says how far other scenarios may be off. */
function widen(
  differences: readonly number[],
  values: 'pass' | 'bounded' | 'amount',
): readonly number[] | null {
  if (differences.length < 2) return null;
  const mean = meanOf(differences);
  const farthest = differences.reduce((most, one) => Math.max(most, Math.abs(one - mean)), 0);
  const varies = farthest > 1e-12 * Math.max(Math.abs(mean), 1e-300);
  if (values === 'pass' || (values === 'bounded' && !varies)) return [...differences, 1, -1, 1, -1];
  return varies ? [...differences, mean + farthest, mean - farthest] : null;
}

/** The same decision without p, for simulations: critical values are looked up once. */
export function makeMarginDecision(input: {
  readonly count: number;
  readonly margin: number;
  readonly isPass: boolean;
  /** `same`: on both sides. `above`: not lower by the margin. `below`: not higher by it. */
  readonly asks: 'same' | 'above' | 'below';
  readonly level: number;
}): (differences: Float64Array) => boolean {
  const { count, margin, isPass, asks } = input;
  // With so many scenarios more, of which one is not free.
  const [ofPass, ofOther] = [4, 2].map((more) => studentQuantile(1 - input.level, count + more - 1)) as [
    number,
    number,
  ];
  return (differences) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += differences[i]!;
    const centre = sum / count;
    let squares = 0;
    let farthest = 0;
    for (let i = 0; i < count; i++) {
      const off = Math.abs(differences[i]! - centre);
      squares += off * off;
      if (off > farthest) farthest = off;
    }
    const isWidened = isPass || farthest < 1e-12;
    const n = count + (isWidened ? 4 : 2);
    const mean = isWidened ? sum / n : centre;
    // About the mean of all: what is added lies as far above 0, or above the mean, as below.
    const all = isWidened
      ? squares + count * (centre - mean) ** 2 + 4 + 4 * mean * mean
      : squares + 2 * farthest * farthest;
    const half = (isWidened ? ofPass : ofOther) * Math.sqrt(all / (n - 1) / n);
    return (asks === 'below' || mean - half > -margin) && (asks === 'above' || mean + half < margin);
  };
}
