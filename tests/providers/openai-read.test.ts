// Whatever a server sends: no reader throws, and what passes can be digested, cloned to another thread and written.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../src/core/canonical.ts';
import { chatBody, readChatCompletion } from '../../src/providers/openai-chat.ts';
import { readServerError } from '../../src/providers/openai-error-body.ts';
import { parseBody, readBody } from '../../src/providers/openai-read.ts';
import { readResponse } from '../../src/providers/openai-responses.ts';
import { outputDigest } from '../../src/run/record.ts';
import { HOSTILE, hostileJsonText } from '../rig/hostile-json.ts';
import { chatAnswer, REQUEST, responseAnswer } from '../rig/model-calls.ts';
import { often } from '../rig/often.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constant('\ud800'),
  fc.constant('{"a":1e999}'),
  fc.constant('{"__proto__":{"x":1}}'),
);
const junk = fc.oneof(text, fc.jsonValue(), fc.constant(null), fc.integer());
const called = fc.record({ id: junk, name: junk, arguments: junk, input: junk }, { requiredKeys: [] });
const call = fc.record(
  {
    id: junk,
    call_id: junk,
    type: fc.constantFrom('function_call', 'custom_tool_call', 'x'),
    name: junk,
    arguments: junk,
    function: fc.oneof(called, junk),
    custom: fc.oneof(called, junk),
  },
  { requiredKeys: [] },
);
const part = fc.record(
  { type: fc.constantFrom('text', 'output_text', 'refusal', 7), text: junk, refusal: junk },
  { requiredKeys: [] },
);
const message = fc.record(
  {
    content: fc.oneof(junk, fc.array(fc.oneof(part, junk))),
    refusal: junk,
    tool_calls: fc.oneof(junk, fc.array(fc.oneof(call, junk))),
    function_call: fc.oneof(called, junk),
  },
  { requiredKeys: [] },
);
const choice = fc.record(
  { message: fc.oneof(message, junk), finish_reason: junk },
  { requiredKeys: ['message'] },
);
const item = fc.oneof(
  call,
  junk,
  fc.record({ type: fc.constant('message'), content: fc.oneof(junk, fc.array(fc.oneof(part, junk))) }),
);
const usage = fc.dictionary(
  fc.constantFrom('prompt_tokens', 'completion_tokens', 'input_tokens', 'output_tokens', 'total_tokens'),
  junk,
);

describe.each([
  [
    'chat',
    readChatCompletion,
    (choices: unknown, used: unknown) => ({ ...chatAnswer(''), choices, usage: used }),
  ],
  [
    'responses',
    readResponse,
    (output: unknown, used: unknown) => ({ ...responseAnswer(''), output, usage: used }),
  ],
] as const)('%s', (_, read, wrap) => {
  test('reads anything without throwing into something that can be digested, cloned and written', () => {
    const inner = fc.oneof(junk, fc.array(fc.oneof(choice, item)));
    fc.assert(
      fc.property(inner, fc.oneof(usage, junk), (content, used) => {
        const parsed = parseBody(Buffer.from(JSON.stringify(wrap(content, used))));
        if (parsed.kind === 'err') return;
        const answer = read(parsed.value);
        if (answer.kind === 'err') return;
        const { messages, ...own } = answer.value;
        digestOf(own);
        expect(structuredClone(answer.value)).toEqual(answer.value);
        JSON.stringify(messages);
      }),
      often(500),
    );
  });
});

test('a byte order mark is no reason to refuse an answer', () => {
  expect(parseBody(Buffer.from('\ufeff{"a":1}'))).toEqual({ kind: 'ok', value: { a: 1 } });
});

test('arguments nested deeper than a digest can go are kept as text', () => {
  const deep = `{"a":${'['.repeat(300)}${']'.repeat(300)}}`;
  const choices = [{ message: { tool_calls: [{ id: 'c', function: { name: 'f', arguments: deep } }] } }];
  expect(readChatCompletion(chatAnswer('', { choices }))).toMatchObject({
    value: { toolCalls: [{ arguments: {}, argumentsText: deep }] },
  });
});

test('a limit of tokens has the name that the caller asks for', () => {
  const request = { ...REQUEST, maxOutputTokens: 5 };
  expect(chatBody(request, 'max_completion_tokens')).toMatchObject({ max_completion_tokens: 5 });
  expect(chatBody(request, 'max_tokens')).toMatchObject({ max_tokens: 5 });
});

test('half a character by its escape becomes U+FFFD everywhere, whole ones and odd names stay', () => {
  const body = '{"a":"\\ud83d\\ude00","b":["x\\ud800"],"\\udc00":{"__proto__":{"c":"\\uDBFF"}},"d":1}';
  const parsed = parseBody(new TextEncoder().encode(body));
  if (parsed.kind !== 'ok') throw new Error(parsed.error.kind);
  expect(JSON.stringify(parsed.value)).toBe(
    '{"a":"😀","b":["x\ufffd"],"\ufffd":{"__proto__":{"c":"\ufffd"}},"d":1}',
  );
});

test('two answers that differ in half a character are two: the text is readable, and as it came beside it', () => {
  const read = (text: string) => {
    const body = JSON.stringify(chatAnswer('LONE')).replace('LONE', text);
    const answer = readBody(Buffer.from(body), readChatCompletion);
    if (answer.kind === 'err') throw new Error(answer.error.kind);
    return answer.value;
  };
  const [one, other, whole, written] = [
    read('\\ud83d!'),
    read('\\ud83e!'),
    read('\\ud83d\\ude00'),
    read('\\\\ud83d!'),
  ];
  expect(one).toMatchObject({ text: '\ufffd!', textEscaped: '\\ud83d!', messages: [{ content: '\ufffd!' }] });
  expect(whole).not.toHaveProperty('textEscaped');
  expect(new Set([one, other, whole, written].map(outputDigest)).size).toBe(4);
});

test('arguments of a tool call keep what JSON.parse loses or no digest can be made of, as text', () => {
  const texts = Object.values(HOSTILE).map((value) => `{"given":${value}}`);
  const called = texts.map((text, n) => ({ id: `c${n}`, function: { name: 'f', arguments: text } }));
  const body = JSON.stringify(chatAnswer('', { choices: [{ message: { tool_calls: called } }] }));
  const answer = readBody(Buffer.from(body), readChatCompletion);
  if (answer.kind === 'err') throw new Error(answer.error.kind);
  const { toolCalls } = answer.value;
  const kept = Object.keys(HOSTILE).filter((_, n) => toolCalls[n]!.argumentsText === texts[n]);
  expect(kept).toEqual([
    'half a character',
    'half a character in a name',
    'a number beyond all numbers',
    'a number of nineteen digits',
    'two names that are one in NFC',
    'a member twice',
    '250 levels',
    '20,000 levels',
  ]);
  expect(toolCalls.filter(({ argumentsText }) => argumentsText !== null)).toHaveLength(kept.length);
  outputDigest(answer.value);
});

test('a count of tokens that is none makes the usage unknown, never cheap', () => {
  for (const odd of [-1, 1.5, '7', 1e300, 2 ** 53, [], { a: 1 }, true]) {
    const used = { prompt_tokens: odd, completion_tokens: 3 };
    expect(readChatCompletion(chatAnswer('', { usage: used }))).toMatchObject({ value: { usage: null } });
  }
});

test('whatever JSON the body of an answer or of an error is, it is an answer or a failure', () => {
  fc.assert(
    fc.property(hostileJsonText(), (text) => {
      for (const body of [
        text,
        `{"choices":[{"message":${text}}]}`,
        `{"choices":[{"message":{"content":${text},"tool_calls":[{"function":${text}}]}}],"usage":${text}}`,
      ]) {
        const answer = readBody(Buffer.from(body.toWellFormed()), readChatCompletion);
        if (answer.kind === 'ok') outputDigest(answer.value);
        const error = readServerError(JSON.parse(text), 500);
        expect(typeof error.message).toBe('string');
      }
    }),
    often(500),
  );
});

test.each([
  ['cut in its middle', '{"choices":[{"index":0,"mess', 'ends in the middle of its JSON'],
  ['cut in a number', '{"choices":[{"index":', 'ends in the middle of its JSON'],
  ['two answers', '{"choices":[]}\n{"choices":[]}', 'goes on behind its JSON'],
  ['JSON with an end of a stream', '{"choices":[]}\n\ndata: [DONE]\n\n', 'goes on behind its JSON'],
  ['JSON with a bare line feed', '{"choices":[{"text":"a\nb"}]}', 'control character'],
])('a body that is %s is told so, and not only that it is no JSON', (_, body, words) => {
  const read = parseBody(Buffer.from(body));
  expect(read).toMatchObject({ kind: 'err', error: { message: expect.stringContaining(words) } });
});
