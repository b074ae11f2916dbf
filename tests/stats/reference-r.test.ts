// Against R on the same inputs: reference.R made reference-r.json.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { comparePaired, summarizeArm } from '../../src/analysis/statistics/compare.ts';
import { holm } from '../../src/analysis/statistics/effects.ts';
import { fisherExact, mcnemarExact } from '../../src/analysis/statistics/exact.ts';
import {
  bcaMean,
  squareAndAdd,
  studentMean,
  wilson,
  wilsonOverClusters,
} from '../../src/analysis/statistics/intervals.ts';
import { detectable, powerOf } from '../../src/analysis/statistics/power.ts';
import { makeRandom } from '../../src/analysis/statistics/random.ts';

const r = JSON.parse(readFileSync(new URL('reference-r.json', import.meta.url), 'utf8')) as {
  readonly [name in 'bca' | 'student' | 'wilson']: readonly (readonly [number, number])[];
} & { readonly [name in 'fisher' | 'mcnemar' | 'holm' | 'power' | 'detectable']: readonly number[] };

const DIFFERENCES = [
  [0.5, -0.2, 0.3, 0.9, 0, 0.4, -0.1, 0.6],
  [0.33, 0.33, -0.33, 0.67, 0, 1, 0.33, -0.67, 0.33, 0.33, 0, 0.67],
];

const close = (values: readonly number[], wanted: readonly number[], within: number): void => {
  expect(values).toHaveLength(wanted.length);
  values.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!), `${value} and ${wanted[i]}`).toBeLessThan(within);
  });
};

test('exact tests, correction, intervals and power are those of R to 1e-6', () => {
  close(
    [
      fisherExact({ a: 3, b: 1, c: 1, d: 3 }),
      fisherExact({ a: 8, b: 2, c: 1, d: 5 }),
      fisherExact({ a: 120, b: 80, c: 95, d: 105 }),
    ],
    r.fisher,
    1e-6,
  );
  // The last: approval of a prime minister, A. Agresti, "Categorical Data Analysis" (2002), table 10.1.
  close([mcnemarExact(1, 9), mcnemarExact(12, 25), mcnemarExact(86, 150)], r.mcnemar, 1e-6);
  close(holm([0.01, 0.04, 0.03, 0.005, 0.5, 0.005]), r.holm, 1e-6);
  [wilson(7, 20), wilson(60, 120)].forEach(({ low, high }, i) => {
    close([low, high], r.wilson[i]!, 1e-6);
  });
  DIFFERENCES.forEach((values, i) => {
    const { low, high } = studentMean(values);
    close([low, high], r.student[i]!, 1e-6);
  });
  const at = (pairs: number, difference: number): number => powerOf({ pairs, difference, deviation: 1 });
  close([at(5, 1), at(20, 0.5), at(32, 0.5), at(200, 0.1), at(3, 2)], r.power, 1e-6);
  close(
    [3, 8, 10, 20, 100].map((pairs) => detectable({ pairs, deviation: 1 })),
    r.detectable,
    1e-6,
  );
});

test('BCa with normal tails is that of R to within what resampling varies', () => {
  DIFFERENCES.forEach((values, i) => {
    const { low, high } = bcaMean(values, { random: makeRandom(3), resamples: 50_000, tails: 'normal' });
    close([low, high], r.bca[i]!, 0.02);
  });
});

test('Wilson over clusters counts what is independent', () => {
  // Runs that always agree tell no more than one; runs that know nothing of their scenario count each.
  const agreeing = Array.from({ length: 20 }, (_, i) => Number(i < 14));
  const { low, high } = wilsonOverClusters(agreeing, { trials: 60 });
  const one = wilson(14 * 0.95, 20 * 0.95);
  close([low, high], [one.low, one.high], 1e-9);
  const even = wilsonOverClusters([0.5, 0.5, 0.5, 0.5], { trials: 8 });
  close([even.low, even.high], [wilson(4, 8).low, wilson(4, 8).high], 1e-9);
  expect(wilsonOverClusters([1, 1, 1], { trials: 9 })).toEqual(wilson(3, 3));
});

test("square and add is Newcombe's table II, example (a): 56/70 and 48/80", () => {
  const [first, second] = [wilson(48, 80), wilson(56, 70)];
  const { low, high } = squareAndAdd({ ...first, p: 48 / 80 }, { ...second, p: 56 / 70 });
  close([low, high], [0.0524, 0.3339], 1e-4);
});

test('arms that are alike everywhere are not alike for certain', () => {
  const arm = new Map(Array.from({ length: 10 }, (_, i) => [`s${i}`, [1, 1, 1]]));
  const paired = comparePaired(arm, arm, 1)!;
  expect(paired.method).toBe('newcombe');
  expect(paired.interval.high).toBeCloseTo(1 - wilson(10, 10).low, 12);
  expect(summarizeArm(arm, 1)!.interval).toEqual(wilson(10, 10));
  const latency = new Map([['s', [2.5, 2.5]]]);
  expect([comparePaired(latency, latency, 1)!.method, summarizeArm(latency, 1)!.method]).toEqual([
    'none',
    'none',
  ]);
});
