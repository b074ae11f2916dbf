// Answers that are none were paid for: they are asked for again a bounded number of times, counted, and kept with what came.
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/cache/store.ts';
import type { Price } from '../../src/core/manifest.ts';
import type { Outcome, Usage } from '../../src/core/outcome.ts';
import type { ScenarioResult } from '../../src/core/record.ts';
import { costOf } from '../../src/core/usage-cost.ts';
import { settlementOf } from '../../src/run/limits/budget.ts';
import { answer, failure, rig } from '../rig/loop.ts';

/** At the rig's price a dollar. */
const USAGE: Usage = {
  ...{ inputTokens: 1000, outputTokens: 1000, totalTokens: 2000 },
  ...{ cachedInputTokens: null, reasoningTokens: null },
};
const USELESS = failure('invalid-response', {
  ...{ status: 200, message: 'no choice', usage: USAGE, isOfPrompt: true, body: '{"choices":null}' },
});

test('a prompt that never gets an answer fails after the third, with all three paid and their bodies kept', async () => {
  const it = rig({ tasks: 1, retries: 10, script: () => USELESS });
  const result = await it.run();
  const usage = { input_tokens: 3000, output_tokens: 3000, total_tokens: 6000 };
  expect(result).toMatchObject({ attempts: 3, usage, costUsd: 3, stopped: null });
  const [record] = records(it.store);
  expect(record).toMatchObject({ status: 'failed', output: null, usage, cost_usd: 3 });
  expect(record!.attempts).toEqual(
    [1, 2, 3].map((n) =>
      expect.objectContaining({
        n,
        body: '{"choices":null}',
        usage: { input_tokens: 1000, output_tokens: 1000, total_tokens: 2000 },
        error: { kind: 'invalid-response', status: 200, message: 'no choice' },
      }),
    ),
  );
});

test('an answer after a useless one costs what both cost, and says so beside its own', async () => {
  const it = rig({ tasks: 1, script: ({ attempt }) => (attempt === 1 ? USELESS : answer()) });
  expect(await it.run()).toMatchObject({ usage: { total_tokens: 4000 }, costUsd: 2 });
  expect(records(it.store)[0]).toMatchObject({
    ...{ status: 'completed', usage: { total_tokens: 2000 }, cost_usd: 1 },
    paid: { usage: { total_tokens: 4000 }, cost_usd: 2 },
  });
});

test('a provider that ends an answer early is charged for what it says, and is a provider in trouble', async () => {
  const early = failure('overloaded', { status: 200, usage: USAGE });
  const it = rig({ tasks: 1, script: ({ attempt }) => (attempt < 4 ? early : answer()) });
  expect(await it.run()).toMatchObject({ attempts: 4, costUsd: 4 });
});

test('twenty prompts without an answer do not suspend their lane', async () => {
  const it = rig({ tasks: 20, script: ({ cell }) => (cell.scenario === 's9' ? answer() : USELESS) });
  expect(await it.run()).toMatchObject({ stopped: null });
  expect(it.events.filter(({ kind }) => kind.startsWith('lane-'))).toEqual([]);
  expect(records(it.store).filter(({ status }) => status === 'completed')).toHaveLength(2);
});

test('answers that were cut, filtered or only thought are counted, and are answers', async () => {
  const ends: { readonly [scenario: string]: Partial<ReturnType<typeof completion>> } = {
    s0: { finishReason: 'length' },
    s1: { finishReason: 'MAX_TOKENS' },
    s2: { finishReason: 'content_filter' },
    s3: { textFrom: 'reasoning_content' },
  };
  const script = ({ cell }: { readonly cell: { readonly scenario: string } }): Outcome =>
    ({ ...answer(), completion: { ...completion(), ...ends[cell.scenario] } }) as Outcome;
  const it = rig({ tasks: 10, script });
  expect((await it.run()).endings).toEqual({ cut: 4, filtered: 2, thought_only: 2 });
  const marked = records(it.store).filter(({ output }) => output?.text_from === 'reasoning_content');
  expect(marked.map(({ scenario }) => scenario)).toEqual(['s3', 's3']);
});

describe('the cost of an answer', () => {
  const price: Price = { input: 500, cachedInput: null, output: 500 };
  const told = { ...USAGE, costUsd: 0.00014 };
  test('is the declared price’s where there is one, else what the server says, else unknown', () => {
    expect([costOf(told, price), costOf(told, null), costOf(USAGE, null)]).toEqual([1, 0.00014, null]);
    expect(costOf(null, price)).toBeNull();
  });

  test('of one that was none counts in a budget as what it says, and as what was reserved where it says nothing', () => {
    const silent = failure('invalid-response', { isOfPrompt: true });
    const settled = [USELESS, silent, failure('overloaded', { usage: USAGE }), failure('overloaded')].map(
      (outcome) => settlementOf(outcome, price),
    );
    const shares = { inputUsd: 0.5, outputUsd: 0.5 };
    expect(settled).toEqual([shares, 'uncertain', shares, 'nothing']);
  });
});

function completion() {
  const made = answer();
  if (made.kind !== 'success') throw new Error(made.kind);
  return made.completion;
}

function records(store: Store): readonly ScenarioResult[] {
  return [...store.records()].map((row) => {
    const read = store.read(row);
    if (read.kind === 'err') throw new Error(read.error);
    return read.value;
  });
}
