// Calls of clients that are not ours: each has a place and money of its own, in the lane of whom it asks, however many an
// order has under way; and each is told once.
import { expect, test } from 'vitest';
import type { Store } from '../../src/cache/store.ts';
import type { CallGate, ForeignCall } from '../../src/core/gate.ts';
import type { HarnessOrder } from '../../src/core/harness.ts';
import type { Order } from '../../src/core/order.ts';
import type { Failure, Outcome, Turn } from '../../src/core/outcome.ts';
import { makeLane } from '../../src/run/limits/lanes.ts';
import { answer, failure, rig } from '../rig/loop.ts';

const USAGE = {
  ...{ inputTokens: 1000, outputTokens: 1000, totalTokens: 2000 },
  ...{ cachedInputTokens: null, reasoningTokens: null },
};
const TURN: Turn = {
  ...{
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 10,
    requestId: null,
    finishReason: 'stop',
    usage: USAGE,
  },
  ...{ messages: [], calls: [], results: [], text: 'x', model: 'm' },
};
const CALL = { size: { inputTokens: 1000, outputTokens: 1000 }, host: 'api.test', model: 'm' };

type Work = (gate: CallGate, sleep: (ms: number) => Promise<void>, order: Order) => Promise<Outcome>;

/** The rig's loop with orders that a program does whose clients are recorded. */
function recorded(
  at: Parameters<typeof rig>[0],
  work: Work,
  lanes: { readonly concurrency: number | null } = { concurrency: null },
) {
  const made = rig(at);
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => void made.clock.after(ms, resolve));
  const { contextOf } = made.input;
  return {
    ...made,
    start: () =>
      made.run({
        executor: {
          ...made.input.executor,
          execute: (order: Order, gate?: CallGate) => work(gate!, sleep, order),
        },
        makeCallLane: (name: string) =>
          makeLane(name, { limits: { ...lanes, requestsPerMinute: null, tokensPerMinute: null }, most: 8 }),
        contextOf: (task: Parameters<typeof contextOf>[0]) => {
          const context = contextOf(task);
          const price = { input: 1000, output: 1000, cachedInput: null };
          return {
            ...context,
            callLane: (host: string) => `calls of ${host}`,
            priceOf: () => price,
            boundOf: () => ({ arm: task.variant, inputUsd: 1, outputUsd: 1, guessUsd: 2 }),
            order: (attempt: number, done: readonly Turn[]) => ({
              ...context.order(attempt, done),
              work: WORK,
            }),
          };
        },
      }),
  };
}

const WORK: HarnessOrder = {
  ...{
    maxTurns: 1,
    scenario: { id: 's', input: '', category: null, vars: {}, toolResults: {} },
  },
  harness: {
    ...{
      kind: 'command',
      argv: ['x'],
      protocol: 'once',
      env: { set: {}, pass: [] },
      processes: 8,
      inFlight: 1,
    },
    ...{ code: { files: [], packages: [] }, proxy: { replay: false } },
  },
};

const success = (turns: readonly Turn[]): Outcome => {
  const one = answer() as Extract<Outcome, { kind: 'success' }>;
  const total = 2000 * turns.length;
  const usage = { ...USAGE, inputTokens: total / 2, outputTokens: total / 2, totalTokens: total };
  return { ...one, completion: { ...one.completion, usage }, turns };
};

function recordsOf(store: Store): readonly unknown[] {
  return [...store.records()].map((row) => {
    const read = store.read(row);
    return read.kind === 'ok' ? read.value : read.error;
  });
}

async function begin(gate: CallGate): Promise<ForeignCall> {
  const call = await gate.foreign!.begin(CALL);
  if (call === 'closed') throw new Error('closed');
  return call;
}

test('no more are under way than the lane of their host allows, side by side in one order and over all orders', async () => {
  let now = 0;
  let most = 0;
  const { start, store } = recorded(
    { tasks: 6, script: () => 'never', concurrency: 6 },
    async (gate, sleep) => {
      await Promise.all(
        [1, 2, 3].map(async (n) => {
          const call = await begin(gate);
          most = Math.max(most, ++now);
          await sleep(10 * n);
          now--;
          call.ended({ failure: null, usage: USAGE, limits: null, turn: { n, turn: TURN } });
        }),
      );
      return success([TURN, TURN, TURN]);
    },
    { concurrency: 2 },
  );
  const result = await start();
  expect([result.results.size, most, result.stopped]).toEqual([6, 2, null]);
  expect(result.usage.total_tokens).toBe(6 * 6000);
  for (const record of recordsOf(store)) expect(record).toMatchObject({ cost_usd: 6 });
});

test('a refusal with a wait holds the calls of that host, and not the program that asked', async () => {
  const refused: Failure = { kind: 'rate-limited', status: 429, message: 'slow down', retryAfterMs: 30_000 };
  const begun: number[] = [];
  const made = recorded({ tasks: 1, script: () => 'never' }, async (gate) => {
    const first = await begin(gate);
    begun.push(made.clock.monotonicMs());
    first.ended({
      failure: refused,
      usage: null,
      limits: null,
      turn: { n: 1, turn: { ...TURN, usage: null } },
    });
    const second = await begin(gate);
    begun.push(made.clock.monotonicMs());
    second.ended({ failure: null, usage: USAGE, limits: null, turn: { n: 1, turn: TURN } });
    return success([TURN]);
  });
  const result = await made.start();
  // So long a wait is a claim: after two seconds one call finds out whether it is meant.
  expect(begun[1]! - begun[0]!).toBe(2_000);
  expect(result.results.size).toBe(1);
  const [record] = recordsOf(made.store);
  expect(record).toMatchObject({ status: 'completed', cost_usd: 2, attempts: [{ error: null }] });
});

test('a budget is held call by call, and what it does not hold is not made', async () => {
  const verdicts: unknown[] = [];
  const { start } = recorded(
    { tasks: 3, script: () => 'never', budgetUsd: 5, concurrency: 1 },
    async (gate) => {
      const call = await gate.foreign!.begin(CALL);
      verdicts.push(call === 'closed' ? call : 'go');
      if (call === 'closed') {
        return { kind: 'cancelled', startedAt: TURN.startedAt, durationMs: 1, requestId: null };
      }
      call.ended({ failure: null, usage: USAGE, limits: null, turn: { n: 1, turn: TURN } });
      return success([TURN]);
    },
  );
  const result = await start();
  expect(verdicts).toEqual(['go', 'go', 'closed']);
  expect(result).toMatchObject({ spentUsd: 4, stopped: { kind: 'budget-reached' } });
});

test('what an order was answered before it failed is paid for once, and its failure teaches its own lane nothing', async () => {
  const { start, store } = recorded({ tasks: 1, script: () => 'never' }, async (gate, _, order) => {
    const call = await begin(gate);
    call.ended({ failure: null, usage: USAGE, limits: null, turn: { n: 1, turn: TURN } });
    if (order.attempt === 2) return success([TURN]);
    const failed = failure('overloaded') as Extract<Outcome, { kind: 'failure' }>;
    return { ...failed, turns: [TURN] };
  });
  const result = await start();
  expect(result.usage.total_tokens).toBe(4000);
  const [record] = recordsOf(store);
  expect(record).toMatchObject({ cost_usd: 2, paid: { cost_usd: 4 }, turns: [{ n: 1 }] });
});
