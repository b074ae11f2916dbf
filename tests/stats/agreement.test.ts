// Coefficients of agreement against scikit-learn, krippendorff and irrCAC: reference_agreement.py made the values.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type Coefficient,
  coefficientOf,
  cohenKappa,
  gwetAC,
  intervalAlpha,
  krippendorffAlpha,
  type Rated,
  rawAgreement,
} from '../../src/analysis/statistics/agreement.ts';
import { agreementInterval } from '../../src/analysis/statistics/agreement-interval.ts';
import { makeRandom } from '../../src/analysis/statistics/random.ts';

type Ratings = readonly (readonly (number | null)[])[];
type ByName = { readonly [name: string]: number };
const reference = JSON.parse(
  readFileSync(new URL('reference-agreement.json', import.meta.url), 'utf8'),
) as unknown as {
  readonly two: Ratings;
  readonly example: Ratings;
  readonly votes: Ratings;
  readonly kappa: ByName;
  readonly alpha: { readonly [set: string]: ByName };
  readonly gwet: { readonly [set: string]: ByName };
};

/** Codes from 0 on. */
const SETS: { readonly [name: string]: { readonly ratings: Ratings; readonly categories: number } } = {
  two: { ratings: reference.two, categories: 3 },
  example: { ratings: reference.example.map((row) => row.map((one) => one && one - 1)), categories: 5 },
  votes: { ratings: reference.votes, categories: 2 },
};
const rated = (ratings: Ratings): readonly Rated[] =>
  ratings.map((row, i) => ({ cluster: String(i), ratings: row }));
const WEIGHTS = ['nominal', 'linear', 'quadratic'] as const;

describe('coefficients', () => {
  it.each(WEIGHTS)("are Cohen's kappa with %s weights, as scikit-learn has it", (weights) => {
    const value = coefficientOf(rated(reference.two), cohenKappa(3, weights));
    expect(value).toBeCloseTo(reference.kappa[weights]!, 12);
  });

  it.each(Object.keys(SETS))("are Krippendorff's alpha of the set %s", (name) => {
    const { ratings, categories } = SETS[name]!;
    const values = {
      nominal: coefficientOf(rated(ratings), krippendorffAlpha(categories, 'nominal')),
      ordinal: coefficientOf(rated(ratings), krippendorffAlpha(categories, 'ordinal')),
      interval: coefficientOf(rated(ratings), intervalAlpha),
    };
    for (const [scale, value] of Object.entries(values))
      expect(value, scale).toBeCloseTo(reference.alpha[name]![scale]!, 12);
  });

  it.each(Object.keys(SETS))("are Gwet's AC1 and AC2 of the set %s", (name) => {
    const { ratings, categories } = SETS[name]!;
    for (const weights of WEIGHTS)
      expect(coefficientOf(rated(ratings), gwetAC(categories, weights)), weights).toBeCloseTo(
        reference.gwet[name]![weights]!,
        11,
      );
  });

  it('are the published ones', () => {
    const { two, example } = SETS as { readonly [name: string]: { readonly ratings: Ratings } };
    expect(coefficientOf(rated(two!.ratings), cohenKappa(3))).toBeCloseTo(0.672131147541, 12);
    expect(coefficientOf(rated(two!.ratings), cohenKappa(3, 'quadratic'))).toBeCloseTo(0.811320754717, 12);
    const alpha = (scale: 'nominal' | 'ordinal') =>
      coefficientOf(rated(example!.ratings), krippendorffAlpha(5, scale));
    expect(alpha('nominal')).toBeCloseTo(0.743421052632, 12);
    expect(alpha('ordinal')).toBeCloseTo(0.815387503755, 12);
  });

  it('see the share of pairs that say the same, and what one rater saw tells nothing', () => {
    const ratings = [
      [1, 1, 0],
      [1, 1],
      [0, null],
      [null, null],
    ];
    expect(coefficientOf(rated(ratings), rawAgreement)).toBeCloseTo((1 / 3 + 1) / 2, 12);
    expect(coefficientOf(rated([[1, null]]), rawAgreement)).toBeNull();
    expect(coefficientOf([], rawAgreement)).toBeNull();
  });

  it('are not defined where all say one thing, but for AC1, which is whole agreement there', () => {
    const same = rated(Array.from({ length: 8 }, () => [1, 1]));
    const value = (coefficient: Coefficient) => coefficientOf(same, coefficient);
    expect([cohenKappa(2), krippendorffAlpha(2, 'nominal'), intervalAlpha].map(value)).toEqual([
      null,
      null,
      null,
    ]);
    expect(value(gwetAC(2))).toBe(1);
  });

  it('of values that only rounding tells apart are not defined either', () => {
    const ratings = Array.from({ length: 30 }, () => [0.1 + 0.2, 0.30000000000000004]);
    expect(coefficientOf(rated(ratings), intervalAlpha)).toBeNull();
  });

  it('do not take 95 % of agreement for none, as kappa does', () => {
    const ratings: Ratings = [
      ...Array.from({ length: 95 }, () => [1, 1]),
      ...Array.from({ length: 3 }, () => [1, 0]),
      [0, 1],
      [0, 1],
    ];
    expect(coefficientOf(rated(ratings), cohenKappa(2))).toBeCloseTo(-0.0246, 3);
    expect(coefficientOf(rated(ratings), gwetAC(2))).toBeCloseTo(0.9474, 3);
  });
});

describe('intervals', () => {
  const noisy = (scenarios: number, runs: number, seed = 5): readonly Rated[] => {
    const random = makeRandom(seed);
    return Array.from({ length: scenarios * runs }, (_, i) => {
      const truth = random.below(2);
      const said = (): number => (random.uniform() < 0.85 ? truth : 1 - truth);
      return { cluster: String(i % scenarios), ratings: [said(), said(), said()] };
    });
  };
  const of = (all: readonly Rated[], coefficient: Coefficient = krippendorffAlpha(2, 'nominal')) =>
    agreementInterval(all, { coefficient, random: makeRandom(1) });

  it('are the same every time, and hold the estimate', () => {
    const all = noisy(40, 1);
    const value = coefficientOf(all, krippendorffAlpha(2, 'nominal'))!;
    const { low, high } = of(all)!;
    expect(of(all)).toEqual({ low, high });
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  });

  it('know that copies of a scenario are no more scenarios', () => {
    const once = noisy(30, 1);
    const thrice = [...once, ...once, ...once];
    expect(of(thrice)!.low).toBeCloseTo(of(once)!.low, 1);
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    const pretended = thrice.map((one, i) => ({ ...one, cluster: String(i) }));
    expect(width(of(pretended)!)).toBeLessThan(0.7 * width(of(thrice)!));
  });

  it('are none where nothing varies, or there is too little to vary', () => {
    const same = Array.from({ length: 20 }, (_, i) => ({ cluster: String(i), ratings: [i % 2, i % 2] }));
    expect(of(same)).toBeNull();
    expect(of(noisy(2, 10))).toBeNull();
  });

  it('of many scenarios are made of groups of them', () => {
    const all = noisy(5_000, 1);
    const { low, high } = of(all)!;
    const value = coefficientOf(all, krippendorffAlpha(2, 'nominal'))!;
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(high - low).toBeLessThan(0.06);
  });
});
