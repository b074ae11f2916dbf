// Whether a queue can stand on a server: what INFO and CONFIG say, as sentences with what to type.
import { describe, expect, test } from 'vitest';
import { checkRedis, findingSentence, isRefusal } from '../../src/queue/redis-checks.ts';
import { type RedisFacts, readRedisFacts } from '../../src/queue/redis-facts.ts';

const AT = 'redis://q:6379';
const GOOD: RedisFacts = {
  software: 'Redis',
  version: '7.0.15',
  mode: 'standalone',
  evictionPolicy: 'noeviction',
  isAppending: true,
  isDiskFailing: false,
  isLoading: false,
  primary: null,
  memory: { usedBytes: 1_000_000, maxBytes: null },
  freeClients: 9_000,
};
const MB = 1024 ** 2;

/** `refused: ...`. */
function said(facts: Partial<RedisFacts>): readonly string[] {
  return checkRedis({ ...GOOD, ...facts }, AT).map((one) => `${one.severity}: ${findingSentence(one)}`);
}

describe('a server', () => {
  test.each<[string, Partial<RedisFacts>]>([
    ['as Debian 12 has it', {}],
    ['of Redis 6.2', { version: '6.2.0' }],
    ['of Redis 10', { version: '10.0.1' }],
    ['that is a Valkey', { software: 'Valkey', version: '7.2.4' }],
    ['that is a cluster', { mode: 'cluster' }],
    ['with memory to spare', { memory: { usedBytes: 79 * MB, maxBytes: 100 * MB } }],
    [
      'that tells little',
      { isAppending: null, freeClients: null, memory: { usedBytes: null, maxBytes: null } },
    ],
  ])('%s is taken without a word', (_name, facts) => {
    expect(said(facts)).toEqual([]);
  });

  test.each<[Partial<RedisFacts>, string]>([
    [{ version: '6.0.16' }, `refused: ${AT} is Redis 6.0.16: the queue needs 6.2 or newer, or Valkey`],
    [{ version: '5.0.14' }, `refused: ${AT} is Redis 5.0.14: the queue needs 6.2 or newer, or Valkey`],
    [
      { version: null },
      `warning: ${AT} does not say which version it is: the queue needs Redis 6.2 or newer, or Valkey`,
    ],
    [
      { evictionPolicy: 'allkeys-lru' },
      `refused: ${AT} deletes work when its memory is full (maxmemory-policy allkeys-lru; the queue needs noeviction); in redis-cli: CONFIG SET maxmemory-policy noeviction`,
    ],
    [
      { evictionPolicy: null },
      `warning: ${AT} does not tell its eviction policy: with another than noeviction it deletes work when its memory is full; in redis-cli: CONFIG SET maxmemory-policy noeviction`,
    ],
    [
      { isAppending: false },
      `warning: ${AT} keeps its data in memory alone (appendonly no): when it restarts, calls under way are made again and paid again; records are safe; in redis-cli: CONFIG SET appendonly yes`,
    ],
    [
      { memory: { usedBytes: 96 * MB, maxBytes: 100 * MB } },
      `refused: ${AT} is full: it uses 96 of its 100 MB of memory; in redis-cli: CONFIG SET maxmemory 200mb`,
    ],
    [
      { memory: { usedBytes: 85 * MB, maxBytes: 100 * MB } },
      `warning: ${AT} is nearly full: it uses 85 of its 100 MB of memory, and takes no more work when it is; in redis-cli: CONFIG SET maxmemory 200mb`,
    ],
    [
      { primary: '10.0.0.7:6379' },
      `refused: ${AT} is a replica, which nobody may write to: give the address of its primary, 10.0.0.7:6379`,
    ],
    [
      { mode: 'sentinel' },
      `refused: ${AT} is a Sentinel, which keeps no data: give the address of the Redis that it watches; in redis-cli: SENTINEL MASTERS`,
    ],
    [{ isLoading: true }, `refused: ${AT} is still loading its data: start again in a moment`],
    [
      { isDiskFailing: true },
      `refused: ${AT} could not write to its disk, and takes no more work until it can: look at its log, and at the space that is left`,
    ],
    [
      { freeClients: 3 },
      `warning: ${AT} takes only 3 more connections (maxclients): workers that come later are refused`,
    ],
  ])('that says %j is told so', (facts, sentence) => {
    expect(said(facts)).toEqual([sentence]);
  });

  test('is told everything at once, refusals first', () => {
    const found = checkRedis(
      { ...GOOD, isAppending: false, evictionPolicy: 'volatile-ttl', version: '5.0.1' },
      AT,
    );
    expect(found.map(isRefusal)).toEqual([true, true, false]);
  });
});

describe('INFO', () => {
  test('of Redis 7 with a password, in memory, full', () => {
    const info =
      '# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n# Clients\r\nconnected_clients:3\r\nmaxclients:10000\r\n# Memory\r\nused_memory:900\r\nmaxmemory:1000\r\nmaxmemory_policy:allkeys-lru\r\n# Persistence\r\nloading:0\r\naof_enabled:0\r\nrdb_last_bgsave_status:ok\r\naof_last_write_status:ok\r\n# Replication\r\nrole:master\r\n';
    expect(readRedisFacts(info, null)).toEqual({
      ...GOOD,
      evictionPolicy: 'allkeys-lru',
      isAppending: false,
      memory: { usedBytes: 900, maxBytes: 1000 },
      freeClients: 9997,
    });
  });

  test('of Valkey, which says that it is compatible with Redis 7.2', () => {
    const info =
      'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\nserver_mode:cluster\r\nrole:slave\r\nmaster_host:10.0.0.7\r\nmaster_port:6379\r\n';
    expect(readRedisFacts(info, null)).toMatchObject({
      software: 'Valkey',
      version: '8.0.1',
      mode: 'cluster',
      primary: '10.0.0.7:6379',
      evictionPolicy: null,
      isAppending: null,
    });
  });

  test('that lacks fields is filled from CONFIG, where that may be asked', () => {
    const settings = {
      maxmemory: '2000',
      'maxmemory-policy': 'noeviction',
      appendonly: 'yes',
      'stop-writes-on-bgsave-error': 'no',
    };
    expect(readRedisFacts('redis_version:6.2.1\nrdb_last_bgsave_status:err', settings)).toMatchObject({
      evictionPolicy: 'noeviction',
      isAppending: true,
      isDiskFailing: false,
      memory: { maxBytes: 2000 },
    });
    expect(readRedisFacts('rdb_last_bgsave_status:err', null)).toMatchObject({
      version: null,
      isDiskFailing: true,
    });
  });
});
