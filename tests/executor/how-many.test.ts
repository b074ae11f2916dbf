// When own code gets another thread.
import { describe, expect, test } from 'vitest';
import { makeAtWork } from '../../src/executor/at-work.ts';
import { makePace, opensAnother } from '../../src/executor/how-many.ts';
import { handClock } from '../rig/clock.ts';
import { orderAt } from '../rig/model-calls.ts';

const MACHINE = { processors: 2, most: 32, startMs: 150, atWork: 0.01 };

/** How many threads there are once no further one is opened, with 64 orders at one time. */
function threadsFor(orderMs: number | null, more: Partial<typeof MACHINE> = {}): number {
  let threads = 0;
  while (opensAnother({ ...MACHINE, ...more, threads, waiting: 64 - threads, orderMs })) threads++;
  return threads;
}

describe('threads of own code', () => {
  test('are as many as processors until somebody knows what an order takes', () => {
    expect(threadsFor(null)).toBe(2);
  });
  test('are as many as processors where all that waits takes less than a thread takes to start', () => {
    expect(threadsFor(2)).toBe(2);
  });
  test('are more the longer orders take, up to the most', () => {
    expect([20, 100, 200, 20_000].map((ms) => threadsFor(ms))).toEqual([3, 12, 20, 32]);
  });
  test('are no more than processors can serve: those that compute are few, those that wait for a model many', () => {
    expect([1, 0.5, 0.1, 0.01].map((atWork) => threadsFor(20_000, { atWork }))).toEqual([2, 4, 20, 32]);
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

describe('the share of their time that threads are at work', () => {
  const thread = (): { active: number; activeMs: () => number } => {
    const made = { active: 0, activeMs: () => made.active };
    return made;
  };
  test('is taken for all of it while nobody knows', () => {
    expect(makeAtWork(handClock()).share()).toBe(1);
  });
  test('is what they did since they were looked at before, without what they loaded', async () => {
    const clock = handClock();
    const atWork = makeAtWork(clock);
    const [one, two] = [thread(), thread()];
    one.active = 300;
    atWork.begins(one);
    atWork.begins(two);
    await clock.advance(100);
    one.active += 30;
    const both = atWork.share();
    atWork.ends(one);
    await clock.advance(100);
    two.active += 100;
    expect([both, atWork.share()]).toEqual([0.15, 1]);
  });
});
