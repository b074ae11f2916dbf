// The outcome of a test: what it comes to, and what its key hangs on.
import { expect, it } from 'vitest';
import type { OutcomeScorer } from '../../src/core/scoring.ts';
import { scorerPart, testedExpectation } from '../../src/scoring/content.ts';
import { FAILS, outcomeVerdict, PASSES } from '../../src/scoring/rules/outcome.ts';

const SCORER: OutcomeScorer = {
  ...{ kind: 'outcome', name: 'outcome', slug: 'outcome', passAt: 1 },
  scope: { scenario: [], category: [], tag: [] },
  ...{ passes: PASSES, fails: FAILS },
};

it.each([
  ['passed', true, 1],
  ['xpassed', true, 1],
  ['failed', false, 0],
  ['xfailed', false, 0],
  ['skipped', null, null],
] as const)('%s is what the assertions said', (outcome, passed, score) => {
  expect(outcomeVerdict(SCORER, { outcome, message: null })).toEqual({
    ...{ passed, score, label: outcome, reason: null },
  });
});

it('has a key that moves with what it judges and how, and not with who stands beside it', () => {
  const failed = { outcome: 'failed', message: 'no bed' } as const;
  const parts = [
    failed,
    { ...failed, message: 'no room' },
    { ...failed, message: null },
    { ...failed, outcome: 'passed' as const },
  ].map((tested) => testedExpectation(tested).digest);
  expect(new Set(parts).size).toBe(4);
  const { digest } = scorerPart(SCORER);
  expect(scorerPart({ ...SCORER, isBeside: true }).digest).toBe(digest);
  expect(scorerPart({ ...SCORER, fails: [...FAILS].reverse() }).digest).toBe(digest);
  expect(scorerPart({ ...SCORER, fails: ['failed'] }).digest).not.toBe(digest);
});
