// Orders that each have a thread to themselves, and those that wait for one.
import { expect, test } from 'vitest';
import type { Outcome } from '../../src/core/outcome.ts';
import { makeApartExecutor } from '../../src/executor/apart.ts';
import { handClock } from '../rig/clock.ts';
import { orderAt } from '../rig/model-calls.ts';

const TIMING = { startedAt: '2026-01-02T03:04:05.000Z', durationMs: 0, requestId: null };
const FAILED: Outcome = {
  kind: 'failure',
  failure: { kind: 'code-failed', status: null, message: 'no', retryAfterMs: null },
  ...TIMING,
  limits: null,
};

test('after a stop what waits for a thread does not begin, and what is under way goes on', async () => {
  const settle: ((outcome: Outcome) => void)[] = [];
  const executor = makeApartExecutor({
    ...{ capacity: 3, threads: 1, clock: handClock() },
    makeOne: () => ({
      capacity: 1,
      execute: () => new Promise((resolve) => settle.push(resolve)),
      abandon: () => {},
      async [Symbol.asyncDispose]() {},
    }),
  });
  const first = executor.execute(orderAt(null));
  const waiting = [executor.execute(orderAt(null)), executor.execute(orderAt(null))];
  executor.startNothing!();
  expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(['cancelled', 'cancelled']);
  settle[0]!(FAILED);
  expect([await first, settle.length]).toEqual([FAILED, 1]);
});
