// Addresses of Redis: what is read of them, and that no sentence about them repeats a secret.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RedisTarget, readRedisUrl, shownRedis } from '../../src/queue/redis-url.ts';

const tcp = (host: string, port: number, isEncrypted = false): RedisTarget['at'] => ({
  kind: 'tcp',
  host,
  port,
  isEncrypted,
});
const NOBODY = { username: null, password: null };

test.each<[string, RedisTarget, string]>([
  ['redis://localhost', { at: tcp('localhost', 6379), ...NOBODY, db: 0 }, 'redis://localhost:6379'],
  ['redis://h:80/2', { at: tcp('h', 80), ...NOBODY, db: 2 }, 'redis://h:80/2'],
  ['redis://h?db=3', { at: tcp('h', 6379), ...NOBODY, db: 3 }, 'redis://h:6379/3'],
  ['VALKEY://h/', { at: tcp('h', 6379), ...NOBODY, db: 0 }, 'redis://h:6379'],
  [
    'rediss://worker:p%40ss%2F@q.example:7000',
    { at: tcp('q.example', 7000, true), username: 'worker', password: 'p@ss/', db: 0 },
    'rediss://worker:***@q.example:7000',
  ],
  [
    ' redis://:secret@[::1]:6380/0\n',
    { at: tcp('::1', 6380), username: null, password: 'secret', db: 0 },
    'redis://:***@[::1]:6380',
  ],
  [
    'unix:///run/redis/redis.sock?db=1',
    { at: { kind: 'socket', path: '/run/redis/redis.sock' }, ...NOBODY, db: 1 },
    'unix:///run/redis/redis.sock?db=1',
  ],
  [
    '/run/redis%20a.sock',
    { at: { kind: 'socket', path: '/run/redis a.sock' }, ...NOBODY, db: 0 },
    'unix:///run/redis a.sock',
  ],
  [
    'redis+unix://worker:secret@/run/redis.sock',
    { at: { kind: 'socket', path: '/run/redis.sock' }, username: 'worker', password: 'secret', db: 0 },
    'unix://worker:***@/run/redis.sock',
  ],
])('%s is read', (typed, target, shown) => {
  expect(readRedisUrl(typed)).toEqual({ kind: 'ok', value: target });
  expect(shownRedis(target)).toBe(shown);
});

test.each([
  ['', /is empty/],
  ['localhost:6379', /has no scheme: write it as redis:\/\/host:6379/],
  ['http://localhost:6379', /^http:\/\/ is no address of Redis/],
  ['redis://', /names no host/],
  ['redis:///1', /names no host/],
  ['redis://h:99999', /cannot be read/],
  ['redis://h:0', /port 0/],
  ['redis://h/one', /is a number/],
  ['redis://h/-1', /is a number/],
  ['redis://h/0?family=6', /only \?db=NUMBER/],
  ['redis://hunter2@h', /user and no password/],
  ['redis://:hunter2#x@h', /%23/],
  ['redis://:hunter2/x@h', /%23/],
  ['redis://:hun@ter2@h', /%40/],
  ['redis://:hunter2%zz@h', /%25/],
  ['unix://run/redis.sock', /cannot be read/],
])('%s is refused in a sentence that repeats nothing of it', (typed, says) => {
  const read = readRedisUrl(typed);
  expect(read.kind === 'err' ? read.error : read).toMatch(says);
  expect(JSON.stringify(read)).not.toContain('hunter2');
});

test('no address that is shown has its password in it, whatever stands in it', () => {
  const part = fc
    .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
    .filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(part, part, fc.nat(15), fc.boolean(), (username, password, db, isEncrypted) => {
      const typed = `redis${isEncrypted ? 's' : ''}://${encodeURIComponent(username)}:${encodeURIComponent(password)}@host:1/${db}`;
      const read = readRedisUrl(typed);
      const target = { at: tcp('host', 1, isEncrypted), username, password, db };
      expect(read).toEqual({ kind: 'ok', value: target });
      const other = { ...target, password: `${password}~` };
      expect(shownRedis(target)).toBe(shownRedis(other));
    }),
  );
});

test('nothing of an address that cannot be read is told', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), (noise) => {
      const read = readRedisUrl(`redis://:hunter2${noise}@h`);
      if (read.kind === 'err') expect(read.error).not.toContain('hunter2');
      else expect(shownRedis(read.value)).not.toContain('hunter2');
    }),
  );
});
