// on_status of the manifest over what an error answer was classified as.
import { expect, test } from 'vitest';
import { kindByRule } from '../../src/providers/status-rules.ts';
import { fateOf } from '../../src/run/limits/retry.ts';

test.each([
  ['bad-request', 'retry', 'retry', 'overloaded'],
  ['rate-limited', 'retry', 'retry', 'rate-limited'],
  ['unauthorized', 'fail', 'final', 'bad-request'],
  ['context-exceeded', 'fail', 'final', 'context-exceeded'],
  ['overloaded', 'halt', 'halt', 'unauthorized'],
  ['quota-exhausted', 'halt', 'halt', 'quota-exhausted'],
] as const)('%s by the rule %s has the fate %s, as %s', (kind, rule, fate, wanted) => {
  const ruled = kindByRule(kind, rule);
  expect([ruled, fateOf(ruled)]).toEqual([wanted, fate]);
});

test('without a rule a kind is what it is', () => {
  expect(kindByRule('timeout', undefined)).toBe('timeout');
});
