// What was paid is recorded, counted once, and gone on from, whatever ends its task.
import { describe, expect, test } from 'vitest';
import { ALWAYS_HELD } from '../../src/cache/disk/lock-handle.ts';
import type { Store } from '../../src/cache/store.ts';
import type { Conversation } from '../../src/core/conversation.ts';
import type { CallGate } from '../../src/core/gate.ts';
import type { Order } from '../../src/core/order.ts';
import type { Outcome, Turn } from '../../src/core/outcome.ts';
import type { LogLine, ScenarioResult } from '../../src/core/record.ts';
import { takeArguments } from '../../src/core/untrusted-json.ts';
import { answer, failure, kinds, rig } from '../rig/loop.ts';

const CONVERSATION: Conversation = {
  maxTurns: 9,
  scenario: { id: 's', vars: {}, toolResults: {} },
  canned: [],
  done: [],
};
const USAGE = {
  inputTokens: 1000,
  outputTokens: 1000,
  totalTokens: 2000,
  cachedInputTokens: null,
  reasoningTokens: null,
};
/** Of the rig's price: a call costs a dollar. */
const SIZE = { inputTokens: 1000, outputTokens: 1000 };
const CALL_TOKENS = 2000;
const CALL = { id: 'c1', name: 'look', ...takeArguments({ at: 'it' }) };

function turn(n: number): Turn {
  return {
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 10,
    requestId: `req-${n}`,
    finishReason: 'tool_calls',
    usage: USAGE,
    messages: [{ role: 'assistant', content: `turn ${n}` }],
    calls: [CALL],
    results: [],
  };
}
const RESULT = { id: 'c1', name: 'look', source: 'tool', text: 'seen', error: null } as const;
const TOLD = { role: 'tool', content: 'seen' };

type Worker = {
  readonly order: Order;
  readonly gate: CallGate;
  readonly sleep: (ms: number) => Promise<void>;
  /** One more turn that calls a tool, as `worker/converse.ts` makes them. */
  readonly turn: () => Promise<'go' | 'closed'>;
  readonly turns: Turn[];
};

/** The rig's loop with tool loops that a test plays. */
function loops(at: Partial<Parameters<typeof rig>[0]>, work: (worker: Worker) => Promise<Outcome>) {
  const made = rig({ tasks: 1, script: () => 'never', ...at });
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => void made.clock.after(ms, resolve));
  const orders: Order[] = [];
  const { contextOf } = made.input;
  const execute = (order: Order, gate?: CallGate): Promise<Outcome> => {
    orders.push(order);
    const turns = [...order.conversation!.done];
    let isFirst = true;
    return work({
      ...{ order, gate: gate!, sleep, turns },
      async turn() {
        if (!isFirst && (await gate!.admit(SIZE)) === 'closed') return 'closed';
        isFirst = false;
        await sleep(10);
        const n = turns.length + 1;
        gate!.ended({ failure: null, usage: USAGE, limits: null, turn: { n, turn: turn(n) } });
        turns.push({ ...turn(n), messages: [...turn(n).messages, TOLD], results: [RESULT] });
        gate!.told({ n, messages: [TOLD], results: [RESULT] });
        return 'go';
      },
    });
  };
  const more = {
    executor: { ...made.input.executor, execute },
    contextOf: (task: Parameters<typeof contextOf>[0]) => {
      const context = contextOf(task);
      return {
        ...context,
        order: (attempt: number, done: readonly Turn[]) => ({
          ...context.order(attempt, done),
          conversation: { ...CONVERSATION, done },
        }),
      };
    },
  };
  const start = (extra: Partial<typeof made.input> = {}) => made.run({ ...more, ...extra });
  return { ...made, orders, start };
}

/** The last turn comes with the answer. */
function answered(turns: readonly Turn[]): Outcome {
  const one = answer() as Extract<Outcome, { kind: 'success' }>;
  const last: Turn = { ...turn(turns.length + 1), calls: [], finishReason: 'stop' };
  const calls = turns.length + 1;
  const usage = {
    ...USAGE,
    inputTokens: 1000 * calls,
    outputTokens: 1000 * calls,
    totalTokens: CALL_TOKENS * calls,
  };
  return { ...one, completion: { ...one.completion, usage }, turns: [...turns, last] };
}

const CANCELLED: Outcome = {
  kind: 'cancelled',
  startedAt: '2026-01-02T03:04:05.000Z',
  durationMs: 1,
  requestId: null,
};

function records(store: Store): readonly ScenarioResult[] {
  return [...store.records()].map((row) => {
    const read = store.read(row);
    if (read.kind === 'err') throw new Error(read.error);
    return read.value;
  });
}

/** Three paid turns, then a refusal. */
const threeThen =
  (end: Outcome) =>
  async (worker: Worker): Promise<Outcome> => {
    for (let i = 0; i < 3; i++) await worker.turn();
    await worker.gate.admit(SIZE);
    await worker.sleep(10);
    return { ...end, turns: worker.turns };
  };

describe('a task that ends after it paid has a failed record with its turns', () => {
  test.each([
    ['a refused key', failure('unauthorized', { status: 401 }), 'unauthorized'],
    ['an empty account', failure('quota-exhausted', { status: 402 }), 'quota-exhausted'],
    ['a refused request', failure('bad-request', { status: 400 }), 'bad-request'],
  ] as const)('at %s', async (_, end, kind) => {
    const it = loops({}, threeThen(end));
    const result = await it.start();
    expect(result).toMatchObject({ usage: { total_tokens: 3 * CALL_TOKENS }, costUsd: 3, atLeastUsd: 3 });
    const [record] = records(it.store);
    expect(record).toMatchObject({
      status: 'failed',
      output: null,
      usage: { total_tokens: 3 * CALL_TOKENS },
      cost_usd: 3,
      attempts: [{ n: 1, error: { kind } }],
    });
    expect(record!.turns).toHaveLength(3);
    expect(record!.turns![2]).toMatchObject({
      n: 3,
      request_id: 'req-3',
      messages: [{ role: 'assistant', content: 'turn 3' }, TOLD],
      tool_calls: [{ id: 'c1', name: 'look', arguments: { at: 'it' } }],
      tool_results: [{ name: 'look', source: 'tool' }],
    });
    expect(it.events.at(-1)).toMatchObject({ kind: 'task-finished', status: 'failed', cost_usd: 3 });
  });

  test('where another one empties the account while it waits to be tried again', async () => {
    const it = loops({ tasks: 2, concurrency: 2 }, async (worker) => {
      await worker.turn();
      if (worker.order.cell.variant === 'a')
        return { ...failure('overloaded', { retryAfterMs: 60_000 }), turns: worker.turns };
      await worker.sleep(1_000);
      await worker.gate.admit(SIZE);
      return { ...failure('quota-exhausted', { status: 402 }), turns: worker.turns };
    });
    const result = await it.start();
    expect(result).toMatchObject({ costUsd: 2, stopped: { kind: 'halted' } });
    expect(records(it.store).map((one) => [one.variant, one.attempts[0]!.error!.kind])).toEqual([
      ['a', 'overloaded'],
      ['b', 'quota-exhausted'],
    ]);
  });

  test('where its lane is closed between two calls', async () => {
    const it = loops({ tasks: 2, concurrency: 2, limits: { concurrency: 2 } }, async (worker) => {
      await worker.turn();
      if (worker.order.cell.variant === 'b') {
        await worker.gate.admit(SIZE);
        return { ...failure('quota-exhausted', { status: 402 }), turns: worker.turns };
      }
      await worker.sleep(1_000);
      expect(await worker.turn()).toBe('closed');
      return { ...CANCELLED, turns: worker.turns };
    });
    const result = await it.start();
    expect(result.costUsd).toBe(2);
    const cut = records(it.store).find(({ variant }) => variant === 'a');
    expect(cut).toMatchObject({ status: 'failed', cost_usd: 1, turns: [{ n: 1 }] });
    expect(cut!.attempts[0]!.error).toMatchObject({
      kind: 'cancelled',
      message: expect.stringContaining('402'),
    });
  });

  test('where a stop comes while it waits to be tried again; a task that paid nothing stays missing', async () => {
    const it = loops({ tasks: 2, concurrency: 2 }, async (worker) => {
      const wait = { retryAfterMs: 60_000 };
      if (worker.order.cell.variant === 'b') return failure('overloaded', wait);
      await worker.turn();
      return { ...failure('overloaded', wait), turns: worker.turns };
    });
    it.clock.after(500, () => it.stop.abort());
    const result = await it.start();
    expect(result).toMatchObject({ costUsd: 1, stopped: { kind: 'interrupted' } });
    expect(records(it.store).map((one) => [one.variant, one.status])).toEqual([['a', 'failed']]);
  });

  test('where nothing is waited for any more; a call that was under way may be charged', async () => {
    const it = loops({ tasks: 2, concurrency: 2 }, async (worker) => {
      if (worker.order.cell.variant === 'a') {
        await worker.turn();
        await worker.gate.admit(SIZE);
      }
      return new Promise(() => {});
    });
    it.clock.after(500, () => {
      it.stop.abort();
      it.abort.abort();
    });
    const result = await it.start();
    expect(result).toMatchObject({ costUsd: null, atLeastUsd: 1, usage: { total_tokens: CALL_TOKENS } });
    expect(records(it.store)).toMatchObject([
      { variant: 'a', status: 'failed', cost_usd: null, attempts: [{ error: { kind: 'cancelled' } }] },
    ]);
  });
});

describe('what is known of money', () => {
  test.each([
    ['timeout', null],
    ['worker-lost', null],
    ['rate-limited', 1],
    ['overloaded', 1],
  ] as const)('after %s, an answer has cost %s in all', async (kind, costUsd) => {
    const it = rig({ tasks: 1, script: ({ attempt }) => (attempt === 1 ? failure(kind) : answer()) });
    expect(await it.run()).toMatchObject({ costUsd, atLeastUsd: 1 });
    const [record] = records(it.store);
    // What the answer cost is known all the same.
    expect(record).toMatchObject({ status: 'completed', cost_usd: 1 });
    expect(record!.paid).toEqual(
      costUsd === null
        ? {
            usage: expect.objectContaining({ total_tokens: CALL_TOKENS }),
            cost_usd: null,
            cost_usd_at_least: 1,
          }
        : undefined,
    );
  });

  test('what never reached anybody costs nothing', async () => {
    const it = rig({ tasks: 1, retries: 0, script: () => failure('network', { isUnsent: true }) });
    expect(await it.run()).toMatchObject({ costUsd: 0 });
    expect(records(it.store)[0]).toMatchObject({ status: 'failed', cost_usd: 0, usage: null });
  });

  test('a failed task of unknown cost is unknown, never free', async () => {
    const it = rig({ tasks: 1, retries: 0, script: () => failure('timeout') });
    expect(await it.run()).toMatchObject({ costUsd: null, atLeastUsd: 0 });
    expect(records(it.store)[0]).toMatchObject({ status: 'failed', cost_usd: null });
  });

  test('records and log come to what the invocation says', async () => {
    const it = loops({ tasks: 6, concurrency: 3, retries: 1 }, async (worker) => {
      const { attempt, cell } = worker.order;
      await worker.turn();
      if (cell.variant === 'a' && attempt === 1) return { ...failure('overloaded'), turns: worker.turns };
      if (cell.scenario === 's1') return { ...failure('bad-request'), turns: worker.turns };
      return answered(worker.turns);
    });
    const result = await it.start();
    expect(it.store.spentBy(it.input.invocation)).toMatchObject({
      usage: result.usage,
      costUsd: result.costUsd,
    });
  });
});

describe('the log', () => {
  const logging = (it: { readonly store: Store }) => {
    const lines: LogLine[] = [];
    const log = (line: LogLine): Promise<unknown> => {
      lines.push(line);
      return it.store.log(line);
    };
    return { lines, store: { hold: ALWAYS_HELD, put: it.store.put as never, log } };
  };

  test('holds nothing of tasks that are answered at once', async () => {
    const it = rig({ tasks: 20, script: () => answer() });
    const { lines, store } = logging(it);
    await it.run({ store });
    expect(lines).toEqual([]);
    const one = loops({ tasks: 4 }, async () => answered([]));
    const talk = logging(one);
    await one.start({ store: talk.store });
    expect(talk.lines).toEqual([]);
  });

  test('holds each answer of a conversation but the last, its results, and each attempt that failed', async () => {
    const it = loops({}, async (worker) => {
      await worker.turn();
      if (worker.order.attempt === 1)
        return { ...failure('overloaded', { status: 529 }), turns: worker.turns };
      return answered(worker.turns);
    });
    const { lines, store } = logging(it);
    await it.start({ store });
    expect(lines.map((line) => [line.type, line.attempt, 'turn' in line ? line.turn : null])).toEqual([
      ['turn', 1, 1],
      ['results', 1, 1],
      ['attempt', 1, null],
      ['turn', 2, 2],
      ['results', 2, 2],
    ]);
    expect(lines[0]).toMatchObject({ usage: { total_tokens: CALL_TOKENS }, cost_usd: 1 });
    expect(lines[2]).toMatchObject({ error: { kind: 'overloaded', status: 529 }, cost_usd: 0 });
  });

  test('an attempt is told only when it is durable, and what follows it is told after it', async () => {
    const it = rig({ tasks: 1, script: ({ attempt }) => (attempt === 1 ? failure('overloaded') : answer()) });
    const told: string[] = [];
    await it.run({
      store: {
        hold: ALWAYS_HELD,
        put: it.store.put as never,
        async log(line) {
          await new Promise<void>((resolve) => void it.clock.after(5_000, resolve));
          told.push(`durable: ${line.type}`);
        },
      },
      emit: (event) => told.push(event.kind),
    });
    expect(told).toEqual([
      'attempt-started',
      'durable: attempt',
      'attempt-failed',
      'attempt-started',
      'task-finished',
    ]);
  });

  test('a disk that refuses a line ends the run', async () => {
    const it = rig({ tasks: 1, script: () => failure('overloaded') });
    const store = {
      hold: ALWAYS_HELD,
      put: it.store.put as never,
      log: () => Promise.reject(new Error('no space left')),
    };
    const result = await it.run({ store });
    expect(result.stopped).toEqual({ kind: 'damaged', why: 'no space left' });
    expect(kinds(it.events)).not.toContain('attempt-failed');
  });

  test('holds an answer that came after its attempt was given up, and counts it', async () => {
    let late = (): void => {};
    const it = loops({ retries: 0 }, async ({ gate, order }) => {
      if (order.attempt > 1) return answered([]);
      late = () => gate.ended({ failure: null, usage: USAGE, limits: null, turn: { n: 1, turn: turn(1) } });
      return new Promise(() => {});
    });
    const { lines, store } = logging(it);
    it.abandoned.push = (...given) => {
      late();
      return given.length;
    };
    const result = await it.start({ store });
    expect(lines.find((line) => line.type === 'turn')).toMatchObject({ late: 'given-up', cost_usd: 1 });

    expect(result).toMatchObject({ atLeastUsd: 1, usage: { total_tokens: CALL_TOKENS } });
    expect(it.store.spentBy(it.input.invocation)).toMatchObject({ usage: result.usage, atLeastUsd: 1 });
    expect(it.store.paidTurns(it.pending[0]!.key)).toEqual([]);
  });
});

describe('a conversation goes on from what is paid', () => {
  test('in the same run, also where its worker died and took its turns along', async () => {
    const it = loops({}, async (worker) => {
      await worker.turn();
      await worker.turn();
      if (worker.order.attempt === 1) return failure('worker-lost');
      return answered(worker.turns);
    });
    const result = await it.start();
    expect(it.orders.map(({ conversation }) => conversation!.done.length)).toEqual([0, 2]);
    expect(result).toMatchObject({ costUsd: 5, attempts: 2 });
    expect(records(it.store)[0]!.turns).toHaveLength(5);
  });

  test('in the next run; its record holds all turns and says who paid them', async () => {
    const first = loops({}, threeThen(failure('quota-exhausted', { status: 402 })));
    await first.start();
    const next = loops({ store: first.store }, async (worker) => answered(worker.turns));
    const result = await next.start();
    expect(next.orders[0]!.conversation!.done).toMatchObject(
      [1, 2, 3].map((n) => ({
        messages: [{ content: `turn ${n}` }, TOLD],
        calls: [CALL],
        paid: { invocation: first.input.invocation, costUsd: 1 },
      })),
    );
    expect(result).toMatchObject({ costUsd: 1, usage: { total_tokens: CALL_TOKENS } });
    const record = records(next.store).at(-1)!;
    expect(record).toMatchObject({
      status: 'completed',
      usage: { total_tokens: 4 * CALL_TOKENS },
      cost_usd: 4,
      paid: { usage: { total_tokens: CALL_TOKENS }, cost_usd: 1 },
    });
    expect(record.turns!.map(({ invocation }) => invocation ?? null)).toEqual([
      ...Array(3).fill(first.input.invocation),
      null,
    ]);
    expect(next.store.spentBy(next.input.invocation).costUsd).toBe(1);
    // What led to an answer belongs to it.
    expect(next.store.paidTurns(next.pending[0]!.key)).toEqual([]);
  });

  test('in the next run, where nothing but the log is left of a run that was killed', async () => {
    const killed = loops({}, async (worker) => {
      await worker.turn();
      await worker.turn();
      return new Promise(() => {});
    });
    const { store } = killed;
    let isKilled = false;
    const dying = {
      put: () => Promise.reject(new Error('killed')),
      hold: ALWAYS_HELD,
      log: (line: LogLine) => (isKilled ? Promise.reject(new Error('killed')) : store.log(line)),
    };
    killed.clock.after(500, () => {
      isKilled = true;
      killed.stop.abort();
      killed.abort.abort();
    });
    await killed.start({ store: dying });
    expect(store.unended()).toMatchObject({
      invocation: killed.input.invocation,
      spent: { calls: 2, costUsd: 2, usage: { total_tokens: 2 * CALL_TOKENS } },
    });
    const next = loops({ store }, async (worker) => answered(worker.turns));
    expect(await next.start()).toMatchObject({ costUsd: 1 });
    expect(next.orders[0]!.conversation!.done).toHaveLength(2);
  });

  test.each([
    ['bad-request', 0],
    ['context-exceeded', 0],
    ['overloaded', 3],
    ['timeout', 3],
  ] as const)('after %s the next run has %i turns to go on from', async (kind, turns) => {
    const it = loops({ retries: 0 }, threeThen(failure(kind)));
    await it.start();
    expect(it.store.paidTurns(it.pending[0]!.key)).toHaveLength(turns);
  });

  test('a run that pays nothing more leaves no second failed record of the same turns', async () => {
    const first = loops({}, threeThen(failure('quota-exhausted', { status: 402 })));
    await first.start();
    const next = loops({ store: first.store }, async ({ turns }) => ({
      ...failure('quota-exhausted', { status: 402 }),
      turns,
    }));
    expect(await next.start()).toMatchObject({ costUsd: 0 });
    expect(records(next.store)).toHaveLength(1);
    expect(next.store.paidTurns(next.pending[0]!.key)).toHaveLength(3);
  });
});

describe('own code', () => {
  const ownTurn = (n: number): Turn => ({ ...turn(n), text: `turn ${n}`, calls: [] });

  test('begins anew with each attempt, and every call that it made is counted', async () => {
    const it = loops({}, async ({ order, gate, sleep }) => {
      const turns: Turn[] = [];
      for (let n = 1; n <= 2; n++) {
        if (n > 1) await gate.admit(SIZE);
        await sleep(10);
        turns.push(ownTurn(n));
        gate.ended({ failure: null, usage: USAGE, limits: null, turn: { n, turn: ownTurn(n) } });
      }
      if (order.attempt === 1) return { ...failure('code-temporary'), turns };
      const one = answer() as Extract<Outcome, { kind: 'success' }>;
      const usage = { ...USAGE, inputTokens: 2000, outputTokens: 2000, totalTokens: 2 * CALL_TOKENS };
      return { ...one, completion: { ...one.completion, usage }, turns };
    });
    const result = await it.start();
    expect(it.orders.map(({ conversation }) => conversation!.done.length)).toEqual([0, 0]);
    expect(result).toMatchObject({ costUsd: 4, usage: { total_tokens: 4 * CALL_TOKENS } });
    expect(records(it.store)[0]).toMatchObject({ cost_usd: 2, paid: { cost_usd: 4 } });
    expect(it.store.paidTurns(it.pending[0]!.key)).toEqual([]);
  });

  test('may catch a call that failed: where it may be charged, the cost is not known', async () => {
    const it = loops({}, async ({ gate, sleep }) => {
      await sleep(10);
      const failed = failure('timeout') as Extract<Outcome, { kind: 'failure' }>;
      const made: Turn = { ...ownTurn(1), usage: null };
      gate.ended({ failure: failed.failure, usage: null, limits: null, turn: { n: 1, turn: made } });
      await gate.admit(SIZE);
      await sleep(10);
      gate.ended({ failure: null, usage: USAGE, limits: null, turn: { n: 1, turn: ownTurn(1) } });
      return { ...answer(), turns: [ownTurn(1)] };
    });
    expect(await it.start()).toMatchObject({ costUsd: null, atLeastUsd: 1 });
    expect(records(it.store)[0]).toMatchObject({ status: 'completed', paid: { cost_usd: null } });
  });
});
