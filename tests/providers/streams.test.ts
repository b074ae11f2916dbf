// Streams as vendors send them, each joined into the answer that the same vendor would have sent plainly.
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { tellBody } from '../../src/providers/openai-answer.ts';
import { readChatCompletion } from '../../src/providers/openai-chat.ts';
import type { BodyReader } from '../../src/providers/openai-read.ts';
import { readResponse } from '../../src/providers/openai-responses.ts';
import type { ClientAnswer } from '../../src/providers/provider.ts';
import { realClock } from '../rig/model-calls.ts';

const USAGE = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
const SSE = 'text/event-stream';

const chunk = (delta: JsonObject, more: JsonObject = {}): JsonObject => ({
  ...{ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm-1' },
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});
const end = (why = 'stop', more: JsonObject = {}): JsonObject => ({
  ...chunk({}, { finish_reason: why }),
  ...more,
});
const usage = (told: Json = USAGE): JsonObject => ({ ...chunk({}), choices: [], usage: told });
const lines = (...events: readonly (JsonObject | string)[]): string =>
  [...events, '[DONE]']
    .map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
    .join('');
const plain = (message: JsonObject, more: JsonObject = {}, why = 'stop'): JsonObject => ({
  ...{ id: 'c1', object: 'chat.completion', created: 1, model: 'm-1' },
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: why }],
  usage: USAGE,
  ...more,
});
const called = (id: string, name: string, given: Json): JsonObject => ({
  ...{ id, type: 'function' },
  function: { name, arguments: given },
});
/** A whole answer that calls, where calls have no ids. */
const callsAlone = (...calls: readonly (readonly [name: string, given: string])[]): JsonObject =>
  plain(
    {
      content: null,
      tool_calls: calls.map(([name, given]) => ({ type: 'function', function: { name, arguments: given } })),
    },
    {},
    'tool_calls',
  );
const piece = (of: JsonObject, named: JsonObject): JsonObject =>
  chunk({ tool_calls: [{ ...of, function: named }] });

function read(
  body: string | Uint8Array,
  type: string,
  reader: BodyReader = readChatCompletion,
): ClientAnswer {
  return tellBody({
    response: new Response(null, { headers: { 'content-type': type } }),
    bytes: Buffer.from(body as string),
    read: reader,
    teller: { host: 'h', apiKeyEnv: null, clock: realClock, write: (text) => text },
  });
}

const HELLO = plain({ content: 'Hello' });
const HEL_LO = [chunk({ role: 'assistant', content: 'Hel' }), chunk({ content: 'lo' }), end(), usage()];
const WEATHER = plain(
  { content: null, tool_calls: [called('t1', 'weather', '{"city":"Bonn"}')] },
  {},
  'tool_calls',
);

type Row = { readonly vendor: string; readonly stream: string; readonly plain: JsonObject };

const ROWS: readonly Row[] = [
  { vendor: 'OpenAI: usage in a last chunk without choices', stream: lines(...HEL_LO), plain: HELLO },
  {
    vendor: 'OpenAI: usage null in all chunks but the last, obfuscation beside',
    stream: lines(...HEL_LO.map((one) => ({ usage: null, obfuscation: 'xY', ...one }))),
    plain: HELLO,
  },
  {
    vendor: 'OpenAI: a refusal in pieces',
    stream: lines(
      chunk({ role: 'assistant', content: null, refusal: 'I ' }),
      chunk({ refusal: 'cannot' }),
      end(),
      usage(),
    ),
    plain: plain({ content: null, refusal: 'I cannot' }),
  },
  {
    vendor: 'OpenAI: two calls, pieces by index',
    stream: lines(
      chunk({ role: 'assistant', content: null }),
      piece({ index: 0, id: 'a', type: 'function' }, { name: 'f', arguments: '' }),
      piece({ index: 0 }, { arguments: '{"x"' }),
      piece({ index: 1, id: 'b', type: 'function' }, { name: 'g', arguments: '' }),
      piece({ index: 0 }, { arguments: ':1}' }),
      piece({ index: 1 }, { arguments: '{}' }),
      end('tool_calls'),
      usage(),
    ),
    plain: plain(
      { content: null, tool_calls: [called('a', 'f', '{"x":1}'), called('b', 'g', '{}')] },
      {},
      'tool_calls',
    ),
  },
  {
    vendor: 'OpenAI: a custom tool',
    stream: lines(
      chunk({
        tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'sql', input: 'select ' } }],
      }),
      chunk({ tool_calls: [{ index: 0, custom: { input: '1' } }] }),
      end('tool_calls'),
      usage(),
    ),
    plain: plain(
      {
        content: null,
        tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'sql', input: 'select 1' } }],
      },
      {},
      'tool_calls',
    ),
  },
  {
    vendor: 'OpenAI of 2023: function_call',
    stream: lines(
      chunk({ role: 'assistant', content: null, function_call: { name: 'weather', arguments: '' } }),
      chunk({ function_call: { arguments: '{"city":' } }),
      chunk({ function_call: { arguments: '"Bonn"}' } }),
      end('function_call'),
      usage(),
    ),
    plain: plain(
      { content: null, function_call: { name: 'weather', arguments: '{"city":"Bonn"}' } },
      {},
      'function_call',
    ),
  },
  {
    vendor: 'Azure: a first chunk of filter results without choices or model',
    stream: lines(
      {
        id: '',
        object: '',
        created: 0,
        model: '',
        choices: [],
        prompt_filter_results: [{ prompt_index: 0 }],
      },
      ...HEL_LO,
    ),
    plain: { ...HELLO, prompt_filter_results: [{ prompt_index: 0 }] },
  },
  {
    vendor: 'Azure: content_filter with half a text',
    stream: lines(chunk({ role: 'assistant', content: 'Hel' }), end('content_filter'), usage()),
    plain: plain({ content: 'Hel' }, {}, 'content_filter'),
  },
  {
    vendor: 'Gemini: all calls have index 0, whole, each with an id',
    stream: lines(
      piece({ index: 0, id: 'a', type: 'function' }, { name: 'f', arguments: '{"x":1}' }),
      piece({ index: 0, id: 'b', type: 'function' }, { name: 'f', arguments: '{"x":2}' }),
      end('tool_calls'),
      usage(),
    ),
    plain: plain(
      { content: null, tool_calls: [called('a', 'f', '{"x":1}'), called('b', 'f', '{"x":2}')] },
      {},
      'tool_calls',
    ),
  },
  {
    vendor: 'Gemini: all calls have index 0, whole, none with an id',
    stream: lines(
      piece({ index: 0, id: '', type: 'function' }, { name: 'f', arguments: '{"x":1}' }),
      piece({ index: 0, id: '', type: 'function' }, { name: 'f', arguments: '{"x":2}' }),
      piece({ index: 0, id: '', type: 'function' }, { name: 'g', arguments: '{}' }),
      end('tool_calls'),
      usage(),
    ),
    plain: callsAlone(['f', '{"x":1}'], ['f', '{"x":2}'], ['g', '{}']),
  },
  {
    vendor: 'layers over Gemini: the arguments of a second call behind those of the first, without a name',
    stream: lines(
      piece({ index: 0, id: 'a', type: 'function' }, { name: 'f', arguments: '' }),
      piece({ index: 0 }, { name: '', arguments: '{"x":1}' }),
      piece({ index: 0 }, { name: '', arguments: '{"x":2}' }),
      end('tool_calls'),
      usage(),
    ),
    plain: plain(
      {
        content: null,
        tool_calls: [
          called('a', 'f', '{"x":1}'),
          { type: 'function', function: { name: 'f', arguments: '{"x":2}' } },
        ],
      },
      {},
      'tool_calls',
    ),
  },
  {
    vendor: 'layers over Anthropic: the empty object of the beginning before the arguments',
    stream: lines(
      piece({ index: 0, id: 't1', type: 'function' }, { name: 'weather', arguments: '{}' }),
      piece({ index: 0 }, { arguments: '{"city":' }),
      piece({ index: 0 }, { arguments: '"Bonn"}' }),
      end('tool_calls'),
      usage(),
    ),
    plain: WEATHER,
  },
  {
    vendor: 'Gemini: no index, and a thought signature in extra_content',
    stream: lines(
      chunk({
        role: 'assistant',
        tool_calls: [
          {
            ...called('t1', 'weather', '{"city":"Bonn"}'),
            extra_content: { google: { thought_signature: 'c2ln' } },
          },
        ],
      }),
      end('tool_calls'),
      usage(),
    ),
    plain: plain(
      {
        content: null,
        tool_calls: [
          {
            ...called('t1', 'weather', '{"city":"Bonn"}'),
            extra_content: { google: { thought_signature: 'c2ln' } },
          },
        ],
      },
      {},
      'tool_calls',
    ),
  },
  {
    vendor: 'Ollama, older: arguments as an object, no index, done in one chunk',
    stream: lines(
      chunk({ role: 'assistant', content: '', tool_calls: [called('t1', 'weather', { city: 'Bonn' })] }),
      end('tool_calls'),
      usage(),
    ),
    plain: plain({ content: '', tool_calls: [called('t1', 'weather', { city: 'Bonn' })] }, {}, 'tool_calls'),
  },
  {
    vendor: 'vLLM: another made-up id with each piece, the name only in the first',
    stream: lines(
      piece({ index: 0, id: 't1', type: 'function' }, { name: 'weather', arguments: '' }),
      piece({ index: 0, id: 't2', type: 'function' }, { name: null, arguments: '{"city":' }),
      piece({ index: 0, id: 't3', type: 'function' }, { name: null, arguments: '"Bonn"}' }),
      end('tool_calls'),
      usage(),
    ),
    plain: WEATHER,
  },
  {
    vendor: 'SGLang: id and name with each piece, all of them the same',
    stream: lines(
      piece({ index: 0, id: 't1', type: 'function' }, { name: 'weather', arguments: '{"city":' }),
      piece({ index: 0, id: 't1', type: 'function' }, { name: 'weather', arguments: '"Bonn"}' }),
      end('tool_calls'),
      usage(),
    ),
    plain: WEATHER,
  },
  {
    vendor: 'llama.cpp: pieces without index, id only in the first',
    stream: lines(
      piece({ id: 't1', type: 'function' }, { name: 'weather', arguments: '{"city":' }),
      piece({}, { arguments: '"Bonn"}' }),
      end('tool_calls'),
      usage(),
    ),
    plain: WEATHER,
  },
  {
    vendor: 'DashScope: arguments so far with each piece',
    stream: lines(
      piece({ index: 0, id: 't1', type: 'function' }, { name: 'weather', arguments: '{"city"' }),
      piece({ index: 0, id: '', type: 'function' }, { name: '', arguments: '{"city":"Bonn"}' }),
      end('tool_calls'),
      usage(),
    ),
    plain: WEATHER,
  },
  {
    vendor: 'a proxy: the whole arguments once more at the end',
    stream: lines(
      piece({ index: 0, id: 't1', type: 'function' }, { name: 'weather', arguments: '{"city":' }),
      piece({ index: 0 }, { arguments: '"Bonn"}' }),
      piece({ index: 0, id: 't1', type: 'function' }, { name: 'weather', arguments: '{"city":"Bonn"}' }),
      end('tool_calls'),
      usage(),
    ),
    plain: WEATHER,
  },
  {
    vendor: 'DeepSeek: reasoning_content before the content',
    stream: lines(
      chunk({ role: 'assistant', content: null, reasoning_content: 'hm' }),
      chunk({ content: null, reasoning_content: ', yes' }),
      chunk({ content: 'Hello', reasoning_content: null }),
      end('stop', { usage: USAGE }),
    ),
    plain: plain({ content: 'Hello', reasoning_content: 'hm, yes' }),
  },
  {
    vendor: 'OpenRouter: signs of life, provider, reasoning_details by index',
    stream: `: OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n${lines(
      {
        provider: 'P',
        ...chunk({
          role: 'assistant',
          content: '',
          reasoning: 'h',
          reasoning_details: [{ type: 'reasoning.text', text: 'h', index: 0 }],
        }),
      },
      {
        provider: 'P',
        ...chunk({
          content: '',
          reasoning: 'm',
          reasoning_details: [{ type: 'reasoning.text', text: 'm', index: 0 }],
        }),
      },
      { provider: 'P', ...chunk({ content: 'Hello' }) },
      end('stop', { provider: 'P' }),
      usage(),
    )}`,
    plain: plain(
      {
        content: 'Hello',
        reasoning: 'hm',
        reasoning_details: [{ type: 'reasoning.text', text: 'hm', index: 0 }],
      },
      { provider: 'P' },
    ),
  },
  {
    vendor: 'Mistral: thinking as parts, then text',
    stream: lines(
      chunk({ role: 'assistant', content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'h' }] }] }),
      chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'm' }] }] }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      end('stop', { usage: USAGE }),
    ),
    plain: plain({
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
        { type: 'text', text: 'Hello' },
      ],
    }),
  },
  {
    vendor: 'LiteLLM: thinking_blocks, the signature at last',
    stream: lines(
      chunk({
        role: 'assistant',
        content: '',
        thinking_blocks: [{ type: 'thinking', thinking: 'h', signature: null }],
      }),
      chunk({ thinking_blocks: [{ type: 'thinking', thinking: 'm', signature: null }] }),
      chunk({ thinking_blocks: [{ type: 'thinking', thinking: '', signature: 'c2ln' }] }),
      chunk({ content: 'Hello' }),
      end(),
      usage(),
    ),
    plain: plain({
      content: 'Hello',
      thinking_blocks: [{ type: 'thinking', thinking: 'hm', signature: 'c2ln' }],
    }),
  },
  {
    vendor: 'Groq: usage under x_groq',
    stream: lines(
      { ...chunk({ role: 'assistant', content: 'Hello' }), x_groq: { id: 'r1' } },
      end('stop', { x_groq: { id: 'r1', usage: USAGE } }),
    ),
    plain: { ...HELLO, x_groq: { id: 'r1', usage: USAGE } },
  },
  {
    vendor: 'Moonshot: usage in the choice',
    stream: lines(
      chunk({ role: 'assistant', content: 'Hello' }),
      chunk({}, { finish_reason: 'stop', usage: USAGE }),
    ),
    plain: {
      ...HELLO,
      choices: [
        { index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop', usage: USAGE },
      ],
    },
  },
  {
    vendor: 'xAI, Cerebras, vLLM with continuous_usage_stats: usage so far with each chunk',
    stream: lines(
      { ...chunk({ role: 'assistant', content: 'Hel' }), usage: { ...USAGE, completion_tokens: 1 } },
      { ...chunk({ content: 'lo' }), usage: { ...USAGE, completion_tokens: 2 } },
      end('stop', { usage: USAGE }),
    ),
    plain: HELLO,
  },
  {
    vendor: 'a layer over Anthropic: input counted first, output last',
    stream: lines(
      { ...chunk({ role: 'assistant', content: 'Hello' }), usage: { prompt_tokens: 9 } },
      end('stop', { usage: { completion_tokens: 4, total_tokens: 13 } }),
    ),
    plain: HELLO,
  },
  {
    vendor: 'Perplexity: the message so far beside each piece',
    stream: lines(
      chunk({ role: 'assistant', content: 'Hel' }, { message: { role: 'assistant', content: 'Hel' } }),
      chunk({ content: 'lo' }, { message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }),
      usage(),
    ),
    plain: HELLO,
  },
  {
    vendor: 'LiteLLM over the responses API: calls of one index without ids, in pieces',
    stream: lines(
      piece({ index: 0, type: 'function' }, { name: 'f', arguments: '{"x":' }),
      piece({ index: 0 }, { arguments: '1}' }),
      piece({ index: 0, type: 'function' }, { name: 'g', arguments: '{"y":' }),
      piece({ index: 0 }, { arguments: '2}' }),
      end('tool_calls'),
      usage(),
    ),
    plain: callsAlone(['f', '{"x":1}'], ['g', '{"y":2}']),
  },
  {
    vendor: 'the same, where the first has no arguments',
    stream: lines(
      piece({ index: 0, type: 'function' }, { name: 'f', arguments: '{}' }),
      piece({ index: 0, type: 'function' }, { name: 'g', arguments: '{"y":2}' }),
      end('tool_calls'),
      usage(),
    ),
    plain: callsAlone(['f', '{}'], ['g', '{"y":2}']),
  },
  {
    vendor: 'gateways: calls of one index and one id, each whole',
    stream: lines(
      piece({ index: 0, id: 'call_0', type: 'function' }, { name: 'f', arguments: '{"x":1}' }),
      piece({ index: 0, id: 'call_0', type: 'function' }, { name: 'f', arguments: '{"x":2}' }),
      end('tool_calls'),
      usage(),
    ),
    plain: plain(
      { content: null, tool_calls: [called('call_0', 'f', '{"x":1}'), called('call_0', 'f', '{"x":2}')] },
      {},
      'tool_calls',
    ),
  },
  {
    vendor: 'TGI: a call in the place of the list of them',
    stream: lines(
      chunk({
        tool_calls: { index: 0, id: 't1', type: 'function', function: { name: 'weather', arguments: '' } },
      }),
      chunk({
        tool_calls: {
          index: 0,
          id: '',
          type: 'function',
          function: { name: null, arguments: '{"city":"Bonn"}' },
        },
      }),
      end('tool_calls'),
      usage(),
    ),
    plain: WEATHER,
  },
  {
    vendor: 'completions of old: the text in the choice',
    stream: lines(
      { ...chunk({}), choices: [{ index: 0, text: 'Hel', finish_reason: null }] },
      { ...chunk({}), choices: [{ index: 0, text: 'lo', finish_reason: 'stop' }] },
      usage(),
    ),
    plain: HELLO,
  },
  {
    vendor: 'SenseNova: a piece that is a text',
    stream: lines(
      { ...chunk({}), choices: [{ index: 0, delta: 'Hel', finish_reason: null }] },
      { ...chunk({}), choices: [{ index: 0, delta: 'lo', finish_reason: 'stop' }] },
      usage(),
    ),
    plain: HELLO,
  },
  {
    vendor: 'DashScope’s plans: the text so far in the place of each piece',
    stream: lines(
      chunk({ role: 'assistant', content: '' }),
      ...['He', 'Hel', 'Hel', 'Hello'].map((content) => chunk({ content })),
      end(),
      usage(),
    ),
    plain: HELLO,
  },
  {
    vendor: 'the same of thinking, and then of the text in two long pieces',
    stream: lines(
      ...['I', 'I see', 'I see it.'].map((reasoning_content) => chunk({ reasoning_content })),
      ...['Hello to you', 'Hello to you all.'].map((content) => chunk({ content })),
      end(),
      usage(),
    ),
    plain: plain({ content: 'Hello to you all.', reasoning_content: 'I see it.' }),
  },
  {
    vendor: 'pieces that only begin alike',
    stream: lines(
      ...['\n', '\n\n', 'ha', 'haha', 'hahaha', '!'].map((content) => chunk({ content })),
      end(),
      usage(),
    ),
    plain: plain({ content: '\n\n\nhahahahahaha!' }),
  },
  {
    vendor: 'a gateway that says each piece twice, as a piece and as a message',
    stream: lines(
      chunk({ role: 'assistant', content: 'Hel' }, { message: { role: 'assistant', content: 'Hel' } }),
      chunk({ content: 'lo' }, { message: { role: 'assistant', content: 'lo' }, finish_reason: 'stop' }),
      usage(),
    ),
    plain: HELLO,
  },
  {
    vendor: 'MiniMax: a last event that is the whole answer',
    stream: lines(chunk({ role: 'assistant', content: 'Hel' }), chunk({ content: 'lo' }), HELLO),
    plain: HELLO,
  },
  {
    vendor: 'LM Studio: no [DONE], but a finish_reason',
    stream: lines(...HEL_LO).replace('data: [DONE]\n\n', ''),
    plain: HELLO,
  },
  { vendor: 'uvicorn with CRLF', stream: lines(...HEL_LO).replaceAll('\n', '\r\n'), plain: HELLO },
  {
    vendor: 'ends of lines that are CR alone',
    stream: lines(...HEL_LO).replaceAll('\n', '\r'),
    plain: HELLO,
  },
  {
    vendor: 'TGI: no space after "data:"',
    stream: lines(...HEL_LO).replaceAll('data: ', 'data:'),
    plain: HELLO,
  },
  {
    vendor: "Bedrock's layer: event names, ids, retry",
    stream: `retry: 100\n\n${lines(...HEL_LO).replaceAll('data: ', 'event: chunk\nid: 1\ndata: ')}`,
    plain: HELLO,
  },
  {
    vendor: 'no blank lines between events',
    stream: lines(...HEL_LO).replaceAll('\n\n', '\n'),
    plain: HELLO,
  },
  {
    vendor: 'one event over many lines of data',
    stream: lines(JSON.stringify(HEL_LO[0], null, 1).replaceAll('\n', '\ndata: '), ...HEL_LO.slice(1)),
    plain: HELLO,
  },
  { vendor: 'a byte order mark first', stream: `\uFEFF${lines(...HEL_LO)}`, plain: HELLO },
  {
    vendor: "Anthropic's ping, and empty data",
    stream: `event: ping\ndata: {"type":"ping"}\n\ndata:\n\ndata: ping\n\n${lines(...HEL_LO)}`,
    plain: { ...HELLO, type: 'ping' },
  },
  {
    vendor: 'a character cut in two',
    stream: lines(
      chunk({ role: 'assistant', content: '\ud83d' }),
      chunk({ content: '\ude00' }),
      end(),
      usage(),
    ),
    plain: plain({ content: '😀' }),
  },
  {
    vendor: 'half a character stays half',
    stream: lines(chunk({ role: 'assistant', content: 'a\ud83d' }), end(), usage()),
    plain: plain({ content: 'a\ud83d' }),
  },
  {
    vendor: 'more choices than one, out of turn',
    stream: lines(
      {
        ...chunk({}),
        choices: [{ index: 1, delta: { role: 'assistant', content: 'B' }, finish_reason: 'length' }],
      },
      ...HEL_LO,
    ),
    plain: {
      ...HELLO,
      choices: [
        ...(HELLO.choices as readonly JsonObject[]),
        { index: 1, message: { role: 'assistant', content: 'B' }, finish_reason: 'length' },
      ],
    },
  },
  {
    vendor: 'logprobs token by token',
    stream: lines(
      chunk(
        { role: 'assistant', content: 'Hel' },
        { logprobs: { content: [{ token: 'Hel', logprob: -0.1 }], refusal: null } },
      ),
      chunk({ content: 'lo' }, { logprobs: { content: [{ token: 'lo', logprob: -0.2 }], refusal: null } }),
      end(),
      usage(),
    ),
    plain: {
      ...HELLO,
      choices: [
        {
          ...{ index: 0, message: { role: 'assistant', content: 'Hello' } },
          logprobs: {
            content: [
              { token: 'Hel', logprob: -0.1 },
              { token: 'lo', logprob: -0.2 },
            ],
            refusal: null,
          },
          finish_reason: 'stop',
        },
      ],
    },
  },
];

describe('a stream gives the record of the plain answer', () => {
  test.each(ROWS)('$vendor', (row) => {
    const wanted = read(JSON.stringify(row.plain), 'application/json');
    expect(wanted.kind).toBe('completion');
    expect(read(row.stream, SSE)).toEqual(wanted);
  });

  test.each(['application/json', 'text/plain', ''])('also where its type is called "%s"', (type) => {
    expect(read(lines(...HEL_LO), type)).toEqual(read(JSON.stringify(HELLO), 'application/json'));
  });

  test('and a plain answer is read as one, whatever its type is called', () => {
    expect(read(JSON.stringify(HELLO), SSE)).toEqual(read(JSON.stringify(HELLO), 'application/json'));
  });

  test('a member of an odd name is one like any other', () => {
    const stream =
      '{"__proto__":{"x":1},"choices":[{"delta":{"content":"Hello","__proto__":"p"},"finish_reason":"stop"}]}';
    expect(read(lines(stream), SSE)).toMatchObject({ completion: { text: 'Hello' } });
  });

  test('the arguments of a call keep digits that no number holds', () => {
    const stream = lines(
      '{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":{"id":1234567890123456789}}}]},"finish_reason":"tool_calls"}]}',
    );
    const whole =
      '{"choices":[{"message":{"tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":{"id":1234567890123456789}}}],"role":"assistant","content":null},"finish_reason":"tool_calls"}]}';
    expect(read(stream, SSE)).toMatchObject({ kind: 'completion' });
    const calls = (answer: ClientAnswer) => answer.kind === 'completion' && answer.completion.toolCalls;
    expect(calls(read(stream, SSE))).toEqual(calls(read(whole, 'application/json')));
  });
});

const RESPONSE = {
  ...{ id: 'r1', object: 'response', status: 'completed', model: 'm-1' },
  output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] }],
  usage: { input_tokens: 9, output_tokens: 4, total_tokens: 13 },
};
const named = (...events: readonly JsonObject[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
const created = { type: 'response.created', response: { ...RESPONSE, status: 'in_progress', output: [] } };
const delta = { type: 'response.output_text.delta', delta: 'Hel' };

describe('a stream of the responses API', () => {
  test.each([
    ['completed', named(created, delta, { type: 'response.completed', response: RESPONSE }), RESPONSE],
    [
      'incomplete',
      named(created, delta, {
        type: 'response.incomplete',
        response: { ...RESPONSE, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      }),
      { ...RESPONSE, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    ],
    [
      'completed with an empty output after its items',
      named(
        created,
        { type: 'response.output_item.done', output_index: 0, item: RESPONSE.output[0]! },
        { type: 'response.completed', response: { ...RESPONSE, output: [] } },
      ),
      RESPONSE,
    ],
    [
      'completed with an empty output after its pieces alone',
      named(
        created,
        { type: 'response.output_text.delta', item_id: 'm', output_index: 0, delta: 'fo' },
        { type: 'response.output_text.delta', item_id: 'm', output_index: 0, delta: 'ur' },
        { type: 'response.output_text.done', item_id: 'm', output_index: 0, text: 'four' },
        { type: 'response.completed', response: { ...RESPONSE, output: [] } },
      ),
      {
        ...RESPONSE,
        output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'four' }] }],
      },
    ],
    [
      'failed',
      named(created, {
        type: 'response.failed',
        response: {
          ...RESPONSE,
          status: 'failed',
          output: [],
          error: { code: 'server_error', message: 'oh' },
        },
      }),
      { ...RESPONSE, status: 'failed', output: [], error: { code: 'server_error', message: 'oh' } },
    ],
  ])('that %s gives the record of the plain answer', (_, stream, whole) => {
    expect(read(stream, SSE, readResponse)).toEqual(
      read(JSON.stringify(whole), 'application/json', readResponse),
    );
  });

  test('that says error is that error', () => {
    const stream = named(created, {
      type: 'error',
      code: 'rate_limit_exceeded',
      message: 'slow down',
      param: null,
    });
    expect(read(stream, SSE, readResponse)).toMatchObject({
      kind: 'failure',
      failure: { kind: 'rate-limited', message: expect.stringContaining('slow down') },
    });
  });

  test('that ends before it is over is no answer', () => {
    expect(read(named(created, delta), SSE, readResponse)).toMatchObject({ failure: { kind: 'network' } });
  });
});

describe('an error in a stream', () => {
  test('is none where it is a state of success', () => {
    const state = { error: { code: 0, message: 'success' } };
    const answer = read(lines({ ...chunk({ content: 'four' }), ...state }, end(), '[DONE]'), SSE);
    expect(answer).toMatchObject({ completion: { text: 'four' } });
  });

  const started = chunk({ role: 'assistant', content: 'Hel' });
  test.each([
    [
      'OpenRouter',
      lines(started, { ...end('error'), error: { code: 502, message: 'upstream is gone' } }),
      'overloaded',
    ],
    [
      'vLLM',
      lines(started, { error: { object: 'error', message: 'upstream is gone', type: 'x', code: 500 } }),
      'overloaded',
    ],
    [
      'vLLM, older',
      lines({ object: 'error', message: 'upstream is gone', type: 'x', code: 500 }),
      'overloaded',
    ],
    ['text', lines(started, { error: 'upstream is gone' }), 'invalid-response'],
    [
      'an event of that name',
      `event: error\ndata: {"code":500,"message":"upstream is gone"}\n\n`,
      'overloaded',
    ],
    [
      'llama.cpp, a field of that name',
      `data: ${JSON.stringify(started)}\n\nerror: {"code":500,"message":"upstream is gone","type":"server_error"}\n\n`,
      'overloaded',
    ],
    [
      'Gemini’s layer, without a field and over many lines',
      `data: ${JSON.stringify(started)}\n\n${JSON.stringify({ error: { code: 503, message: 'upstream is gone' } }, null, 2)}\n`,
      'overloaded',
    ],
    [
      'Groq, beside what was said',
      lines(started, { ...end(), x_groq: { id: 'r', error: 'upstream is gone' } }),
      'invalid-response',
    ],
    ['an event of that name with plain text', `event: error\ndata: upstream is gone\n\n`, 'invalid-response'],
  ])('of %s is that error, not half an answer', (_, stream, kind) => {
    const answer = read(stream, SSE);
    expect(answer).toMatchObject({
      kind: 'failure',
      failure: { kind, message: expect.stringContaining('upstream is gone') },
    });
  });

  test.each([
    ['a text', chunk({ role: 'assistant', content: 'Hel' })],
    ['a thought', chunk({ role: 'assistant', reasoning_content: 'Hm' })],
    ['a call', chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{' } }] })],
  ])('behind %s may have been paid for', (_, first) => {
    const error = { error: { message: 'upstream is gone', code: 502 } };
    expect(read(lines(first, error), SSE)).toMatchObject({
      failure: { kind: 'overloaded', isBegun: true },
    });
    const before = read(lines(chunk({ role: 'assistant', content: '' }), error), SSE);
    expect(before).toMatchObject({ failure: { kind: 'overloaded' } });
    expect(before).not.toHaveProperty('failure.isBegun');
  });

  test('that is empty beside a good answer is none', () => {
    expect(read(lines(...HEL_LO.map((one) => ({ ...one, error: null }))), SSE)).toMatchObject({
      completion: { text: 'Hello' },
    });
  });
});

describe('a stream that is cut off', () => {
  const started = lines(chunk({ role: 'assistant', content: 'Hel' })).replace('data: [DONE]\n\n', '');
  test.each([
    ['between events', started],
    ['in an event', `${started}data: {"choices":[{"del`],
    ['before the first', ': waiting\n\n'],
  ])('%s is no answer: it is asked for again', (_, stream) => {
    expect(read(stream, SSE)).toMatchObject({
      kind: 'failure',
      failure: {
        kind: 'network',
        message: expect.stringContaining('the stream ended before the answer did'),
      },
    });
  });

  test('tells what it took where it said so', () => {
    const told = lines({ ...chunk({ role: 'assistant', content: 'Hel' }), usage: USAGE });
    expect(read(told.replace('data: [DONE]\n\n', ''), SSE)).toMatchObject({
      failure: { kind: 'network', usage: { inputTokens: 9, outputTokens: 4 } },
    });
  });

  test('with a broken event in its middle is no answer either', () => {
    const stream = `${started}data: {"choices":[{"del\n\n${lines(...HEL_LO)}`;
    expect(read(stream, SSE)).toMatchObject({ failure: { kind: 'invalid-response' } });
  });
});

test.each(['', 'null'])('pieces that say "%s" for their end have none', (finish_reason) => {
  const half = { ...chunk({ role: 'assistant', content: 'Hel' }) };
  const choices = [{ index: 0, delta: { content: 'Hel' }, finish_reason }];
  const cut = lines({ ...half, choices }).replace('data: [DONE]\n\n', '');
  expect(read(cut, SSE)).toMatchObject({ failure: { kind: 'network' } });
});

test('zeros behind a count do not take it back', () => {
  const zeros = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  const told = HEL_LO.map((one) => ({ ...one, usage: USAGE }));
  expect(read(lines(...told, { choices: [], usage: zeros }), SSE)).toMatchObject({
    completion: { usage: { inputTokens: 9, outputTokens: 4 } },
  });
});

test('a body of blank lines and comments without end is looked at once', () => {
  const blank = '\n\r\n : x\n'.repeat(200_000);
  expect(read(`${blank}{`, SSE)).toMatchObject({ failure: { kind: 'invalid-response' } });
  expect(read(blank, SSE)).toMatchObject({ failure: { kind: expect.any(String) } });
});

test('pieces without end are put together once each', () => {
  const pieces = (of: (n: number) => JsonObject): string =>
    lines(...Array.from({ length: 20_000 }, (_, n) => of(n)), end(), usage());
  const count = (delta: (n: number) => JsonObject): number => {
    const answer = read(
      pieces((n) => chunk(delta(n))),
      SSE,
    );
    return answer.kind === 'completion'
      ? answer.completion.text.length + answer.completion.toolCalls.length
      : -1;
  };
  expect(count(() => ({ content: 'x' }))).toBe(20_000);
  expect(count(() => ({ content: [{ type: 'text', text: 'x' }] }))).toBe(20_000);
  expect(count((n) => ({ tool_calls: [{ index: n, ...called(`t${n}`, 'f', '{}') }] }))).toBe(20_000);
  expect(count((n) => ({ content: 'x', [`odd${n}`]: 'x', list: [{ index: n, text: 'x' }] }))).toBe(20_000);
});
