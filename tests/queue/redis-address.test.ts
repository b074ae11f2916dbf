// Where the queue is: an option or the environment, and never a password in what is kept of a command line.
import { expect, it } from 'vitest';
import { queueUrl, redisUrl, withoutPassword } from '../../src/project/queue/redis-address.ts';

it('a password of an address is in no command line that is kept', () => {
  const kept = (word: string) => withoutPassword(['run', '--redis', word])[2];
  expect(kept('redis://:open-sesame@q:6379')).toBe('redis://:***@q:6379');
  expect(kept('rediss://ann:open@sesame@q/1')).toBe('rediss://ann:***@q/1');
  expect(kept('--redis=redis://ann:open-sesame@q')).toBe('--redis=redis://ann:***@q');
  expect(kept('unix://ann:open-sesame@/run/redis.sock')).toBe('unix://ann:***@/run/redis.sock');
  expect(kept('redis://q:6379')).toBe('redis://q:6379');
  expect(kept('ambiguous:*@x')).toBe('ambiguous:*@x');
});

it('the address comes from the option, else from the environment, and is wanted', () => {
  const env = { EXPGRAPH_REDIS_URL: 'redis://there' };
  expect(queueUrl({ env }, {})).toBeNull();
  expect(queueUrl({ env }, { executor: 'queue' })).toBe('redis://there');
  expect(queueUrl({ env }, { executor: 'queue', redis: 'redis://here' })).toBe('redis://here');
  expect(() => queueUrl({ env }, { redis: 'redis://here' })).toThrow('--redis goes with --executor queue');
  expect(() => redisUrl({ env: {} }, undefined)).toThrow('--redis redis://HOST:6379, or EXPGRAPH_REDIS_URL');
});
