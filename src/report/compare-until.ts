// Arms that `until:` drew further: whoever looked after each run and stopped when it was enough has looked often. What is
// concluded of them is corrected for all looks that were planned, and says so. Pure.
import { type PlannedLooks, plannedLooks } from '../core/until.ts';
import { formatAmount } from '../progress/format.ts';
import { type ArmValues, type Comparison, type Designed, differenceInterval } from '../stats/compare.ts';
import { levelPerLook, overLooks } from '../stats/sequential.ts';
import type { CompareInput } from './compare-input.ts';
import { formatP } from './compare-numbers.ts';
import type { Block } from './sheet.ts';

/** Of a pair; null = it was not drawn by looks, or it is about another time. */
export function looksOf(
  { arms, until }: Pick<CompareInput, 'arms' | 'until'>,
  pair: readonly [number, number],
): PlannedLooks | null {
  const [first, second] = [arms[pair[0]]!, arms[pair[1]]!];
  if (first.at !== null || second.at !== null) return null;
  return plannedLooks(until, [first.variant, second.variant]);
}

/** The same comparison with the interval and the p that are true whenever, and for whatever reason, one stopped. */
export function overAllLooks(
  comparison: Comparison,
  of: {
    readonly first: ArmValues;
    readonly second: ArmValues;
    readonly design: Designed;
    readonly looks: PlannedLooks | null;
  },
): Comparison {
  const { first, second, design, looks } = of;
  if (looks === null) return comparison;
  const { permutation, method } = comparison;
  const interval = differenceInterval(first, second, { ...design, level: 1 - levelPerLook(looks) });
  return {
    ...comparison,
    // Where nothing says how sure a mean is, nothing says it of the looks either.
    ...(method === 'none' || interval === null ? {} : { interval }),
    permutation: {
      ...permutation,
      p: overLooks(permutation.p, looks),
      midP: overLooks(permutation.midP, looks),
    },
  };
}

/** What one look may be wrong by; of what was drawn once, all of it. */
export function levelOf(looks: PlannedLooks | null): number {
  return looks === null ? 0.05 : levelPerLook(looks);
}

/** Said beside the numbers that it changed. */
export function looksBlocks(looks: PlannedLooks | null): readonly Block[] {
  if (looks === null) return [];
  const count = formatAmount(looks.last - looks.first + 1, 'look');
  const sentence = `Runs were drawn until it was enough: after each of them from ${looks.first} to ${looks.last} there is a look. p and intervals of differences are corrected for all ${count}, each of which is held to p <= ${formatP(levelPerLook(looks))} (docs/until.md).`;
  return [{ kind: 'sentences', head: null, tone: 'weak', sentences: [sentence] }];
}
