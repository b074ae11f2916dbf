import { expect, test } from 'vitest';
import { budgetNote } from '../../src/report/budget-ahead.ts';
import { estimateOf } from './data.ts';

const ESTIMATE = estimateOf();

const of = (costs: Partial<typeof ESTIMATE>, budgetUsd = 1, beyond: string | null = null) =>
  budgetNote({ estimate: { ...ESTIMATE, ...costs }, budgetUsd, beyond });

test('a plan that a budget holds needs no words', () => {
  expect(of({ costUsd: 1 })).toBeNull();
  expect(of({ costUsd: null, costUsdAtLeast: 0.1, costUsdAtMost: 1 })).toBeNull();
  expect(of({ costUsd: null, costUsdAtLeast: 0.1, costUsdAtMost: null })).toBeNull();
});

test('a plan that a budget does not hold, or may not, says so', () => {
  const stops =
    'the budget of $1 (execution.budget_usd): a run stops where the next call does not fit any more';
  expect(of({ costUsd: 1.5 })).toBe(`the estimate of $1.50 is above ${stops}`);
  expect(of({ costUsd: null, costUsdAtLeast: 2, costUsdAtMost: null })).toBe(
    `the estimate of $2.00 is above ${stops}`,
  );
  expect(of({ costUsd: null, costUsdAtLeast: 0.5, costUsdAtMost: 2 })).toBe(
    `at most $2.00, which is above ${stops}`,
  );
  expect(of({ costUsd: 0.1 }, 1, 'it holds not one call')).toBe(
    'it holds not one call; nothing would be drawn',
  );
});
