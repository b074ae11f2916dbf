// The same with real servers: what they say of themselves, and how they refuse.
import { createRequire } from 'node:module';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkRedis, findingSentence } from '../../src/queue/redis-checks.ts';
import { redisTrouble } from '../../src/queue/redis-errors.ts';
import { readRedisFacts, SETTINGS_READ } from '../../src/queue/redis-facts.ts';
import { type RedisTarget, readRedisUrl } from '../../src/queue/redis-url.ts';
import { NO_REDIS, nameOf, REDIS_PROGRAMS, type RedisServer, startRedis, WITH_REDIS } from '../rig/redis.ts';
import { ask } from '../rig/redis-wire.ts';

async function said(redis: RedisServer): Promise<readonly string[]> {
  const info = String(await redis.ask('INFO'));
  const settings: { [name: string]: string } = {};
  for (const name of SETTINGS_READ) {
    const [, value] = (await redis.ask('CONFIG', 'GET', name)) as readonly string[];
    settings[name] = value!;
  }
  return checkRedis(readRedisFacts(info, settings), 'IT').map(
    (one) => `${one.severity}: ${findingSentence(one)}`,
  );
}

function targetOf(url: string): RedisTarget {
  const read = readRedisUrl(url);
  if (read.kind === 'err') throw new Error(read.error);
  return read.value;
}

/** What is said of a command to a server as its address says, through a bare socket. */
async function trouble(
  url: string,
  { ca, words = ['PING'] }: { readonly ca: string | null; readonly words?: readonly string[] },
): Promise<string> {
  const target = targetOf(url);
  const { username: user, password } = target;
  const port = target.at.kind === 'tcp' ? target.at.port : 0;
  try {
    await ask({ port, user, password, ca }, words);
  } catch (thrown) {
    return redisTrouble(thrown, target).sentence.replaceAll(String(port), 'PORT');
  }
  return 'no trouble';
}

describe.each(REDIS_PROGRAMS.map((program) => ({ program, named: nameOf(program) })))(
  '$named',
  ({ program }) => {
    it('is taken as it comes, and said to forget where it keeps nothing', async () => {
      expect(await said(await startRedis({ program }))).toEqual([]);
      expect(await said(await startRedis({ program, cluster: true }))).toEqual([]);
      expect(await said(await startRedis({ program, appendOnly: false }))).toEqual([
        expect.stringMatching(
          /^warning: IT keeps its data in memory alone .*; in redis-cli: CONFIG SET appendonly yes$/,
        ),
      ]);
    });

    it('is refused with another eviction policy, until what is told is typed', async () => {
      const redis = await startRedis({ program, policy: 'allkeys-lfu' });
      const [sentence] = await said(redis);
      expect(sentence).toMatch(/^refused: IT deletes work .*maxmemory-policy allkeys-lfu/);
      await redis.ask(...sentence!.split('in redis-cli: ')[1]!.split(' '));
      expect(await said(redis)).toEqual([]);
    });

    it('is refused when it is full, until what is told is typed', async () => {
      const redis = await startRedis({ program, maxMemory: '4mb' });
      const fill = async (): Promise<void> => {
        for (let n = 0; n < 1_000; n++) await redis.ask('SET', n, 'x'.repeat(10_000));
      };
      const refusal = await fill().catch((thrown: unknown) => thrown);
      expect(redisTrouble(refusal, targetOf(redis.url)).sentence).toMatch(/is full/);
      const [sentence] = await said(redis);
      expect(sentence).toMatch(/^refused: IT is full: it uses \d+ of its 4 MB of memory/);
      await redis.ask(...sentence!.split('in redis-cli: ')[1]!.split(' '));
      expect(await said(redis)).toEqual([]);
    });

    it('is refused as a replica, which names its primary', async () => {
      const redis = await startRedis({ program });
      await redis.ask('REPLICAOF', '127.0.0.1', 1);
      expect(await said(redis)).toEqual([
        expect.stringMatching(/^refused: IT is a replica.*its primary, 127\.0\.0\.1:1$/),
      ]);
      expect(await trouble(redis.url, { ca: null, words: ['SET', 'a', 'x'] })).toMatch(/is a replica/);
    });

    it('turns away who has no password, the wrong one, or no right', async () => {
      const redis = await startRedis({
        program,
        password: 'sesame-open',
        users: ['worker on >w ~expgraph:* +@read'],
      });
      const at = `redis://127.0.0.1:${redis.port}`;
      expect(await trouble(at, { ca: null })).toBe(
        'redis://127.0.0.1:PORT wants a password: write it as redis://:PASSWORD@127.0.0.1:PORT',
      );
      expect(await trouble(redis.urlFor('worker', 'wrong'), { ca: null })).toBe(
        'redis://worker:***@127.0.0.1:PORT does not take the password of user worker',
      );
      const mine = redis.urlFor('worker', 'w');
      expect(await trouble(mine, { ca: null, words: ['SET', 'expgraph:a', '1'] })).toBe(
        'user worker of redis://worker:***@127.0.0.1:PORT may not use SET: ACL SETUSER worker +set',
      );
      expect(await trouble(mine, { ca: null, words: ['GET', 'other'] })).toMatch(
        /may not use the keys of the queue: .* ~expgraph:\* /,
      );
    });

    it('that is told a right by the sentence grants it', async () => {
      const redis = await startRedis({ program, users: ['worker on >w ~expgraph:* +get'] });
      const mine = redis.urlFor('worker', 'w');
      const words = ['CONFIG', 'GET', 'appendonly'];
      const sentence = await trouble(mine, { ca: null, words });
      expect(sentence).toMatch(/may not use CONFIG( GET)?: ACL SETUSER worker \+config(\|get)?$/);
      await redis.ask(...sentence.split(': ').at(-1)!.split(' '));
      expect(await trouble(mine, { ca: null, words })).toBe('no trouble');
    });

    it('is said not to be there, and to be a cluster', async () => {
      const gone = await startRedis({ program });
      await gone.kill();
      expect(await trouble(gone.url, { ca: null })).toMatch(/^nothing listens at/);
      const cluster = await startRedis({ program, cluster: true });
      expect(await trouble(cluster.url, { ca: null, words: ['SELECT', '1'] })).toMatch(
        // Valkey 9 has numbers in clusters, too, and one of them by itself.
        /has database 0 alone|1 as a cluster/,
      );
      await cluster.ask('CLUSTER', 'FLUSHSLOTS');
      expect(await trouble(cluster.url, { ca: null, words: ['GET', 'a'] })).toMatch(/is not whole/);
    });
  },
);

it.skipIf(NO_REDIS)(
  `a certificate is said not to be trusted, and TLS not to be spoken${WITH_REDIS}`,
  async () => {
    const tls = await startRedis({ tls: true });
    expect(await trouble(tls.url, { ca: tls.ca })).toBe('no trouble');
    const other = await startRedis({ tls: true });
    expect(await trouble(tls.url, { ca: other.ca })).toMatch(/^nobody here vouches for the certificate/);
    expect(await trouble(tls.url.replace('rediss', 'redis'), { ca: null })).toMatch(/begins with rediss:/);
  },
);

it.skipIf(NO_REDIS)(`a node that has other slots names the one that has them${WITH_REDIS}`, async () => {
  const first = await startRedis({ cluster: true });
  const second = await startRedis({ cluster: true });
  await first.ask('CLUSTER', 'FLUSHSLOTS');
  await first.ask('CLUSTER', 'MEET', '127.0.0.1', second.port);
  await expect
    .poll(async () => trouble(first.url, { ca: null, words: ['GET', 'a'] }))
    .toBe(
      `redis://127.0.0.1:PORT is a node of a cluster, and the keys of this experiment stand at 127.0.0.1:${second.port}: give that one's address`,
    );
});

/** The client that BullMQ uses, where it is installed: its own words are said as well. */
const CLIENT = clientFile();

type Client = {
  on(event: 'error', heard: (error: unknown) => void): void;
  call(...words: readonly string[]): Promise<unknown>;
  disconnect(): void;
};

async function heard(
  url: string,
  options: { readonly [name: string]: unknown } = {},
): Promise<readonly string[]> {
  const { Redis } = (await import(CLIENT!)) as {
    readonly Redis: new (url: string, options: unknown) => Client;
  };
  const client = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null, ...options });
  const errors: unknown[] = [];
  client.on('error', (error) => errors.push(error));
  await client.call('SET', 'expgraph:{a}:b', 'c').catch((error: unknown) => errors.push(error));
  client.disconnect();
  const { port } = new URL(url);
  return errors.map((one) => redisTrouble(one, targetOf(url)).sentence.replaceAll(port, 'PORT'));
}

it.skipIf(NO_REDIS || CLIENT === null)(
  `what ioredis throws is said the same${WITH_REDIS}${CLIENT === null ? ' (left out: ioredis is not installed)' : ''}`,
  async () => {
    const redis = await startRedis({
      password: 'sesame-open',
      users: ['worker on >w ~expgraph:* +@read +info'],
    });
    expect((await heard(`redis://127.0.0.1:${redis.port}`))[0]).toMatch(/wants a password/);
    expect((await heard(`redis://:hunter2@127.0.0.1:${redis.port}`))[0]).toMatch(
      /does not take the password$/,
    );
    expect((await heard(redis.urlFor('worker', 'w')))[0]).toMatch(/may not use SET/);
    // It goes on with database 0 all the same: whoever uses it has to listen.
    expect((await heard(`${redis.url}/77`))[0]).toMatch(/has no database 77/);
    redis.freeze();
    expect(await heard(redis.url, { commandTimeout: 200 })).toContainEqual(
      expect.stringMatching(/does not answer|lost/),
    );
    await redis.kill();
    expect((await heard(redis.url))[0]).toMatch(/^nothing listens at/);
    const tls = await startRedis({ tls: true });
    expect((await heard(tls.url))[0]).toMatch(/NODE_EXTRA_CA_CERTS/);
  },
);

function clientFile(): string | null {
  try {
    return createRequire(import.meta.url).resolve('ioredis');
  } catch {
    return null;
  }
}

it('a web server is said to be no Redis', async () => {
  const web = net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const { port } = web.address() as net.AddressInfo;
  expect(await trouble(`redis://127.0.0.1:${port}`, { ca: null })).toBe(
    'what listens at redis://127.0.0.1:PORT is no Redis: correct --redis',
  );
  web.close();
});
