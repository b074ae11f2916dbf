// What is read of a queue in a real Redis: jobs as BullMQ lays them, workers as they say it, clocks that differ.
import { describe, expect, it } from 'vitest';
import { lookAtQueue } from '../../src/queue/status.ts';
import { NO_REDIS, type RedisServer, startRedis, WITH_REDIS } from '../rig/redis.ts';

const P = 'expgraph:{smoke-01234567}';
const NAMES = {
  prefix: P,
  coordinator: `${P}:coordinator`,
  workers: `${P}:workers`,
  outcomes: `${P}:outcomes`,
  surplus: `${P}:surplus`,
};

const look = (redis: RedisServer, sleep: () => Promise<void> = async () => {}) =>
  lookAtQueue({
    ask: (command, ...words) => redis.ask(command, ...words),
    experiment: 'smoke',
    url: 'redis://q:6379',
    names: NAMES,
    orders: new Map([
      ['openai', 'orders.openai'],
      ['anthropic', 'orders.anthropic'],
    ]),
    sleep,
  });

const beat = (name: string, facts: object = {}): string =>
  JSON.stringify({
    ...{ v: 1, name, host: 'gpu-1', pid: 7, concurrency: 8, providers: ['openai'], doing: ['b'] },
    ...{ busy: 1, done: 40, since: new Date(Date.now() - 10_000), seen: new Date(), beat: 5, ...facts },
  });

describe.skipIf(NO_REDIS)(`a queue${WITH_REDIS}`, () => {
  it('that is empty is empty', async () => {
    const nothing = {
      waiting: 0,
      active: 0,
      stalled: 0,
      oldest_waiting_ms: null,
      oldest_active_ms: null,
    };
    expect(await look(await startRedis())).toMatchObject({
      experiment: 'smoke',
      coordinator: null,
      workers: [],
      queues: [
        { provider: 'anthropic', ...nothing },
        { provider: 'openai', ...nothing },
      ],
      outcomes: 0,
      surplus: 0,
    });
  });

  it('has orders that wait, are under way and done by nobody, and ages by its own clock', async () => {
    const redis = await startRedis();
    const [seconds] = (await redis.ask('TIME')) as readonly string[];
    const nowMs = Number(seconds) * 1_000;
    const at = `${P}:orders.openai`;
    // The newest at the left.
    await redis.ask('RPUSH', `${at}:wait`, 'new', 'old');
    await redis.ask('HSET', `${at}:old`, 'timestamp', nowMs - 60_000);
    await redis.ask('RPUSH', `${at}:active`, 'a', 'b', 'c');
    await redis.ask('HSET', `${at}:c`, 'processedOn', nowMs - 5_000);
    await redis.ask('HSET', NAMES.workers, 'w1', beat('w1'));
    await redis.ask('HSET', NAMES.outcomes, 'x', '{}', 'y', '{}');
    await redis.ask('HSET', NAMES.surplus, 'z', '{}');
    await redis.ask(
      'SET',
      NAMES.coordinator,
      '{"host":"head","pid":3,"since":"2026-11-29T10:00:00.000Z","token":"t"}',
    );
    const status = await look(redis);
    expect(status).toMatchObject({
      coordinator: { host: 'head', pid: 3, since: '2026-11-29T10:00:00.000Z' },
      queues: [{ provider: 'anthropic' }, { provider: 'openai', waiting: 2, active: 3, stalled: 2 }],
      outcomes: 2,
      surplus: 1,
    });
    expect(status.coordinator).not.toHaveProperty('token');
    const { oldest_waiting_ms, oldest_active_ms } = status.queues[1]!;
    expect(oldest_waiting_ms).toBeGreaterThanOrEqual(60_000);
    expect(oldest_active_ms).toBeGreaterThanOrEqual(5_000);
    expect(oldest_active_ms).toBeLessThan(oldest_waiting_ms!);
    expect(status.workers).toMatchObject([{ name: 'w1', busy: 1, done: 40, is_silent: false }]);
    expect(status.workers[0]!.per_second).toBeCloseTo(4, 1);
    expect(status.workers[0]).not.toHaveProperty('doing');
    // Nothing of it was changed.
    expect(await redis.ask('KEYS', '*')).toHaveLength(8);
  });

  it('whose workers have other clocks is looked at twice: who speaks is there, who does not is silent', async () => {
    const redis = await startRedis();
    const hourAgo = { since: new Date(Date.now() - 7_200_000), seen: new Date(Date.now() - 3_600_000) };
    await redis.ask('HSET', NAMES.workers, 'late', beat('late', { ...hourAgo, doing: ['a'] }));
    await redis.ask('HSET', NAMES.workers, 'gone', beat('gone', { ...hourAgo, doing: ['b'] }));
    await redis.ask('HSET', NAMES.workers, 'torn', '{"name":"to');
    await redis.ask('RPUSH', `${P}:orders.openai:active`, 'a', 'b');
    const status = await look(redis, async () => {
      await redis.ask('HSET', NAMES.workers, 'late', beat('late', { ...hourAgo, doing: ['a'], beat: 6 }));
    });
    expect(status.workers.map(({ name, is_silent }) => [name, is_silent])).toEqual([
      ['gone', true],
      ['late', false],
    ]);
    expect(status.queues[1]).toMatchObject({ active: 2, stalled: 1 });
  });

  it('whose workers have begun an order since they last spoke has no stalled one', async () => {
    const redis = await startRedis();
    const at = `${P}:orders.openai`;
    await redis.ask('HSET', NAMES.workers, 'w1', beat('w1', { doing: [] }));
    await redis.ask('RPUSH', `${at}:active`, 'quick', 'lost');
    await redis.ask('SET', `${at}:quick:lock`, 'of w1');
    expect((await look(redis)).queues[1]).toMatchObject({ active: 2, stalled: 1 });
    // Its lock is there for a while yet, and whoever had it says nothing any more.
    const gone = { doing: ['quick'], seen: new Date(Date.now() - 3_600_000) };
    await redis.ask('HSET', NAMES.workers, 'w2', beat('w2', gone));
    expect((await look(redis)).queues[1]).toMatchObject({ active: 2, stalled: 2 });
  });
});
