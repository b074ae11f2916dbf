import { describe, expect, it } from 'vitest';
import { ALWAYS_HELD } from '../../src/cache/disk/lock-handle.ts';
import { type Entry, StoreError } from '../../src/cache/store.ts';
import { runLoop } from '../../src/run/run.ts';
import { summarize } from '../../src/run/summary.ts';
import { answer, failure, kinds, rig } from '../rig/loop.ts';

describe('the loop', () => {
  it('runs every pending task once and acknowledges each after it is kept', async () => {
    const it = rig({ tasks: 10, script: () => answer() });
    const kept = new Set<string>();
    const result = await it.run({
      store: {
        log: it.store.log,
        hold: ALWAYS_HELD,
        put: async (entry) => {
          const record = await it.store.put(entry as Entry);
          kept.add(record.key);
          return record;
        },
      },
      emit: (event) => {
        it.events.push(event);
        if (event.kind === 'task-finished') expect(kept.has(event.key)).toBe(true);
      },
    });
    expect(result).toMatchObject({ attempts: 10, retries: 0, stopped: null, costUsd: 10 });
    expect(result.results.size).toBe(10);
    expect(kinds(it.events).filter((kind) => kind === 'task-finished')).toHaveLength(10);
    expect(it.mostInFlight()).toBe(4);
  });

  it.each(['rate-limited', 'overloaded', 'timeout', 'network', 'worker-lost', 'invalid-response'] as const)(
    'retries %s and records each attempt',
    async (kind) => {
      const it = rig({ tasks: 1, script: ({ attempt }) => (attempt < 3 ? failure(kind) : answer()) });
      const result = await it.run();
      expect(result).toMatchObject({ attempts: 3, retries: 2 });
      const [row] = [...it.store.records()];
      const read = it.store.read(row!);
      expect(
        read.kind === 'ok' && read.value.attempts.map(({ n, error }) => [n, error?.kind ?? null]),
      ).toEqual([
        [1, kind],
        [2, kind],
        [3, null],
      ]);
    },
  );

  it.each(['bad-request', 'context-exceeded', 'internal'] as const)(
    'does not retry %s: the task fails and the others go on',
    async (kind) => {
      const it = rig({ tasks: 4, script: ({ cell }) => (cell.scenario === 's0' ? failure(kind) : answer()) });
      const result = await it.run();
      expect(result).toMatchObject({ attempts: 4, retries: 0, stopped: null });
      expect([...result.results.values()].sort()).toEqual(['completed', 'completed', 'failed', 'failed']);
    },
  );

  it("takes a refusal for the account's limits from none of the task's retries", async () => {
    const it = rig({
      tasks: 1,
      retries: 1,
      script: ({ attempt }) =>
        attempt <= 6 ? failure('rate-limited') : attempt === 7 ? failure('network') : answer(),
    });
    const result = await it.run();
    expect(result).toMatchObject({ attempts: 8, stopped: null });
    expect([...result.results.values()]).toEqual(['completed']);
  });

  it('gives a task up that meets nothing but refusals', async () => {
    const it = rig({
      tasks: 1,
      retries: 2,
      script: () => failure('rate-limited', { status: 429, retryAfterMs: 1 }),
    });
    const result = await it.run();
    expect(result.attempts).toBeLessThanOrEqual(19);
    expect([...result.results.values()].every((status) => status === 'failed')).toBe(true);
  });

  it('keeps a task as failed when its retries are used up', async () => {
    const it = rig({ tasks: 1, retries: 2, script: () => failure('network') });
    const result = await it.run();
    expect(result.attempts).toBe(3);
    expect([...result.results.values()]).toEqual(['failed']);
    expect(it.events.at(-1)).toMatchObject({ kind: 'task-finished', status: 'failed', attempts: 3 });
  });

  it('stops at the first unauthorized answer with one sentence, recording no failure', async () => {
    const it = rig({
      tasks: 100,
      script: () => failure('unauthorized', { status: 401, message: 'bad key' }),
    });
    const result = await it.run();
    expect(result.stopped).toEqual({
      kind: 'halted',
      why: 'provider made answered unauthorized (401): bad key',
    });
    expect(result.attempts).toBeLessThanOrEqual(4);
    expect([...it.store.records()]).toEqual([]);
  });

  it('waits as long as Retry-After says and cools the lane for everybody', async () => {
    const starts: number[] = [];
    const it = rig({
      tasks: 3,
      concurrency: 1,
      script: (order) => {
        starts.push(it.clock.monotonicMs());
        return starts.length === 1
          ? failure('rate-limited', { status: 429, retryAfterMs: 2000 })
          : answer(order.key);
      },
    });
    const result = await it.run();
    expect(result).toMatchObject({ attempts: 4, retries: 1, stopped: null });
    expect(starts[1]! - starts[0]!).toBeGreaterThanOrEqual(2000);
    expect(it.events.filter(({ kind }) => kind === 'lane-cooled')).toEqual([
      { kind: 'lane-cooled', lane: 'made', for_ms: 2000 },
    ]);
  });

  it('never has more calls in flight than the lane allows', async () => {
    const it = rig({ tasks: 20, concurrency: 10, limits: { concurrency: 3 }, script: () => answer() });
    await it.run();
    expect(it.mostInFlight()).toBe(3);
  });

  it('spreads calls over the minute where the account counts requests', async () => {
    const it = rig({
      tasks: 30,
      concurrency: 30,
      limits: { requestsPerMinute: 600 },
      script: () => answer(),
    });
    await it.run();
    // 10 a second, ten at once: 30 calls take two seconds and a little.
    expect(it.clock.monotonicMs()).toBeGreaterThanOrEqual(2000);
    expect(it.clock.monotonicMs()).toBeLessThan(2500);
  });

  it('counts the duration of a task from its first attempt, not from its wait for a lane', async () => {
    const it = rig({ tasks: 10, concurrency: 10, limits: { concurrency: 1 }, script: () => answer() });
    await it.run();
    const durations = [...it.store.records()].map((row) => {
      const read = it.store.read(row);
      return read.kind === 'ok' ? read.value.duration_ms : null;
    });
    expect(durations).toEqual(Array.from({ length: 10 }, () => 10));
  });

  it('takes a silent order for lost after its deadline and a grace, and tries again', async () => {
    const it = rig({ tasks: 1, script: ({ attempt }) => (attempt === 1 ? 'never' : answer()) });
    const result = await it.run();
    expect(result).toMatchObject({ attempts: 2, retries: 1, stopped: null });
    expect(it.abandoned.map(({ attempt }) => attempt)).toEqual([1]);
    expect(it.events.find(({ kind }) => kind === 'attempt-failed')).toMatchObject({
      error: { kind: 'worker-lost' },
    });
  });

  it('at the first interrupt starts nothing more and keeps what is in flight', async () => {
    let calls = 0;
    const it = rig({
      tasks: 20,
      script: () => {
        if (++calls === 4) it.stop.abort();
        return answer();
      },
    });
    const result = await it.run();
    expect(result).toMatchObject({ attempts: 4, stopped: { kind: 'interrupted' } });
    expect([...it.store.records()]).toHaveLength(4);
  });

  it('at the second interrupt waits for nothing and keeps what is complete', async () => {
    const it = rig({
      tasks: 4,
      concurrency: 2,
      script: ({ cell }) => (cell.variant === 'a' ? answer() : 'never'),
    });
    const running = runLoop(it.input);
    await it.clock.advance(50);
    it.stop.abort();
    await it.clock.advance(50);
    it.abort.abort();
    const result = await running;
    expect(result.stopped?.kind).toBe('interrupted');
    expect([...it.store.records()]).toHaveLength(2);
  });

  it('stops at the budget, reserving what calls in flight will cost', async () => {
    const it = rig({ tasks: 20, concurrency: 1, budgetUsd: 5, script: () => answer() });
    const result = await it.run();
    expect(result).toMatchObject({ costUsd: 5, stopped: { kind: 'budget-reached' } });
    expect(it.events).toContainEqual({
      ...{ kind: 'budget-reached', spent_usd: 5, budget_usd: 5, needs_usd: 1 },
      why: 'budget of $5 reached: $5 is spent',
    });
  });

  it('says of forced draws that a budget cut off that they are left, whatever is there of before', async () => {
    const it = rig({ tasks: 4, concurrency: 1, budgetUsd: 2, script: () => answer() });
    const loop = await it.run();
    const head = { status: 'completed', inputTokens: 1, outputTokens: 1, costUsd: 1, latencyMs: 1 };
    const history = { byKey: () => head } as unknown as Parameters<typeof summarize>[0]['history'];
    const plan = { ...it.input.plan, twins: [] };
    const summary = summarize({
      ...{
        plan,
        history,
        loop,
        cached: 'as-planned',
        invocation: 'i',
        durationMs: 1,
        files: [],
        simulated: false,
      },
    });
    expect(summary).toMatchObject({ complete: true, how: 'budget-reached', executed: 2 });
    expect(summary.why).toBe('budget of $2 reached: $2 is spent: 2 tasks are left');
  });

  it('ends as damaged when the store refuses, and starts nothing more', async () => {
    const it = rig({ tasks: 50, script: () => answer() });
    const result = await it.run({
      store: {
        hold: ALWAYS_HELD,
        put: () => Promise.reject(new StoreError('could not write: no space left')),
        log: async () => {},
      },
    });
    expect(result.stopped).toEqual({ kind: 'damaged', why: 'could not write: no space left' });
    expect(result.attempts).toBeLessThanOrEqual(8);
  });

  it('ends as damaged when the lock is lost, and starts nothing more', async () => {
    const lost = new AbortController();
    const it = rig({ tasks: 50, script: () => answer() });
    const result = await it.run({
      store: {
        hold: { lost: lost.signal },
        log: async () => {},
        put: () => {
          lost.abort(new StoreError('the lock is lost'));
          return Promise.resolve();
        },
      },
    });
    expect(result.stopped).toEqual({ kind: 'damaged', why: 'the lock is lost' });
    expect(result.attempts).toBeLessThanOrEqual(8);
  });

  it('keeps odd answers of a model as results', async () => {
    const odd = answer('');
    const it = rig({ tasks: 1, script: () => odd });
    const result = await it.run();
    expect([...result.results.values()]).toEqual(['completed']);
  });
});

describe('an answer whose record cannot be built', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const odd: readonly [string, unknown][] = [
    ['half a character where a digest is made', '\ud83d'],
    ['a number that JSON has not', Number.POSITIVE_INFINITY],
    ['a circle', circle],
    ['what no digest knows', () => 1],
    ['300 levels', JSON.parse(`${'['.repeat(300)}1${']'.repeat(300)}`)],
  ];

  // What no door lets through: the keeper is the last wall, and it must hold without the doors.
  it.each(odd)('is one failed record with the sentence (%s); the others are kept', async (_, value) => {
    const fine = answer('kept in part');
    if (fine.kind !== 'success') throw new Error('unreachable');
    const toolCalls = [{ id: null, name: 'f', arguments: { value } as never, argumentsText: null }];
    const broken = { ...fine, completion: { ...fine.completion, toolCalls } };
    const it = rig({ tasks: 4, script: ({ cell }) => (cell.scenario === 's1' ? broken : answer()) });
    const result = await it.run();
    expect(result).toMatchObject({ attempts: 4, stopped: null, costUsd: 4 });
    const records = [...it.store.records()].map((row) => {
      const read = it.store.read(row);
      if (read.kind === 'err') throw new Error('unreadable');
      return read.value;
    });
    expect(records.map(({ scenario, status }) => `${scenario} ${status}`).sort()).toEqual([
      's0 completed',
      's0 completed',
      's1 failed',
      's1 failed',
    ]);
    const failed = records.find(({ status }) => status === 'failed')!;
    expect(failed).toMatchObject({
      attempts: [
        {
          n: 1,
          error: { kind: 'internal', message: expect.stringMatching(/^the answer could not be kept: /) },
        },
      ],
      output: { text: 'kept in part', tool_calls: [] },
      usage: { total_tokens: 2000 },
      cost_usd: 1,
    });
    expect(it.events.filter(({ kind }) => kind === 'task-finished')).toHaveLength(4);
  });
});
