// What a worker says in one turn of its loop goes to Redis at one go; what Redis refuses is told to whoever has it, and kept by nobody.
import { describe, expect, it } from 'vitest';
import { queueNames } from '../../src/queue/names.ts';
import { type Delivery, makeTelling, type Telling } from '../../src/queue/telling.ts';
import { NO_REDIS, type RedisServer, startRedis, WITH_REDIS } from '../rig/redis.ts';

const names = queueNames('told');

type Told = {
  readonly telling: Telling;
  readonly rounds: () => number;
  readonly troubles: readonly unknown[];
};

function over(redis: RedisServer): Told {
  let rounds = 0;
  const troubles: unknown[] = [];
  const link = {
    async script(lua: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
      rounds++;
      return await redis.ask('EVAL', lua, String(keys.length), ...keys, ...args.map(String));
    },
  };
  return {
    telling: makeTelling({ link, names, onTrouble: (thrown) => troubles.push(thrown) }),
    rounds: () => rounds,
    troubles,
  };
}

function delivery(id: string): Delivery {
  return {
    id,
    lockKey: `${names.prefix}:${id}:lock`,
    token: `token of ${id}`,
    text: `"${id}"`,
    field: `${id} w 0`,
  };
}

async function news(redis: RedisServer): Promise<readonly unknown[]> {
  return ((await redis.ask('LRANGE', names.news, '0', '-1')) as string[]).map((text) => JSON.parse(text));
}

describe.skipIf(NO_REDIS)(`what a worker says${WITH_REDIS}`, () => {
  it('of one turn is one round, in its order: as the outcome of the job while its lock is held, else as surplus', async () => {
    await using redis = await startRedis();
    const { telling, rounds } = over(redis);
    const [held, taken, gone] = ['held', 'taken', 'gone'].map(delivery);
    await redis.ask('SET', held!.lockKey, held!.token);
    await redis.ask('SET', taken!.lockKey, 'token of another one');
    telling.tell({ kind: 'begun', id: 'held', worker: 'w' });
    const ends = [held!, taken!, gone!].map((one) => telling.deliver(one, false));
    telling.tell({ kind: 'begun', id: 'next', worker: 'w' });
    await Promise.all(ends);
    expect(rounds()).toBe(1);
    expect(await redis.ask('HGETALL', names.outcomes)).toEqual(['held', '"held"']);
    expect(await redis.ask('HGETALL', names.surplus)).toEqual(['taken w 0', '"taken"', 'gone w 0', '"gone"']);
    expect(await news(redis)).toEqual([
      { kind: 'begun', id: 'held', worker: 'w' },
      { kind: 'begun', id: 'next', worker: 'w' },
      { kind: 'done', id: 'held' },
      { kind: 'surplus', field: 'taken w 0' },
      { kind: 'surplus', field: 'gone w 0' },
    ]);
    await telling.deliver(held!, false);
    expect(rounds()).toBe(2);
  });

  it('is no news the less where an outcome is refused, and a long outcome goes by itself', async () => {
    await using redis = await startRedis();
    const { telling, rounds, troubles } = over(redis);
    const [one, long] = ['one', 'long'].map(delivery);
    // Nothing can be kept there: the outcome is what is refused.
    await redis.ask('SET', names.surplus, 'no hash');
    telling.tell({ kind: 'begun', id: 'next', worker: 'w' });
    await expect(telling.deliver(one!, false)).rejects.toThrow('WRONGTYPE');
    await expect.poll(rounds).toBe(2);
    await expect.poll(async () => (await news(redis)).length).toBeGreaterThan(0);
    expect(new Set((await news(redis)).map((told) => JSON.stringify(told)))).toEqual(
      new Set(['{"kind":"begun","id":"next","worker":"w"}']),
    );
    expect(troubles).toEqual([]);
    await redis.ask('DEL', names.surplus, names.news);
    await Promise.all([
      telling.deliver(one!, false),
      telling.deliver({ ...long!, text: 'x'.repeat(1_000_001) }, false),
    ]);
    expect(rounds()).toBe(4);
    expect(await redis.ask('HLEN', names.surplus)).toBe(2);
  });

  it('is refused as a whole where there is no memory: each outcome is told, and one that is refused again takes no other with it', async () => {
    await using redis = await startRedis();
    const { telling, troubles } = over(redis);
    const [one, two] = ['one', 'two'].map(delivery);
    for (const { lockKey, token } of [one!, two!]) await redis.ask('SET', lockKey, token);
    await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
    telling.tell({ kind: 'begun', id: 'one', worker: 'w' });
    const ends = await Promise.allSettled([one!, two!].map((each) => telling.deliver(each, false)));
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(telling.deliver(one!, true)).rejects.toThrow('OOM');
    expect(troubles).toEqual([]);
    telling.tell({ kind: 'begun', id: 'two', worker: 'w' });
    await expect.poll(() => troubles.length).toBe(1);
    await redis.ask('CONFIG', 'SET', 'maxmemory', '0');
    expect(await redis.ask('EXISTS', names.outcomes, names.surplus, names.news)).toBe(0);
    await Promise.all([telling.deliver(one!, true), telling.deliver(two!, false)]);
    expect(await redis.ask('HLEN', names.outcomes)).toBe(2);
  });
});
