// What a loop that stops waits for: for what is under way and paid for, and for nothing that will never run.
import { describe, expect, test } from 'vitest';
import type { CallGate } from '../../src/core/gate.ts';
import type { Order } from '../../src/core/order.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { answer, failure, rig } from '../rig/loop.ts';

const SIZE = { inputTokens: 1000, outputTokens: 1000 };
const HOUR_MS = 3_600_000;
/** Far less than any pause here, far more than the work takes. */
const SOON_MS = 60_000;

describe('a lane that is given up', () => {
  test('is not waited for, however long its retries would have', async () => {
    const it = rig({
      tasks: 6,
      lanes: { a: {}, b: {} },
      script: ({ cell, attempt }) => {
        if (cell.variant === 'b') return answer();
        if (cell.scenario === 's0' && attempt === 1)
          return failure('rate-limited', { retryAfterMs: HOUR_MS });
        return failure('unauthorized', { status: 401 });
      },
      concurrency: 6,
    });
    const result = await it.run();
    expect(result.stopped?.kind).toBe('halted');
    expect(result.results.size).toBe(3);
    expect(it.clock.monotonicMs()).toBeLessThan(SOON_MS);
  });

  test('is not waited for by what was under way then and asks for another attempt', async () => {
    const it = rig({ tasks: 2, script: () => 'never', concurrency: 2 });
    const execute = ({ cell }: Order): Promise<Outcome> =>
      new Promise((resolve) => {
        const isFirst = cell.variant === 'a';
        const outcome = isFirst
          ? failure('unauthorized', { status: 401 })
          : failure('overloaded', { retryAfterMs: HOUR_MS });
        it.clock.after(isFirst ? 10 : 20, () => resolve(outcome));
      });
    const result = await it.run({ executor: { ...it.input.executor, execute } });
    expect(result.stopped?.kind).toBe('halted');
    expect(it.clock.monotonicMs()).toBeLessThan(SOON_MS);
  });

  test('lets the retries of other lanes come', async () => {
    const it = rig({
      tasks: 2,
      lanes: { a: {}, b: {} },
      script: ({ cell, attempt }) => {
        if (cell.variant === 'a') return failure('unauthorized', { status: 401 });
        return attempt === 1 ? failure('overloaded', { retryAfterMs: HOUR_MS }) : answer();
      },
    });
    const result = await it.run();
    expect([...result.results.values()]).toEqual(['completed']);
    expect(it.clock.monotonicMs()).toBeGreaterThanOrEqual(HOUR_MS);
  });
});

test('after a stop no delayed retry is waited for', async () => {
  const it = rig({
    tasks: 4,
    script: () => failure('overloaded', { retryAfterMs: HOUR_MS }),
    concurrency: 4,
  });
  it.clock.after(500, () => it.stop.abort());
  const result = await it.run();
  expect([result.stopped?.kind, it.clock.monotonicMs()]).toEqual(['interrupted', 500]);
});

const ENDED = { failure: null, usage: null, limits: null };
const CANCELLED: Outcome = {
  kind: 'cancelled',
  startedAt: '2026-01-02T03:04:05.000Z',
  durationMs: 1,
  requestId: null,
};

/** Tool loops: what a worker does is written by the test. */
function loops(
  at: Parameters<typeof rig>[0],
  work: (order: Order, gate: CallGate, sleep: (ms: number) => Promise<void>) => Promise<Outcome>,
) {
  const it = rig(at);
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => void it.clock.after(ms, resolve));
  const { contextOf } = it.input;
  const conversation = {
    maxTurns: 9,
    scenario: { id: 's', vars: {}, toolResults: {} },
    canned: [],
    done: [],
  };
  const start = () =>
    it.run({
      executor: { ...it.input.executor, execute: (order, gate) => work(order, gate!, sleep) },
      contextOf: (task) => {
        const context = contextOf(task);
        return { ...context, order: (attempt) => ({ ...context.order(attempt, []), conversation }) };
      },
    });
  return { ...it, start };
}

test('after a stop a further call does not wait out the pause of its provider', async () => {
  const verdicts: string[] = [];
  const it = loops({ tasks: 2, script: () => 'never', concurrency: 2 }, async ({ cell }, gate, sleep) => {
    await sleep(10);
    if (cell.variant === 'a') return failure('rate-limited', { retryAfterMs: HOUR_MS });
    gate.ended(ENDED);
    await sleep(10);
    verdicts.push(await gate.admit(SIZE));
    return CANCELLED;
  });
  it.clock.after(100, () => it.stop.abort());
  const result = await it.start();
  expect([verdicts, result.stopped?.kind]).toEqual([['closed'], 'interrupted']);
  expect(it.clock.monotonicMs()).toBeLessThan(SOON_MS);
});

describe('the watchdog', () => {
  test('leaves tools alone that keep to their own limits and take longer together than the attempt may', async () => {
    const it = loops({ tasks: 1, script: () => 'never', retries: 0 }, async (_, gate, sleep) => {
      await sleep(10);
      gate.ended(ENDED);
      // The rig's orders have a second, and five of grace.
      for (const limitMs of [4_000, 4_000, 4_000, 60_000]) {
        gate.works(limitMs);
        await sleep(limitMs - 1);
      }
      await gate.admit(SIZE);
      await sleep(900);
      return answer();
    });
    const result = await it.start();
    expect([[...result.results.values()], it.abandoned.length]).toEqual([['completed'], 0]);
  });

  test('finds a worker that falls silent in a tool, by the limit of that tool', async () => {
    const it = loops({ tasks: 1, script: () => 'never', retries: 0 }, async (_, gate, sleep) => {
      await sleep(10);
      gate.ended(ENDED);
      gate.works(30_000);
      return new Promise(() => {});
    });
    const result = await it.start();
    expect([...result.results.values()]).toEqual(['failed']);
    expect(it.abandoned).toHaveLength(1);
    expect(it.clock.monotonicMs()).toBe(10 + 30_000 + 5_000);
  });
});
