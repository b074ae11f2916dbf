// Arms within a margin of each other: what is said, and what is not.
// @project e2e: arms of every size are simulated.
import { expect, test } from 'vitest';
import { compareArms } from '../../src/analysis/compare/compare.ts';
import { compareJson } from '../../src/report/compare/json.ts';
import { compareSheet } from '../../src/report/compare/sheet.ts';
import { sheetHtml } from '../../src/text/sheet-html.ts';
import { sheetMarkdown } from '../../src/text/sheet-markdown.ts';
import { arm, question, scenarios } from './compare-data.ts';

type Document = {
  readonly conclusions: { readonly can: readonly string[]; readonly cannot: readonly string[] };
  readonly comparisons: readonly { readonly verdict: string; readonly margin: Margin | null }[];
};
type Margin = {
  readonly verdict: string;
  readonly tests: number;
  readonly same: { readonly p: number; readonly p_holm: number } | null;
  readonly not_worse: { readonly p: number; readonly p_holm: number } | null;
};

const documentOf = (of: Parameters<typeof compareArms>[0]): Document =>
  compareJson(compareArms(of)) as Document;

const noisy =
  (shift: number, spread = 0.02) =>
  (i: number): readonly number[] => [0.5 + shift + (spread * ((i * 7) % 11)) / 10];
const base = arm('baseline', scenarios(30, noisy(0)));
const twin = (i: number): readonly number[] => [0.5 + (0.02 * ((i * 3) % 11)) / 10];

test('arms that are as good are called the same up to the margin, with its interval and p', () => {
  const of = question([base, arm('applike', scenarios(30, twin))], { margin: 0.05 });
  const { comparisons, conclusions } = documentOf(of);
  expect(comparisons[0]).toMatchObject({
    margin: { margin: 0.05, verdict: 'same', lower_is_better: false, tests: 1 },
  });
  expect(conclusions.can[1]).toMatch(
    /^baseline and applike are the same up to 0\.050: [+-]?0\.\d+ \(90 % CI .* to .*, two one-sided tests, p < 0\.001\)\.$/,
  );
  expect(conclusions.cannot.join(' ')).not.toMatch(/no evidence that baseline and applike are alike/);
  const sheet = compareSheet(compareArms(of));
  expect(sheetMarkdown(sheet)).toContain('are the same up to 0.050');
  expect(sheetHtml(sheet, { title: 'x', foot: '' })).toContain('are the same up to 0.050');
});

test('without a margin nothing found is never called the same', () => {
  const { comparisons, conclusions } = documentOf(question([base, arm('applike', scenarios(30, twin))]));
  expect(comparisons[0]).toMatchObject({ verdict: 'not-found', margin: null });
  expect(conclusions.cannot[0]).toMatch(/^That is no evidence that baseline and applike are alike/);
});

test('an arm that is better is not worse, and not the same', () => {
  const better = arm('applike', scenarios(30, noisy(0.2, 0.3)));
  const { comparisons, conclusions } = documentOf(question([base, better], { margin: 0.05 }));
  expect(comparisons[0]!.margin!.verdict).toBe('not-worse');
  expect(conclusions.can).toContainEqual(
    expect.stringMatching(
      /^applike is not worse than baseline by more than 0\.050 \(one-sided, p < 0\.001, held against 0\.025\)\.$/,
    ),
  );
  expect(conclusions.cannot).toContainEqual(
    expect.stringMatching(/^That baseline and applike are the same up to 0\.050 is not shown/),
  );
});

test('of tokens, latency and cost lower is better', () => {
  const first = arm(
    'baseline',
    scenarios(20, (i) => [100 + (i % 7)]),
  );
  const second = arm(
    'applike',
    scenarios(20, (i) => [130 + (i % 5)]),
  );
  const verdict = (metric: 'tokens' | 'latency' | 'cost' | 'score', arms = [first, second]): string =>
    documentOf(question(arms, { metric, margin: 10 })).comparisons[0]!.margin!.verdict;
  for (const metric of ['tokens', 'latency', 'cost'] as const) {
    expect(verdict(metric)).toBe('worse');
    expect(verdict(metric, [second, first])).toBe('not-worse');
  }
});

test('where neither is shown it is said, and that nothing else follows', () => {
  const few = [
    arm(
      'baseline',
      scenarios(10, (i) => [i % 2]),
    ),
    arm(
      'applike',
      scenarios(10, (i) => [i % 3 ? 1 : 0]),
    ),
  ];
  const { comparisons, conclusions } = documentOf(question(few, { metric: 'pass', margin: 0.05 }));
  expect(comparisons[0]!.margin!.verdict).toBe('not-shown');
  expect(conclusions.cannot).toContainEqual(
    expect.stringMatching(
      /^Neither is shown: that applike is not worse than baseline by more than 0\.050 \(.*\), nor that baseline and applike are the same up to 0\.050/,
    ),
  );
});

test('several arms are corrected for one another, and the correction is named where it is the cause', () => {
  const others = ['b', 'c', 'd', 'e'].map((name, k) =>
    arm(
      name,
      scenarios(12, (i) => [0.5 + 0.01 * k + 0.06 * (((i * (3 + k)) % 7) / 7 - 0.4)]),
    ),
  );
  const of = (margin: number): Document =>
    documentOf(
      question(
        [
          arm(
            'a',
            scenarios(12, (i) => [0.5 + (i % 3) / 100]),
          ),
          ...others,
        ],
        { margin },
      ),
    );
  const margins = [0.012, 0.016, 0.02, 0.024, 0.028, 0.032, 0.036, 0.04];
  let named = 0;
  for (const margin of margins) {
    const { comparisons, conclusions } = of(margin);
    for (const { margin: one } of comparisons) {
      expect(one!.tests).toBe(4);
      expect(one!.same!.p_holm).toBeGreaterThanOrEqual(one!.same!.p);
      const isCause = one!.same!.p < 0.05 && one!.verdict === 'not-shown';
      if (isCause) {
        named++;
        expect(conclusions.cannot.join(' ')).toContain('It is the correction for 4 tests');
      }
    }
  }
  expect(named).toBeGreaterThan(0);
});
