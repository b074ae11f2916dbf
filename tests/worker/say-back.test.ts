// What a tool loop says back of odd answers, over a real socket and both APIs: ids, roles, arguments, members.
import { describe, expect, test } from 'vitest';
import type { CallGate } from '../../src/core/gate.ts';
import { OPEN_GATE } from '../../src/core/gate.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { Endpoint } from '../../src/core/order.ts';
import type { Outcome, Turn } from '../../src/core/outcome.ts';
import { takeArguments } from '../../src/core/untrusted-json.ts';
import { makePerform } from '../../src/worker/perform.ts';
import {
  API_KEY,
  chatAnswer,
  endpointAt,
  orderAt,
  REQUEST,
  realClock,
  responseAnswer,
} from '../rig/model-calls.ts';
import { type Refusal, refusal, type StrictServer, startStrictServer } from '../rig/strict-server.ts';

const TOOLS = ['look', 'plain'].map((name) => ({
  ...{ name, description: null, strict: null, parameters: null },
  result: `${name} gave this`,
}));

type Talk = {
  readonly endpoint?: Partial<Endpoint>;
  readonly params?: JsonObject;
  readonly done?: readonly Turn[];
  readonly gate?: CallGate;
  readonly maxTurns?: number;
};

const performs = () => makePerform({ folder: '/', env: { TEST_KEY: API_KEY }, clock: realClock });

async function talk(server: StrictServer, of: Talk = {}, perform = performs()): Promise<Outcome> {
  return perform(
    orderAt(null, {
      endpoint: endpointAt(server.url, of.endpoint),
      request: { ...REQUEST, tools: TOOLS, params: of.params ?? {} },
      conversation: {
        maxTurns: of.maxTurns ?? 4,
        scenario: { id: 's', vars: {}, toolResults: {} },
        canned: TOOLS.map(({ name, result }) => ({ name, result })),
        done: of.done ?? [],
      },
    }),
    { gate: of.gate ?? OPEN_GATE },
  );
}

const choice = (message: JsonObject): JsonObject =>
  chatAnswer('', {
    choices: [{ index: 0, message, finish_reason: message.tool_calls ? 'tool_calls' : 'stop' }],
  });
const call = (id: Json | undefined, given: Json | undefined, more: JsonObject = {}): JsonObject => ({
  ...(id === undefined ? {} : { id }),
  type: 'function',
  function: { name: 'look', ...(given === undefined ? {} : { arguments: given }) },
  ...more,
});
/** What the last request said after the user's message. */
const saidBack = ({ bodies }: StrictServer, at = -1): JsonObject[] =>
  (bodies.at(at)!.messages as JsonObject[]).slice(1);
const completionOf = (outcome: Outcome) => {
  if (outcome.kind !== 'success') throw new Error(JSON.stringify(outcome));
  return outcome.completion;
};

/** A conversation of two turns over chat completions: the server says `message`, then that it is done. */
async function afterSaying(
  message: JsonObject,
  of: Talk & { readonly refuse?: (body: JsonObject) => Refusal | null } = {},
) {
  const server = await startStrictServer({
    answer: (_, turn) => (turn === 1 ? choice(message) : chatAnswer('done')),
    ...(of.refuse ? { refuse: of.refuse } : {}),
  });
  await using _ = server;
  const outcome = await talk(server, of);
  return { outcome, bodies: server.bodies, said: saidBack(server), server };
}

const asked = (id: string, given: string): JsonObject => call(id, given);
const told = (id: string, content = 'look gave this'): JsonObject => ({
  role: 'tool',
  tool_call_id: id,
  content,
});

describe('ids', () => {
  test.each<[string, readonly Json[] | readonly undefined[], readonly string[]]>([
    ['that are empty', ['', ''], ['call00001', 'call00002']],
    ['that are not there', [undefined, undefined], ['call00001', 'call00002']],
    ['that are null, a number, blank', [null, 7, ' '], ['call00001', 'call00002', 'call00003']],
    ['that are twice the same', ['a', 'a'], ['a', 'call00002']],
    ['that look like ours', ['call00002', ''], ['call00002', 'call00003']],
    ['that are all different', ['call_x', 'call_y'], ['call_x', 'call_y']],
  ])(
    '%s are made so that each call has its own, in what is said, told and recorded',
    async (_, given, ids) => {
      const { outcome, said } = await afterSaying({
        ...{ role: 'assistant', content: null },
        tool_calls: given.map((id) => call(id, '{}')),
      });
      expect(said).toEqual([
        { role: 'assistant', content: null, tool_calls: ids.map((id) => asked(id, '{}')) },
        ...ids.map((id) => told(id)),
      ]);
      const completion = completionOf(outcome);
      expect(completion.toolCalls.map(({ id }) => id)).toEqual(ids);
      // What the server said is kept as it said it.
      expect((completion.messages[0]!.tool_calls as JsonObject[]).map(({ id }) => id)).toEqual(given);
    },
  );

  test('are not made for the place of a call, which is none: what is said back is what was answered', async () => {
    const place = { id: '', type: 'function', function: { name: '', arguments: '' } };
    const { outcome, said } = await afterSaying({
      ...{ role: 'assistant', content: null, function_call: { name: '', arguments: '' } },
      tool_calls: [place, call('a', '{}')],
    });
    expect(said).toEqual([{ role: 'assistant', content: null, tool_calls: [asked('a', '{}')] }, told('a')]);
    expect(completionOf(outcome).toolCalls.map(({ id }) => id)).toEqual(['a']);
    // A text with such a place beside it ends the conversation.
    const text = await afterSaying({ role: 'assistant', content: 'four', tool_calls: [place] });
    expect(completionOf(text.outcome)).toMatchObject({ text: 'four', toolCalls: [] });
    expect(text.bodies).toHaveLength(1);
  });

  test('of an earlier turn are not used again', async () => {
    await using server = await startStrictServer({
      answer: (_, turn) =>
        turn < 3
          ? choice({ role: 'assistant', content: '', tool_calls: [call('call_0', '{}')] })
          : chatAnswer('done'),
    });
    await talk(server);
    expect(saidBack(server).flatMap((one) => one.tool_call_id ?? [])).toEqual(['call_0', 'call00002']);
    expect(saidBack(server).flatMap((one) => (one.tool_calls as JsonObject[]) ?? [])).toEqual([
      asked('call_0', '{}'),
      asked('call00002', '{}'),
    ]);
  });

  test('are not made where the form of the calls has none', async () => {
    const { said, outcome } = await afterSaying({
      ...{ role: 'assistant', content: null },
      function_call: { name: 'look', arguments: '' },
    });
    expect(said).toEqual([
      { role: 'assistant', content: null, function_call: { name: 'look', arguments: '{}' } },
      { role: 'function', name: 'look', content: 'look gave this' },
    ]);
    expect(completionOf(outcome).toolCalls).toMatchObject([{ id: null, name: 'look', arguments: {} }]);
  });
});

describe('arguments', () => {
  test.each<[string, Json | undefined, string, string | null]>([
    ['an empty text', '', '{}', null],
    ['blanks', ' \n', '{}', null],
    ['null', null, '{}', null],
    ['null as text', 'null', '{}', null],
    ['nothing', undefined, '{}', null],
    ['an object', { a: { b: [1, 'x'] } }, '{"a":{"b":[1,"x"]}}', null],
    [
      'an object as text, with blanks and digits as they came',
      '{ "n": 9007199254740993 }',
      '{ "n": 9007199254740993 }',
      '{ "n": 9007199254740993 }',
    ],
    ['an empty object before them', '{}{"a": 1}', '{"a": 1}', null],
    ['text that breaks off', '{"a": ', '{"_raw":"{\\"a\\": "}', '{"a": '],
    ['a list', '[1]', '{"_raw":"[1]"}', '[1]'],
    ['a number', 3, '{"_raw":"3"}', '3'],
    ['half a character', '{"a":"\\ud83d"}', '{"_raw":"{\\"a\\":\\"\\\\ud83d\\"}"}', '{"a":"\\ud83d"}'],
    ['a backslash before a u', '{"a":"\\\\ud83d"}', '{"a":"\\\\ud83d"}', null],
  ])('that are %s are said back as the text of an object', async (_, given, back, kept) => {
    const { outcome, said } = await afterSaying({
      ...{ role: 'assistant', content: null },
      tool_calls: [call('a', given)],
    });
    expect(said[0]!.tool_calls).toEqual([asked('a', back)]);
    expect(completionOf(outcome).toolCalls[0]!.argumentsText).toBe(kept);
    // Long numbers are kept as text, and are arguments all the same.
    const isRun = kept === null || kept.includes('9007199254740993');
    expect(outcome.turns![0]!.results[0]!.error).toBe(isRun ? null : 'invalid-arguments');
  });
});

describe('members', () => {
  const THOUGHTS = { reasoning: 'r', reasoning_content: 'c', thinking: 't' };
  const CALLED = { role: 'assistant', content: '', tool_calls: [asked('a', '{}')] };

  test.each<[string, JsonObject, JsonObject, (readonly string[])?]>([
    ['no role', { content: null }, { content: null }],
    ['another role', { role: 'model', content: 'x' }, { content: 'x' }],
    ['no content', { role: 'assistant' }, { content: null }],
    [
      'parts',
      { content: [{ type: 'thinking', thinking: [] }, 'x'] },
      {
        content: [
          { type: 'thinking', thinking: [] },
          { type: 'text', text: 'x' },
        ],
      },
    ],
    ['an object as content', { content: { type: 'text', text: 'x' } }, { content: 'x' }],
    [
      'nulls and lists of nothing',
      { content: '', refusal: null, audio: null, annotations: [], function_call: null },
      { content: '' },
    ],
    ['reasoning as text', { content: '', ...THOUGHTS }, { content: '' }],
    [
      'reasoning as text, which the manifest wants back',
      { content: '', ...THOUGHTS },
      { content: '', reasoning_content: 'c', thinking: 't' },
      ['reasoning_content', 'thinking'],
    ],
    [
      'no reasoning where the manifest wants it back',
      { content: '' },
      { content: '', reasoning_content: ' ' },
      ['reasoning_content'],
    ],
    [
      'state of the server',
      { content: '', reasoning_details: [{ data: 'x' }], thinking_blocks: [{ signature: 's' }] },
      { content: '', reasoning_details: [{ data: 'x' }], thinking_blocks: [{ signature: 's' }] },
    ],
    [
      'state of the server that the manifest leaves out',
      { content: '', reasoning_details: [1] },
      { content: '' },
      ['-reasoning_details'],
    ],
    [
      'members of members',
      { content: '', more: { a: 1, b: 2 } },
      { content: '', more: { b: 2 } },
      ['more.b', 'more.none', 'role.x', '__proto__.x'],
    ],
  ])(
    '%s: the message is said back in its canonical form and what is asked for',
    async (_, odd, form, echo = []) => {
      const { said } = await afterSaying({ ...odd, tool_calls: [asked('a', '{}')] }, { endpoint: { echo } });
      expect(said[0]).toEqual({ ...CALLED, ...form });
    },
  );

  test('of a call: signatures are said back, its place is not', async () => {
    const extra_content = { google: { thought_signature: 'AbC' } };
    const { said } = await afterSaying({ tool_calls: [call('a', '{}', { index: 0, extra_content })] });
    expect(said[0]!.tool_calls).toEqual([{ ...asked('a', '{}'), extra_content }]);
  });

  test('of results: a name only where the manifest wants it', async () => {
    const { said } = await afterSaying(CALLED, { endpoint: { echo: ['name'] } });
    expect(said[1]).toEqual({ ...told('a'), name: 'look' });
  });
});

describe('turns of an earlier invocation', () => {
  const turn = (messages: readonly JsonObject[], id: string | null): Turn => ({
    ...{
      startedAt: '2026-01-02T03:04:05.000Z',
      durationMs: 1,
      requestId: null,
      finishReason: 'tool_calls',
      usage: null,
    },
    messages,
    calls: [{ id, name: 'look', ...takeArguments({}) }],
    results: [{ id, name: 'look', source: 'tool', text: '', error: null }],
  });

  test.each<[string, JsonObject, string]>([
    ['by an empty id', { role: 'tool', tool_call_id: '', content: 'look gave this' }, 'call00001'],
    ['by its function', { role: 'function', name: 'look', content: 'look gave this' }, 'call00001'],
    ['by an id that was made', told('call00009'), 'call00009'],
  ])('are said back in the canonical form where their result was told %s', async (_, result, id) => {
    await using server = await startStrictServer({ answer: () => chatAnswer('done') });
    const done = [turn([{ content: null, reasoning: 'r', tool_calls: [call('', '')] }, result], null)];
    completionOf(await talk(server, { done }));
    expect(saidBack(server)).toEqual([
      { role: 'assistant', content: null, tool_calls: [asked(id, '{}')] },
      told(id),
    ]);
  });
});

test('a turn that was answered and not told its results gets ids before they are told', async () => {
  await using server = await startStrictServer({ answer: () => chatAnswer('done') });
  const calls = ['', ''].map((id) => ({ id, name: 'look', ...takeArguments({}) }));
  const begun: Turn = {
    ...{
      startedAt: '2026-01-02T03:04:05.000Z',
      durationMs: 1,
      requestId: null,
      finishReason: 'tool_calls',
      usage: null,
    },
    messages: [{ role: 'assistant', content: null, tool_calls: [call('', '{}'), call('', '{}')] }],
    ...{ calls, results: [] },
  };
  const outcome = await talk(server, { done: [begun] });
  expect(outcome.turns![0]!.results.map(({ id }) => id)).toEqual(['call00001', 'call00002']);
  expect(saidBack(server).slice(1)).toEqual([told('call00001'), told('call00002')]);
});

describe('the responses API', () => {
  const item = (of: JsonObject): JsonObject => ({ type: 'function_call', name: 'look', ...of });
  const output = (call_id: string): JsonObject => ({
    ...{ type: 'function_call_output', call_id, output: 'look gave this' },
  });

  test.each<[string, readonly JsonObject[], readonly JsonObject[], JsonObject?]>([
    [
      'nulls are left out, everything else goes back as it came',
      [
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x', status: null, content: null },
        item({ id: 'fc_1', call_id: 'a', arguments: '{"x":1}', status: 'completed', namespace: 'n' }),
      ],
      [
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' },
        item({ id: 'fc_1', call_id: 'a', arguments: '{"x":1}', status: 'completed', namespace: 'n' }),
        output('a'),
      ],
    ],
    [
      'what is not stored is not named by its id, and reasoning without its content is nothing',
      [
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: null },
        { type: 'reasoning', id: 'rs_2', summary: [], encrypted_content: 'x' },
        item({ id: 'fc_1', call_id: 'a', arguments: '{}' }),
      ],
      [
        { type: 'reasoning', summary: [], encrypted_content: 'x' },
        item({ call_id: 'a', arguments: '{}' }),
        output('a'),
      ],
      { store: false },
    ],
    [
      "ids are made, arguments are the text of an object, a message is the assistant's",
      [
        {
          type: 'message',
          id: 'm',
          content: [{ type: 'output_text', text: 'hm', annotations: [], logprobs: null }],
        },
        item({ arguments: '' }),
        item({ call_id: '', arguments: { x: 1 } }),
      ],
      [
        {
          type: 'message',
          id: 'm',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'hm', annotations: [] }],
        },
        item({ call_id: 'call00001', arguments: '{}' }),
        item({ call_id: 'call00002', arguments: '{"x":1}' }),
        output('call00001'),
        output('call00002'),
      ],
    ],
  ])('%s', async (_, items, back, params = {}) => {
    await using server = await startStrictServer({
      answer: (_, turn) => (turn === 1 ? responseAnswer('', { output: items }) : responseAnswer('done')),
    });
    completionOf(await talk(server, { endpoint: { api: 'responses' }, params }));
    expect((server.bodies.at(-1)!.input as JsonObject[]).slice(1)).toEqual(back);
  });
});

describe('a refusal', () => {
  const THINKER = { role: 'assistant', content: '', reasoning_content: 'c', tool_calls: [asked('a', '{}')] };
  const isAfterTools = ({ messages }: JsonObject): boolean =>
    (messages as JsonObject[]).some(({ role }) => role === 'tool');
  const assistantIn = ({ messages }: JsonObject): JsonObject =>
    (messages as JsonObject[]).find(({ role }) => role === 'assistant')!;
  const toolIn = ({ messages }: JsonObject): JsonObject =>
    (messages as JsonObject[]).find(({ role }) => role === 'tool')!;
  const demanding = (body: JsonObject): Refusal | null =>
    isAfterTools(body) && !assistantIn(body).reasoning_content
      ? refusal('assistant message with tool calls must include reasoning_content')
      : null;

  /** What lane and budget see of a conversation. */
  function watched() {
    const seen: unknown[] = [];
    const gate: CallGate = {
      ...OPEN_GATE,
      admit: async () => {
        seen.push('admit');
        return 'go';
      },
      ended: ({ failure, repair }) => {
        seen.push([failure?.kind ?? 'answered', ...(repair ? [repair] : [])]);
      },
    };
    return { seen, gate };
  }

  test('that misses a member is mended by one more call of its own, and the turn says so', async () => {
    const { seen, gate } = watched();
    const { outcome, bodies, said } = await afterSaying(THINKER, { refuse: demanding, gate });
    expect(bodies).toHaveLength(3);
    expect(said[0]).toEqual(THINKER);
    expect(outcome.turns!.map(({ repaired }) => repaired)).toEqual([undefined, ['reasoning_content']]);
    expect(seen).toEqual([
      ['answered'],
      'admit',
      ['bad-request'],
      'admit',
      [
        'answered',
        {
          changes: ['reasoning_content'],
          refusal: expect.stringContaining('must include reasoning_content'),
        },
      ],
    ]);
  });

  test('is made once: what was taken is said from then on, to that model', async () => {
    await using server = await startStrictServer({
      answer: (_, turn) => (turn === 1 ? choice(THINKER) : chatAnswer('done')),
      refuse: demanding,
    });
    const perform = performs();
    await talk(server, {}, perform);
    const { seen, gate } = watched();
    const again = await talk(server, { gate }, perform);
    expect(server.bodies).toHaveLength(5);
    expect(again.turns!.map(({ repaired }) => repaired)).toEqual([undefined, ['reasoning_content']]);
    expect(seen).toEqual([['answered'], 'admit', ['answered']]);
  });

  test('of what the manifest wants said is mended by leaving it out', async () => {
    const { outcome, said, bodies } = await afterSaying(THINKER, {
      endpoint: { echo: ['reasoning_content'] },
      refuse: (body) =>
        isAfterTools(body) && 'reasoning_content' in assistantIn(body)
          ? refusal(
              "messages.1.assistant.reasoning_content: property 'messages.1.assistant.reasoning_content' is unsupported",
            )
          : null,
    });
    expect([bodies.length, said[0]]).toEqual([
      3,
      { role: 'assistant', content: '', tool_calls: [asked('a', '{}')] },
    ]);
    expect(outcome.turns![1]!.repaired).toEqual(['-reasoning_content']);
  });

  test('after a refusal is mended as well, where it names another member', async () => {
    const { outcome, bodies } = await afterSaying(THINKER, {
      refuse: (body) =>
        demanding(body) ??
        (isAfterTools(body) && !toolIn(body).name
          ? refusal('* function_response.name: cannot be empty')
          : null),
    });
    expect([outcome.kind, bodies.length]).toEqual(['success', 4]);
    expect(outcome.turns![1]!.repaired).toEqual(['reasoning_content', 'name']);
  });

  test.each<[string, (body: JsonObject) => Refusal | null, number]>([
    ['names nothing that is said back', () => refusal('temperature is not supported by this model'), 2],
    [
      'is made again after the mend',
      (body) =>
        refusal(`'reasoning_content' is ${assistantIn(body).reasoning_content ? 'not allowed' : 'required'}`),
      3,
    ],
    ['is about the account', () => refusal('reasoning_content must be passed back', 401), 2],
  ])("that %s ends the attempt with the server's words", async (_, refuse, requests) => {
    const { outcome, bodies } = await afterSaying(THINKER, {
      refuse: (body) => (isAfterTools(body) ? refuse(body) : null),
    });
    expect([outcome.kind, bodies.length]).toEqual(['failure', requests]);
    expect(outcome.turns).toHaveLength(1);
  });

  test('is not mended where no more calls may be made', async () => {
    let admitted = 0;
    const gate: CallGate = { ...OPEN_GATE, admit: async () => (++admitted > 1 ? 'closed' : 'go') };
    const { outcome, bodies } = await afterSaying(THINKER, { refuse: demanding, gate });
    expect([outcome.kind, bodies.length, outcome.kind === 'cancelled' && outcome.turns!.length]).toEqual([
      'cancelled',
      2,
      1,
    ]);
  });

  test('of a conversation that was not begun is not looked at', async () => {
    const { outcome, bodies } = await afterSaying(THINKER, {
      refuse: () => refusal('reasoning_content is required'),
    });
    expect([outcome.kind, bodies.length]).toEqual(['failure', 1]);
  });
});
