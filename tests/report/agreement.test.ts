// Agreement in words: votes of a judge, and a scorer held against people.
import { describe, expect, it } from 'vitest';
import type { Agreement, Estimate } from '../../src/core/agreement.ts';
import type { Calibration } from '../../src/core/calibration.ts';
import type { Scorer } from '../../src/core/scoring.ts';
import { calibrationText } from '../../src/report/compare/calibration.ts';
import { coefficientWords, votesSentence, votesText } from '../../src/report/words/agreement.ts';
import { scorerPart } from '../../src/scoring/content.ts';

const at = (value: number | null, low: number | null = null, high: number | null = null): Estimate => ({
  value,
  low,
  high,
});
const AGREEMENT: Agreement = {
  ...{ raw: at(0.9, 0.8, 0.95), alpha: at(0.81, 0.7, 0.9), alpha_scale: 'nominal' },
  ...{ ac: at(0.9, 0.82, 0.95), ac_kind: 'AC1' },
};
const VOTES = { scorer: 'polite', votes: 3, answers: 60, unanimous: 54, scenarios: 20, ...AGREEMENT };

describe('votes', () => {
  it('are told in one sentence, with intervals', () => {
    expect(votesSentence(VOTES)).toBe(
      'polite: 3 votes agree on 54 of 60 answers (20 scenarios): alpha 0.81 (0.70 to 0.90), AC1 0.90 (0.82 to 0.95)',
    );
  });

  it('fit on 80 columns', () => {
    for (const line of votesText([VOTES], 80).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('say which alpha it is, and what is not defined', () => {
    const alpha = { alpha: at(null), alpha_scale: 'ordinal' as const };
    expect(coefficientWords({ ...AGREEMENT, ...alpha, kappa: at(0.5) })).toBe(
      'kappa 0.50, alpha (ordinal) not defined, AC1 0.90 (0.82 to 0.95)',
    );
  });
});

const CALIBRATION: Calibration = {
  ...{ scorer: 'polite', sources: ['labels.jsonl'], labels: 42, answers: 41, compared: 40, scenarios: 20 },
  ...{ gone: 1, out_of_scope: 0, not_judged: 1, undecided: 0, agree: 36, agreement: AGREEMENT, humans: null },
  categories: ['not passed', 'passed'],
  confusion: [
    [10, 3],
    [1, 26],
  ],
  threshold: { now: 0.5, fitted: 0.7, of: 40, agree_now: 36, agree_fitted: 38, agree_left_out: 37 },
  differ: [
    {
      where: 'labels.jsonl:4',
      ...{ scenario: 's1', human: 'passed', scorer: 'not passed, 0.3', reason: 'Curt.\u001b[31m' },
    },
  ],
};

describe('a scorer held against people', () => {
  const text = (more: Partial<Calibration> = {}, columns = 80): string =>
    calibrationText({ ...CALIBRATION, ...more }, { columns, colors: false });

  it('tells what is compared, what is not, and that the threshold is fitted', () => {
    expect(text({}, 400)).toBe(`polite against people
42 labels (labels.jsonl) on 41 answers: 40 compared, of 20 scenarios; 1 without a verdict of the scorer; 1 whose answer is not in the history.
They agree on 36 of 40 (90%, 80% to 95% over scenarios): alpha 0.81 (0.70 to 0.90), AC1 0.90 (0.82 to 0.95).

people say  scorer: not passed  scorer: passed
──────────────────────────────────────────────
not passed                  10               3
passed                       1              26
pass_at: 0.7 would agree on 38 of 40, where 0.5 agrees on 36. It is fitted to these labels: with each scenario judged by what the others come to, 37.

They differ on 4; the first:
  labels.jsonl:4 (s1): people passed, scorer not passed, 0.3: Curt.\\x1b[31m
`);
  });

  it('fits on 80 columns', () => {
    for (const line of text().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('says that no threshold is better, and tells people among themselves', () => {
    const humans = { ...AGREEMENT, answers: 12, raters: 3 };
    const said = text({ humans, threshold: { ...CALIBRATION.threshold!, fitted: 0.5 } }, 400);
    expect(said).toContain('pass_at: 0.5 fits these labels as well as any other threshold.');
    expect(said).toContain('People among themselves, 3 on 12 answers: agreement 0.90 (0.80 to 0.95), alpha');
  });

  it('with nothing to compare says so and no more', () => {
    expect(text({ agreement: null, compared: 0, scenarios: 0 }).split('\n')).toHaveLength(4);
  });
});

it('labels are no part of what a scorer is', () => {
  const scorer = {
    ...{ kind: 'contains', name: 'c', slug: 'c', passAt: 1, options: {} },
    scope: { scenario: [], category: [], tag: [] },
  } as Scorer;
  expect(scorerPart({ ...scorer, calibrate: 'labels.jsonl' })).toEqual(scorerPart(scorer));
});
