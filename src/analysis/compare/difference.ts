// The difference of two arms, and what is left of it when several differences are looked at together. Pure.

import type { PlannedLooks } from '../../core/until.ts';
import { type ArmValues, comparePaired, type Designed, differenceInterval } from '../statistics/compare.ts';
import { holm } from '../statistics/effects.ts';
import { fisherExact, mcnemarExact } from '../statistics/exact.ts';
import { type Interval, meanOf } from '../statistics/intervals.ts';
import { powerBefore } from './power.ts';
import type { Difference, PassTests } from './result.ts';
import { SEED } from './seed.ts';
import { levelOf, overAllLooks } from './until.ts';

/** Both arms of a pair, over all scenarios or over those of a group. */
export type Both = {
  readonly first: ArmValues;
  readonly second: ArmValues;
  readonly isPass: boolean;
  readonly design: Designed;
  readonly looks: PlannedLooks | null;
};
export function differenceOf({ first, second, isPass, design, looks }: Both): Difference | null {
  const once = comparePaired(first, second, SEED, design);
  if (once === null) return null;
  const comparison = overAllLooks(once, { first, second, design, looks });
  const names = [...first.keys()].filter((name) => second.has(name));
  const means = (values: ArmValues): readonly number[] => names.map((name) => meanOf(values.get(name)!));
  const both = { first: means(first), second: means(second) };
  return {
    means: { first: meanOf(both.first), second: meanOf(both.second) },
    comparison,
    adjustedP: comparison.permutation.p,
    tests: 1,
    adjustedInterval: comparison.interval,
    // Both count scenarios as if each were alone.
    passTests: isPass && !design.clusterOf ? passTestsOf(both) : null,
    power: powerBefore(comparison.units),
  };
}

function passTestsOf(means: {
  readonly first: readonly number[];
  readonly second: readonly number[];
}): PassTests {
  const first = means.first.map((mean) => mean > 0.5);
  const second = means.second.map((mean) => mean > 0.5);
  const onlyFirst = first.filter((passed, i) => passed && !second[i]).length;
  const onlySecond = second.filter((passed, i) => passed && !first[i]).length;
  const count = (of: readonly boolean[]): { readonly passed: number; readonly failed: number } => {
    const passed = of.filter(Boolean).length;
    return { passed, failed: of.length - passed };
  };
  const [a, b] = [count(first), count(second)];
  return {
    mcnemar: { onlyFirst, onlySecond, p: mcnemarExact(onlyFirst, onlySecond) },
    fisher: { first: a, second: b, p: fisherExact({ a: a.passed, b: a.failed, c: b.passed, d: b.failed }) },
  };
}

/** p by Holm's method; intervals by Bonferroni's, for which all of them together hold 95 % whatever the truth is. */
export function adjust(
  of: readonly { readonly difference: Difference | null; readonly both: Omit<Both, 'isPass'> }[],
  beside: readonly number[] = [],
): readonly (Difference | null)[] {
  const there = of.flatMap(({ difference }) => difference ?? []);
  const ps = holm([...there.map(({ comparison }) => comparison.permutation.p), ...beside]);
  const tests = there.length + beside.length;
  let next = 0;
  return of.map(({ difference, both }) => {
    if (difference === null) return null;
    const { interval, method } = difference.comparison;
    const isWider = tests > 1 && method !== 'none';
    const adjustedInterval = isWider ? intervalBeside(both, tests) : interval;
    return { ...difference, adjustedP: ps[next++]!, tests, adjustedInterval };
  });
}

function intervalBeside({ first, second, design, looks }: Omit<Both, 'isPass'>, tests: number): Interval {
  const level = 1 - levelOf(looks, tests);
  return differenceInterval(first, second, { ...design, level })!;
}
