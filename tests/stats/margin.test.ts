// Not worse, or the same up to a margin: held against statsmodels, and against what must not be concluded.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeMarginDecision, marginTest, SAME_LEVEL } from '../../src/analysis/statistics/margin.ts';
import { makeRandom } from '../../src/analysis/statistics/random.ts';

type Reference = {
  readonly kind: 'pass' | 'bounded' | 'amount';
  readonly differences: readonly number[];
  readonly margin: number;
} & { readonly [name in 'same' | 'above' | 'below' | 'low' | 'high']: number };

const references = JSON.parse(
  readFileSync(new URL('reference-margin.json', import.meta.url), 'utf8'),
) as readonly Reference[];

test.each(references)('two one-sided tests are those of statsmodels: $kind, margin $margin', (of) => {
  const { margin, kind: values, differences } = of;
  const higher = marginTest(differences, { margin, lowerIsBetter: false, values });
  const lower = marginTest(differences, { margin, lowerIsBetter: true, values });
  expect(higher.same).toBeCloseTo(of.same, 8);
  expect(higher.notWorse).toBeCloseTo(of.above, 8);
  expect(lower.notWorse).toBeCloseTo(of.below, 8);
  expect(higher.interval!.low).toBeCloseTo(of.low, 8);
  expect(higher.interval!.high).toBeCloseTo(of.high, 8);
});

test('the interval of 90 % lies within the margin where both tests are passed at 5 %, and only there', () => {
  const random = makeRandom(2);
  for (let e = 0; e < 300; e++) {
    const differences = Array.from({ length: 12 }, () => random.uniform() - 0.5);
    const margin = 0.05 + 0.3 * random.uniform();
    const { same, interval } = marginTest(differences, { margin, lowerIsBetter: false, values: 'bounded' });
    expect(same! < SAME_LEVEL).toBe(interval!.low > -margin && interval!.high < margin);
  }
});

test('twenty scenarios that all pass are not the same up to 0.05, and four hundred are', () => {
  const of = (count: number): number =>
    marginTest(Array<number>(count).fill(0), { margin: 0.05, lowerIsBetter: false, values: 'pass' }).same!;
  expect(of(20)).toBeGreaterThan(0.2);
  expect(of(400)).toBeLessThan(0.001);
});

test('of amounts where nothing varied nothing is told', () => {
  expect(marginTest([5, 5, 5], { margin: 10, lowerIsBetter: true, values: 'amount' })).toEqual({
    margin: 10,
    same: null,
    notWorse: null,
    worse: null,
    interval: null,
  });
  expect(marginTest([0.2], { margin: 1, lowerIsBetter: true, values: 'amount' }).same).toBeNull();
});

test('the decision without p is the same, in each direction', () => {
  const random = makeRandom(6);
  for (let e = 0; e < 300; e++) {
    const values = e % 2 ? 'pass' : 'bounded';
    const one = (): number => (e % 2 ? Math.round(2 * random.uniform() - 1) : random.uniform() - 0.4);
    const differences = Float64Array.from({ length: 9 }, one);
    const margin = 0.6;
    const of = { count: 9, margin, isPass: values === 'pass', level: 0.05 };
    const told = marginTest([...differences], { margin, lowerIsBetter: false, values });
    const below = marginTest([...differences], { margin, lowerIsBetter: true, values }).notWorse;
    expect(makeMarginDecision({ ...of, asks: 'same' })(differences)).toBe(told.same! < 0.05);
    expect(makeMarginDecision({ ...of, asks: 'above' })(differences)).toBe(told.notWorse! < 0.05);
    expect(makeMarginDecision({ ...of, asks: 'below' })(differences)).toBe(below! < 0.05);
  }
});
