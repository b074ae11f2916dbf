// pass@k with its scenarios, one arm alone, clusters, categories that differ, corrected intervals.
import { describe, expect, test } from 'vitest';
import { compareArms } from '../../src/analysis/compare/compare.ts';
import type { CompareInput } from '../../src/analysis/compare/input.ts';
import { compareJson } from '../../src/report/compare/json.ts';
import { compareSheet } from '../../src/report/compare/sheet.ts';
import { conclusionsOf } from '../../src/report/compare/words.ts';
import { sheetText } from '../../src/text/sheet-text.ts';
import { arm, question, scenarios } from './compare-data.ts';

const text = (input: CompareInput): string =>
  sheetText(compareSheet(compareArms(input)), { columns: 120, colors: false });
const words = (input: CompareInput): readonly string[] => {
  const compared = compareArms(input);
  const { can, cannot } = conclusionsOf(compared, (at) => compared.arms[at]!.name);
  return [...can, ...cannot];
};

describe('pass@k and pass^k', () => {
  const uneven = scenarios(8, (i) => (i < 3 ? [1, 0] : [1, 0, 1, 1]));
  const even = scenarios(8, () => [1, 1, 0]);
  const asked = question([arm('a', uneven), arm('b', even)], { metric: 'pass' });

  test('are told for every k with an interval and the scenarios that were drawn as often', () => {
    const { passK } = compareArms(asked).arms[0]!;
    expect(passK!.map(({ k, scenarios: over, of }) => [k, over, of])).toEqual([
      [1, 8, 8],
      [2, 8, 8],
      [3, 5, 8],
      [4, 5, 8],
    ]);
    for (const { at, atInterval, hat, hatInterval } of passK!) {
      expect(atInterval.low).toBeLessThan(at + 1e-12);
      expect(atInterval.high).toBeGreaterThan(at - 1e-12);
      expect(hatInterval.low >= 0 && hatInterval.low <= hat && hatInterval.high <= 1).toBe(true);
    }
  });

  test('at k = 1 are the share of passes, with its interval', () => {
    const { passK, summary } = compareArms(asked).arms[0]!;
    expect(passK![0]).toMatchObject({ at: summary!.mean, hat: summary!.mean, atInterval: summary!.interval });
  });

  test('of arms that were drawn differently often are held against each other at common k', () => {
    const lines = compareArms(asked).pairs[0]!.passK!;
    expect(lines.map(({ kind, k, scenarios: over, of }) => [kind, k, over, of])).toEqual([
      ['at', 2, 8, 8],
      ['hat', 2, 8, 8],
      ['at', 3, 5, 8],
      ['hat', 3, 5, 8],
    ]);
    expect(lines.every(({ p, adjustedP }) => adjustedP >= p)).toBe(true);
    const shown = text(asked);
    expect(shown).toMatch(/^ +3 .* 5 of 8$/m);
    expect(shown).toContain('Runs of a scenario: a 4, b 3.');
    expect(shown).toContain('Above k = 2 some scenarios have too few runs');
    // In the table of arms no scenario is left out.
    expect(shown).toMatch(/^a .* k=2 /m);
    expect(shown).not.toMatch(/k=[34]/);
  });
});

describe('one arm alone', () => {
  const alone = question(
    [
      arm(
        'a',
        scenarios(8, (i) => [i % 4 ? 1 : 0, 1]),
      ),
    ],
    { by: 'category', metric: 'pass' },
  );

  test('is told with its interval, its groups and its tries, and nothing is held against it', () => {
    const shown = text(alone);
    expect(shown).toMatch(/^a +8 +16 /m);
    expect(shown).toMatch(/^category /m);
    expect(shown).toContain('Nothing is held against it.');
    expect(shown).not.toContain('difference');
    expect(compareJson(compareArms(alone))).toMatchObject({
      refused: false,
      arms: [{ name: 'a', scenarios: 8, groups: [{ name: 's', scenarios: 8 }] }],
      comparisons: [],
    });
  });
});

describe('scenarios that belong together', () => {
  const first = arm(
    'a',
    scenarios(20, () => [0]),
  );
  const second = arm(
    'b',
    scenarios(20, (i) => [i < 16 ? 1 : 0]),
  );
  const number = (scenario: string): number => Number(scenario.slice(2));
  const by = (of: (n: number) => string | null, metric: CompareInput['metric'] = 'score'): CompareInput =>
    question([first, second], {
      metric,
      cluster: { field: 'vars.customer', of: (name) => of(number(name)) },
    });

  test('are flipped and counted as one, and fewer than six find nothing', () => {
    const scenariosAlone = compareArms(question([first, second])).pairs[0]!.difference!;
    expect(scenariosAlone.adjustedP).toBeLessThan(0.001);
    const few = compareArms(by((n) => String(n % 5)));
    const { comparison } = few.pairs[0]!.difference!;
    expect([comparison.pairs, comparison.units, comparison.permutation.p]).toEqual([20, 5, 2 ** -4]);
    expect(comparison.difference).toBe(scenariosAlone.comparison.difference);
    expect(words(by((n) => String(n % 5))).join(' ')).toContain('cannot tell a and b apart');
    expect(text(by((n) => String(n % 5)))).toContain('20 scenarios belong to 5 clusters by vars.customer');
  });

  test('each of its own cluster give the numbers without clusters', () => {
    const own = compareArms(by((n) => String(n)));
    const without = compareArms(question([first, second]));
    expect(own.pairs).toEqual(without.pairs);
    expect(own.arms).toEqual(without.arms);
  });

  test('that do not say what they belong to stand for themselves, and that is told', () => {
    const some = by((n) => (n > 10 ? null : String(n % 5)));
    expect(compareArms(some).cluster).toEqual({
      ...{ field: 'vars.customer', scenarios: 20, clusters: 15, without: 10 },
    });
    expect(text(some)).toContain('10 scenarios without vars.customer are each a cluster of their own.');
  });

  test('have no test that counts each as if it were alone', () => {
    const passes = by((n) => String(n % 5), 'pass');
    expect(compareArms(passes).pairs[0]!.difference!.passTests).toBeNull();
    expect(text(passes)).toContain('McNemar and Fisher count scenarios as if each were alone');
  });
});

describe('categories', () => {
  const zero = { ...scenarios(10, () => [0]), ...named('x', 10, () => 0) };
  function named(category: string, count: number, of: (i: number) => number): Record<string, number[]> {
    return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${category}:${10 + i}`, [of(i)]]));
  }

  test('of which one is found and one is not are not said to differ where chance makes as much', () => {
    const other = {
      ...scenarios(10, (i) => [0.4 + 0.02 * i]),
      ...named('x', 10, (i) => (i < 3 ? -0.4 : 0.8)),
    };
    const said = words(question([arm('a', zero), arm('b', other)], { by: 'category' })).join('\n');
    expect(said).toMatch(/^Found in s and not in x does not say that these differ: .*\(p = 0\.\d+\)\.$/m);
  });

  test('that do differ are said to', () => {
    const other = {
      ...scenarios(10, (i) => [0.8 + 0.01 * i]),
      ...named('x', 10, (i) => (i % 2 ? -0.1 : 0.1)),
    };
    const said = words(question([arm('a', zero), arm('b', other)], { by: 'category' })).join('\n');
    expect(said).toMatch(/^How the arms differ is not the same in all of these 2 categories \(p < 0\.001/m);
  });
});

describe('intervals', () => {
  test('of several arms are as wide as p is corrected, and hold the one of each alone', () => {
    const arms = [
      arm(
        'a',
        scenarios(12, (i) => [i / 12]),
      ),
      arm(
        'b',
        scenarios(12, (i) => [(i % 5) / 5]),
      ),
      arm(
        'c',
        scenarios(12, (i) => [(i % 7) / 7]),
      ),
    ];
    for (const { difference } of compareArms(question(arms)).pairs) {
      const { comparison, adjustedInterval, tests } = difference!;
      expect(tests).toBe(2);
      expect(adjustedInterval.low).toBeLessThan(comparison.interval.low);
      expect(adjustedInterval.high).toBeGreaterThan(comparison.interval.high);
    }
    expect(text(question(arms))).toContain('corrected');
  });

  test('of few passes and fails end where a difference of shares ends, and those of tokens do not', () => {
    const values = [
      arm(
        'a',
        scenarios(3, (i) => [i ? 0 : 1]),
      ),
      arm(
        'b',
        scenarios(3, () => [1]),
      ),
    ];
    const interval = (metric: CompareInput['metric']): unknown =>
      compareArms(question(values, { metric })).pairs[0]!.difference!.comparison.interval;
    expect(interval('pass')).toMatchObject({ high: 1 });
    expect((interval('tokens') as { high: number }).high).toBeGreaterThan(1);
  });
});

test('powers are told once of the same arms, whatever form the question has, and are the same', () => {
  const arms = [
    arm(
      'a',
      scenarios(8, (i) => (i < 3 ? [1, 0] : [1, 1])),
    ),
    arm(
      'b',
      scenarios(8, () => [1, 0]),
    ),
    arm(
      'c',
      scenarios(8, (i) => (i < 6 ? [0, 0] : [1, 0])),
    ),
  ];
  const powers = new Map();
  const asked = (metric: 'pass' | 'score', by: 'category' | null): CompareInput =>
    question(arms, { metric, by });
  const known = compareArms(asked('pass', 'category'), powers);
  expect(known).toEqual(compareArms(asked('pass', 'category')));
  const told = powers.size;
  expect(told).toBeGreaterThan(1);
  expect(compareArms(asked('pass', null), powers)).toEqual(compareArms(asked('pass', null)));
  expect(powers.size).toBe(told);
  expect(compareArms(asked('score', null), powers)).toEqual(compareArms(asked('score', null)));
  expect(powers.size).toBeGreaterThan(told);
});
