// Time limits count time in which the process ran.
import { describe, expect, it } from 'vitest';
import { startLimit } from '../../src/core/limit.ts';
import { handClock } from '../rig/clock.ts';

/** A clock whose process can be stopped: time goes on, timers are served late and what arrived is served after them. */
function stoppableClock() {
  const clock = handClock();
  let sleptMs = 0;
  return {
    ...clock,
    monotonicMs: () => clock.monotonicMs() + sleptMs,
    sleep: (ms: number) => {
      sleptMs += ms;
    },
  };
}

describe('a time limit', () => {
  it('is over when it is, and not before', async () => {
    const clock = stoppableClock();
    const over: number[] = [];
    const limit = startLimit(clock, 2_500, () => over.push(clock.monotonicMs()));
    await clock.advance(2_499);
    expect([over, limit.leftMs()]).toEqual([[], 1]);
    await clock.advance(1);
    expect([over, limit.leftMs()]).toEqual([[2_500], 0]);
    expect(clock.pending()).toBe(0);
  });

  it('counts at most a second of a time in which the process stood still', async () => {
    const clock = stoppableClock();
    let over = 0;
    startLimit(clock, 60_000, () => over++);
    await clock.advance(5_500);
    clock.sleep(3_600_000);
    await clock.advance(54_000);
    expect(over).toBe(0);
    await clock.advance(500);
    expect(over).toBe(1);
  });

  it('gives one more second, once, where its last one was slept through', async () => {
    const clock = stoppableClock();
    let over = 0;
    startLimit(clock, 1_000, () => over++);
    clock.sleep(90_000);
    await clock.advance(1_999);
    expect(over).toBe(0);
    clock.sleep(90_000);
    await clock.advance(1);
    expect(over).toBe(1);
  });

  it('is not put off for ever by a process that is always late', async () => {
    const clock = stoppableClock();
    let over = 0;
    startLimit(clock, 10_000, () => over++);
    for (let i = 0; i < 11; i++) {
      clock.sleep(2_000);
      await clock.advance(1_000);
    }
    expect(over).toBe(1);
  });

  it('that is cancelled leaves no timer, not even in its last turn', async () => {
    const clock = stoppableClock();
    let over = 0;
    const limit = startLimit(clock, 1_500, () => over++);
    await clock.advance(1_200);
    limit.cancel();
    expect(clock.pending()).toBe(0);
    await clock.advance(10_000);
    expect(over).toBe(0);
  });
});
