// The tool loop: what is asked, what is answered, what is recorded, and how a retry goes on.
import { expect, test } from 'vitest';
import type { Conversation } from '../../src/core/conversation.ts';
import { type CallGate, OPEN_GATE } from '../../src/core/gate.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { ModelRequest } from '../../src/core/order.ts';
import type { Completion } from '../../src/core/outcome.ts';
import type { ClientAnswer, ModelClient } from '../../src/providers/provider.ts';
import { NO_SCOPE } from '../../src/tracing/tracer.ts';
import { converse } from '../../src/worker/converse.ts';
import { orderAt, REQUEST, realClock } from '../rig/model-calls.ts';

const USAGE = {
  inputTokens: 10,
  outputTokens: 1,
  totalTokens: 11,
  cachedInputTokens: null,
  reasoningTokens: null,
};

type Call = { readonly name: string; readonly given?: JsonObject; readonly text?: string };

function said(calls: readonly Call[], text = ''): ClientAnswer {
  const toolCalls = calls.map(({ name, given = {}, text: raw }, n) => ({
    id: `${name}-${n}`,
    name,
    arguments: given,
    argumentsText: raw ?? null,
  }));
  const completion: Completion = {
    text,
    toolCalls,
    messages: [{ role: 'assistant', content: text, calls: toolCalls.map(({ id }) => id) }],
    finishReason: calls.length === 0 ? 'stop' : 'tool_calls',
    refusal: null,
    usage: USAGE,
    servedModel: 'm',
    systemFingerprint: null,
  };
  return { kind: 'completion', completion, requestId: 'r', limits: null };
}

const FAILED: ClientAnswer = {
  kind: 'failure',
  failure: { kind: 'overloaded', status: 500, message: 'no', retryAfterMs: null },
  requestId: null,
  limits: null,
};

async function conversation(of: {
  readonly script: readonly ClientAnswer[];
  readonly results?: JsonObject;
  readonly canned?: { readonly [name: string]: Json };
  readonly more?: Partial<Conversation>;
  readonly gate?: CallGate;
}) {
  const asked: ModelRequest[] = [];
  const client: ModelClient = {
    complete: async (request) => {
      asked.push(request);
      return of.script[asked.length - 1]!;
    },
    toolMessage: ({ id, text }) => ({ role: 'tool', tool_call_id: id, content: text }),
  };
  const tool = (name: string) => ({ name, description: null, parameters: null, strict: null });
  const dated = { type: 'object', properties: { date: { type: 'string' } }, required: ['date'] };
  const tools = [tool('list'), { ...tool('add'), parameters: dated }, tool('silent')];
  const gated: string[] = [];
  const gate: CallGate = of.gate ?? {
    ...OPEN_GATE,
    admit: async () => {
      gated.push('admit');
      return 'go';
    },
    ended: () => {
      gated.push('ended');
    },
  };
  const done = await converse({
    order: orderAt(null, { request: { ...REQUEST, tools } }),
    conversation: {
      maxTurns: 4,
      scenario: { id: 's:1', vars: { who: 'ann' }, toolResults: of.results ?? {} },
      canned: Object.entries(of.canned ?? {}).map(([name, result]) => ({ name, result })),
      done: [],
      ...of.more,
    },
    client,
    scope: NO_SCOPE,
    gate,
    signal: null,
    clock: realClock,
  });
  return { ...done, asked, gated };
}

const toldBy = (request: ModelRequest): readonly unknown[] =>
  (request.since ?? []).filter(({ role }) => role === 'tool').map(({ content }) => content);

test('goes on until nothing is called; every message is kept, calls and usage of all turns are one', async () => {
  const { answer, turns, asked, gated } = await conversation({
    script: [said([{ name: 'list' }]), said([{ name: 'add', given: { date: 'x' } }]), said([], 'done')],
    canned: { list: 'nothing', add: { ok: true } },
  });
  expect(asked.map(toldBy)).toEqual([[], ['nothing'], ['nothing', '{"ok":true}']]);
  expect(answer).toMatchObject({
    kind: 'completion',
    completion: {
      text: 'done',
      finishReason: 'stop',
      toolCalls: [{ name: 'list' }, { name: 'add' }],
      usage: { inputTokens: 30, outputTokens: 3, totalTokens: 33, cachedInputTokens: null },
    },
  });
  const { completion } = answer as Extract<ClientAnswer, { kind: 'completion' }>;
  expect(completion.turnLimit).toBeUndefined();
  expect(completion.messages.map(({ role }) => role)).toEqual([
    'assistant',
    'tool',
    'assistant',
    'tool',
    'assistant',
  ]);
  expect(turns.map(({ results }) => results.map(({ name, source }) => [name, source]))).toEqual([
    [['list', 'tool']],
    [['add', 'tool']],
    [],
  ]);
  // The first call is allowed with its order.
  expect(gated).toEqual(['ended', 'admit', 'ended', 'admit', 'ended']);
});

test('parallel calls are answered in order; a list of results is given out one by one, the last again', async () => {
  const { asked } = await conversation({
    script: [said([{ name: 'list' }, { name: 'list' }]), said([{ name: 'list' }]), said([])],
    results: { list: ['one', 'two'] },
    canned: { list: 'never' },
  });
  expect(toldBy(asked[2]!)).toEqual(['one', 'two', 'two']);
});

test('results are templates of arguments, variables and the scenario; a lone placeholder keeps its type', async () => {
  const { asked } = await conversation({
    script: [said([{ name: 'add', given: { date: '{{id}}', n: 3 } }]), said([])],
    canned: {
      add: { on: '{{arguments.date}}', n: '{{arguments.n}}', for: '{{vars.who}} in {{id}}', odd: '{{nope}}' },
    },
  });
  expect(JSON.parse(String(toldBy(asked[1]!)[0]))).toEqual({
    on: '{{id}}',
    n: 3,
    for: 'ann in s:1',
    odd: '{{nope}}',
  });
});

test.each([
  ['an unknown tool', { name: 'rm' }, 'unknown-tool', 'there is no tool rm; there are: list, add, silent'],
  [
    'arguments that are no JSON',
    { name: 'add', text: '{oops' },
    'invalid-arguments',
    'the arguments are not a JSON object',
  ],
  [
    'arguments against the schema',
    { name: 'add', given: { date: 3 } },
    'invalid-arguments',
    'the arguments are not valid: /date must be string',
  ],
  ['a tool that has no result', { name: 'silent' }, 'no-result', 'the tool silent is not available'],
  [
    'a name of every object',
    { name: 'constructor' },
    'unknown-tool',
    'there is no tool constructor; there are: list, add, silent',
  ],
])('the model is told of %s, and may mend it', async (_, call, error, message) => {
  const { asked, turns, answer } = await conversation({
    script: [said([call]), said([], 'sorry')],
    canned: { add: 'ok', list: 'ok' },
  });
  expect(toldBy(asked[1]!)).toEqual([JSON.stringify({ error: message })]);
  expect(turns[0]!.results).toMatchObject([{ name: call.name, source: 'none', error }]);
  expect(answer).toMatchObject({ completion: { text: 'sorry' } });
});

test('at the turn limit the answer is what it is, and marked', async () => {
  const call = said([{ name: 'list' }]);
  const { answer, asked, turns } = await conversation({
    script: [call, call, call],
    canned: { list: 'again' },
    more: { maxTurns: 2 },
  });
  expect(asked).toHaveLength(2);
  expect(answer).toMatchObject({
    completion: { turnLimit: true, toolCalls: [{ name: 'list' }, { name: 'list' }] },
  });
  expect(turns[1]!.results).toEqual([]);
});

test('a failed turn keeps the turns before it, and a retry goes on there', async () => {
  const first = await conversation({
    script: [said([{ name: 'list' }]), FAILED],
    canned: { list: ['one', 'two'] },
  });
  expect(first.answer).toMatchObject({ kind: 'failure', failure: { kind: 'overloaded' } });
  expect(first.turns).toHaveLength(1);
  const second = await conversation({
    script: [said([{ name: 'list' }]), said([], 'done')],
    results: { list: ['one', 'two'] },
    more: { done: first.turns },
  });
  expect(second.asked.map(toldBy)).toEqual([['["one","two"]'], ['["one","two"]', 'two']]);
  expect(second.answer).toMatchObject({
    completion: { usage: { totalTokens: 33 }, toolCalls: [{ name: 'list' }, { name: 'list' }] },
  });
});

test('where no more calls may be made the attempt is cancelled', async () => {
  const { answer, asked } = await conversation({
    script: [said([{ name: 'list' }])],
    canned: { list: 'ok' },
    gate: { ...OPEN_GATE, admit: async () => 'closed' },
  });
  expect([answer.kind, asked.length]).toEqual(['cancelled', 1]);
});

test('each answer that calls tools is told at once, its results when they are there; the last one comes with the outcome', async () => {
  const told: unknown[] = [];
  const { turns } = await conversation({
    script: [said([{ name: 'list' }], 'one'), said([], 'done')],
    canned: { list: 'nothing' },
    gate: {
      ...OPEN_GATE,
      ended: ({ turn }) => told.push(turn === undefined ? 'the last' : structuredClone(turn)),
      told: (results) => told.push(structuredClone(results)),
    },
  });
  expect(told).toMatchObject([
    { n: 1, turn: { messages: [{ content: 'one' }], results: [], usage: USAGE } },
    { n: 1, messages: [{ role: 'tool', content: 'nothing' }], results: [{ name: 'list', source: 'tool' }] },
    'the last',
  ]);
  expect(turns[0]!.messages).toHaveLength(2);
});

test('an answer whose tools nobody called yet is not asked for again: they are called, and the model goes on', async () => {
  const begun = {
    ...{ startedAt: '2026-01-02T03:04:05.000Z', durationMs: 7, requestId: 'r', finishReason: 'tool_calls' },
    usage: USAGE,
    messages: [{ role: 'assistant', content: 'one' }],
    calls: [{ id: 'list-0', name: 'list', arguments: {}, argumentsText: null }],
    results: [],
    paid: { invocation: '0001-20260102T030405Z', costUsd: 0.5 },
  };
  const told: unknown[] = [];
  const { answer, asked, turns } = await conversation({
    script: [said([], 'done')],
    canned: { list: 'nothing' },
    more: { done: [begun] },
    gate: { ...OPEN_GATE, told: ({ n, messages }) => told.push([n, messages]) },
  });
  expect(asked.map(toldBy)).toEqual([['nothing']]);
  expect(told).toEqual([[1, [{ role: 'tool', tool_call_id: 'list-0', content: 'nothing' }]]]);
  expect(turns.map(({ paid }) => paid?.costUsd ?? null)).toEqual([0.5, null]);
  expect(answer).toMatchObject({ completion: { text: 'done', usage: { totalTokens: 22 } } });
});
