// The forms in which endpoints of this family answer: one row for each, with the vendor whose form it is, over a real socket.
// A new quirk is a row here and a row of docs/endpoints.md.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { Completion, Failure } from '../../src/core/outcome.ts';
import { makeClients } from '../../src/providers/index.ts';
import type { ClientAnswer } from '../../src/providers/provider.ts';
import { API_KEY, chatAnswer, endpointAt, REQUEST, realClock, responseAnswer } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const USED = { inputTokens: 3, outputTokens: 2, totalTokens: 5 };

type Read = Partial<Completion>;
const part = (type: string, more: JsonObject): JsonObject => ({ type, ...more });

describe('a message that says something', () => {
  const rows: readonly (readonly [string, JsonObject, Read])[] = [
    ['OpenAI: text', { content: 'four' }, { text: 'four' }],
    [
      'OpenAI: parts of text',
      { content: [part('text', { text: 'fo' }), part('text', { text: 'ur' })] },
      { text: 'four' },
    ],
    ['OpenAI: a refusal', { content: null, refusal: 'no' }, { text: '', refusal: 'no' }],
    [
      'Azure: a refusal among the parts',
      { content: [part('refusal', { refusal: 'no' })] },
      { text: '', refusal: 'no' },
    ],
    ['OpenAI: spoken words', { content: null, audio: { id: 'a', transcript: 'four' } }, { text: 'four' }],
    ['any: a text of no characters', { content: '' }, { text: '' }],
    ['Go servers: a refusal of no words', { content: 'four', refusal: '' }, { text: 'four', refusal: null }],
    [
      'layers over Anthropic: the empty object of the beginning before the arguments',
      {
        content: null,
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}{"x": 1}' } }],
      },
      { text: '', toolCalls: [{ id: 'a', name: 'f', arguments: { x: 1 } as never, argumentsText: null }] },
    ],
    [
      'Go servers: the place of a call, and no call',
      { content: 'four', function_call: { name: '', arguments: '' } },
      { text: 'four', toolCalls: [] },
    ],
    [
      'gateways: the place of a call in the list of them',
      {
        content: 'four',
        tool_calls: [{ id: '', type: 'function', function: { name: null, arguments: '' } }],
      },
      { text: 'four', toolCalls: [] },
    ],
    ...(
      [
        [
          'TGI: a call in the place of the list of them',
          { id: 'c', function: { name: 'f', arguments: { x: 1 } } },
        ],
        ['TGI, older: parameters', [{ id: 'c', function: { name: 'f', parameters: { x: 1 } } }]],
        ['gateways: a call without its envelope', [{ id: 'c', name: 'f', arguments: '{"x": 1}' }]],
        ['Cohere’s form: the same with parameters', [{ id: 'c', name: 'f', parameters: { x: 1 } }]],
        [
          'Anthropic’s form: the same with an input',
          [{ id: 'c', type: 'tool_use', name: 'f', input: { x: 1 } }],
        ],
      ] as const
    ).map(
      ([vendor, tool_calls]) =>
        [
          vendor,
          { content: null, tool_calls: tool_calls as never },
          {
            text: '',
            toolCalls: [{ id: 'c', name: 'f', arguments: { x: 1 } as never, argumentsText: null }],
          },
        ] as const,
    ),
    [
      'Mistral: thinking before text',
      {
        content: [
          part('thinking', { thinking: [part('text', { text: 'hm' })] }),
          part('text', { text: 'four' }),
        ],
      },
      { text: 'four' },
    ],
    [
      'Mistral: references among text',
      { content: [part('text', { text: 'four' }), part('reference', { reference_ids: [1] })] },
      { text: 'four' },
    ],
    [
      'Databricks: a summary of reasoning, then text',
      {
        content: [
          part('reasoning', { summary: [part('summary_text', { text: 'hm' })] }),
          part('text', { text: 'four' }),
        ],
      },
      { text: 'four' },
    ],
    [
      'Anthropic’s layer: redacted thinking, then text',
      { content: [part('redacted_thinking', { data: 'x' }), part('text', { text: 'four' })] },
      { text: 'four' },
    ],
    [
      'gateways over the responses API: output_text',
      { content: [part('output_text', { text: 'four' })] },
      { text: 'four' },
    ],
    [
      'assistants: a text with a value',
      { content: [part('text', { text: { value: 'four', annotations: [] } })] },
      { text: 'four' },
    ],
    ['Watsonx: a part that is alone', { content: part('text', { text: 'four' }) }, { text: 'four' }],
    ['Cloudflare: parts without a type', { content: [{ text: 'fo' }, { text: 'ur' }] }, { text: 'four' }],
    ['Baidu: a list of texts', { content: ['fo', 'ur'] }, { text: 'four' }],
    [
      'Workers AI in JSON mode: an object',
      { content: { answer: 4, of: ['2', null] } },
      { text: '{"answer":4,"of":["2",null]}' },
    ],
    [
      'Workers AI in JSON mode: a list',
      { content: [{ answer: 4 }, { answer: 5 }] },
      { text: '[{"answer":4},{"answer":5}]' },
    ],
    ['Workers AI in JSON mode: a number', { content: 42 }, { text: '42' }],
    ['Workers AI in JSON mode: false', { content: false }, { text: 'false' }],
    [
      'vLLM: the parser took all for reasoning',
      { content: null, reasoning_content: 'four' },
      { text: 'four', textFrom: 'reasoning_content' },
    ],
    [
      'SGLang: the same with an empty text',
      { content: '', reasoning_content: 'four' },
      { text: 'four', textFrom: 'reasoning_content' },
    ],
    [
      'Ollama: the same, as reasoning',
      { content: '', reasoning: 'four' },
      { text: 'four', textFrom: 'reasoning' },
    ],
    [
      'Mistral: thinking and nothing else',
      { content: [part('thinking', { thinking: 'four' })] },
      { text: 'four', textFrom: 'thinking' },
    ],
    [
      'OpenRouter: the same, as details',
      {
        content: '',
        reasoning_details: [part('reasoning.text', { text: 'fo' }), part('reasoning.text', { text: 'ur' })],
      },
      { text: 'four', textFrom: 'reasoning_details' },
    ],
    [
      'OpenRouter: details that nobody can read are no answer',
      { content: '', reasoning_details: [part('reasoning.encrypted', { data: 'x' })] },
      { text: '' },
    ],
    [
      'LiteLLM: the same, as blocks',
      { content: '', thinking_blocks: [part('thinking', { thinking: 'four' })] },
      { text: 'four', textFrom: 'thinking_blocks' },
    ],
    [
      'Azure’s and other layers: the same, as another name',
      { content: '', reasoning_text: 'four' },
      { text: 'four', textFrom: 'reasoning_text' },
    ],
    [
      'vLLM without a parser of reasoning: thinking before the text',
      { content: '<think>\nTwo and two.\n</think>\n\nfour' },
      { text: 'four' },
    ],
    [
      'Qwen and DeepSeek, whose prompt begins the thinking',
      { content: 'Two and two.\n</think>\n\nfour' },
      { text: 'four' },
    ],
    ['Magistral without a parser', { content: '[THINK]Two.[/THINK]four' }, { text: 'four' }],
    [
      'gpt-oss without a parser',
      {
        content:
          '<|channel|>analysis<|message|>Two.<|end|><|start|>assistant<|channel|>final<|message|>four<|return|>',
      },
      { text: 'four' },
    ],
    [
      'the same among parts',
      { content: [part('text', { text: '<think>Two' }), part('text', { text: '.</think>four' })] },
      { text: 'four' },
    ],
    [
      'thinking that never ends, and nothing else',
      { content: '<think>Two and two is four.' },
      { text: 'Two and two is four.', textFrom: 'thinking' },
    ],
    [
      'a text that speaks of the marks',
      { content: 'Thinking ends with </think>, and begins with <think>.' },
      { text: 'Thinking ends with </think>, and begins with <think>.' },
    ],
    ['DeepSeek: reasoning beside the text', { content: 'four', reasoning_content: 'hm' }, { text: 'four' }],
    ['OpenRouter: a picture', { content: null, images: [{ image_url: { url: 'data:x' } }] }, { text: '' }],
    [
      'all: a call without content',
      { content: null, tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }] },
      { text: '', toolCalls: [{ id: 'c', name: 'f', arguments: {} as never, argumentsText: null }] },
    ],
  ];
  test.each(rows)('%s', async (_, message, expected) => {
    const answer = completionOf(await ask(chatOf(message)));
    expect(answer).toMatchObject(expected);
    expect(answer.textFrom).toBe(expected.textFrom);
    expect(answer.messages).toEqual([message]);
  });
});

describe('a body that holds its answer elsewhere', () => {
  const rows: readonly (readonly [string, JsonObject, Read])[] = [
    [
      'completions of old: the text in the choice',
      choiceOf({ text: 'four', finish_reason: 'stop' }),
      { text: 'four' },
    ],
    ['a message that is a text', choiceOf({ message: 'four', finish_reason: 'stop' }), { text: 'four' }],
    [
      'an empty error beside a good answer',
      { ...chatOf({ content: 'four' }), error: { message: '', code: null } },
      { text: 'four' },
    ],
    [
      'an empty list of errors beside a good answer',
      { ...chatOf({ content: 'four' }), error: [] },
      { text: 'four' },
    ],
    [
      'layers of Chinese vendors: a state of success beside a good answer',
      { ...chatOf({ content: 'four' }), error: { code: 0, message: 'success' } },
      { text: 'four' },
    ],
    [
      'layers over streams: a whole answer that is called a piece',
      choiceOf({ delta: { role: 'assistant', content: 'four' }, finish_reason: 'stop' }),
      { text: 'four' },
    ],
    [
      'completions of old: the text in the choice, beside a message that says nothing',
      choiceOf({ message: { role: 'assistant', content: '' }, text: 'four', finish_reason: 'stop' }),
      { text: 'four' },
    ],
    [
      'layers over streams: the same with a piece',
      choiceOf({ message: { content: null }, delta: { content: 'four' }, finish_reason: 'stop' }),
      { text: 'four' },
    ],
    [
      'gateways: calls in the choice, beside a message that says nothing',
      choiceOf({
        message: { role: 'assistant', content: null },
        tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }],
        finish_reason: 'tool_calls',
      }),
      { text: '', toolCalls: [{ id: 'c', name: 'f', arguments: {} as never, argumentsText: null }] },
    ],
    [
      'gateways: choices out of their order',
      chatAnswer('', {
        choices: [
          { index: 1, message: { content: 'IV' }, finish_reason: 'stop' },
          { index: 0, message: { content: 'four' }, finish_reason: 'stop' },
        ],
      }),
      { text: 'four' },
    ],
    [
      'Copilot over Claude: the text in one choice, and its calls in the next',
      chatAnswer('', {
        choices: [
          { message: { content: 'I count.' }, finish_reason: 'tool_calls' },
          {
            message: { tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }] },
            finish_reason: 'tool_calls',
          },
        ],
      }),
      {
        text: 'I count.',
        toolCalls: [{ id: 'c', name: 'f', arguments: {} as never, argumentsText: null }],
        messages: [
          { content: 'I count.', tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }] },
        ],
      },
    ],
    [
      'usage inside of the choice',
      {
        ...choiceOf({
          message: { content: 'four' },
          finish_reason: 'stop',
          usage: { prompt_tokens: 3, completion_tokens: 2 },
        }),
        usage: null,
      },
      { text: 'four', usage: { ...USED, cachedInputTokens: null, reasoningTokens: null } },
    ],
  ];
  test.each(rows)('%s', async (_, body, expected) => {
    expect(completionOf(await ask(body))).toMatchObject(expected);
  });
});

describe('an answer that a limit or a filter ended', () => {
  test.each([
    ['OpenAI', 'length'],
    ['Mistral', 'model_length'],
    ['Gemini', 'MAX_TOKENS'],
    ['Zhipu', 'sensitive'],
    ['DeepSeek', 'content_filter'],
    ['Gemini', 'SAFETY'],
    ['Anthropic’s layer', 'refusal'],
    ['Gemini’s layer', 'content_filter: SAFETY'],
    ['Gemini', 'LANGUAGE'],
    ['watsonx', 'token_limit'],
    ['Vertex', 'FinishReason.MAX_TOKENS'],
    ['Vertex', 'MODEL_ARMOR'],
    ['Anthropic, whose own tools were not done', 'pause_turn'],
    ['Anthropic, whose context was made smaller', 'compaction'],
    ['vLLM, which found it to go round in a circle', 'repetition'],
  ])(
    '%s: %s is an answer, also before its first word, and thinking is not taken for it',
    async (_, finish_reason) => {
      const half = completionOf(await ask(choiceOf({ message: { content: 'fo' }, finish_reason })));
      expect(half).toMatchObject({ text: 'fo', finishReason: finish_reason });
      const none = completionOf(
        await ask(choiceOf({ message: { content: null, reasoning_content: 'hm' }, finish_reason })),
      );
      expect(none).toMatchObject({ text: '', finishReason: finish_reason });
      expect(none.textFrom).toBeUndefined();
    },
  );
});

test('thinking that a limit cut before its first word is not taken for it, where it stands in the text', async () => {
  const message = { content: '<think>\nTwo and' };
  const answer = completionOf(await ask(choiceOf({ message, finish_reason: 'length' })));
  expect(answer).toMatchObject({ text: '', finishReason: 'length', messages: [message] });
  expect(answer.textFrom).toBeUndefined();
});

describe('a layer that calls every end an ordinary one, with the word of whoever stands behind it', () => {
  test.each<[string, JsonObject, string]>([
    ['OpenRouter: a limit', { native_finish_reason: 'MAX_TOKENS' }, 'MAX_TOKENS'],
    ['OpenRouter: a filter', { native_finish_reason: 'PROHIBITED_CONTENT' }, 'PROHIBITED_CONTENT'],
    [
      'LiteLLM: a limit',
      { provider_specific_fields: { native_finish_reason: 'model_context_window_exceeded' } },
      'model_context_window_exceeded',
    ],
    ['an ordinary end', { native_finish_reason: 'end_turn' }, 'stop'],
    ['a word that says nothing', { native_finish_reason: 'unknown' }, 'stop'],
    ['no word', { native_finish_reason: null }, 'stop'],
  ])('%s', async (_, more, expected) => {
    const choice = { message: { content: 'fo' }, finish_reason: 'stop', ...more };
    expect(completionOf(await ask(choiceOf(choice)))).toMatchObject({ text: 'fo', finishReason: expected });
  });

  test('what the model spoilt is no answer', async () => {
    const native_finish_reason = 'MALFORMED_FUNCTION_CALL';
    const body = choiceOf({ message: { content: '' }, finish_reason: 'stop', native_finish_reason });
    expect(failureOf(await ask(body))).toMatchObject({ kind: 'invalid-response', isOfPrompt: true });
  });

  test('what broke off behind OpenRouter is the provider’s trouble', async () => {
    const native_finish_reason = 'network_error';
    const body = choiceOf({ message: { content: '' }, finish_reason: 'stop', native_finish_reason });
    expect(failureOf(await ask(body))).toMatchObject({ kind: 'overloaded' });
  });
});

describe('what is no answer is a failure that says what it took', () => {
  const rows: readonly (readonly [string, JsonObject, Partial<Failure>])[] = [
    [
      'OpenRouter: error',
      choiceOf({ message: { content: 'The answ' }, finish_reason: 'error' }),
      { kind: 'overloaded' },
    ],
    [
      'Zhipu: network_error',
      choiceOf({ message: { content: '' }, finish_reason: 'network_error' }),
      { kind: 'overloaded' },
    ],
    [
      'DeepSeek: insufficient_system_resource',
      choiceOf({ message: { content: 'Th' }, finish_reason: 'insufficient_system_resource' }),
      { kind: 'overloaded' },
    ],
    [
      'SGLang: abort',
      choiceOf({ message: { content: 'Th' }, finish_reason: 'abort' }),
      { kind: 'overloaded' },
    ],
    [
      'Watsonx: CANCELLED',
      choiceOf({ message: { content: 'Th' }, finish_reason: 'CANCELLED' }),
      { kind: 'overloaded' },
    ],
    [
      'Ollama: load',
      choiceOf({ message: { content: '' }, finish_reason: 'load' }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'Gemini: MALFORMED_FUNCTION_CALL',
      choiceOf({ message: { content: '' }, finish_reason: 'MALFORMED_FUNCTION_CALL' }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'MiMo: repetition_truncation',
      choiceOf({ message: { content: 'a a a' }, finish_reason: 'repetition_truncation' }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'proxies: half a text, finish_reason null',
      choiceOf({ message: { content: 'The answ' }, finish_reason: null }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'proxies: half a text, no finish_reason',
      choiceOf({ message: { content: 'The answ' } }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    ...['', 'null', 'None'].map(
      (finish_reason) =>
        [
          `proxies: half a text, finish_reason "${finish_reason}"`,
          choiceOf({ message: { content: 'The answ' }, finish_reason }),
          { kind: 'invalid-response', isOfPrompt: true },
        ] as const,
    ),
    [
      'Gemini’s layer: function_call_filter: MALFORMED_FUNCTION_CALL',
      choiceOf({ message: { content: '' }, finish_reason: 'function_call_filter: MALFORMED_FUNCTION_CALL' }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'Gemini: MISSING_THOUGHT_SIGNATURE',
      choiceOf({ message: { content: '' }, finish_reason: 'MISSING_THOUGHT_SIGNATURE' }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'proxies: half a call, finish_reason null',
      choiceOf({
        message: { content: null, tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{"ci' } }] },
        finish_reason: null,
      }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'vLLM: calls that its parser lost',
      choiceOf({ message: { content: '', tool_calls: [] }, finish_reason: 'tool_calls' }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'Go servers: a refusal of no words beside nothing',
      chatOf({ content: null, refusal: '' }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'Gemini: choices null',
      chatAnswer('', { choices: null }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'OpenRouter: choices []',
      chatAnswer('', { choices: [] }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'Gemini: no choices',
      { object: 'chat.completion', usage: chatAnswer('').usage },
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'LiteLLM: a choice without a message',
      choiceOf({ finish_reason: 'length' }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'any: null and nothing beside it',
      chatOf({ content: null }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    ['any: an empty list', chatOf({ content: [] }), { kind: 'invalid-response', isOfPrompt: true }],
    [
      'any: parts of a kind that nobody documents',
      chatOf({ content: [part('hologram', { of: 'four' })] }),
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    [
      'OpenRouter: an error in the choice',
      choiceOf({
        error: { code: 502, message: 'upstream' },
        message: { content: 'The' },
        finish_reason: 'error',
      }),
      { kind: 'overloaded' },
    ],
    [
      'OpenRouter: an error beside the usage',
      { error: { code: 429, message: 'slow down' }, usage: chatAnswer('').usage },
      { kind: 'rate-limited' },
    ],
  ];
  test.each(rows)('%s', async (_, body, expected) => {
    const failure = failureOf(await ask(body));
    expect(failure).toMatchObject({ ...expected, usage: USED });
    if (expected.isOfPrompt === undefined) expect(failure).not.toHaveProperty('isOfPrompt');
  });

  test.each<[string, number, JsonObject]>([
    ['Groq', 400, { message: 'Failed.', code: 'tool_use_failed', failed_generation: `<function>${API_KEY}` }],
    ['Ollama', 500, { message: `error parsing tool call: raw='<function>${API_KEY}', err=unexpected end` }],
  ])('%s: what it could not read speaks of the prompt, and is kept', async (_, status, error) => {
    const client = await makeClients({ env: { TEST_KEY: API_KEY }, clock: realClock })(
      endpointAt(server.url),
    );
    if (client.kind === 'err') throw new Error(client.error.message);
    const asked = client.value.complete(REQUEST, { signal: new AbortController().signal, run: 1 });
    (await server.next()).answer({ error }, { status });
    const failure = failureOf(await asked);
    expect(failure).toMatchObject({ kind: 'invalid-response', status, isOfPrompt: true });
    expect(failure.body).toContain('<function>[redacted:TEST_KEY]');
  });

  test('MiniMax: what its filter took away is told beside the choice', async () => {
    const base_resp = { status_code: 1027, status_msg: 'output new_sensitive' };
    expect(completionOf(await ask(chatAnswer('', { base_resp })))).toMatchObject({
      ...{ finishReason: 'content_filter', refusal: 'output new_sensitive', usage: USED },
    });
    const ended = { status_code: 0, status_msg: '' };
    expect(completionOf(await ask(chatAnswer('four', { base_resp: ended })))).toMatchObject({ text: 'four' });
  });

  test('its body is kept, on one line, bounded, without the key', async () => {
    const body = chatOf({ content: [part('hologram', { of: `${API_KEY}\n${'four '.repeat(10_000)}` })] });
    const { body: kept = '', message } = failureOf(await ask(body));
    expect(message).toContain('parts of these kinds and no text: hologram');
    expect(kept).toMatch(/hologram.*\[redacted:TEST_KEY\].*four/);
    expect(kept).not.toContain(API_KEY);
    expect(kept.length).toBeLessThanOrEqual(2_000);
  });

  test('what is no chat completion at all speaks of the address and not of the prompt', async () => {
    expect(failureOf(await ask({ status: 'ok' }))).toEqual({
      ...{ kind: 'invalid-response', status: 200, retryAfterMs: null, body: '{"status":"ok"}' },
      message: expect.stringContaining('no "choices": not a chat completion'),
    });
  });
});

describe('the responses API', () => {
  const say = (content: unknown): JsonObject =>
    ({ type: 'message', role: 'assistant', content }) as JsonObject;
  test.each<[string, readonly JsonObject[], Read]>([
    ['OpenAI: text', [say([part('output_text', { text: 'four' })])], { text: 'four' }],
    ['gateways: content that is text', [say('four')], { text: 'four' }],
    ['gateways: parts named text', [say([part('text', { text: 'four' })])], { text: 'four' }],
    [
      'vLLM: reasoning alone',
      [{ type: 'reasoning', content: [part('reasoning_text', { text: 'four' })] }],
      { text: 'four', textFrom: 'thinking' },
    ],
    [
      'OpenAI: what is told on the way is no part of the answer',
      [
        { ...say([part('output_text', { text: 'I count. ' })]), phase: 'commentary' },
        { ...say([part('output_text', { text: 'four' })]), phase: 'final_answer' },
      ],
      { text: 'four' },
    ],
    [
      'OpenAI: what is told on the way, and a call',
      [
        { ...say([part('output_text', { text: 'I count.' })]), phase: 'commentary' },
        { type: 'function_call', call_id: 'c', name: 'count', arguments: '{}' },
      ],
      { text: 'I count.' },
    ],
    [
      'OpenAI: a message that is half in a response that is completed',
      [{ ...say([part('output_text', { text: 'fo' })]), status: 'incomplete' }],
      { text: 'fo', finishReason: 'incomplete' },
    ],
    [
      'Go servers: the place of a call',
      [
        say([part('output_text', { text: 'four' })]),
        { type: 'function_call', call_id: '', name: '', arguments: '' },
      ],
      { text: 'four', toolCalls: [] },
    ],
    ['OpenAI: a search alone', [{ type: 'web_search_call', status: 'completed' }], { text: '' }],
  ])('%s', async (_, output, expected) => {
    const answer = completionOf(await ask(responseAnswer('', { output }), 'responses'));
    expect(answer).toMatchObject(expected);
    expect(answer.textFrom).toBe(expected.textFrom);
  });

  test('a status of null is none', async () => {
    expect(completionOf(await ask(responseAnswer('four', { status: null }), 'responses')).text).toBe('four');
  });

  test.each<[string, JsonObject, Partial<Failure>]>([
    ['nothing at all', { output: [] }, { kind: 'invalid-response', isOfPrompt: true }],
    [
      'a summary of reasoning alone',
      { output: [{ type: 'reasoning', summary: [part('summary_text', { text: 'hm' })] }] },
      { kind: 'invalid-response', isOfPrompt: true },
    ],
    ['a response that is cancelled', { status: 'cancelled' }, { kind: 'overloaded' }],
    [
      'an error inside',
      { status: 'failed', error: { code: 'server_error', message: 'oh' } },
      { kind: 'overloaded' },
    ],
  ])('%s is a failure that says what it took', async (_, changes, expected) => {
    expect(failureOf(await ask(responseAnswer('', changes), 'responses'))).toMatchObject({
      ...expected,
      usage: USED,
    });
  });
});

describe('what a body holds beside the answer', () => {
  test('is kept as it came, less what is kept elsewhere and what says nothing', async () => {
    const body = {
      ...chatAnswer('four', {
        choices: [
          {
            ...{ index: 0, message: { role: 'assistant', content: 'four' }, finish_reason: 'stop' },
            ...{ native_finish_reason: 'STOP', logprobs: { content: [{ token: 'four', logprob: -0.1 }] } },
          },
          { index: 1, message: { role: 'assistant', content: 'IV' }, finish_reason: 'stop' },
        ],
        usage: {
          ...{ prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, cost: 0.00014, queue_time: 0.2 },
          prompt_tokens_details: { cached_tokens: 1, audio_tokens: 0 },
        },
      }),
      ...{
        provider: 'Chutes',
        citations: ['https://a.example'],
        service_tier: 'flex',
        system_fingerprint: 'fp',
      },
      ...{ id: 'gen-1', warnings: [], x_groq: null },
    };
    expect(completionOf(await ask(body)).raw).toEqual({
      ...{ id: 'gen-1', provider: 'Chutes', citations: ['https://a.example'], service_tier: 'flex' },
      usage: { cost: 0.00014, queue_time: 0.2 },
      choice: { native_finish_reason: 'STOP', logprobs: { content: [{ token: 'four', logprob: -0.1 }] } },
      choices: [{ index: 1, message: { role: 'assistant', content: 'IV' }, finish_reason: 'stop' }],
    });
  });

  test('of an ordinary answer whose request has an id there is nothing', async () => {
    const details = {
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    };
    const body = chatAnswer('four', { usage: { ...(chatAnswer('').usage as JsonObject), ...details } });
    expect(completionOf(await ask(body, 'chat', { 'x-request-id': 'req_1' }))).not.toHaveProperty('raw');
  });

  test('counts that were set right are kept as they were told', async () => {
    const told = { prompt_tokens: 11, completion_tokens: 9, total_tokens: 88 };
    const { usage, raw } = completionOf(await ask(chatAnswer('four', { usage: told })));
    expect([usage?.outputTokens, raw?.usage]).toEqual([77, told]);
  });
});

function chatOf(message: JsonObject): JsonObject {
  return choiceOf({ index: 0, message, finish_reason: 'stop' });
}

function choiceOf(choice: JsonObject): JsonObject {
  return chatAnswer('', { choices: [choice] });
}

async function ask(
  body: JsonObject,
  api: 'chat' | 'responses' = 'chat',
  headers: { readonly [name: string]: string } = {},
): Promise<ClientAnswer> {
  const client = await makeClients({ env: { TEST_KEY: API_KEY }, clock: realClock })(
    endpointAt(server.url, { api }),
  );
  if (client.kind === 'err') throw new Error(client.error.message);
  const answer = client.value.complete(REQUEST, { signal: new AbortController().signal, run: 1 });
  (await server.next()).answer(body, { headers });
  return answer;
}

function completionOf(answer: ClientAnswer): Completion {
  if (answer.kind !== 'completion') throw new Error(JSON.stringify(answer));
  return answer.completion;
}

function failureOf(answer: ClientAnswer): Failure {
  if (answer.kind !== 'failure') throw new Error(JSON.stringify(answer));
  return answer.failure;
}
