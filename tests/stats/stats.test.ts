// Each method against SciPy and statsmodels on the same inputs: reference.py made reference.json, and says how.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cohenH, hedgesZ, holm, passAtK, passHatK } from '../../src/analysis/statistics/effects.ts';
import { binomialHalf, fisherExact, mcnemarExact, mcnemarMid } from '../../src/analysis/statistics/exact.ts';
import { bcaMean, meanOf, quantileOf, wilson } from '../../src/analysis/statistics/intervals.ts';
import { signFlip } from '../../src/analysis/statistics/permutation.ts';
import { detectable, pairsNeeded, powerOf } from '../../src/analysis/statistics/power.ts';
import { makeRandom } from '../../src/analysis/statistics/random.ts';
import {
  logFactorial,
  normalCdf,
  normalQuantile,
  studentCdf,
  studentQuantile,
} from '../../src/analysis/statistics/special.ts';

const reference = JSON.parse(readFileSync(new URL('reference.json', import.meta.url), 'utf8')) as {
  readonly [name: string]: never;
} as unknown as {
  readonly normalCdf: { readonly [x: string]: number };
  readonly normalQuantile: { readonly [p: string]: number };
  readonly studentQuantile: { readonly [at: string]: number };
  readonly studentCdf: { readonly [at: string]: number };
  readonly logFactorial: { readonly [n: string]: number };
  readonly fisher: readonly number[];
  readonly mcnemar: readonly number[];
  readonly signFlip: readonly number[];
  readonly wilson: readonly (readonly [number, number])[];
  readonly holm: readonly number[];
  readonly bca: readonly (readonly [number, number])[];
};

const TABLES = [
  [8, 2, 1, 5],
  [12, 8, 5, 15],
  [30, 0, 27, 3],
  [120, 80, 95, 105],
  [1, 0, 0, 1],
  [0, 10, 0, 10],
] as const;
const DIFFERENCES = [
  [0.5, -0.2, 0.3, 0.9, 0, 0.4, -0.1, 0.6],
  [1, 1, 1, -1, 1, 1, 0, 1, 1, 1],
  [0.33, 0.33, -0.33, 0.67, 0, 1, 0.33, -0.67, 0.33, 0.33, 0, 0.67],
];
const close = (value: number, wanted: number, within = 1e-9): void =>
  expect(Math.abs(value - wanted), `${value} and ${wanted}`).toBeLessThanOrEqual(
    within * Math.max(1, Math.abs(wanted)),
  );

describe('functions', () => {
  it('of the normal distribution', () => {
    for (const [x, wanted] of Object.entries(reference.normalCdf)) close(normalCdf(Number(x)), wanted, 1e-13);
    for (const [p, wanted] of Object.entries(reference.normalQuantile))
      close(normalQuantile(Number(p)), wanted, 1e-12);
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
    expect(normalQuantile(1.5)).toBeNaN();
  });

  it('of the t distribution', () => {
    for (const [at, wanted] of Object.entries(reference.studentCdf)) {
      const [t, n] = at.split(' ').map(Number);
      close(studentCdf(t!, n!), wanted, 1e-11);
    }
    for (const [at, wanted] of Object.entries(reference.studentQuantile)) {
      const [p, n] = at.split(' ').map(Number);
      close(studentQuantile(p!, n!), wanted, 1e-9);
    }
  });

  it('of factorials', () => {
    for (const [n, wanted] of Object.entries(reference.logFactorial))
      close(logFactorial(Number(n)), wanted, 1e-13);
  });
});

describe('exact tests', () => {
  it('Fisher', () => {
    TABLES.forEach(([a, b, c, d], i) => {
      close(fisherExact({ a, b, c, d }), reference.fisher[i]!);
    });
  });

  it('McNemar', () => {
    const pairs = [
      [1, 9],
      [5, 5],
      [0, 3],
      [12, 25],
    ] as const;
    pairs.forEach(([b, c], i) => {
      close(mcnemarExact(b, c), reference.mcnemar[i]!);
    });
    expect([mcnemarExact(0, 0), binomialHalf(0, 0)]).toEqual([1, 1]);
    // 2 x (P(0) + P(1) / 2) of ten coins = 2 x (1 + 5) / 1,024
    expect([mcnemarMid(1, 9), mcnemarMid(0, 0)]).toEqual([expect.closeTo(12 / 1024, 12), 1]);
  });

  it('sign flips, all of them where there are few, and a seeded sample where there are many', () => {
    DIFFERENCES.forEach((values, i) => {
      expect(signFlip(values, makeRandom(1)).isExact).toBe(true);
      close(signFlip(values, makeRandom(1)).p, reference.signFlip[i]!);
    });
    const many = Array.from({ length: 60 }, (_, n) => Math.sin(n) + 0.2);
    const first = signFlip(many, makeRandom(7));
    expect(first.isExact).toBe(false);
    expect(signFlip(many, makeRandom(7)).p).toBe(first.p);
    expect(signFlip([0, 0, 0], makeRandom(1))).toEqual({ p: 1, midP: 1, isExact: true });
  });
});

describe('intervals', () => {
  it('Wilson', () => {
    const counts = [
      [0, 10],
      [7, 20],
      [19, 20],
      [60, 120],
      [10, 10],
    ] as const;
    counts.forEach(([k, n], i) => {
      close(wilson(k, n).low, reference.wilson[i]![0]);
      close(wilson(k, n).high, reference.wilson[i]![1]);
    });
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });

  it('BCa is that of SciPy, but for the wider tails of few clusters', () => {
    DIFFERENCES.forEach((values, i) => {
      const { low, high } = bcaMean(values, { random: makeRandom(3), resamples: 50_000 });
      const [wantedLow, wantedHigh] = reference.bca[i]!;
      // Expanded tails: the interval holds SciPy's and is at most a third wider.
      expect(low).toBeLessThanOrEqual(wantedLow + 0.01);
      expect(high).toBeGreaterThanOrEqual(wantedHigh - 0.01);
      expect((high - low) / (wantedHigh - wantedLow)).toBeLessThan(1.34);
    });
  });

  it('is the same for the same seed, and a point where nothing varies', () => {
    const values = DIFFERENCES[0]!;
    expect(bcaMean(values, { random: makeRandom(5) })).toEqual(bcaMean(values, { random: makeRandom(5) }));
    expect(bcaMean([2, 2, 2], { random: makeRandom(5) })).toEqual({ low: 2, high: 2, standardError: 0 });
    expect([meanOf([1, 2, 6]), quantileOf([1, 2, 3, 4], 0.5), quantileOf([1], 0.9)]).toEqual([3, 2.5, 1]);
  });
});

describe('effects', () => {
  it('Holm', () => {
    holm([0.01, 0.04, 0.03, 0.005, 0.5]).forEach((value, i) => {
      close(value, reference.holm[i]!, 1e-12);
    });
    expect(holm([])).toEqual([]);
  });

  it('sizes as in their books', () => {
    // Cohen 1988, table 6.2.2: phi(.65) = 1.875, phi(.45) = 1.471.
    expect(cohenH(0.65, 0.45)).toBeCloseTo(0.405, 3);
    expect(hedgesZ([1, 2, 3, 4, 5])).toBeCloseTo((3 / Math.sqrt(2.5)) * (1 - 3 / 15), 12);
    expect([hedgesZ([0, 0]), hedgesZ([1, 1])]).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  it('repeated tries', () => {
    // Of 5 tries 2 passed: C(3,2)/C(5,2) = 0.3 draws of two hold no pass, C(2,2)/C(5,2) = 0.1 hold nothing else.
    expect(passAtK({ n: 5, passes: 2, k: 2 })).toBeCloseTo(0.7, 12);
    expect(passHatK({ n: 5, passes: 2, k: 2 })).toBeCloseTo(0.1, 12);
    expect([
      passAtK({ n: 3, passes: 0, k: 3 }),
      passAtK({ n: 3, passes: 1, k: 3 }),
      passAtK({ n: 2, passes: 1, k: 3 }),
    ]).toEqual([0, 1, null]);
    expect([
      passHatK({ n: 3, passes: 3, k: 3 }),
      passHatK({ n: 3, passes: 1, k: 2 }),
      passHatK({ n: 2, passes: 1, k: 3 }),
    ]).toEqual([1, 0, null]);
  });

  it('power and what it takes are two sides of one thing', () => {
    // R: power.t.test(n = 20, delta = 0.5, sd = 1, type = "paired", strict = TRUE) is 0.5645044.
    expect(powerOf({ difference: 0.5, deviation: 1, pairs: 20 })).toBeCloseTo(0.5645044, 6);
    expect(pairsNeeded({ difference: 0.5, deviation: 1 })).toBe(34);
    expect(pairsNeeded({ difference: 0, deviation: 1 })).toBeNull();
    const least = detectable({ deviation: 1, pairs: 32 });
    expect(powerOf({ difference: least, deviation: 1, pairs: 32 })).toBeCloseTo(0.8, 4);
    expect([
      powerOf({ difference: 1, deviation: 0, pairs: 3 }),
      powerOf({ difference: 0, deviation: 0, pairs: 3 }),
    ]).toEqual([1, 0.05]);
  });
});
