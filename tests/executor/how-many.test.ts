// When own code gets another thread.
import { describe, expect, test } from 'vitest';
import { makePace, opensAnother } from '../../src/executor/how-many.ts';
import { handClock } from '../rig/clock.ts';
import { orderAt } from '../rig/model-calls.ts';

const MACHINE = { processors: 2, most: 32, startMs: 150, fullMs: 0, isBusy: false };

/** How many threads there are once no further one is opened, with 64 orders at one time. */
function threadsFor(orderMs: number | null, more: Partial<typeof MACHINE> = {}): number {
  let threads = 0;
  while (opensAnother({ ...MACHINE, ...more, threads, waiting: 64 - threads, orderMs })) threads++;
  return threads;
}

describe('threads of own code', () => {
  test('are one until somebody knows what an order takes', () => {
    expect(threadsFor(null)).toBe(1);
  });
  test('are one where all that waits takes less than a thread takes to start', () => {
    expect(threadsFor(2)).toBe(1);
  });
  test('are as many as processors where cheap orders go on, and a processor has nothing to do', () => {
    const fullMs = 1_500;
    expect([threadsFor(2, { fullMs }), threadsFor(2, { fullMs, isBusy: true })]).toEqual([2, 1]);
  });
  test('are more the longer orders take, up to the most', () => {
    expect([20, 100, 200, 20_000].map((ms) => threadsFor(ms))).toEqual([4, 16, 26, 32]);
  });
  test('stay few on a busy machine, where orders seem long that only wait for a processor', () => {
    expect([15, 200, 20_000].map((ms) => threadsFor(ms, { isBusy: true }))).toEqual([1, 4, 32]);
  });
  test('are never more than there is work', () => {
    expect(opensAnother({ ...MACHINE, threads: 2, waiting: 0, orderMs: 60_000 })).toBe(false);
  });
});

describe('what an order takes', () => {
  const order = () => orderAt(null);
  test('is not known before one has begun', () => {
    expect(makePace(handClock()).orderMs()).toBe(null);
  });
  test('is what orders took lately, without the first of a thread, which is cold', async () => {
    const clock = handClock();
    const pace = makePace(clock);
    const [first, second] = [order(), order()];
    pace.begins(first, 400);
    await clock.advance(60);
    pace.ends(first);
    const cold = pace.orderMs();
    pace.begins(second);
    await clock.advance(3);
    pace.ends(second);
    expect([cold, pace.orderMs(), pace.startMs()]).toEqual([null, 3, 400]);
  });
  test('is what those under way take already, where that is more; one that hangs says nothing of the others', async () => {
    const clock = handClock();
    const pace = makePace(clock);
    pace.begins(order());
    await clock.advance(90_000);
    for (let n = 0; n < 3; n++) pace.begins(order());
    await clock.advance(500);
    expect(pace.orderMs()).toBe(500);
  });
});
