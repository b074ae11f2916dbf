// The pool beside the contract: crashes of threads. Each must harm its own orders only.
// @project e2e: threads are started.
import { expect, test } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import { OPEN_GATE } from '../../src/core/gate.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { makeExecutor } from '../../src/executor/index.ts';
import { makePoolExecutor } from '../../src/executor/pool.ts';
import { CAPACITY, executorContract } from '../contract/executor.ts';
import { handClock } from '../rig/clock.ts';
import { orderAt, REQUEST, realClock } from '../rig/model-calls.ts';

executorContract('pool', (env) =>
  makeExecutor({ folder: '/', workers: 2, capacity: CAPACITY, env, clock: realClock, kinds: ['model'] }),
);

const odd = (model: string) => orderAt(null, { request: { ...REQUEST, model } });
const FINE = {
  kind: 'failure',
  failure: { kind: 'internal', message: 'fine' },
  requestId: 'from the environment',
};

test.each([
  ['exit', 'exited with code 3'],
  ['throw', 'thrown by the order'],
  ['stray', 'thrown beside the order'],
  ['memory', 'memory limit'],
])('an order that ends its thread by %s is worker-lost, and the next one is done', async (model, why) => {
  await using executor = oddPool(1);
  const outcome = await executor.execute(odd(model));
  expect(outcome).toMatchObject({ kind: 'failure', failure: { kind: 'worker-lost', status: null } });
  expect(messageOf(outcome)).toContain(why);
  expect(await executor.execute(odd('fine'))).toMatchObject(FINE);
});

test('a thread that exits takes its own orders with it and leaves those of the other thread alone', async () => {
  await using executor = oddPool(2);
  // The least busy thread gets the next order, so these two are on different ones.
  const other = executor.execute(odd('never'));
  expect(await executor.execute(odd('exit'))).toMatchObject({ failure: { kind: 'worker-lost' } });
  expect(await Promise.all([executor.execute(odd('fine')), executor.execute(odd('fine'))])).toMatchObject([
    FINE,
    FINE,
  ]);
  const first = await Promise.race([other, Promise.resolve('still in flight')]);
  expect(first).toBe('still in flight');
});

test('many crashes in a row are survived', async () => {
  await using executor = oddPool(2);
  const models = Array.from({ length: 12 }, (_, n) => ['exit', 'throw', 'fine', 'stray'][n % 4]!);
  for (const model of models) expect((await executor.execute(odd(model))).kind).toBe('failure');
  expect(await executor.execute(odd('fine'))).toMatchObject(FINE);
});

test('a thread in a busy loop is replaced when its order is abandoned', async () => {
  await using executor = oddPool(1);
  const stuck = odd('loop');
  const outcome = executor.execute(stuck);
  executor.abandon(stuck);
  expect(await outcome).toMatchObject({ kind: 'failure', failure: { kind: 'worker-lost' } });
  expect(await executor.execute(odd('fine'))).toMatchObject(FINE);
});

test.each([
  [
    'a tool loop beside it, which may take many times the limit of a call, goes on',
    OPEN_GATE,
    'still in flight',
  ],
  ['a single call beside it is waited for as long as it may take', undefined, 'worker-lost'],
] as const)('when an order is abandoned, %s', async (_, gate, expected) => {
  const clock = handClock();
  await using executor = oddPool(1, clock);
  const beside = executor.execute(odd('never'), gate);
  const stuck = odd('never');
  void executor.execute(stuck);
  executor.abandon(stuck);
  await clock.advance(10 * stuck.timeoutMs);
  // A thread that is ended tells so after a while.
  const first = gate ? await Promise.race([beside, clock.advance(0)]) : await beside;
  expect(first?.kind === 'failure' ? first.failure.kind : 'still in flight').toBe(expected);
});

test('a busy loop does not keep the pool from being disposed', async () => {
  const executor = oddPool(2);
  const outcomes = ['loop', 'loop', 'fine'].map((model) => executor.execute(odd(model)));
  await executor[Symbol.asyncDispose]();
  expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toContain('cancelled');
});

test('threads that cannot load make orders worker-lost, again and again, and never a wait without end', async () => {
  const threadUrl = new URL('../rig/threads/broken-thread.ts', import.meta.url);
  await using executor = makePoolExecutor({
    folder: '/',
    workers: 2,
    capacity: 4,
    env: {},
    clock: realClock,
    threadUrl,
  });
  for (let round = 0; round < 3; round += 1) {
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => executor.execute(odd('fine'))));
    for (const outcome of outcomes) expect(messageOf(outcome)).toContain('this module cannot be loaded');
  }
});

test('an order that cannot cross the thread is worker-lost', async () => {
  await using executor = oddPool(1);
  const order = odd('fine');
  const request = { ...order.request, params: { callback: (() => 1) as never } };
  expect(await executor.execute({ ...order, request })).toMatchObject({ failure: { kind: 'worker-lost' } });
});

function oddPool(workers: number, clock: Clock = realClock) {
  const threadUrl = new URL('../rig/threads/odd-thread.ts', import.meta.url);
  const env = { TEST_KEY: 'from the environment' };
  return makePoolExecutor({ folder: '/', workers, capacity: 4, env, clock, threadUrl, isSpread: true });
}

function messageOf(outcome: Outcome): string {
  return outcome.kind === 'failure' ? outcome.failure.message : outcome.kind;
}

const named = (model: string, n: number, attempt = 1) => ({
  ...odd(model),
  attempt,
  cell: { variant: 'baseline', scenario: `s${n}`, run: 1 },
});

test('an order that always ends its thread takes those beside it along once, and is then lost alone', async () => {
  await using executor = oddPool(1);
  const lossesOf = async (model: string, n: number): Promise<number> => {
    for (let attempt = 1; attempt <= 9; attempt++) {
      const outcome = await executor.execute(named(model, n, attempt));
      if (outcome.kind !== 'failure' || outcome.failure.kind !== 'worker-lost') return attempt - 1;
    }
    return 9;
  };
  const killer = lossesOf('exit', 0);
  const innocents = Array.from({ length: 10 }, (_, n) => lossesOf('spin', n + 1));
  expect(Math.max(...(await Promise.all(innocents)))).toBeLessThanOrEqual(2);
  expect(await killer).toBe(9);
  expect(await executor.execute(odd('fine'))).toMatchObject(FINE);
});

test('suspects wait for a thread of their own: their time does not run, and a stop or their watchdog ends the wait', async () => {
  await using executor = oddPool(1);
  await Promise.all(
    ['exit', 'never', 'never', 'never', 'never'].map((m, n) => executor.execute(named(m, n))),
  );
  const told: string[] = [];
  const pausing = (n: number) => ({
    waits: () => told.push(`${n} waits`),
    goesOn: () => told.push(`${n} goes on`),
  });
  const again = [0, 1, 2, 3, 4].map((n) => named(n === 4 ? 'fine' : 'never', n, 2));
  const outcomes = again.map((order, n) => executor.execute(order, undefined, pausing(n)));
  expect(told).toEqual(['2 waits', '3 waits', '4 waits']);
  executor.startNothing?.((order) => order === again[2]);
  expect(await outcomes[2]).toMatchObject({ kind: 'cancelled' });
  executor.abandon(again[3]!);
  expect(await outcomes[3]).toMatchObject({ failure: { kind: 'worker-lost' } });
  executor.abandon(again[0]!);
  expect(await outcomes[0]).toMatchObject({ failure: { kind: 'worker-lost' } });
  expect(await outcomes[4]).toMatchObject(FINE);
  expect(told.slice(3)).toEqual(['4 goes on']);
  await executor[Symbol.asyncDispose]();
  expect(await outcomes[1]).toMatchObject({ kind: 'cancelled' });
});
