import { expect, test } from 'vitest';
import { makeExecutor } from '../../src/executor/index.ts';
import { makeInlineExecutor } from '../../src/executor/inline.ts';
import type { Perform } from '../../src/worker/perform.ts';
import { CAPACITY, executorContract } from '../contract/executor.ts';
import { handClock } from '../rig/clock.ts';
import { orderAt, realClock } from '../rig/model-calls.ts';

executorContract('inline', (env) =>
  makeExecutor({ folder: '/', workers: 0, capacity: CAPACITY, env, clock: realClock, kinds: ['model'] }),
);

test('a perform that throws against its promise is worker-lost', async () => {
  const perform = () => Promise.reject(new Error('a bug'));
  const executor = makeInlineExecutor({ perform, capacity: 1, clock: realClock });
  expect(await executor.execute(orderAt(null))).toMatchObject({
    kind: 'failure',
    failure: { kind: 'worker-lost', message: 'the worker was lost (Error: a bug)' },
  });
});

test('is disposed when what it was doing has ended, not before', async () => {
  const ended = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const perform: Perform = async (_, at) => {
    at!.signal!.addEventListener('abort', () => asked.resolve());
    await ended.promise;
    return { kind: 'cancelled', startedAt: '', durationMs: 0, requestId: null };
  };
  const executor = makeInlineExecutor({ perform, capacity: 1, clock: handClock() });
  const outcome = executor.execute(orderAt(null));
  let isDisposed = false;
  const disposed = executor[Symbol.asyncDispose]().then(() => {
    isDisposed = true;
  });
  await asked.promise;
  await new Promise((resolve) => setImmediate(resolve));
  expect(isDisposed).toBe(false);
  ended.resolve();
  await disposed;
  expect((await outcome).kind).toBe('cancelled');
});
