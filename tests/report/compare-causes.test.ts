// Why nothing was found, told as it is: too few scenarios, the correction for several tests, or the bounds of what there can be.
import { describe, expect, test } from 'vitest';
import { compareArms } from '../../src/analysis/compare/compare.ts';
import { compareJson } from '../../src/report/compare/json.ts';
import { arm, question, scenarios } from './compare-data.ts';

type Document = {
  readonly conclusions: { readonly can: readonly string[]; readonly cannot: readonly string[] };
  readonly comparisons: readonly {
    readonly verdict: string;
    readonly permutation: { readonly p: number; readonly p_holm: number };
    readonly power: { readonly [name: string]: number | boolean | null };
    readonly groups: readonly { readonly name: string; readonly verdict: string }[];
  }[];
};

const documentOf = (of: Parameters<typeof compareArms>[0]): Document =>
  compareJson(compareArms(of)) as Document;

const zero = scenarios(7, () => [0]);
const mixed = (i: number): readonly number[] => [i % 2];

describe('too few scenarios', () => {
  test('is not said where the correction is what stands in the way', () => {
    const arms = [
      arm('a', zero),
      ...['b', 'c', 'd', 'e'].map((name) =>
        arm(
          name,
          scenarios(7, () => [1]),
        ),
      ),
    ];
    const { comparisons, conclusions } = documentOf(question(arms));
    expect(comparisons[0]).toMatchObject({
      verdict: 'too-few',
      permutation: { p: 2 / 128, p_holm: 8 / 128 },
    });
    expect(conclusions.cannot[0]).toBe(
      'Even if every scenario spoke for the same arm, p could not be below 0.063: not for want of scenarios, but because it is corrected for 4 tests. Alone it could be 0.016; with that many tests it takes 8 scenarios.',
    );
  });

  test('is not said of a group that could have been found beside the others as they came out', () => {
    const values = { ...scenarios(12, () => [0]), ...named('x', 6, () => [0]) };
    const others = { ...scenarios(12, () => [1]), ...named('x', 6, mixed) };
    const { comparisons, conclusions } = documentOf(
      question([arm('a', values), arm('b', others)], { by: 'category' }),
    );
    // Of two p the larger is not multiplied: six of one sign would have been 0.031.
    expect(comparisons[0]!.groups).toMatchObject([
      { name: 's', verdict: 'found' },
      { name: 'x', verdict: 'not-found' },
    ]);
    expect(conclusions.cannot.join(' ')).not.toMatch(/nothing can be found/);
  });

  test('of groups names those that are too small apart from those that are too many', () => {
    const groups = ['k', 'l', 'm', 'n', 'o'];
    const all = (of: (i: number) => readonly number[]): Parameters<typeof arm>[1] => ({
      ...Object.assign({}, ...groups.map((name) => named(name, 7, of))),
      ...named('tiny', 3, of),
    });
    const { conclusions } = documentOf(
      question(
        [
          arm(
            'a',
            all(() => [0]),
          ),
          arm('b', all(mixed)),
        ],
        { by: 'category' },
      ),
    );
    expect(conclusions.cannot).toContain(
      'With fewer than 6 scenarios nothing can be found in a category: tiny.',
    );
    expect(conclusions.cannot).toContain(
      'Corrected for 6 categories, nothing can be found with fewer than 8 scenarios: k, l, m, n, o. Named beforehand and compared alone (--category NAME), one could be.',
    );
  });
});

describe('a difference that is found only without the correction', () => {
  test('is said to be kept from it by the correction, not to be a close call', () => {
    const base = scenarios(12, () => [0.5]);
    const noise = (i: number): readonly number[] => [0.5 + (i % 2 ? 0.3 : -0.3)];
    const better = (i: number): readonly number[] => [0.5 + (i % 6 === 5 ? -0.1 : 0.05 + (i % 4) / 20)];
    const arms = [
      arm('a', base),
      arm('b', scenarios(12, better)),
      ...['c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name) => arm(name, scenarios(12, noise))),
    ];
    const { comparisons, conclusions } = documentOf(question(arms));
    expect(comparisons[0]!.permutation.p).toBeLessThan(0.05);
    expect(comparisons[0]!.verdict).toBe('not-found');
    expect(conclusions.can[1]).toMatch(
      /^It is the correction for 8 tests that keeps \+0\.\d+ from being found: uncorrected p = 0\.0\d+, and an interval of 95 % that knows no other tests leaves out 0\./,
    );
    expect(conclusions.can.join(' ')).not.toMatch(/close call/);
  });
});

describe('what could have been found', () => {
  test('is nothing where not even the largest difference would be', () => {
    const of = question(
      [
        arm(
          'a',
          scenarios(10, (i) => [i % 2]),
        ),
        arm(
          'b',
          scenarios(10, (i) => [i % 3 === 0 ? 1 : 0]),
        ),
      ],
      { metric: 'pass' },
    );
    const { comparisons, conclusions } = documentOf(of);
    expect(comparisons[0]!.power).toMatchObject({ known: true, detectable: null });
    expect(conclusions.cannot[0]).toMatch(
      /^That is no evidence that a and b are alike: no difference, not even the largest possible, would be found four times out of five here: too few scenarios\./,
    );
  });

  test('is never beyond what scores can be', () => {
    for (const runs of [1, 2, 3])
      for (const count of [6, 8, 12, 20, 40]) {
        const values = (salt: number) => (i: number) =>
          Array.from({ length: runs }, (_, r) => (Math.imul(i + 3, salt + r) % 7 < 4 ? 1 : 0));
        const arms = [arm('a', scenarios(count, values(11))), arm('b', scenarios(count, values(17)))];
        const [one] = documentOf(question(arms, { metric: 'pass' })).comparisons;
        const { detectable_up: up, detectable_down: down } = one!.power as { [name: string]: number | null };
        expect((up ?? 0) + (down ?? 0)).toBeLessThanOrEqual(1);
      }
  });

  test('of several arms is what is found after their correction', () => {
    const values = (salt: number) => (i: number) => [(Math.imul(i + 5, salt) % 11) / 10];
    const arms = ['a', 'b', 'c', 'd', 'e'].map((name, k) => arm(name, scenarios(20, values(3 + 2 * k))));
    const alone = documentOf(question(arms.slice(0, 2))).comparisons[0]!.power;
    const beside = documentOf(question(arms)).comparisons[0]!.power;
    expect([alone.level, beside.level]).toEqual([0.05, 0.0125]);
    expect(beside.detectable_up).toBeGreaterThan(1.1 * (alone.detectable_up as number));
  });

  test('of arms alike in every scenario is told from how their runs vary', () => {
    const other = (i: number): readonly number[] => (i % 2 ? [1, 0] : [0, 1]);
    const arms = [
      arm(
        'a',
        scenarios(20, () => [1, 0]),
      ),
      arm('b', scenarios(20, other)),
    ];
    const { comparisons, conclusions } = documentOf(question(arms));
    expect(comparisons[0]!.verdict).toBe('alike');
    expect(conclusions.cannot[0]).toMatch(/^That is no evidence that a and b are alike: a true /);
  });
});

function named(
  group: string,
  count: number,
  of: (i: number) => readonly number[],
): { readonly [name: string]: readonly number[] } {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${group}:${i}`, of(i)]));
}
