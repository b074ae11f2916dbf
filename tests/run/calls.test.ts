// Calls of conversations in the loop: each asks the lane, goes before fresh tasks, is paid for by itself, and is finished.
import { expect, test } from 'vitest';
import type { Conversation } from '../../src/core/conversation.ts';
import type { CallGate } from '../../src/core/gate.ts';
import type { Order } from '../../src/core/order.ts';
import type { Outcome, Turn } from '../../src/core/outcome.ts';
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

type Talk = (order: Order, gate: CallGate, sleep: (ms: number) => Promise<void>) => Promise<Outcome>;

/** The rig's loop with orders that are conversations. */
function talking(at: Parameters<typeof rig>[0], talk: Talk) {
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
        if (turn > 0) expect(await gate.admit()).toBe('go');
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
      await gate.admit();
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
      await gate.admit();
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
      expect(await gate.admit()).toBe('go');
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
      verdicts.push(await gate.admit());
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
