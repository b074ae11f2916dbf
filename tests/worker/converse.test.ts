// The tool loop: what is asked, what is answered, what is recorded, and how a retry goes on.
import { describe, expect, test } from 'vitest';
import type { Conversation } from '../../src/core/conversation.ts';
import { type CallGate, OPEN_GATE } from '../../src/core/gate.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { ModelRequest } from '../../src/core/order.ts';
import type { Completion } from '../../src/core/outcome.ts';
import { takeArguments } from '../../src/core/untrusted-json.ts';
import type { ClientAnswer, ModelClient } from '../../src/providers/provider.ts';
import { outputDigest } from '../../src/run/record.ts';
import { NO_SCOPE } from '../../src/tracing/spans/tracer.ts';
import { converse } from '../../src/worker/converse.ts';
import type { Handlers } from '../../src/worker/tool-results.ts';
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
    ...takeArguments(raw ?? given),
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
  /** Of the tool `add`. */
  readonly schema?: JsonObject;
  readonly handlers?: Handlers;
}) {
  const asked: ModelRequest[] = [];
  const client: ModelClient = {
    complete: async (request) => {
      asked.push(request);
      return of.script[asked.length - 1]!;
    },
    nameCalls: ({ toolCalls }) => toolCalls,
    toolMessage: ({ id, text }) => ({ role: 'tool', tool_call_id: id, content: text }),
  };
  const tool = (name: string) => ({ name, description: null, parameters: null, strict: null });
  const dated = { type: 'object', properties: { date: { type: 'string' } }, required: ['date'] };
  const tools = [tool('list'), { ...tool('add'), parameters: of.schema ?? dated }, tool('silent')];
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
    ...(of.handlers ? { handlers: of.handlers } : {}),
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

test.each(['length', 'max_tokens', 'MAX_TOKENS'])(
  'the last call of an answer that was cut (%s) is not run: servers close what was never finished',
  async (finishReason) => {
    const ran: unknown[] = [];
    const call = async (given: unknown): Promise<string> => {
      ran.push(given);
      return 'ran';
    };
    const first = said([{ name: 'list' }, { name: 'list', given: { half: 'a' } }]);
    if (first.kind !== 'completion') throw new Error(first.kind);
    const { answer, turns, asked } = await conversation({
      script: [{ ...first, completion: { ...first.completion, finishReason } }, said([], 'done')],
      handlers: new Map([['list', { source: 'handler', call }]]),
    });
    expect(answer).toMatchObject({ kind: 'completion', completion: { text: 'done', finishReason: 'stop' } });
    expect(ran).toEqual([{}]);
    expect(turns[0]).toMatchObject({
      finishReason,
      results: [
        { source: 'handler', error: null },
        { source: 'none', error: 'invalid-arguments' },
      ],
    });
    expect(toldBy(asked[1]!)).toEqual([
      'ran',
      `{"error":"the answer was cut off in this call (${finishReason}), so it was not run: its arguments may be half of what was meant"}`,
    ]);
  },
);

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

describe('a schema that comes to no end', () => {
  const slow = {
    type: 'object',
    properties: { date: { type: 'string', pattern: '^(a+)+$' }, n: { pattern: '^b$' } },
  };
  const loop = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } };
  const catastrophe = `${'a'.repeat(60)}!`;

  test('is stopped, the model is told which pattern it is, and the attempt goes on', async () => {
    const { asked, turns, answer } = await conversation({
      script: [
        said([{ name: 'add', given: { date: 'aaa' } }]),
        said([
          { name: 'add', given: { date: catastrophe } },
          { name: 'add', given: { date: 'aaa' } },
        ]),
        said([], 'done'),
      ],
      canned: { add: 'ok' },
      schema: slow,
    });
    const message =
      'the arguments cannot be checked: the pattern /^(a+)+$/ of the schema took longer than 250 ms and was stopped: it backtracks without end on this value';
    // Stopped once an attempt: the thread is shared.
    expect(asked.map(toldBy).at(-1)).toEqual([
      'ok',
      JSON.stringify({ error: message }),
      JSON.stringify({ error: message }),
    ]);
    expect(turns[1]!.results).toMatchObject([{ error: 'invalid-arguments' }, { error: 'invalid-arguments' }]);
    expect(answer).toMatchObject({ completion: { text: 'done' } });
  });

  test('harms no other attempt', async () => {
    const { turns } = await conversation({
      script: [said([{ name: 'add', given: { date: 'aaa' } }]), said([], 'done')],
      canned: { add: 'ok' },
      schema: slow,
    });
    expect(turns[0]!.results).toMatchObject([{ error: null, text: 'ok' }]);
  });

  test('also where it refers to itself', async () => {
    const { turns, answer } = await conversation({
      script: [said([{ name: 'add', given: { date: 'aaa' } }]), said([], 'done')],
      canned: { add: 'ok' },
      schema: loop,
    });
    expect(turns).toHaveLength(2);
    expect(answer).toMatchObject({ completion: { text: 'done' } });
  });
});

test('what a handler does to its arguments, and what it gives back, is no part of what the model said', async () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const answers: unknown[] = [circle, 10n, '\ud83d', { toJSON: () => undefined }, () => 1];
  const handlers: Handlers = new Map([
    [
      'list',
      {
        source: 'handler',
        call: async (given) => {
          (given as Record<string, unknown>).self = given;
          if (answers.length === 5) {
            answers.pop();
            throw Object.create(null);
          }
          return answers.pop();
        },
      },
    ],
  ]);
  const call = said([{ name: 'list', given: { a: 1 } }]);
  const { answer, turns } = await conversation({
    script: [call, call, call, call, call, said([], 'done')],
    more: { maxTurns: 9 },
    handlers,
  });
  if (answer.kind !== 'completion') throw new Error(answer.kind);
  expect(answer.completion.toolCalls.map(({ arguments: given }) => given)).toEqual(Array(5).fill({ a: 1 }));
  expect(turns.map(({ results }) => results[0]?.error ?? null)).toEqual([
    'tool-failed',
    null,
    null,
    null,
    'tool-failed',
    null,
  ]);
  outputDigest(answer.completion);
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
    calls: [{ id: 'list-0', name: 'list', ...takeArguments({}) }],
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

describe('a whole number that JavaScript cannot hold', () => {
  const ID = '2512292042121000001';
  const call = said([{ name: 'list', text: `{"id": ${ID}, "in": [${ID}, 7]}` }]);
  const script = [call, said([], 'done')];

  test('keeps its digits in what tools give back, among text, alone, and in lists', async () => {
    const canned = {
      list: { found: '{{arguments.id}}', all: '{{arguments.in}}', words: 'ticket {{arguments.id}}' },
    };
    const { turns } = await conversation({ script, canned });
    expect(turns[0]!.results[0]).toMatchObject({
      text: `{"found":${ID},"all":[${ID},7],"words":"ticket ${ID}"}`,
      error: null,
    });
  });

  test('reaches a handler as a BigInt, and goes back to the model as a number', async () => {
    const given: unknown[] = [];
    const handler = async (one: unknown) => {
      given.push(one);
      return one;
    };
    const handlers: Handlers = new Map([['list', { source: 'handler', call: handler }]]);
    const { turns, answer } = await conversation({ script, handlers });
    expect(given).toEqual([{ id: BigInt(ID), in: [BigInt(ID), 7] }]);
    expect(turns[0]!.results[0]).toMatchObject({ text: `{"id":${ID},"in":[${ID},7]}`, error: null });
    expect(answer).toMatchObject({
      completion: { toolCalls: [{ argumentsText: `{"id": ${ID}, "in": [${ID}, 7]}` }] },
    });
  });

  test('is an integer to the schema of its tool', async () => {
    const schema = { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] };
    const add = (text: string) =>
      conversation({
        script: [said([{ name: 'add', text }]), said([], 'done')],
        ...{ schema, canned: { add: 'ok' } },
      });
    expect((await add(`{"id": ${ID}}`)).turns[0]!.results[0]).toMatchObject({ text: 'ok', error: null });
    expect((await add(`{"id": "x", "more": ${ID}}`)).turns[0]!.results[0]).toMatchObject({
      error: 'invalid-arguments',
    });
  });

  test('excuses nothing else that is wrong with the arguments', async () => {
    for (const [text, words] of [
      [`{"id": ${ID}, "id": 1}`, 'name a member twice'],
      [`{"id": ${ID}, "x": 1e999}`, 'not finite'],
      [`{"id": ${ID}`, 'not a JSON object'],
      [`{"id": ${'9'.repeat(400)}}`, 'not finite'],
    ] as const) {
      const { turns } = await conversation({
        script: [said([{ name: 'list', text }]), said([], 'done')],
        canned: { list: 'ok' },
      });
      expect(turns[0]!.results[0]).toMatchObject({
        error: 'invalid-arguments',
        text: expect.stringContaining(words),
      });
    }
  });
});
