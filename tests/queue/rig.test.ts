// The servers that tests of the queue stand on do what their names say.
import { expect, it } from 'vitest';
import { NO_REDIS, nameOf, REDIS_PROGRAMS, RedisRefusal, startRedis, WITH_REDIS } from '../rig/redis.ts';

for (const program of REDIS_PROGRAMS) {
  it(`${nameOf(program)} keeps what it answered through kill -9 where it appends`, async () => {
    const redis = await startRedis({ program });
    await redis.ask('SET', 'a', 'kept é');
    await redis.kill();
    await expect(redis.ask('PING')).rejects.toThrow(/ECONNREFUSED/);
    await redis.start();
    expect(await redis.ask('GET', 'a')).toBe('kept é');
    await redis.flushAll();
    expect(await redis.ask('KEYS', '*')).toEqual([]);
  });
}

it.skipIf(NO_REDIS)(`loses it where it does not${WITH_REDIS}`, async () => {
  const redis = await startRedis({ appendOnly: false });
  await redis.ask('SET', 'a', 'lost');
  await redis.stop();
  await redis.start();
  expect(await redis.ask('GET', 'a')).toBeNull();
});

it.skipIf(NO_REDIS)(`lets in who has the password, and what its ACL allows${WITH_REDIS}`, async () => {
  const redis = await startRedis({
    password: 'open-sesame',
    users: ['worker on >w ~expgraph:* +@all'],
  });
  expect(await redis.ask('PING')).toBe('PONG');
  expect(redis.url).toBe(`redis://:open-sesame@127.0.0.1:${redis.port}`);
  expect(redis.urlFor('worker', 'w')).toBe(`redis://worker:w@127.0.0.1:${redis.port}`);
  expect(await redis.ask('ACL', 'DRYRUN', 'worker', 'SET', 'other', '1')).toMatch(/permissions/);
  await expect(redis.ask('AUTH', 'worker', 'wrong')).rejects.toThrow(RedisRefusal);
});

it.skipIf(NO_REDIS)(`refuses beyond its memory, and evicts where it may${WITH_REDIS}`, async () => {
  const full = await startRedis({ maxMemory: '4mb' });
  const fill = async (): Promise<void> => {
    for (let n = 0; n < 100; n++) await full.ask('SET', n, 'x'.repeat(100_000));
  };
  await expect(fill()).rejects.toThrow(/^OOM/);
  const evicting = await startRedis({ maxMemory: '1mb', policy: 'allkeys-lru' });
  expect(await evicting.ask('CONFIG', 'GET', 'maxmemory-policy')).toEqual([
    'maxmemory-policy',
    'allkeys-lru',
  ]);
});

it.skipIf(NO_REDIS)(`answers encrypted, and as a cluster${WITH_REDIS}`, async () => {
  const tls = await startRedis({ tls: true });
  expect(await tls.ask('PING')).toBe('PONG');
  expect(tls.url).toMatch(/^rediss:/);
  const cluster = await startRedis({ cluster: true });
  expect(await cluster.ask('SET', 'expgraph:{a}:meta', 1)).toBe('OK');
});

it.skipIf(NO_REDIS)(`answers nothing while it is frozen${WITH_REDIS}`, async () => {
  const redis = await startRedis();
  redis.freeze();
  const asked = redis.ask('PING');
  let answered = false;
  void asked.then(() => {
    answered = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(answered).toBe(false);
  redis.thaw();
  expect(await asked).toBe('PONG');
});
