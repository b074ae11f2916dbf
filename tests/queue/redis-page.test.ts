// docs/redis.md says what the checks and the sentences say.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkRedis } from '../../src/queue/redis-checks.ts';
import { redisTrouble } from '../../src/queue/redis-errors.ts';
import { readRedisFacts } from '../../src/queue/redis-facts.ts';
import { readRedisUrl } from '../../src/queue/redis-url.ts';
import { ROOT } from '../rig/files.ts';

const PAGE = readFileSync(path.join(ROOT, 'docs/redis.md'), 'utf8');
const rows = (head: string): readonly (readonly string[])[] =>
  PAGE.split(`| ${head} `)[1]!
    .split('\n\n')[0]!
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

const GOOD =
  'redis_version:7.0.15\nmaxmemory_policy:noeviction\naof_enabled:1\nused_memory:10\nmaxmemory:1000000\nmaxclients:1000\nconnected_clients:1\n';

/** By the first words of each row: what INFO says then. */
const CASES: readonly (readonly [row: string, info: string])[] = [
  ['it is Redis 6.0', 'redis_version:6.0.16'],
  ['`maxmemory-policy` is not', 'maxmemory_policy:allkeys-lru'],
  ['less than 5 %', `used_memory:515000000\nmaxmemory:${512 * 1024 ** 2}`],
  ['it could not write', 'aof_last_write_status:err'],
  ['it is a replica', 'role:slave'],
  ['it is a Sentinel', 'redis_mode:sentinel'],
  ['it is still loading', 'loading:1'],
  ['`appendonly no`', 'aof_enabled:0'],
  ['less than 20 %', `used_memory:${420 * 1024 ** 2}\nmaxmemory:${512 * 1024 ** 2}`],
  ['it does not say its version', 'redis_version:unstable'],
  ['it takes fewer', 'connected_clients:990'],
];

describe('the page', () => {
  it('has a row for each finding, and no other', () => {
    const table = rows('what it says');
    expect(table.map(([says]) => CASES.find(([row]) => says!.startsWith(row))?.[0])).toEqual(
      CASES.map(([row]) => row),
    );
    for (const [i, [row, info]] of CASES.entries()) {
      const [, becomes, type] = table[i]!;
      const [found, ...more] = checkRedis(readRedisFacts(`${GOOD}${info}`, null), 'IT');
      expect([row, more]).toEqual([row, []]);
      expect([row, becomes!.split(',')[0]]).toEqual([row, found!.severity]);
      expect([row, type!.replaceAll('`', '')]).toEqual([row, found!.toType ?? '']);
    }
  });

  it('has the words of each error', () => {
    const read = readRedisUrl('redis://q');
    if (read.kind === 'err') throw new Error(read.error);
    const table = rows('Redis or the network says');
    expect(table.length).toBeGreaterThan(12);
    for (const [error, sentence] of table) {
      const code = error!.replaceAll('`', '');
      const isReply = !/^E[A-Z]+$|^ERR_|CERT/.test(code);
      const thrown = isReply ? new Error(`${code} 1 n:1`) : Object.assign(new Error(code), { code });
      const told = redisTrouble(thrown, read.value).sentence;
      expect(told, code).not.toContain('answered:');
      const [first] = sentence!.replaceAll('`', '').split(/[,:;]/);
      expect(told, code).toContain(first);
    }
  });

  it('names addresses that are read', () => {
    for (const [, address] of PAGE.matchAll(/`((?:rediss?|unix):\/\/[^` ]+)`/g)) {
      if (address === 'rediss://' || address === 'redis://') continue;
      expect(readRedisUrl(address!).kind, address).toBe('ok');
    }
  });
});
