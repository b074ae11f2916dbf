// How large, how reliable, how many: effect sizes, correction over several tests, repeated tries. Pure.
import { deviationOf, meanOf } from './intervals.ts';
import { areAlike } from './rounding.ts';

/** Difference of two proportions on the arcsine scale. J. Cohen, "Statistical Power Analysis" (1988), chapter 6. */
export function cohenH(first: number, second: number): number {
  return 2 * Math.asin(Math.sqrt(first)) - 2 * Math.asin(Math.sqrt(second));
}

/** Mean of paired differences in their standard deviations (Cohen 1988, d_z), with Hedges' correction for few pairs. */
export function hedgesZ(differences: readonly number[]): number {
  const deviation = deviationOf(differences);
  if (deviation === 0 || areAlike(differences))
    return meanOf(differences) === 0 ? 0 : Math.sign(meanOf(differences)) * Number.POSITIVE_INFINITY;
  const degrees = differences.length - 1;
  return (meanOf(differences) / deviation) * (1 - 3 / (4 * degrees - 1));
}

/** S. Holm, Scandinavian Journal of Statistics 6 (1979). Adjusted p values, in the order given. */
export function holm(values: readonly number[]): readonly number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const adjusted = [...values];
  let most = 0;
  order.forEach((index, rank) => {
    most = Math.max(most, Math.min(1, values[index]! * (values.length - rank)));
    adjusted[index] = most;
  });
  return adjusted;
}

/** At least one of k tries passes: unbiased from n tries of which `passes` did. M. Chen et al., arXiv:2107.03374 (2021). */
export function passAtK({
  n,
  passes,
  k,
}: {
  readonly n: number;
  readonly passes: number;
  readonly k: number;
}): number | null {
  if (k > n) return null;
  if (n - passes < k) return 1;
  return k === 1 ? passes / n : 1 - chosen({ of: n - passes, from: n, k });
}

/** All of k tries pass. S. Yao et al., tau-bench, arXiv:2406.12045 (2024). */
export function passHatK({
  n,
  passes,
  k,
}: {
  readonly n: number;
  readonly passes: number;
  readonly k: number;
}): number | null {
  if (k > n) return null;
  if (passes < k) return 0;
  return chosen({ of: passes, from: n, k });
}

/** C(of, k) / C(from, k) as a product: one rounding a factor, where logarithms leave some of their size. */
function chosen({ of, from, k }: { readonly of: number; readonly from: number; readonly k: number }): number {
  let share = 1;
  for (let i = 0; i < k; i++) share *= (of - i) / (from - i);
  return share;
}
