// Random budgets in front of a server that charges as it likes: long answers, dear and cheap arms, tool loops, own code, a judge,
// lost connections that were charged, answers that do not say what they took.
import assert from 'node:assert/strict';
import { writeExperiment } from '../rig/budget-experiment.ts';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { type HeldRequest, startModelServer } from '../rig/model-server.ts';
import { program } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';

export const row: Row = {
  name: 'budgets',
  how: 'random prices, lengths of answers, budgets and concurrency; arms of one call, tool loops and own code, a judge; a server that drops connections after it charged for them, refuses, and leaves usage out',
  holds:
    'by its own count of tokens the server has charged no more than the budget, in any invocation; exit 0 or 3; a rule judges every answer that is there; with money enough the experiment is completed',
  full: 20,
  unit: 'experiments',
  seconds: 200,
  async run({ count, random, isOver }) {
    let tried = 0;
    let invocations = 0;
    let stopped = 0;
    for (; tried < count && !isOver(); tried++) {
      const seen = await oneExperiment(random);
      invocations += seen.invocations;
      stopped += seen.stopped;
    }
    return { tried, seen: `${invocations} invocations, ${stopped} stopped by their budget, $0 beyond one` };
  },
};

type Price = { readonly input: number; readonly output: number };

async function oneExperiment(
  random: () => number,
): Promise<{ readonly invocations: number; readonly stopped: number }> {
  const between = (low: number, high: number): number => low * (high / low) ** random();
  const prices = Object.fromEntries(
    ['cheap', 'dear', 'judge'].map((model) => [model, { input: between(0.1, 30), output: between(0.5, 90) }]),
  );
  const maxOutputTokens = Math.round(between(50, 4_000));
  const concurrency = Math.round(between(1, 16));
  let chargedUsd = 0;
  const charge = (usd: number): void => {
    chargedUsd += usd;
  };
  await using server = await startModelServer();
  void (async () => {
    for (;;) answer(await server.next(), { random, prices, charge });
  })();
  // Awaited here: the server lives until the last invocation has ended.
  return await withFolder(async (cwd) => {
    const oneCallUsd = Math.max(
      ...Object.values(prices).map((price) => costOf(price, 3_000, maxOutputTokens)),
    );
    let stopped = 0;
    for (const budgetUsd of [
      oneCallUsd * between(0.1, 2),
      oneCallUsd * between(2, 40),
      oneCallUsd * 10_000,
    ]) {
      const before = chargedUsd;
      const args = ['run', '--json'];
      const env = { SIM_KEY: 'a-key-of-the-server-123' };
      writeExperiment(cwd, { url: server.url, prices, maxOutputTokens, concurrency, budgetUsd });
      const ended = await program(args, { cwd, env });
      const said = `budget ${budgetUsd}, charged ${chargedUsd - before}: ${tail(ended.stderr)}`;
      assert.ok(chargedUsd - before <= budgetUsd * (1 + 1e-9), `more than the budget was charged: ${said}`);
      const summary = JSON.parse(ended.stdout);
      assert.ok([0, 1, 3].includes(ended.code!), `exit ${ended.code}: ${said}`);
      if (summary.how === 'budget-reached') stopped++;
      assert.doesNotMatch(ended.stderr, /budget of \$0 /);
      const rows = (summary.scores?.rows ?? []) as readonly { scorer: string; missing: number }[];
      const unjudged = rows.filter(({ scorer, missing }) => scorer === 'rule' && missing > 0);
      assert.deepEqual(unjudged, [], `a rule was not asked: ${said}`);
      if (budgetUsd === oneCallUsd * 10_000) assert.equal(summary.missing, 0, said);
    }
    assert.ok(chargedUsd > 0, 'nothing was charged');
    return { invocations: 3, stopped };
  });
}

/** Charges for what it answers, and for half of what it loses. */
function answer(
  held: HeldRequest,
  of: {
    readonly random: () => number;
    readonly prices: { readonly [model: string]: Price };
    readonly charge: (usd: number) => void;
  },
): void {
  const { random } = of;
  const { model, messages, tools, max_completion_tokens, max_tokens } = held.body;
  const price = of.prices[String(model)]!;
  const limit = Number(max_completion_tokens ?? max_tokens);
  assert.ok(limit > 0, 'a call without a limit');
  const bytes = Buffer.byteLength(JSON.stringify([messages, tools ?? null]));
  const input = Math.ceil(bytes * random());
  const long = limit * 0.3 * Math.exp(1.2 * (random() + random() - 1) * 2);
  const output = Math.max(1, Math.min(limit, Math.round(long)));
  const fate = random();
  if (fate < 0.05) {
    held.answer({ error: { message: 'busy' } }, { status: 503 });
    return;
  }
  of.charge(costOf(price, input, output));
  if (fate < 0.1) {
    held.drop();
    return;
  }
  const turns = (messages as readonly { role: string }[]).filter(({ role }) => role === 'tool').length;
  const calls = tools !== undefined && turns < 5 && random() < 0.8;
  const judged = String(model) === 'judge';
  const content = judged ? JSON.stringify({ reason: 'So it is.', score: 1 }) : 'fine';
  const message = calls
    ? {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: `c${turns}`, type: 'function', function: { name: 'look', arguments: '{}' } }],
      }
    : { role: 'assistant', content };
  held.answer({
    ...{ id: 'x', object: 'chat.completion', created: 1, model },
    choices: [{ index: 0, finish_reason: calls ? 'tool_calls' : 'stop', message }],
    ...(fate > 0.95
      ? {}
      : { usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output } }),
  });
}

function costOf(price: Price, input: number, output: number): number {
  return (input * price.input + output * price.output) / 1e6;
}
