// Orders that are decided at once: no promise, watchdog or place is kept for them, and all that is promised of any other holds.
import { describe, expect, test } from 'vitest';
import type { Order } from '../../src/core/order.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { answer, failure, kinds, rig } from '../rig/loop.ts';

type Rig = ReturnType<typeof rig>;

/** Everything is decided by `decide`; null = it takes its time after all. */
function decidedBy(it: Rig, decide: (order: Order) => Outcome | null): Rig['input']['executor'] {
  return { ...it.input.executor, atOnce: decide };
}

describe('an order that is decided at once', () => {
  test('is begun, kept and told like any other, and nobody executes it', async () => {
    const it = rig({ tasks: 5, script: () => 'never', concurrency: 2 });
    const result = await it.run({ executor: decidedBy(it, () => answer()) });
    expect([...result.results.values()]).toEqual(Array(5).fill('completed'));
    expect([...it.store.records()].map(({ status }) => status)).toEqual(Array(5).fill('completed'));
    expect(kinds(it.events).filter((kind) => kind === 'attempt-started')).toHaveLength(5);
    const told = it.events.flatMap((event) => (event.kind === 'task-finished' ? [event.key] : []));
    expect(told).toEqual(it.pending.map(({ key }) => key));
    expect(it.mostInFlight()).toBe(0);
  });

  test('is told to have finished only after its record is kept', async () => {
    const it = rig({ tasks: 3, script: () => 'never' });
    const kept: string[] = [];
    const order: string[] = [];
    const store = {
      ...it.input.store,
      put: async (entry: Parameters<typeof it.store.put>[0]) => {
        await it.store.put(entry);
        kept.push(entry.record.key);
      },
    };
    await it.run({
      store: store as typeof it.input.store,
      executor: decidedBy(it, () => answer()),
      emit: (event) => {
        if (event.kind === 'task-finished') order.push(kept.includes(event.key) ? 'kept' : 'lost');
      },
    });
    expect(order).toEqual(['kept', 'kept', 'kept']);
  });

  test('may fail for good, and costs no other anything', async () => {
    const it = rig({ tasks: 4, script: () => 'never', retries: 0 });
    const result = await it.run({
      executor: decidedBy(it, ({ cell }) => (cell.variant === 'a' ? failure('score-failed') : answer())),
    });
    expect([...result.results.values()].toSorted()).toEqual(['completed', 'completed', 'failed', 'failed']);
  });

  test('stands beside those that take their time', async () => {
    const it = rig({ tasks: 6, script: () => answer(), concurrency: 2 });
    const result = await it.run({
      executor: decidedBy(it, ({ cell }) => (cell.variant === 'a' ? answer() : null)),
    });
    expect(result.results.size).toBe(6);
    expect(it.mostInFlight()).toBe(2);
  });

  test('lets whoever wants to stop be heard after a few milliseconds: what was decided is kept', async () => {
    const it = rig({ tasks: 1_000, script: () => 'never' });
    // Each decision takes a millisecond of the clock that is turned by hand.
    let nowMs = 0;
    const clock = { ...it.clock, monotonicMs: () => nowMs };
    it.clock.after(0, () => it.stop.abort());
    const result = await it.run({
      clock,
      executor: decidedBy(it, () => {
        nowMs++;
        return answer();
      }),
    });
    expect(result.stopped?.kind).toBe('interrupted');
    expect(result.results.size).toBeGreaterThan(0);
    expect(result.results.size).toBeLessThan(50);
    expect([...it.store.records()]).toHaveLength(result.results.size);
  });

  test('is not decided where a budget that is used up has stopped its lane, and reservations are given back', async () => {
    const it = rig({ tasks: 20, script: () => 'never', budgetUsd: 10, bound: { inputUsd: 0, outputUsd: 2 } });
    const result = await it.run({ executor: decidedBy(it, () => answer()) });
    expect(result.stopped?.kind).toBe('budget-reached');
    expect(result.spentUsd).toBeLessThanOrEqual(10);
    expect(result.results.size).toBeGreaterThan(5);
  });
});
