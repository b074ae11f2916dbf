import { expect, test } from 'vitest';
import { budgetNote } from '../../src/report/run/budget-ahead.ts';
import { estimateOf } from './data.ts';

const ESTIMATE = estimateOf();

const of = (costs: Partial<typeof ESTIMATE>, budgetUsd = 1, beyond: string | null = null) =>
  budgetNote({
    ...{ estimate: { ...ESTIMATE, ...costs }, budgetUsd, beyond, name: 'execution.budget_usd', tasks: 120 },
    msOf: () => null,
  });

test('a plan that a budget holds needs no words', () => {
  expect(of({ costUsd: 1 })).toBeNull();
  expect(of({ costUsd: null, costUsdAtLeast: 0.1, costUsdAtMost: 1 })).toBeNull();
  expect(of({ costUsd: null, costUsdAtLeast: 0.1, costUsdAtMost: null })).toBeNull();
});

test('a plan that a budget does not hold, or may not, says so', () => {
  const budget = 'the budget of $1 (execution.budget_usd)';
  const kept = 'what is drawn by then is kept';
  expect(of({ costUsd: 1.5 })).toBe(
    `the estimate of $1.50 is above ${budget}, which is likely to be reached after about 80 of 120 tasks; ${kept}`,
  );
  expect(of({ costUsd: null, costUsdAtLeast: 2, costUsdAtMost: null })).toBe(
    `the estimate of $2.00 is above ${budget}, which is likely to be reached after about 60 of 120 tasks; ${kept}`,
  );
  expect(of({ costUsd: null, costUsdAtLeast: 0.5, costUsdAtMost: 2 })).toBe(
    `at most $2.00, which is above ${budget}: with the longest answers it is reached after about 60 of 120 tasks; ${kept}`,
  );
  expect(of({ costUsd: 0.1 }, 1, 'it holds not one call')).toBe(
    'it holds not one call; nothing would be drawn',
  );
});

test('where something like it was drawn before, it says when the budget is likely to be reached', () => {
  const note = budgetNote({
    ...{ estimate: { ...ESTIMATE, costUsd: 9.8 }, budgetUsd: 5, beyond: null, name: '--budget-usd' },
    ...{ tasks: 120, msOf: (tasks) => tasks * 40_000 },
  });
  expect(note).toBe(
    'the estimate of $9.80 is above the budget of $5 (--budget-usd), which is likely to be reached after about 61 of 120 tasks, in about 40m 40s; what is drawn by then is kept',
  );
});
