// Errors of Redis, of its clients and of the network: one sentence each, which tells what to do and no secret.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redisTrouble } from '../../src/queue/redis-errors.ts';
import { type RedisTarget, readRedisUrl } from '../../src/queue/redis-url.ts';

function target(typed: string): RedisTarget {
  const read = readRedisUrl(typed);
  if (read.kind === 'err') throw new Error(read.error);
  return read.value;
}

const PLAIN = target('redis://q');
const AT = 'redis://q:6379';
const coded = (code: string, message = code): Error => Object.assign(new Error(message), { code });

test.each<[unknown, string, 'passes' | 'lasts']>([
  [
    new Error('NOAUTH Authentication required.'),
    `${AT} wants a password: write it as redis://:PASSWORD@q:6379`,
    'lasts',
  ],
  // As ioredis 6 hears it, which says HELLO first.
  [
    new Error('NOAUTH HELLO must be called with the client already authenticated'),
    `${AT} wants a password: write it as redis://:PASSWORD@q:6379`,
    'lasts',
  ],
  [
    new Error('WRONGPASS invalid username-password pair or user is disabled.'),
    `${AT} does not take the password`,
    'lasts',
  ],
  [new Error('ERR invalid password'), `${AT} does not take the password`, 'lasts'],
  [
    new Error(
      'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
    ),
    `${AT} has no password set: leave it out of --redis, or set one (requirepass)`,
    'lasts',
  ],
  [
    new Error("NOPERM this user has no permissions to run the 'config|get' command"),
    `user default of ${AT} may not use CONFIG GET: ACL SETUSER default +config|get`,
    'lasts',
  ],
  [
    new Error('NOPERM this user has no permissions to access one of the keys used as arguments'),
    `user default of ${AT} may not use the keys of the queue: ACL SETUSER default ~expgraph:* &expgraph:*`,
    'lasts',
  ],
  [
    new Error("OOM command not allowed when used memory > 'maxmemory'."),
    `${AT} is full, and takes no more work until results are fetched or it is given more: CONFIG SET maxmemory`,
    'passes',
  ],
  [
    new Error("READONLY You can't write against a read only replica."),
    `${AT} is a replica, which nobody may write to: give the address of its primary (INFO replication names it)`,
    'passes',
  ],
  [
    new Error('LOADING Redis is loading the dataset in memory'),
    `${AT} is still loading its data: wait until it is done`,
    'passes',
  ],
  [
    new Error('MOVED 3999 10.0.0.7:6381'),
    `${AT} is a node of a cluster, and the keys of this experiment stand at 10.0.0.7:6381: give that one's address`,
    'lasts',
  ],
  // An endpoint of unknown host, as a cluster behind a proxy says it.
  [
    new Error('MOVED 3999 :6381'),
    `${AT} is a node of a cluster, and the keys of this experiment stand at another node: give that one's address`,
    'lasts',
  ],
  [
    new Error('Cluster nodes do not answer: 172.18.0.2:6379, 172.18.0.3:6379'),
    `${AT} is a node of a cluster whose nodes do not answer from here at the addresses that they say of themselves (172.18.0.2:6379, 172.18.0.3:6379): CONFIG SET cluster-announce-ip ADDRESS`,
    'lasts',
  ],
  [
    new Error('CLUSTERDOWN Hash slot not served'),
    `the cluster of ${AT} is not whole: CLUSTER INFO tells what is missing`,
    'passes',
  ],
  [
    new Error('MISCONF Errors writing to the AOF file: No space left on device'),
    `${AT} could not write to its disk, and takes no more work until it can: look at its log, and at the space that is left`,
    'passes',
  ],
  [
    new Error('ERR max number of clients reached'),
    `${AT} takes no more connections: raise its maxclients, or start fewer workers`,
    'passes',
  ],
  [
    new Error("ERR unknown command 'LMOVE', with args beginning with: 'a' 'b'"),
    `${AT} lacks a command that the queue needs (ERR unknown command 'LMOVE', with args beginning with: 'a' 'b'): it needs Redis 6.2 or newer, or Valkey`,
    'lasts',
  ],
  [
    coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:6379'),
    `nothing listens at ${AT}: start Redis there, or correct --redis`,
    'passes',
  ],
  [
    new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')], ''),
    `nothing listens at ${AT}: start Redis there, or correct --redis`,
    'passes',
  ],
  [coded('ENOTFOUND'), `there is no host with the name in ${AT} (ENOTFOUND): correct --redis`, 'lasts'],
  [coded('ETIMEDOUT'), `${AT} did not take the connection in time: is it behind a firewall?`, 'passes'],
  [
    coded('ECONNRESET'),
    `${AT} broke the connection off: where it speaks TLS, the address begins with rediss://`,
    'passes',
  ],
  [
    coded('DEPTH_ZERO_SELF_SIGNED_CERT'),
    `nobody here vouches for the certificate of ${AT}: set NODE_EXTRA_CA_CERTS to the file of the authority that made it`,
    'lasts',
  ],
  [
    coded('ERR_SSL_WRONG_VERSION_NUMBER'),
    `${AT} does not speak TLS: its address begins with redis://`,
    'lasts',
  ],
  [
    coded('ERR_TLS_CERT_ALTNAME_INVALID'),
    `the certificate of ${AT} is for another name: write the host as the certificate has it`,
    'lasts',
  ],
  [
    new Error('Unknown RESP type 72 "H". Please report this.'),
    `what listens at ${AT} is no Redis: correct --redis`,
    'lasts',
  ],
  [new Error('Command timed out'), `${AT} does not answer`, 'passes'],
  [new Error('Connection is closed.'), `the connection to ${AT} is lost`, 'passes'],
  [
    new Error('Reached the max retries per request limit (which is 20).'),
    `the connection to ${AT} is lost`,
    'passes',
  ],
  ['ERR something new', `${AT} answered: ERR something new`, 'passes'],
  [undefined, `${AT} answered: an error without words`, 'passes'],
])('%s', (thrown, sentence, how) => {
  expect(redisTrouble(thrown, PLAIN)).toEqual({ sentence, passes: how === 'passes' });
});

test('a user, a socket, a database and TLS are named as they were given', () => {
  const says = (thrown: unknown, typed: string): string => redisTrouble(thrown, target(typed)).sentence;
  expect(says(new Error('WRONGPASS'), 'redis://w:secret@q')).toBe(
    'redis://w:***@q:6379 does not take the password of user w',
  );
  expect(says(coded('ENOENT'), 'unix:///run/r.sock')).toBe(
    'there is no socket at unix:///run/r.sock: start Redis there, or correct --redis',
  );
  expect(says(new Error('ERR DB index is out of range'), 'redis://q/77')).toBe(
    'redis://q:6379/77 has no database 77: it has fewer: 16 by itself, 1 as a cluster',
  );
  expect(says(coded('ECONNRESET'), 'rediss://q')).toBe('rediss://q:6379 broke the connection off');
});

test('no sentence has the password in it, whatever the error repeats', () => {
  const password = 'hunter2/é&';
  const words = fc.constantFrom(
    'ERR',
    'NOPERM',
    'WRONGPASS',
    'MOVED 1',
    'AUTH',
    "run the '",
    "' command",
    '\n',
  );
  const secret = fc.constantFrom(password, encodeURIComponent(password));
  const part = fc.oneof(words, secret, fc.string({ maxLength: 9 }));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      const { sentence } = redisTrouble(
        new Error(parts.join(' ')),
        target(`redis://u:${encodeURIComponent(password)}@q`),
      );
      expect(sentence).not.toContain('hunter2');
      expect(sentence).not.toContain('\n');
    }),
  );
});
