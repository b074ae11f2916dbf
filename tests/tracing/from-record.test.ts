import { expect, it } from 'vitest';
import type { ScenarioResult } from '../../src/core/record.ts';
import { spansOfRecord } from '../../src/tracing/spans/from-record.ts';
import { entry, task } from '../rig/records.ts';

it('a record that took an unknown time is a span that says so, and not one that took none', () => {
  const { record } = entry(task({ variant: 'v', scenario: 's', run: 1 }), { invocation: 'i' });
  const [attempt] = record.attempts;
  const of = { seed: 'x', tags: [], facts: { run: 1 }, provider: 'openai' };
  const [known] = spansOfRecord({ ...of, record: record as ScenarioResult });
  const [unknown] = spansOfRecord({
    ...of,
    record: { ...record, attempts: [{ ...attempt, duration_ms: null }] } as ScenarioResult,
  });
  expect(JSON.stringify(known)).not.toContain('"duration":"unknown"');
  expect(JSON.stringify(unknown)).toContain('"duration":"unknown"');
});
