// The executor that asks workers keeps what every executor promises, with Redis and BullMQ between.
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clockOf } from '../../src/core/clock.ts';
import type { Env } from '../../src/core/env.ts';
import type { Executor } from '../../src/executor/executor.ts';
import { makeExecutor } from '../../src/executor/index.ts';
import { makeQueuedExecutor } from '../../src/executor/queued.ts';
import { findQueuePackages, openLinks } from '../../src/queue/bullmq.ts';
import { openCoordinator } from '../../src/queue/coordinator.ts';
import type { Link } from '../../src/queue/link.ts';
import { ordersOf, queueNames } from '../../src/queue/names.ts';
import { readRedisUrl } from '../../src/queue/redis-url.ts';
import { serveQueue } from '../../src/queue/serve.ts';
import { gateOver } from '../../src/worker/order-port.ts';
import { CAPACITY, executorContract } from '../contract/executor.ts';
import { ROOT } from '../rig/files.ts';
import { chatAnswer, orderAt } from '../rig/model-calls.ts';
import { startModelServer } from '../rig/model-server.ts';
import { NO_REDIS, openRedis, type RedisServer, WITH_REDIS } from '../rig/redis.ts';

const clock = clockOf(globalThis);
const unexpected = (thrown: unknown): void => {
  throw thrown;
};

async function openLink(redis: RedisServer, prefix: string): Promise<Link> {
  const found = findQueuePackages(ROOT);
  const target = readRedisUrl(redis.url);
  if (found.kind === 'err' || target.kind === 'err') throw new Error('no packages');
  return await openLinks(found.value)({ target: target.value, prefix, onTrouble: unexpected });
}

/** A coordinator and a worker in this process, each with connections of its own. */
async function make(env: Env): Promise<Executor> {
  const redis = await openRedis();
  const names = queueNames(randomUUID());
  const [here, there] = [await openLink(redis, names.prefix), await openLink(redis, names.prefix)];
  const queue = ordersOf('p');
  const common = { clock, onTrouble: unexpected, names };
  const coordinator = await openCoordinator({
    ...common,
    ...{
      link: here,
      queues: [queue],
      needs: 'all',
      placesOf: () => null,
      holds: () => true,
      look: async () => {},
    },
  });
  const settings = { workers: 0, capacity: CAPACITY, env, folder: ROOT, clock };
  const inner = await makeExecutor({ ...settings, kinds: ['model'] });
  const serving = serveQueue({
    ...common,
    ...{ link: there, queues: new Map([['p', queue]]), name: 'w', host: 'h', pid: 1, concurrency: CAPACITY },
    ...{ lockMs: 5_000, fits: () => true, check: () => true },
    doing: {
      abandon: (order) => inner.abandon(order),
      close: () => {},
      perform(order, tools) {
        if (tools === null) return inner.execute(order);
        const over = gateOver(tools.ask);
        tools.hear((told) => over.hear(told as Parameters<typeof over.hear>[0]));
        return inner.execute(order, over.gate);
      },
    },
  });
  let draws = 0;
  const queued = makeQueuedExecutor({
    inner: await makeExecutor({ ...settings, kinds: ['rule'] }),
    ...{ coordinator, clock },
    // The contract's orders have one key; those of a run each have their own.
    known: {
      tasks: 1,
      providerOf: () => 'p',
      paidBefore: () => [],
      drawnBefore: () => draws++,
      keepLate: async () => true,
      isScores: false,
    },
  });
  const dispose = async (): Promise<void> => {
    await queued[Symbol.asyncDispose]();
    await inner[Symbol.asyncDispose]();
    await serving[Symbol.asyncDispose]();
    await coordinator[Symbol.asyncDispose]();
    for (const link of [here, there]) await link[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  };
  return Object.assign(Object.create(queued) as Executor, {
    async execute(...asked: Parameters<Executor['execute']>) {
      const { worker: _, ...outcome } = await queued.execute(...asked);
      return outcome;
    },
    [Symbol.asyncDispose]: dispose,
  });
}

if (!NO_REDIS) executorContract('queued', make);

describe.skipIf(NO_REDIS)(`the queued executor${WITH_REDIS}`, () => {
  it('says who did it, and lets Redis forget it when it is kept', async () => {
    await using executor = await make({ TEST_KEY: 'k' });
    await using server = await startModelServer();
    const order = orderAt(server.url);
    const outcome = Object.getPrototypeOf(executor).execute(order);
    (await server.next()).answer(chatAnswer('hi'));
    expect(await outcome).toMatchObject({ kind: 'success', worker: 'w' });
    executor.kept?.(order);
  });
});
