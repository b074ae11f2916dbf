// @project e2e: thousands of tasks are played.
import { describe, expect, it } from 'vitest';
import type { Order } from '../../src/core/order.ts';
import { answer, failure, kinds, rig } from '../rig/loop.ts';

const scenarios = (orders: readonly Order[]) => orders.map(({ cell }) => `${cell.variant}${cell.scenario}`);

describe('retries', () => {
  it('take turns with fresh tasks: neither starves the other', async () => {
    const asked: Order[] = [];
    const it = rig({
      tasks: 40,
      concurrency: 1,
      limits: { concurrency: 1 },
      latencyMs: 5_000,
      retries: 1,
      // Five tasks in a row fail once; by the time that one more answer has come, their retries are due.
      script: (order) => {
        asked.push(order);
        return order.attempt === 1 && asked.length <= 5 ? failure('network') : answer();
      },
    });
    await it.run();
    const attempts = asked.map(({ attempt }) => attempt);
    const retries = attempts.flatMap((attempt, i) => (attempt > 1 ? [i] : []));
    expect(retries.length).toBeGreaterThanOrEqual(2);
    // Never two retries in a row while fresh work waits.
    for (const i of retries) expect(attempts[i + 1]).toBe(1);
  });

  it('count against the budget as if they were paid for where they may have been', async () => {
    // Each call is reserved with 2 USD; a timeout may have been charged, so it counts as that.
    const it = rig({
      tasks: 20,
      concurrency: 1,
      budgetUsd: 5,
      bound: { outputUsd: 2 },
      script: () => failure('timeout'),
    });
    const result = await it.run();
    expect(result.stopped?.kind).toBe('budget-reached');
    expect(result.attempts).toBe(2);
  });

  it('cost nothing where the server refused', async () => {
    const it = rig({
      tasks: 2,
      concurrency: 1,
      budgetUsd: 5,
      script: ({ attempt }) => (attempt < 4 ? failure('overloaded') : answer()),
    });
    expect(await it.run()).toMatchObject({ stopped: null, attempts: 8 });
  });
});

describe('--max-new', () => {
  it('begins so many tasks, lets them end, and leaves the others', async () => {
    const begun = new Set<string>();
    const it = rig({
      tasks: 20,
      script: (order) => {
        begun.add(order.key);
        return order.attempt === 1 ? failure('network') : answer();
      },
    });
    const result = await it.run({ maxNew: 7 });
    expect(result.stopped).toEqual({ kind: 'max-new-reached', why: '--max-new 7 reached' });
    expect([begun.size, result.results.size, result.retries]).toEqual([7, 7, 7]);
  });

  it('is no reason to stop where there is no more to do', async () => {
    const it = rig({ tasks: 7, script: () => answer() });
    expect((await it.run({ maxNew: 7 })).stopped).toBeNull();
  });
});

describe('--deadline', () => {
  it('begins nothing after it, retries included, and keeps what is in flight', async () => {
    const starts: number[] = [];
    const it = rig({
      tasks: 100,
      latencyMs: 300,
      script: (order) => {
        starts.push(it.clock.monotonicMs());
        return order.attempt === 1 ? failure('network') : answer();
      },
    });
    const result = await it.run({ deadline: { afterMs: 1_000, why: '--deadline 1s reached' } });
    expect(result.stopped).toEqual({ kind: 'deadline-reached', why: '--deadline 1s reached' });
    expect(Math.max(...starts)).toBeLessThanOrEqual(1_000);
    expect(it.clock.monotonicMs()).toBeLessThanOrEqual(1_310);
    expect([...it.store.records()]).toHaveLength(result.results.size);
  });
});

describe('two accounts', () => {
  it('do not slow each other: the one pauses, the other goes on', async () => {
    const it = rig({
      tasks: 40,
      concurrency: 8,
      lanes: { a: { concurrency: 4 }, b: { concurrency: 4 } },
      script: ({ cell }) => {
        const leftMs = 60_000 - it.clock.monotonicMs();
        return cell.variant === 'a' && leftMs > 0
          ? failure('rate-limited', { retryAfterMs: Math.ceil(leftMs / 1000) * 1000 })
          : answer();
      },
    });
    let doneB: number | null = null;
    await it.run({
      emit: (event) => {
        if (event.kind !== 'task-finished' || event.variant !== 'b') return;
        doneB = it.clock.monotonicMs();
      },
    });
    // Twenty tasks, four at once, 10 ms each, and the turn in which a record is kept.
    expect(doneB).toBeLessThanOrEqual(60);
    expect(it.clock.monotonicMs()).toBeGreaterThanOrEqual(60_000);
  });

  it('one of them dead: it is given up, the other is finished at full speed, and what is left is said', async () => {
    const it = rig({
      tasks: 400,
      concurrency: 8,
      lanes: { a: { concurrency: 8 }, b: { concurrency: 8 } },
      script: ({ cell }) => (cell.variant === 'a' ? failure('network') : answer()),
    });
    let doneB = 0;
    const result = await it.run({
      emit: (event) => {
        it.events.push(event);
        if (event.kind === 'task-finished' && event.variant === 'b') doneB = it.clock.monotonicMs();
      },
    });
    expect(result.stopped?.kind).toBe('halted');
    expect(result.stopped?.why).toContain('given up after 8 probes');
    expect([...result.results.values()]).toEqual(Array.from({ length: 200 }, () => 'completed'));
    // 200 tasks, 8 at once, 10 ms each = 250 ms; the dead one takes a place now and then.
    expect(doneB).toBeLessThanOrEqual(300);
    const said = kinds(it.events).filter((kind) => kind === 'lane-suspended' || kind === 'lane-given-up');
    expect(said).toEqual([...Array.from({ length: 8 }, () => 'lane-suspended'), 'lane-given-up']);
  });

  it('one of them silent: it lends its places to the other', async () => {
    const it = rig({
      tasks: 4_000,
      concurrency: 8,
      lanes: { a: {}, b: {} },
      script: ({ cell }) => (cell.variant === 'a' ? 'never' : answer()),
    });
    const finished: number[] = [];
    const running = it.run({
      retries: 0,
      emit: (event) => {
        if (event.kind === 'task-finished' && event.variant === 'b') finished.push(it.clock.monotonicMs());
      },
    });
    await running;
    // For two seconds half of the places are held by calls that nobody answers.
    const first = finished.filter((ms) => ms <= 1_000).length;
    const later = finished.filter((ms) => ms > 2_050 && ms <= 3_050).length;
    expect(first).toBeGreaterThanOrEqual(4 * 98);
    expect(later).toBeGreaterThanOrEqual(8 * 98);
  });

  it('one with a refused key: its tasks are left, the other is finished', async () => {
    const it = rig({
      tasks: 40,
      lanes: { a: {}, b: {} },
      script: ({ cell }) => (cell.variant === 'a' ? failure('unauthorized', { status: 401 }) : answer()),
    });
    const result = await it.run();
    expect(result.stopped).toEqual({
      kind: 'halted',
      why: 'provider a answered unauthorized (401): it was unauthorized',
    });
    expect(result.results.size).toBe(20);
    expect(result.attempts).toBeLessThanOrEqual(24);
  });
});

describe('an outage', () => {
  it('of ten seconds costs no task: probes are excused, and the run goes on by itself', async () => {
    const it = rig({
      tasks: 400,
      concurrency: 16,
      script: () => {
        const now = it.clock.monotonicMs();
        return now >= 50 && now < 10_050 ? failure('overloaded', { status: 503 }) : answer();
      },
    });
    const result = await it.run();
    expect(result.stopped).toBeNull();
    expect([...new Set(result.results.values())]).toEqual(['completed']);
    expect(result.results.size).toBe(400);
    // Those in flight when it began, those begun before it was noticed, and one probe at a time.
    expect(result.retries).toBeLessThanOrEqual(2 * 16);
    expect(kinds(it.events)).toContain('lane-resumed');
  });
});

describe('declared inputs that change while tasks run', () => {
  it('end the run; answers that came after are kept as failed and satisfy nothing', async () => {
    let calls = 0;
    const asked: string[] = [];
    const it = rig({
      tasks: 20,
      concurrency: 2,
      script: (order) => {
        calls++;
        asked.push(...scenarios([order]));
        return answer();
      },
    });
    const result = await it.run({
      inputsChanged: () => (calls >= 6 ? { kind: 'changed', why: 'fixtures/a.json was changed' } : null),
    });
    expect(result.stopped).toEqual({ kind: 'halted', why: 'fixtures/a.json was changed' });
    expect(asked.length).toBeLessThan(10);
    const records = [...it.store.records()].map((row) => {
      const read = it.store.read(row);
      if (read.kind === 'err') throw new Error(read.error);
      return read.value;
    });
    const failed = records.filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(records.length).toBe(asked.length);
    for (const record of failed) {
      expect(record.attempts.at(-1)?.error?.kind).toBe('inputs-changed');
      expect(record.output).toMatchObject({ text: 'fine' });
      expect(record.cost_usd).toBe(1);
    }
  });
});
