import { expect, test } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import type { Order } from '../../src/core/order.ts';
import { startDeadline } from '../../src/worker/deadline.ts';
import { makePerform } from '../../src/worker/perform.ts';
import { handClock } from '../rig/clock.ts';
import { API_KEY, chatAnswer, orderAt, realClock } from '../rig/model-calls.ts';
import { startModelServer } from '../rig/model-server.ts';

test('an order becomes an outcome with its start on the wall clock and its duration on the monotonic one', async () => {
  await using server = await startModelServer();
  const clock = handClock(0);
  const outcome = makePerform({ folder: '/', env: { TEST_KEY: API_KEY }, clock })(orderAt(server.url));
  const held = await server.next();
  await clock.advance(42);
  held.answer(chatAnswer('hi'));
  expect(await outcome).toMatchObject({
    kind: 'success',
    startedAt: '1970-01-01T00:00:00.000Z',
    durationMs: 42,
    requestId: null,
    completion: { text: 'hi' },
  });
});

test('the deadline of the order ends a request that is never answered', async () => {
  await using server = await startModelServer();
  const clock = handClock();
  const outcome = makePerform({ folder: '/', env: { TEST_KEY: API_KEY }, clock })(
    orderAt(server.url, { timeoutMs: 1_234 }),
  );
  const held = await server.next();
  let isOver = false;
  void outcome.then(() => {
    isOver = true;
  });
  await clock.advance(1_233);
  expect(isOver).toBe(false);
  await clock.advance(1);
  expect(await outcome).toMatchObject({ kind: 'failure', failure: { kind: 'timeout' } });
  await held.closed;
});

test('a cancel ends a request as cancelled', async () => {
  await using server = await startModelServer();
  const controller = new AbortController();
  const perform = makePerform({ folder: '/', env: { TEST_KEY: API_KEY }, clock: realClock });
  const outcome = perform(orderAt(server.url), { signal: controller.signal });
  await server.next();
  controller.abort();
  expect(await outcome).toMatchObject({ kind: 'cancelled', requestId: null });
});

test('a key that is not set is a failure without a request', async () => {
  await using server = await startModelServer();
  const outcome = await makePerform({ folder: '/', env: {}, clock: realClock })(orderAt(server.url));
  expect(outcome).toMatchObject({
    kind: 'failure',
    failure: { kind: 'unauthorized', message: expect.stringContaining('set TEST_KEY') },
  });
  expect(server.requests).toHaveLength(0);
});

test('a bug becomes a failure of kind internal with the place in its message', async () => {
  const perform = makePerform({ folder: '/', env: {}, clock: realClock });
  const outcome = await perform({ ...orderAt(null), endpoint: null } as unknown as Order);
  expect(outcome).toMatchObject({ kind: 'failure', failure: { kind: 'internal', status: null } });
  expect(JSON.stringify(outcome)).toContain('src/providers');
});

test('a deadline leaves nothing behind: neither a timer nor a listener', () => {
  const controller = new AbortController();
  const running = new Set<object>();
  const clock: Clock = {
    ...realClock,
    after: () => {
      const timer = {};
      running.add(timer);
      return () => running.delete(timer);
    },
  };
  const deadline = startDeadline({ timeoutMs: 1, cancel: controller.signal, clock });
  expect(running.size).toBe(1);
  deadline[Symbol.dispose]();
  controller.abort();
  expect([running.size, deadline.signal.aborted]).toEqual([0, false]);
});

test('what an order names of the environment is as it was when the worker began', async () => {
  await using server = await startModelServer();
  const env: { [name: string]: string } = { TEST_KEY: API_KEY, TEST_ADDRESS: server.url };
  const perform = makePerform({ folder: '/', env, clock: realClock });
  // As own code does, and whoever points its clients at the recording proxy.
  env.TEST_ADDRESS = 'http://127.0.0.1:9';
  const outcome = perform(orderAt('${TEST_ADDRESS}'));
  (await server.next()).answer(chatAnswer('hi'));
  expect(await outcome).toMatchObject({ kind: 'success' });
});
