// Orders that each have a thread to themselves, and those that wait for one.
import { expect, test } from 'vitest';
import { EMPTY_COMPLETION } from '../../src/core/completion.ts';
import { NOTHING_MOVES } from '../../src/core/input-moments.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { makeApartExecutor } from '../../src/executor/apart.ts';
import { handClock } from '../rig/clock.ts';
import { orderAt } from '../rig/model-calls.ts';

const ONE = { processors: 1 };
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
    ...{ capacity: 3, threads: 1, clock: handClock(), witness: NOTHING_MOVES, ...ONE },
    makeOne: () => ({
      capacity: 1,
      execute: () => new Promise((resolve) => settle.push(resolve)),
      abandon: () => {},
      activeMs: () => 0,
      async [Symbol.asyncDispose]() {},
    }),
  });
  const first = executor.execute(orderAt(null));
  const waiting = [executor.execute(orderAt(null)), executor.execute(orderAt(null))];
  executor.startNothing!();
  expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(['cancelled', 'cancelled']);
  settle[0]!(FAILED);
  expect([await first, settle.length]).toEqual([{ ...FAILED, heldSince: 0 }, 1]);
});

test('where one arm is left what waits of it does not begin, and what waits of another does', async () => {
  const settle: ((outcome: Outcome) => void)[] = [];
  const executor = makeApartExecutor({
    ...{ capacity: 3, threads: 1, clock: handClock(), witness: NOTHING_MOVES, ...ONE },
    makeOne: () => ({
      capacity: 1,
      execute: () => new Promise((resolve) => settle.push(resolve)),
      abandon: () => {},
      activeMs: () => 0,
      async [Symbol.asyncDispose]() {},
    }),
  });
  const of = (variant: string) =>
    executor.execute(orderAt(null, { cell: { variant, scenario: 'one', run: 1 } }));
  const [first, left, other] = [of('a'), of('a'), of('b')];
  executor.startNothing!(({ cell }) => cell.variant === 'a');
  expect((await left).kind).toBe('cancelled');
  settle[0]!(FAILED);
  await first;
  settle[1]!(FAILED);
  expect((await other).kind).toBe('failure');
});

test('a thread that was there while its code was written is not used again', async () => {
  let moment = 0;
  let opened = 0;
  const executor = makeApartExecutor({
    ...{ capacity: 1, threads: 1, clock: handClock(), ...ONE },
    witness: {
      now: () => moment,
      moved: (_, since) => (since < 2 && moment >= 2 ? { kind: 'touched', why: 'a.ts was written' } : null),
    },
    makeOne: () => {
      opened++;
      const completion = { ...EMPTY_COMPLETION };
      return {
        capacity: 1,
        execute: async () => ({ kind: 'success', ...TIMING, completion, limits: null }) as const,
        abandon: () => {},
        activeMs: () => 0,
        async [Symbol.asyncDispose]() {},
      };
    },
  });
  const heldSince = async () => (await executor.execute(orderAt(null))).heldSince;
  const seen = [await heldSince(), await heldSince()];
  moment = 2;
  seen.push(await heldSince(), await heldSince());
  expect([seen, opened]).toEqual([[0, 0, 2, 2], 2]);
});
