// Calls of conversations in the loop: each asks the lane, goes before fresh tasks, is paid for by itself, and is finished.
import { expect, test } from 'vitest';
import type { Conversation } from '../../src/core/conversation.ts';
import type { CallGate } from '../../src/core/gate.ts';
import type { Order } from '../../src/core/order.ts';
import type { Outcome, Turn } from '../../src/core/outcome.ts';
import type { TaskContext } from '../../src/run/run.ts';
import { answer, failure, rig } from '../rig/loop.ts';

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
const TURN: Turn = {
  startedAt: '2026-01-02T03:04:05.000Z',
  durationMs: 10,
  requestId: null,
  finishReason: 'tool_calls',
  usage: USAGE,
  messages: [],
  calls: [],
  results: [],
};

const SIZE = { inputTokens: 1000, outputTokens: 1000 };

const CANCELLED: Outcome = {
  ...{ kind: 'cancelled', startedAt: '2026-01-02T03:04:05.000Z', durationMs: 1, requestId: null },
};

type Talk = (order: Order, gate: CallGate, sleep: (ms: number) => Promise<void>) => Promise<Outcome>;

/** The rig's loop with orders that are conversations. */
function talking(at: Parameters<typeof rig>[0], talk: Talk, boundOf?: TaskContext['boundOf']) {
  const made = rig(at);
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => void made.clock.after(ms, resolve));
  const orders: Order[] = [];
  const { contextOf } = made.input;
  const more = {
    executor: {
      ...made.input.executor,
      execute: (order: Order, gate?: CallGate) => {
        orders.push(order);
        return talk(order, gate!, sleep);
      },
    },
    contextOf: (task: Parameters<typeof contextOf>[0]) => {
      const context = contextOf(task);
      return {
        ...context,
        ...(boundOf ? { boundOf } : {}),
        order: (attempt: number, done: readonly Turn[]) => ({
          ...context.order(attempt, done),
          conversation: { ...CONVERSATION, done },
        }),
      };
    },
  };
  return { ...made, orders, start: () => made.run(more) };
}

const success = (turns: readonly Turn[]): Outcome => {
  const one = answer() as Extract<Outcome, { kind: 'success' }>;
  const total = 2000 * turns.length;
  const usage = { ...USAGE, inputTokens: total / 2, outputTokens: total / 2, totalTokens: total };
  return { ...one, completion: { ...one.completion, usage }, turns };
};

const ENDED = { failure: null, usage: USAGE, limits: null };

test('no more calls are under way than the lane allows, over all turns', async () => {
  let calls = 0;
  let most = 0;
  const call = async (sleep: (ms: number) => Promise<void>): Promise<void> => {
    most = Math.max(most, ++calls);
    await sleep(10);
    calls--;
  };
  const { start, store } = talking(
    { tasks: 12, script: () => 'never', limits: { concurrency: 3 }, concurrency: 8 },
    async (_, gate, sleep) => {
      for (let turn = 0; turn < 3; turn++) {
        if (turn > 0) expect(await gate.admit(SIZE)).toBe('go');
        await call(sleep);
        gate.ended(ENDED);
        // Tools hold no place.
        await sleep(25);
      }
      return success([TURN, TURN, TURN]);
    },
  );
  const result = await start();
  expect([result.results.size, most, result.stopped]).toEqual([12, 3, null]);
  expect(result.usage.total_tokens).toBe(12 * 6000);
  expect([...store.records()]).toHaveLength(12);
});

test('a turn that failed is tried again with the turns before it; each call is paid for once', async () => {
  const { start, orders } = talking({ tasks: 1, script: () => 'never' }, async (order, gate, sleep) => {
    await sleep(10);
    gate.ended(ENDED);
    if (order.attempt === 1) {
      await gate.admit(SIZE);
      return { ...failure('overloaded'), turns: [TURN] };
    }
    return success([...order.conversation!.done, TURN]);
  });
  const result = await start();
  expect(orders.map(({ attempt, conversation }) => [attempt, conversation!.done.length])).toEqual([
    [1, 0],
    [2, 1],
  ]);
  expect(result).toMatchObject({ attempts: 2, retries: 1, usage: { total_tokens: 4000 }, costUsd: 2 });
});

test('what was paid before a task failed for good is in its record', async () => {
  const { start, store } = talking(
    { tasks: 1, script: () => 'never', retries: 0 },
    async (_, gate, sleep) => {
      await sleep(10);
      gate.ended(ENDED);
      await gate.admit(SIZE);
      return { ...failure('bad-request'), turns: [TURN] };
    },
  );
  const result = await start();
  expect(result).toMatchObject({ usage: { total_tokens: 2000 }, costUsd: 1 });
  const [row] = [...store.records()];
  const read = store.read(row!);
  expect(read).toMatchObject({
    value: { status: 'failed', usage: { total_tokens: 2000 }, turns: [{ n: 1 }] },
  });
});

test('a conversation that was begun is finished after a stop', async () => {
  const { start, stop } = talking(
    { tasks: 4, script: () => 'never', concurrency: 2 },
    async (_, gate, sleep) => {
      await sleep(10);
      gate.ended(ENDED);
      stop.abort();
      expect(await gate.admit(SIZE)).toBe('go');
      await sleep(10);
      return success([TURN, TURN]);
    },
  );
  const result = await start();
  expect([result.results.size, result.stopped?.kind]).toEqual([2, 'interrupted']);
});

test('a lane that is given up closes its conversations', async () => {
  const verdicts: string[] = [];
  const { start } = talking(
    { tasks: 2, script: () => 'never', limits: { concurrency: 1 } },
    async (order, gate, sleep) => {
      await sleep(10);
      if (order.request.messages[0]!.content === 's0' && order.cell.variant === 'b')
        return failure('unauthorized', { status: 401 });
      gate.ended(ENDED);
      verdicts.push(await gate.admit(SIZE));
      return { kind: 'cancelled', startedAt: '2026-01-02T03:04:05.000Z', durationMs: 1, requestId: null };
    },
  );
  const result = await start();
  expect(result.stopped?.kind).toBe('halted');
  expect(result.results.size).toBe(0);
  expect(verdicts).toHaveLength(1);
});

test('a worker that falls silent between calls is given up, also while it says it is at work', async () => {
  const { start, abandoned } = talking(
    { tasks: 1, script: () => 'never', retries: 0 },
    async (_, gate, sleep) => {
      await sleep(10);
      gate.ended(ENDED);
      return new Promise(() => {});
    },
  );
  const result = await start();
  expect([...result.results.values()]).toEqual(['failed']);
  expect(abandoned).toHaveLength(1);
});

test('a further call asks the budget: it is refused where it does not fit, and the conversation ends there', async () => {
  const verdicts: string[] = [];
  const { start, events } = talking(
    { tasks: 2, script: () => 'never', concurrency: 1, budgetUsd: 3.5, bound: { arm: 'both', outputUsd: 1 } },
    async (_, gate, sleep) => {
      const turns: Turn[] = [];
      for (;;) {
        await sleep(10);
        gate.ended(ENDED);
        turns.push(TURN);
        verdicts.push(await gate.admit(SIZE));
        if (verdicts.at(-1) === 'closed') return { ...CANCELLED, turns };
      }
    },
  );
  const result = await start();
  expect(verdicts).toEqual(['go', 'go', 'closed']);
  expect(result).toMatchObject({ stopped: { kind: 'budget-reached' }, spentUsd: 3, attempts: 0 });
  expect(events.filter(({ kind }) => kind === 'budget-reached')).toMatchObject([
    { spent_usd: 3, needs_usd: 1 },
  ]);
});

test('a further call waits for what others under way may not need, and goes before tasks that were not begun', async () => {
  const said: string[] = [];
  const { start } = talking(
    // Two calls are reserved with 1.5 each and cost 1 each: the third fits beside nothing but what is left then.
    {
      tasks: 3,
      script: () => 'never',
      concurrency: 2,
      budgetUsd: 3.6,
      bound: { arm: 'all', outputUsd: 1.5 },
    },
    async (order, gate, sleep) => {
      const name = `${order.cell.variant}/${order.cell.scenario}`;
      said.push(`${name} begins`);
      await sleep(name === 'a/s0' ? 10 : 40);
      gate.ended(ENDED);
      if (name !== 'a/s0') return success([TURN]);
      said.push(`${name} ${await gate.admit(SIZE)}`);
      await sleep(10);
      return success([TURN, TURN]);
    },
  );
  const result = await start();
  expect(said).toEqual(['a/s0 begins', 'b/s0 begins', 'a/s0 go']);
  expect(result).toMatchObject({ spentUsd: 3, stopped: { kind: 'budget-reached' } });
  expect(result.results.size).toBe(2);
});

test('who asks for the first call as well is reserved what that call may cost, and not what was thought before', async () => {
  let calls = 0;
  let most = 0;
  const { start } = talking(
    { tasks: 4, script: () => 'never', concurrency: 4, budgetUsd: 7 },
    async (_, gate, sleep) => {
      expect(await gate.admit(SIZE)).toBe('go');
      most = Math.max(most, ++calls);
      await sleep(10);
      calls--;
      gate.ended(ENDED);
      return success([TURN]);
    },
    (size) => ({ arm: 'all', inputUsd: 0, outputUsd: size === SIZE ? 1 : 4, guessUsd: 9 }),
  );
  expect(await start()).toMatchObject({ spentUsd: 4, stopped: null });
  expect(most).toBe(4);
});
