// Orders that wait in their executor: that is no silence of theirs.
import { expect, test } from 'vitest';
import { answer, rig } from '../rig/loop.ts';

const LONG_MS = 60_000;

test('a single call that waits in its executor is not given up for it, and is watched again when it goes on', async () => {
  const it = rig({ tasks: 1, script: () => answer() });
  const { execute, capacity, abandon } = it.input.executor;
  let goesOn: (() => void) | undefined;
  const result = await it.run({
    executor: {
      ...{ capacity, abandon },
      execute(order, gate, pausing) {
        if (order.attempt > 1) return execute(order, gate);
        pausing?.waits();
        goesOn = pausing?.goesOn;
        // It goes on late, and never answers.
        return new Promise(() => it.clock.after(LONG_MS, () => pausing?.goesOn()));
      },
    },
  });
  expect(result).toMatchObject({ attempts: 2, retries: 1 });
  expect(it.abandoned.map(({ attempt }) => attempt)).toEqual([1]);
  const lost = it.events.find(({ kind }) => kind === 'attempt-failed');
  expect(lost).toMatchObject({ error: { kind: 'worker-lost' } });
  // What is over is not watched again.
  goesOn?.();
  await it.clock.advance(LONG_MS);
  expect(it.abandoned).toHaveLength(1);
  expect(it.clock.monotonicMs()).toBeGreaterThan(2 * LONG_MS);
});
