// What a declared limit of a minute lets through, by a clock of the test.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBucket } from '../../src/run/limits/bucket.ts';

const MINUTE_MS = 60_000;

type Taken = { readonly atMs: number; amount: number };

/** Takes as much as there is until then, waiting where it is told to. */
function greedy(perMinute: number, untilMs: number, amount = 1): readonly Taken[] {
  const bucket = makeBucket(perMinute);
  const taken: Taken[] = [];
  for (let nowMs = 0; nowMs < untilMs; ) {
    const readyMs = bucket.readyAt(nowMs, amount);
    if (readyMs > nowMs) nowMs = Math.ceil(readyMs);
    else {
      bucket.take(nowMs, amount);
      taken.push({ atMs: nowMs, amount });
    }
  }
  return taken;
}

/** In the fullest minute. */
function mostOf(taken: readonly Taken[]): number {
  let [most, sum, first] = [0, 0, 0];
  for (const { atMs, amount } of taken) {
    sum += amount;
    while (taken[first]!.atMs <= atMs - MINUTE_MS) sum -= taken[first++]!.amount;
    most = Math.max(most, sum);
  }
  return most;
}

describe('a limit of a minute', () => {
  it.each([1, 3, 7, 60, 500, 3_000, 20_000])('is all that any minute has, and what each has: %i', (rpm) => {
    const taken = greedy(rpm, 10 * MINUTE_MS);
    expect(mostOf(taken)).toBe(rpm);
    expect(taken.length).toBeGreaterThanOrEqual(rpm * 9.95);
  });

  it('is sent evenly but for a burst of less than a second', () => {
    const taken = greedy(3_000, 5 * MINUTE_MS);
    for (let fromMs = 0; fromMs < 5 * MINUTE_MS; fromMs += 1_000) {
      const inSecond = taken.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + 1_000).length;
      expect(inSecond).toBeLessThanOrEqual(50 + 40);
    }
  });

  it('holds after any pause', () => {
    const acts = fc.array(fc.record({ pauseMs: fc.nat(90_000), calls: fc.integer({ min: 1, max: 80 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(acts, fc.integer({ min: 1, max: 200 }), (all, rpm) => {
        const bucket = makeBucket(rpm);
        const taken: Taken[] = [];
        let nowMs = 0;
        for (const { pauseMs, calls } of all) {
          nowMs += pauseMs;
          for (let left = calls; left > 0; ) {
            const readyMs = bucket.readyAt(nowMs, 1);
            if (readyMs > nowMs) nowMs = Math.ceil(readyMs);
            else {
              bucket.take(nowMs, 1);
              taken.push({ atMs: nowMs, amount: 1 });
              left--;
            }
          }
        }
        return mostOf(taken) <= rpm;
      }),
    );
  });

  it('counts a call from when it began, where that is told', () => {
    const bucket = makeBucket(600);
    const began: number[] = [];
    const telling: { readonly dueMs: number; readonly takenMs: number; readonly beganMs: number }[] = [];
    for (let nowMs = 0; nowMs < 10 * MINUTE_MS; ) {
      while (telling[0] && telling[0].dueMs <= nowMs) {
        const { takenMs, beganMs } = telling.shift()!;
        bucket.used(takenMs, beganMs);
      }
      const readyMs = bucket.readyAt(nowMs, 1);
      if (readyMs > nowMs) {
        nowMs = Math.ceil(Math.min(readyMs, telling[0]?.dueMs ?? readyMs));
        continue;
      }
      bucket.take(nowMs, 1);
      // The first ones load something, all others are off at once.
      const beganMs = Math.max(2_000, nowMs + 5);
      began.push(beganMs);
      telling.push({ dueMs: beganMs + 300, takenMs: nowMs, beganMs });
    }
    expect(mostOf(began.sort((a, b) => a - b).map((atMs) => ({ atMs, amount: 1 })))).toBeLessThanOrEqual(600);
    expect(began.length).toBeGreaterThan(9.9 * 600);
  });

  it('counts what a call used, and not what it was taken for', () => {
    const bucket = makeBucket(60_000);
    const taken: Taken[] = [];
    for (let nowMs = 0; nowMs < 10 * MINUTE_MS; ) {
      const readyMs = bucket.readyAt(nowMs, 700);
      if (readyMs > nowMs) nowMs = Math.ceil(readyMs);
      else {
        bucket.take(nowMs, 700);
        // Its answer comes later: it used less, or more.
        const used = taken.length % 5 === 0 ? 900 : 300;
        bucket.give(700 - used, nowMs);
        taken.push({ atMs: nowMs, amount: used });
      }
    }
    expect(mostOf(taken)).toBeLessThanOrEqual(60_000 + 900);
    expect(taken.reduce((sum, { amount }) => sum + amount, 0)).toBeGreaterThan(9.8 * 60_000);
  });

  it('lets a call through that is larger than a minute has, alone', () => {
    const bucket = makeBucket(1_000);
    expect(bucket.readyAt(0, 5_000)).toBe(0);
    bucket.take(0, 5_000);
    expect(bucket.readyAt(0, 1)).toBeGreaterThanOrEqual(MINUTE_MS);
    expect(bucket.readyAt(6 * MINUTE_MS, 5_000)).toBe(6 * MINUTE_MS);
  });
});
