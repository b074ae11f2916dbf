// Orders of own code that share a thread because their variant says `in_flight`, and what becomes of them when one of
// them takes the thread along.
import { expect, test } from 'vitest';
import { EMPTY_COMPLETION } from '../../src/core/completion.ts';
import type { CallGate } from '../../src/core/gate.ts';
import { NOTHING_MOVES } from '../../src/core/input-moments.ts';
import type { Order } from '../../src/core/order.ts';
import type { Failure, Outcome } from '../../src/core/outcome.ts';
import { makeApartExecutor } from '../../src/executor/apart.ts';
import { handClock } from '../rig/clock.ts';
import { orderAt } from '../rig/model-calls.ts';

const TIMING = { startedAt: '2026-01-02T03:04:05.000Z', durationMs: 0, requestId: null, limits: null };
const DONE: Outcome = { kind: 'success', ...TIMING, completion: { ...EMPTY_COMPLETION } };
const failed = (kind: Failure['kind']): Outcome => ({
  kind: 'failure',
  failure: { kind, status: null, message: 'no', retryAfterMs: null },
  ...TIMING,
});

type Placed = { readonly order: Order; readonly thread: number; readonly settle: (outcome: Outcome) => void };

function threads(processors = 1) {
  const placed: Placed[] = [];
  const ended: number[] = [];
  const clock = handClock();
  let opened = 0;
  const executor = makeApartExecutor({
    ...{ capacity: 9, threads: 2, clock, witness: NOTHING_MOVES, processors },
    makeOne: () => {
      const thread = ++opened;
      return {
        capacity: 9,
        execute: (order: Order, _gate?: CallGate) =>
          new Promise<Outcome>((settle) => placed.push({ order, thread, settle })),
        abandon: () => {},
        activeMs: () => 0,
        async [Symbol.asyncDispose]() {
          ended.push(thread);
        },
      };
    },
  });
  const settle = (n: number, outcome: Outcome): void => placed[n]!.settle(outcome);
  return { executor, placed, ended, settle, clock, of: () => placed.map(({ thread }) => thread) };
}

const shared = (variant: string, inFlight = 3): Order => {
  const harness = { kind: 'module', file: 'a.ts', inFlight, code: { files: [], packages: [] } } as const;
  const scenario = { id: 'one', input: '', category: null, vars: {}, toolResults: {} };
  return orderAt(null, {
    cell: { variant, scenario: 'one', run: 1 },
    work: { harness, scenario, maxTurns: 1 },
  });
};
const settled = async (): Promise<void> => {
  for (let n = 0; n < 5; n++) await Promise.resolve();
};
const failureOf = (outcome: Outcome): Failure | null => (outcome.kind === 'failure' ? outcome.failure : null);

test('as many of one variant are in one thread as it says, and never two variants', async () => {
  const { executor, of, settle } = threads();
  for (const variant of ['a', 'a', 'a', 'a', 'b']) void executor.execute(shared(variant));
  expect(of()).toEqual([1, 1, 1]);
  settle(0, DONE);
  await settled();
  expect(of()).toEqual([1, 1, 1, 1]);
});

test('one that needs a free thread is not passed by those that could share', async () => {
  const { executor, placed, settle } = threads();
  for (const variant of ['a', 'a', 'b', 'a']) void executor.execute(shared(variant));
  settle(0, DONE);
  await settled();
  settle(1, DONE);
  await settled();
  expect(placed.map(({ order }) => order.cell.variant)).toEqual(['a', 'a', 'b']);
});

test('processors are used before a thread is shared', () => {
  const { executor, of } = threads(2);
  for (let n = 0; n < 5; n++) void executor.execute(shared('a'));
  expect(of()).toEqual([1, 2, 1, 2, 1]);
});

test('one that fails leaves its neighbours at work, in a thread that takes no more and ends with the last', async () => {
  const { executor, of, settle, ended } = threads();
  const [bad, good] = [executor.execute(shared('a')), executor.execute(shared('a'))];
  settle(0, failed('code-failed'));
  expect(failureOf(await bad)).toEqual({
    kind: 'code-failed',
    status: null,
    message: 'no',
    retryAfterMs: null,
  });
  const rest = ended.length;
  settle(1, DONE);
  expect((await good).kind).toBe('success');
  void executor.execute(shared('a'));
  expect([rest, ended, of()]).toEqual([0, [1], [1, 1, 2]]);
});

test('a thread that is lost counts against none of those that shared it, and each is alone from then on', async () => {
  const { executor, of, settle } = threads();
  const both = [executor.execute(shared('a')), executor.execute(shared('a'))];
  settle(0, failed('worker-lost'));
  settle(1, failed('worker-lost'));
  expect((await Promise.all(both)).map((outcome) => failureOf(outcome)?.isOfNeighbour)).toEqual([true, true]);
  const again = executor.execute(shared('a'));
  void executor.execute(shared('a'));
  expect(of()).toEqual([1, 1, 2]);
  settle(2, failed('worker-lost'));
  expect(failureOf(await again)?.isOfNeighbour).toBe(undefined);
});

test('a thread that had one order is lost by that one', async () => {
  const { executor, settle } = threads();
  const only = executor.execute(shared('a'));
  settle(0, failed('worker-lost'));
  expect(failureOf(await only)?.isOfNeighbour).toBe(undefined);
});

test('who ended the thread by a word of its own is told apart from its neighbours', async () => {
  const { executor, settle } = threads();
  const [guilty, other] = [executor.execute(shared('a')), executor.execute(shared('a'))];
  const lost = failed('worker-lost');
  settle(0, { ...lost, failure: { ...failureOf(lost)!, isOfCode: true } } as Outcome);
  expect(failureOf(await guilty)?.isOfNeighbour).toBe(undefined);
  settle(1, DONE);
  expect((await other).kind).toBe('success');
});

test('one that is given up takes its thread along at once: its neighbours hang in the same loop', async () => {
  const { executor, ended } = threads();
  const order = shared('a');
  void executor.execute(order);
  const other = executor.execute(shared('a'));
  expect(executor.shares!(order)).toBe(true);
  executor.abandon(order);
  expect(failureOf(await other)).toMatchObject({ kind: 'worker-lost', isOfNeighbour: true });
  expect(ended).toEqual([1]);
});
