// What rounding leaves is no difference: sums, ties, constant differences, bounds.
import { describe, expect, test } from 'vitest';
import { type ArmValues, comparePaired, summarizeArm } from '../../src/analysis/statistics/compare.ts';
import { hedgesZ } from '../../src/analysis/statistics/effects.ts';
import {
  bcaMean,
  deviationOf,
  meanOf,
  wilson,
  wilsonOverClusters,
} from '../../src/analysis/statistics/intervals.ts';
import { makeRandom, type Random } from '../../src/analysis/statistics/random.ts';
import { areAlike, levelled, share } from '../../src/analysis/statistics/rounding.ts';
import { exactSum } from '../../src/analysis/statistics/sums.ts';

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}

const armOf = (runs: readonly (readonly number[])[]): ArmValues =>
  new Map(runs.map((values, i) => [`s${String(i).padStart(3, '0')}`, values]));
const same = (count: number, runs: readonly number[]): ArmValues =>
  armOf(Array.from({ length: count }, () => runs));

describe('a sum', () => {
  test('is rounded once, whatever cancels out', () => {
    expect(exactSum([1e100, 1, -1e100])).toBe(1);
    expect(exactSum(Array(10).fill(0.1))).toBe(1);
    expect(exactSum([1, 1e-16, 1e-16])).toBe(1.0000000000000002);
    // Half way between neighbours, and a little more: python3 -c "import math; print(math.fsum([1, 2**-53, 2**-106]))"
    expect(exactSum([1, 2 ** -53, 2 ** -106])).toBe(1 + 2 ** -52);
    expect(exactSum([2 ** 53, 1, 1])).toBe(2 ** 53 + 2);
    expect([exactSum([]), exactSum([Number.POSITIVE_INFINITY, 1])]).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  test('and a mean and a deviation are the same to the last bit in every order', () => {
    const random = makeRandom(1);
    for (let n = 0; n < 200; n++) {
      const values = Array.from(
        { length: 1 + random.below(40) },
        () => (random.uniform() - 0.5) * 10 ** (random.below(30) - 15),
      );
      const others = shuffled(values, random);
      expect(exactSum(others)).toBe(exactSum(values));
      expect(meanOf(others)).toBe(meanOf(values));
      expect(deviationOf(others)).toBe(deviationOf(values));
    }
  });

  test('of numbers that are all alike has them as its mean, and no deviation', () => {
    for (const one of [1 / 3, 0.1, 1e-9 / 7, 1e15 / 7])
      for (const count of [2, 3, 7, 10, 49]) {
        expect(meanOf(Array(count).fill(one))).toBe(one);
        expect(deviationOf(Array(count).fill(one))).toBe(0);
      }
  });
});

describe('the same numbers in another order', () => {
  test('are alike: nothing is found in 8 scenarios of .1 .2 .3 against .3 .2 .1', () => {
    const found = comparePaired(same(8, [0.1, 0.2, 0.3]), same(8, [0.3, 0.2, 0.1]), 1)!;
    expect(found).toMatchObject({
      difference: 0,
      effect: 0,
      method: 'none',
      interval: { low: 0, high: 0 },
      signs: { better: 0, worse: 0, same: 8 },
      permutation: { p: 1, midP: 1 },
    });
  });

  test('are alike where they were calculated otherwise: 0.1 + 0.2 is 0.3', () => {
    const found = comparePaired(same(8, [0.1 + 0.2, 1]), same(8, [0.3, 1]), 1)!;
    expect([found.difference, found.signs.same, found.permutation.p]).toEqual([0, 8, 1]);
    expect(
      summarizeArm(
        armOf([
          [0.1 + 0.2, 0.3],
          [1, 1],
        ]),
        1,
      )!.consistency,
    ).toEqual({ alike: 2, of: 2 });
  });
});

describe('a constant difference', () => {
  test('has no effect that can be told and no interval, however its last bits differ', () => {
    const first = armOf(Array.from({ length: 12 }, (_, i) => [i / 13, i / 7]));
    const second = new Map([...first].map(([name, runs]) => [name, runs.map((one) => one + 1 / 3)]));
    const found = comparePaired(first, second, 1)!;
    expect(found.difference).toBeCloseTo(1 / 3, 12);
    expect(found.effect).toBe(Number.POSITIVE_INFINITY);
    expect([found.method, found.interval.high - found.interval.low]).toEqual(['none', 0]);
    expect(found.signs).toEqual({ better: 12, worse: 0, same: 0 });
    expect(found.permutation.p).toBe(2 ** -11);
  });

  test('of thirds of passes is one too', () => {
    const first = armOf([
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
      [0, 1, 1],
      [1, 0, 1],
      [0, 0, 0],
    ]);
    const second = armOf([
      [1, 0, 1],
      [0, 1, 1],
      [1, 1, 0],
      [1, 1, 1],
      [1, 1, 1],
      [0, 0, 1],
    ]);
    const found = comparePaired(first, second, 1)!;
    expect(found.effect).toBe(Number.POSITIVE_INFINITY);
    // Of passes both arms' own intervals tell a width.
    expect(found.method).toBe('newcombe');
  });

  test('is told from one that varies by a thousandth', () => {
    const first = armOf(Array.from({ length: 8 }, () => [0]));
    const second = armOf(Array.from({ length: 8 }, (_, i) => [0.3 + (i % 2) * 0.001]));
    const found = comparePaired(first, second, 1)!;
    expect(found.method).toBe('student');
    expect(Number.isFinite(found.effect)).toBe(true);
  });

  test('is seen by each number that is asked for by itself', () => {
    const values = [1 / 3, 0.3333333333333333, 0.33333333333333337];
    expect(areAlike(values)).toBe(true);
    expect(hedgesZ(values)).toBe(Number.POSITIVE_INFINITY);
    expect(bcaMean(values, { random: makeRandom(1) }).standardError).toBe(0);
    expect(new Set(levelled([1 / 3, -0.33333333333333337, 0, 1e-17], [1e-14, 1e-14, 0, 1e-14]))).toEqual(
      new Set([1 / 3, -1 / 3, 0]),
    );
  });
});

describe('a share', () => {
  test('that misses 0 or 1 by its last bit is at the bound', () => {
    expect([share(1 - 1e-16), share(1 + 2e-16), share(5.5e-17), share(0.999)]).toEqual([1, 1, 0, 0.999]);
    expect(wilson(3 * (1 - 1e-16), 3)).toEqual(wilson(3, 3));
    const near = wilsonOverClusters([1, 1, 1 - 1e-16, 1], { trials: 12 });
    expect(near).toEqual(wilsonOverClusters([1, 1, 1, 1], { trials: 12 }));
    const values = armOf([
      [1 - 1e-16, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(summarizeArm(values, 1)).toEqual(
      summarizeArm(
        armOf([
          [1, 1],
          [1, 1],
          [1, 1],
        ]),
        1,
      ),
    );
  });
});

type Made = {
  readonly first: readonly (readonly number[])[];
  readonly second: readonly (readonly number[])[];
};

function made(random: Random): Made {
  const count = 4 + random.below(8);
  const runs = 1 + random.below(4);
  const draw = (): readonly number[] => Array.from({ length: runs }, () => random.below(11) / 10);
  const first = Array.from({ length: count }, draw);
  const second = first.map((of) => (random.below(3) === 0 ? of : draw()));
  return { first, second };
}

describe('no verdict is moved', () => {
  const random = makeRandom(7);
  const cases = Array.from({ length: 12 }, () => made(random));

  test('by the order of runs and of scenarios', () => {
    for (const { first, second } of cases) {
      const order = shuffled(
        first.map((_, i) => i),
        random,
      );
      const again = (runs: Made['first']): ArmValues => armOf(order.map((i) => shuffled(runs[i]!, random)));
      expect(comparePaired(again(first), again(second), 1)).toEqual(
        comparePaired(armOf(first), armOf(second), 1),
      );
      expect(summarizeArm(again(first), 1)).toEqual(summarizeArm(armOf(first), 1));
    }
  });

  test('by another unit: values times a power of ten', () => {
    for (const { first, second } of cases)
      for (const power of [-9, -3, 1, 4, 12]) {
        const scaled = (runs: Made['first']): ArmValues =>
          armOf(runs.map((of) => of.map((one) => one * 10 ** power)));
        expect(comparePaired(scaled(first), scaled(second), 1)!.signs).toEqual(
          comparePaired(armOf(first), armOf(second), 1)!.signs,
        );
        expect(comparePaired(scaled(first), scaled(second), 1)!.permutation).toEqual(
          comparePaired(armOf(first), armOf(second), 1)!.permutation,
        );
      }
  });

  test('by a constant that is added to all values', () => {
    for (const { first, second } of cases)
      for (const constant of [1 / 3, 100, 123_456.789]) {
        const moved = (runs: Made['first']): ArmValues =>
          armOf(runs.map((of) => of.map((one) => one + constant)));
        const [found, was] = [
          comparePaired(moved(first), moved(second), 1)!,
          comparePaired(armOf(first), armOf(second), 1)!,
        ];
        expect([found.signs, found.permutation]).toEqual([was.signs, was.permutation]);
      }
  });
});
