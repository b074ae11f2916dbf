// What the two APIs are sent and what is read from them, over a real socket.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { Endpoint, ModelRequest } from '../../src/core/order.ts';
import { makeClients } from '../../src/providers/index.ts';
import type { ClientAnswer } from '../../src/providers/provider.ts';
import { API_KEY, chatAnswer, endpointAt, REQUEST, realClock, responseAnswer } from '../rig/model-calls.ts';
import { type HeldRequest, type ModelServer, startModelServer } from '../rig/model-server.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const FULL: ModelRequest = {
  model: 'small',
  messages: [
    { role: 'system', content: 'be brief' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'look' },
        { type: 'image_url', image_url: { url: 'data:x' } },
      ],
    },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'b', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'done' },
  ],
  tools: [
    {
      name: 'b',
      description: 'does b',
      parameters: { type: 'object', properties: { x: { type: 'string' } } },
      strict: true,
    },
    { name: 'a', description: null, parameters: null, strict: null },
  ],
  temperature: 0.2,
  maxOutputTokens: 64,
  seed: 7,
  params: { top_p: 0.5 },
};

describe('chat completions', () => {
  test('are sent every field that is set, tools in their order, and params last', async () => {
    const { held } = await ask({
      request: { ...FULL, params: { top_p: 0.5, temperature: 1 } },
      json: chatAnswer(''),
    });
    expect(held.path).toBe('/v1/chat/completions');
    expect(held.body).toEqual({
      model: 'small',
      messages: FULL.messages,
      tools: [
        {
          type: 'function',
          function: { name: 'b', description: 'does b', parameters: FULL.tools[0]!.parameters, strict: true },
        },
        { type: 'function', function: { name: 'a' } },
      ],
      temperature: 1,
      max_tokens: 64,
      seed: 7,
      top_p: 0.5,
    });
  });

  test('are sent nothing for what is null', async () => {
    const { held } = await ask({ json: chatAnswer('') });
    expect(held.body).toEqual({ model: 'small', messages: REQUEST.messages });
  });

  test('are read with text, usage in detail, request id, served model and fingerprint', async () => {
    const usage = {
      prompt_tokens: 30,
      completion_tokens: 9,
      total_tokens: 39,
      prompt_tokens_details: { cached_tokens: 16 },
      completion_tokens_details: { reasoning_tokens: 4 },
    };
    const { answer } = await ask({ json: chatAnswer('hi', { usage, system_fingerprint: 'fp_1' }) });
    expect(answer).toEqual({
      kind: 'completion',
      requestId: 'req_1',
      limits: null,
      completion: {
        text: 'hi',
        toolCalls: [],
        messages: [{ role: 'assistant', content: 'hi' }],
        finishReason: 'stop',
        refusal: null,
        usage: {
          inputTokens: 30,
          outputTokens: 9,
          totalTokens: 39,
          cachedInputTokens: 16,
          reasoningTokens: 4,
        },
        servedModel: 'small-2026',
        systemFingerprint: 'fp_1',
      },
    });
  });

  test('keep tool calls in order, and arguments that are no JSON object as text', async () => {
    const calls = [
      { id: 'c1', type: 'function', function: { name: 'b', arguments: '{"x":"1"}' } },
      { id: 'c2', type: 'function', function: { name: 'a', arguments: '{"x": ' } },
      { id: 'c3', type: 'function', function: { name: 'a', arguments: '[1]' } },
      { id: 'c4', type: 'function', function: { name: 'a', arguments: { x: 1 } } },
      { id: 'c5', type: 'custom', custom: { name: 'shell', input: 'ls' } },
      { id: 'c6', type: 'function', function: { name: 'a', arguments: '{"x": 1e999}' } },
    ];
    const { answer } = await ask({ json: chatMessage({ content: null, tool_calls: calls }) });
    expect(completionOf(answer).toolCalls).toEqual([
      { id: 'c1', name: 'b', arguments: { x: '1' }, argumentsText: null },
      { id: 'c2', name: 'a', arguments: {}, argumentsText: '{"x": ' },
      { id: 'c3', name: 'a', arguments: {}, argumentsText: '[1]' },
      { id: 'c4', name: 'a', arguments: { x: 1 }, argumentsText: null },
      { id: 'c5', name: 'shell', arguments: {}, argumentsText: 'ls' },
      { id: 'c6', name: 'a', arguments: {}, argumentsText: '{"x": 1e999}' },
    ]);
  });

  test.each([
    ['a refusal', { content: null, refusal: 'I cannot' }, { text: '', refusal: 'I cannot' }],
    [
      'content in parts',
      { content: [{ type: 'text', text: 'a' }, { type: 'odd' }, 7, { type: 'text', text: 'b' }] },
      { text: 'ab' },
    ],
    ['half a surrogate pair', { content: 'a\ud800' }, { text: 'a\ufffd' }],
    ['tool calls of a wrong type', { content: 'x', tool_calls: 'none' }, { text: 'x', toolCalls: [] }],
    [
      'the old function_call',
      { content: null, function_call: { name: 'f', arguments: '{}' } },
      { toolCalls: [{ id: null, name: 'f', arguments: {}, argumentsText: null }] },
    ],
  ])('answered with %s are completions', async (_, message, expected) => {
    const { answer } = await ask({ json: chatMessage(message) });
    expect(completionOf(answer)).toMatchObject(expected);
  });

  test('stopped by a content filter are completions, inside an answer and as error 400', async () => {
    const stopped = chatAnswer('', {
      choices: [{ message: { content: '' }, finish_reason: 'content_filter' }],
    });
    const inside = await ask({ json: stopped });
    expect(completionOf(inside.answer).finishReason).toBe('content_filter');
    const error = { code: 'content_filter', message: 'The prompt triggered the filter' };
    const before = await ask({ json: { error }, status: 400 });
    expect(completionOf(before.answer)).toMatchObject({
      finishReason: 'content_filter',
      refusal: 'The prompt triggered the filter',
      usage: null,
    });
  });
});

describe('the responses API', () => {
  test('is sent items instead of messages, flat tools that are not strict unless asked, and no seed', async () => {
    const { held } = await ask({ api: 'responses', request: FULL, json: responseAnswer('') });
    expect(held.path).toBe('/v1/responses');
    expect(held.body).toEqual({
      model: 'small',
      input: [
        { role: 'system', content: 'be brief' },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'look' },
            { type: 'input_image', image_url: 'data:x', detail: 'auto' },
          ],
        },
        { type: 'function_call', call_id: 'c1', name: 'b', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'done' },
      ],
      tools: [
        {
          type: 'function',
          name: 'b',
          description: 'does b',
          parameters: FULL.tools[0]!.parameters,
          strict: true,
        },
        { type: 'function', name: 'a', parameters: { type: 'object', properties: {} }, strict: false },
      ],
      temperature: 0.2,
      max_output_tokens: 64,
      top_p: 0.5,
    });
  });

  test('is read with text, refusal, tool calls and usage in detail', async () => {
    const output = [
      { type: 'reasoning', id: 'rs_1', summary: [] },
      {
        type: 'message',
        content: [
          { type: 'output_text', text: 'a' },
          { type: 'output_text', text: 'b' },
          { type: 'refusal', refusal: 'no' },
        ],
      },
      { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'b', arguments: '{"x":1}' },
      { type: 'custom_tool_call', call_id: 'c2', name: 'shell', input: 'ls' },
    ];
    const usage = {
      input_tokens: 30,
      output_tokens: 9,
      total_tokens: 39,
      input_tokens_details: { cached_tokens: 16 },
      output_tokens_details: { reasoning_tokens: 4 },
    };
    const { answer } = await ask({ api: 'responses', json: responseAnswer('', { output, usage }) });
    expect(completionOf(answer)).toEqual({
      text: 'ab',
      toolCalls: [
        { id: 'c1', name: 'b', arguments: { x: 1 }, argumentsText: null },
        { id: 'c2', name: 'shell', arguments: {}, argumentsText: 'ls' },
      ],
      messages: output,
      finishReason: 'completed',
      refusal: 'no',
      usage: { inputTokens: 30, outputTokens: 9, totalTokens: 39, cachedInputTokens: 16, reasoningTokens: 4 },
      servedModel: 'small-2026',
      systemFingerprint: null,
    });
  });

  test('that stopped early says why', async () => {
    const json = responseAnswer('half', {
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
    const { answer } = await ask({ api: 'responses', json });
    expect(completionOf(answer)).toMatchObject({ text: 'half', finishReason: 'max_output_tokens' });
  });
});

test('a key is sent as a bearer token, a declared header as it is, and nothing about the run', async () => {
  const { held } = await ask({ endpoint: { headers: { 'x-team': 'blue' } }, json: chatAnswer('') });
  expect(held.headers).toMatchObject({ authorization: `Bearer ${API_KEY}`, 'x-team': 'blue' });
  expect(held.headers).not.toHaveProperty('x-expgraph-run');
  expect(held.headers).not.toHaveProperty('accept-encoding');
});

test('a simulation is told the run', async () => {
  const { held } = await ask({ endpoint: { type: 'sim', apiKeyEnv: null }, json: chatAnswer('') });
  expect(held.headers).toMatchObject({ authorization: 'Bearer none', 'x-expgraph-run': '3' });
});

test('the query of a base_url stays, as Azure wants it', async () => {
  const { held } = await ask({ path: '/openai/?api-version=1', json: chatAnswer('') });
  expect(held.path).toBe('/v1/openai/chat/completions?api-version=1');
});

test('OpenAI itself is sent the newer name of the token limit', async () => {
  // Seen by the server in the role of a proxy: the address stays the real one.
  const env = { TEST_KEY: API_KEY, HTTP_PROXY: server.url.replace('/v1', '') };
  const client = await makeClients({ env, clock: realClock })(endpointAt('http://api.openai.com/v1'));
  if (client.kind === 'err') throw new Error(client.error.message);
  const { signal } = new AbortController();
  const answer = client.value.complete({ ...REQUEST, maxOutputTokens: 5 }, { signal, run: 1 });
  const held = await server.next();
  held.answer(chatAnswer('hi'));
  expect(held.path).toBe('http://api.openai.com/v1/chat/completions');
  expect(held.body).toEqual({ model: 'small', messages: REQUEST.messages, max_completion_tokens: 5 });
  expect(completionOf(await answer).text).toBe('hi');
});

test('clients of equal endpoints are one, so that connections are kept', async () => {
  const findClient = makeClients({ env: { TEST_KEY: API_KEY }, clock: realClock });
  const [first, second, other] = await Promise.all([
    findClient(endpointAt(server.url)),
    findClient(endpointAt(server.url)),
    findClient(endpointAt(server.url, { api: 'responses' })),
  ]);
  expect(first).toBe(second);
  expect(first).not.toBe(other);
});

async function ask(of: {
  readonly json: JsonObject;
  readonly status?: number;
  readonly api?: 'chat' | 'responses';
  readonly request?: ModelRequest;
  readonly endpoint?: Partial<Endpoint>;
  readonly path?: string;
}): Promise<{ readonly held: HeldRequest; readonly answer: ClientAnswer }> {
  const findClient = makeClients({ env: { TEST_KEY: API_KEY }, clock: realClock });
  const endpoint = endpointAt(server.url + (of.path ?? ''), { api: of.api ?? 'chat', ...of.endpoint });
  const client = await findClient(endpoint);
  if (client.kind === 'err') throw new Error(client.error.message);
  const { signal } = new AbortController();
  const answer = client.value.complete(of.request ?? REQUEST, { signal, run: 3 });
  const held = await server.next();
  held.answer(of.json, { status: of.status ?? 200, headers: { 'x-request-id': 'req_1' } });
  return { held, answer: await answer };
}

function chatMessage(message: JsonObject): JsonObject {
  return chatAnswer('', { choices: [{ index: 0, message, finish_reason: 'stop' }] });
}

function completionOf(answer: ClientAnswer) {
  if (answer.kind !== 'completion') throw new Error(JSON.stringify(answer));
  return answer.completion;
}
