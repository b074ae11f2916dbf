import { expect, test } from 'vitest';
import { makeExecutor } from '../../src/executor/index.ts';
import { makeInlineExecutor } from '../../src/executor/inline.ts';
import { CAPACITY, executorContract } from '../contract/executor.ts';
import { orderAt, realClock } from '../rig/model-calls.ts';

executorContract('inline', (env) =>
  makeExecutor({ workers: 0, capacity: CAPACITY, env, clock: realClock, kinds: ['model'] }),
);

test('a perform that throws against its promise is worker-lost', async () => {
  const perform = () => Promise.reject(new Error('a bug'));
  const executor = makeInlineExecutor({ perform, capacity: 1, clock: realClock });
  expect(await executor.execute(orderAt(null))).toMatchObject({
    kind: 'failure',
    failure: { kind: 'worker-lost', message: 'the worker was lost (Error: a bug)' },
  });
});
