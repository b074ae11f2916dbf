// One reader for what other programs write of an answer. shapes.json holds what the clients of PyPI themselves give
// (anthropic 2.14, openai 3.57, langchain-core 1.8): `model_dump` and `dumpd` of each.
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { hasAnswer, readAnswer, type Told } from '../../src/answers/answer.ts';
import { valueAt } from '../../src/answers/values.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';

const SHAPES = JSON.parse(readFileSync(new URL('shapes.json', import.meta.url), 'utf8')) as {
  readonly [name: string]: Json;
};

function told(line: unknown, fields: { readonly [ours: string]: string } = {}): Told {
  return readAnswer(line as JsonObject, {
    fields,
    setting: (ours, theirs) => `fields: {${ours}: ${theirs}}`,
  });
}

/** What a record would hold. */
function answered(line: unknown, fields: { readonly [ours: string]: string } = {}): unknown {
  const { text, toolCalls, usage, mistakes } = told(line, fields);
  return {
    text,
    calls: toolCalls.map(({ name, arguments: given, argumentsText }) => [name, argumentsText ?? given]),
    tokens: usage && [usage.inputTokens, usage.outputTokens],
    ...(mistakes.length === 0 ? {} : { mistakes: mistakes.map(({ message }) => message) }),
  };
}

const LUNCH = ['create_event', { title: 'Lunch' }];

describe('what clients give is read by its form', () => {
  const each: readonly [
    name: string,
    text: string,
    calls: readonly Json[],
    tokens: readonly number[] | null,
  ][] = [
    ['anthropic_message', 'Booking.', [LUNCH], [30, 7]],
    ['openai_completion', '', [LUNCH], [30, 7]],
    ['openai_response', 'Booking.', [LUNCH], [30, 7]],
    ['langchain_dump', 'Done.', [LUNCH], [30, 7]],
    ['langchain_dict', 'Done.', [LUNCH], [30, 7]],
    ['langchain_lc', 'Done.', [LUNCH], [30, 7]],
    ['langchain_result', 'Done.', [LUNCH], [30, 7]],
  ];
  it.each(each)('%s', (name, text, calls, tokens) => {
    const wanted = { text, calls, tokens };
    expect(answered(SHAPES[name])).toEqual(wanted);
    for (const where of ['response', 'output', 'answer', 'completion', 'message', 'raw_response'])
      expect(answered({ scenario: 's', [where]: SHAPES[name]! }), where).toEqual(wanted);
    expect(answered({ scenario: 's', result: { output: SHAPES[name]! } })).toEqual(wanted);
  });

  const lists: readonly [name: string, text: string, tokens: readonly number[] | null][] = [
    ['anthropic_content', 'Booking.', null],
    ['openai_items', 'Booking.', null],
    ['langchain_conversation', 'Booked.', [14, 5]],
    ['langchain_conversation_lc', 'Booked.', [14, 5]],
  ];
  it.each(lists)('%s', (name, text, tokens) => {
    for (const where of ['content', 'response', 'output'])
      expect(answered({ [where]: SHAPES[name]! }), where).toEqual({ text, calls: [LUNCH], tokens });
  });

  it.each(['messages', 'trajectory', 'traj', 'conversation'])('%s: its last word is the answer', (where) => {
    for (const name of ['langchain_conversation', 'langchain_conversation_lc']) {
      const line = { [where]: SHAPES[name]! };
      expect(answered(line)).toEqual({ text: 'Booked.', calls: [LUNCH], tokens: [14, 5] });
      expect(told(line)).toMatchObject({ prompt: 'Lunch at noon', system: 'Be brief.' });
      expect(told(line).asked.map(({ role }) => role)).toEqual(['system', 'user']);
      expect(told(line).answered.map(({ role }) => role)).toEqual(['assistant', 'tool', 'assistant']);
    }
  });

  it.each(['openai_message', 'openai_tool_calls'])('%s', (name) => {
    expect(answered({ message: SHAPES[name]! })).toEqual({ text: '', calls: [LUNCH], tokens: null });
  });
});

test('a text is found under the names that people use', () => {
  for (const name of [
    ...[
      'text',
      'response_text',
      'response',
      'output',
      'answer',
      'completion',
      'content',
      'result',
      'final_answer',
    ],
    ...['generation', 'generated_text', 'prediction', 'output_text'],
  ])
    expect(answered({ scenario: 's', [name]: 'Hello' }), name).toMatchObject({ text: 'Hello' });
  expect(answered({ output: { text: 'Hello', score: 1 } })).toMatchObject({ text: 'Hello' });
  expect(answered({ output: { content: [{ type: 'text', text: 'Hello' }] } })).toMatchObject({
    text: 'Hello',
  });
});

test('a message without text that calls a tool is an answer without text', () => {
  const line = { content: null, tool_calls: [{ name: 'f', args: { a: 1 } }] };
  expect(answered(line)).toEqual({ text: null, calls: [['f', { a: 1 }]], tokens: null });
  expect(hasAnswer(told(line))).toBe(true);
});

describe('tool calls', () => {
  const ONE = [['f', { a: 1 }]];
  const forms: readonly Json[] = [
    ...['name', 'tool', 'tool_name', 'function', 'toolName'].map((name) => ({ [name]: 'f', args: { a: 1 } })),
    ...['args', 'arguments', 'input', 'parameters', 'kwargs', 'params'].flatMap((name) => [
      { name: 'f', [name]: { a: 1 } },
      { name: 'f', [name]: '{"a": 1}' },
    ]),
    { function: { name: 'f', arguments: '{"a":1}' }, type: 'function', id: 'c' },
    { type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } },
    { functionCall: { name: 'f', args: { a: 1 } } },
    { toolUse: { name: 'f', input: { a: 1 }, toolUseId: 'c' } },
    { name: 'f', args: { a: 1 }, result: { ok: true } },
    { f: { a: 1 } },
    ['f', { a: 1 }],
  ];
  it.each(forms.map((form) => [JSON.stringify(form), form] as const))('%s', (_, form) => {
    expect(answered({ text: '', tool_calls: [form] })).toMatchObject({ calls: ONE });
  });

  it('are read as JSON text, as one object, and by the names of their tools', () => {
    expect(answered({ text: '', tool_calls: '[{"name":"f","args":{"a":1}}]' })).toMatchObject({ calls: ONE });
    expect(answered({ text: '', tool_calls: { name: 'f', args: { a: 1 } } })).toMatchObject({ calls: ONE });
    expect(answered({ text: '', tool_calls: { f: { a: 1 }, g: [{}, { b: 2 }] } })).toMatchObject({
      calls: [...ONE, ['g', {}], ['g', { b: 2 }]],
    });
  });

  it('with arguments under a name that is not known are a mistake that says which setting reads them', () => {
    const line = { text: 't', tool_calls: [{ name: 'f', payload: { a: 1 } }] };
    expect(answered(line)).toMatchObject({
      mistakes: [expect.stringContaining('tool_calls.arguments: payload')],
    });
    expect(answered(line, { 'tool_calls.arguments': 'payload' })).toEqual({
      text: 't',
      calls: ONE,
      tokens: null,
    });
    const other = { text: 't', tool_calls: [{ fn: 'f', args: { a: 1 } }] };
    expect(answered(other)).toMatchObject({ mistakes: [expect.stringContaining('tool call 1 has no name')] });
    expect(answered(other, { 'tool_calls.name': 'fn' })).toMatchObject({ calls: ONE });
  });
});

test('tokens are found flat and nested, and half of them are none', () => {
  for (const line of [
    { input_tokens: 3, output_tokens: 4 },
    { prompt_tokens: 3, completion_tokens: 4 },
    { tokens_in: 3, tokens_out: 4 },
    { usage: { input_tokens: 3, output_tokens: 4 } },
    { usage: { in: 3, out: 4 } },
    { token_usage: { prompt: 3, completion: 4, total: 7 } },
    { usage_metadata: { input_tokens: 3, output_tokens: 4, total_tokens: 7 } },
    { response_metadata: { token_usage: { prompt_tokens: 3, completion_tokens: 4 } } },
    { response: { text: 't', usage: { promptTokens: 3, completionTokens: 4 } } },
  ])
    expect(answered({ text: 't', ...line }), JSON.stringify(line)).toMatchObject({ tokens: [3, 4] });
  expect(answered({ text: 't', input_tokens: 3 })).toMatchObject({ tokens: null });
  expect(told(SHAPES.anthropic_message).usage).toMatchObject({ inputTokens: 30, cachedInputTokens: 10 });
  expect(told(SHAPES.openai_completion).usage).toMatchObject({ cachedInputTokens: 10, reasoningTokens: 3 });
});

test('paths reach into objects and lists, and a name with dots comes first', () => {
  const line = { 'a.b': 1, a: { b: 2, 'c.d': { e: 3 } }, list: [{ x: 4 }, { x: [5, 6] }] } as JsonObject;
  const values = [
    'a.b',
    'a.c.d.e',
    'list[0].x',
    'list.0.x',
    'list[-1].x[-1]',
    'list[-1].x.0',
    'list[7].x',
    'a.z',
  ];
  expect(values.map((path) => valueAt(line, path))).toEqual([1, 3, 4, 4, 6, 5, undefined, undefined]);
  const mapped = { text: 'traj[-1].content', input_tokens: 'usage.i', output_tokens: 'usage.o' };
  const traj = { traj: [{ content: 'a' }, { content: 'b' }], usage: { i: 1, o: 2 } };
  expect(answered(traj, mapped)).toEqual({ text: 'b', calls: [], tokens: [1, 2] });
  expect(
    answered({ choices: [{ message: { content: 'c' } }] }, { text: 'choices[0].message.content' }),
  ).toMatchObject({
    text: 'c',
  });
});

test('an object where a text is meant is a mistake that shows it, and says which setting reads it', () => {
  const line = { output: { label: 'spam', p: 0.9 } };
  expect(told(line).mistakes).toEqual([
    {
      of: 'text',
      message:
        '"output" is {"label":"spam","p":0.9}, not a text: fields: {text: output.label} takes a text in it, fields: {json: output} takes it as it is',
    },
  ]);
  expect(answered(line, { json: 'output' })).toEqual({
    text: '{"label":"spam","p":0.9}',
    calls: [],
    tokens: null,
  });
  expect(answered({ result: { passed: true }, output: 'Hello' })).toMatchObject({ text: 'Hello' });
});

test('what is mapped and not there is told', () => {
  expect(told({ text: 'a' }, { text: 'answr', scenario: 'text' }).absent).toEqual(['text']);
});

test('what was sent is read where it is told', () => {
  expect(
    told({ prompt: 'Hi', system_prompt: 'Be brief.', model: 'm', temperature: 0, seed: 7, text: 't' }),
  ).toMatchObject({ prompt: 'Hi', system: 'Be brief.', model: 'm', temperature: 0, seed: 7 });
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
  ];
  expect(told({ messages, response_text: 't' })).toMatchObject({ asked: messages, answered: [], text: 't' });
  expect(told({ prompt: messages, text: 't' })).toMatchObject({ asked: messages, prompt: 'Hi' });
});
