// What goes wrong on the way through the true packages: each request is made once, and classified by what the server said.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FailureKind } from '../../src/core/outcome.ts';
import type { ProviderType } from '../../src/core/providers/table.ts';
import { API_KEY, chatAnswer, claudeAnswer, geminiAnswer, responseAnswer } from '../rig/model-calls.ts';
import { type HeldRequest, type ModelServer, startModelServer } from '../rig/model-server.ts';
import { ask, CLAUDE, completionOf, failureOf, GEMINI, sdkClient, sdkEndpoint } from '../rig/sdk-calls.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

async function claude(reply: (held: HeldRequest) => void, stream = false) {
  const settings = stream ? { settings: { stream: 'always' as const } } : {};
  const asked = ask(await sdkClient(sdkEndpoint('anthropic', server.url, settings)));
  reply(await server.next());
  return asked;
}

const error = (type: string, message: string) => ({ type: 'error', error: { type, message } });

describe('a refusal of Anthropic', () => {
  test.each<[number, string, string, FailureKind]>([
    [529, 'overloaded_error', 'Overloaded', 'overloaded'],
    [
      429,
      'rate_limit_error',
      'Number of request tokens has exceeded your per-minute rate limit',
      'rate-limited',
    ],
    [400, 'invalid_request_error', 'Your credit balance is too low to access the API', 'quota-exhausted'],
    [400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum', 'context-exceeded'],
    [401, 'authentication_error', 'invalid x-api-key', 'unauthorized'],
    [404, 'not_found_error', 'model: claude-9', 'bad-request'],
    [500, 'api_error', 'Internal server error', 'overloaded'],
  ])(
    '%i %s is told as what it is, and nothing is asked a second time',
    async (status, type, message, kind) => {
      const found = failureOf(await claude((held) => held.answer(error(type, message), { status })));
      expect(found).toMatchObject({ kind, status, message: expect.stringContaining(message) });
      expect(server.requests).toHaveLength(1);
    },
  );

  test('says when to come back, by a header or by the moment at which its bucket is full again', async () => {
    const wait = await claude((held) =>
      held.answer(error('rate_limit_error', 'slower'), { status: 429, headers: { 'retry-after': '11' } }),
    );
    expect(failureOf(wait).retryAfterMs).toBe(11_000);
    const reset = new Date(Date.now() + 30_000).toISOString();
    const headers = {
      'anthropic-ratelimit-tokens-remaining': '0',
      'anthropic-ratelimit-tokens-reset': reset,
    };
    const full = await claude((held) =>
      held.answer(error('rate_limit_error', 'slower'), { status: 429, headers }),
    );
    expect(failureOf(full).retryAfterMs).toBeGreaterThan(10_000);
    expect(failureOf(full).retryAfterMs).toBeLessThanOrEqual(30_000);
  });

  test('Gemini says in the body when to come back, and which limits last for a day', async () => {
    const client = await sdkClient(sdkEndpoint('google', server.url));
    const details = (id: string) => [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId: id }] },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '17s' },
    ];
    const refused = (id: string) => ({
      error: {
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        message: 'You exceeded your current quota',
        details: details(id),
      },
    });
    const minute = ask(client, GEMINI);
    (await server.next()).answer(refused('GenerateRequestsPerMinute'), { status: 429 });
    expect(failureOf(await minute)).toMatchObject({ kind: 'rate-limited', retryAfterMs: 17_000 });
    const day = ask(client, GEMINI);
    (await server.next()).answer(refused('GenerateRequestsPerDay'), { status: 429 });
    expect(failureOf(await day)).toMatchObject({ kind: 'quota-exhausted', refuses: 'all' });
  });

  test('a query that would break a signature is told, and nothing is sent', async () => {
    const keys = { accessKeyId: 'AKIA', secretAccessKey: 'secret', region: 'eu-central-1' };
    const endpoint = sdkEndpoint('bedrock', server.url, {
      ...{ apiKeyEnv: null, sdk: { options: keys }, settings: { query: { version: '1' } } },
    });
    const failed = failureOf(await ask(await sdkClient(endpoint)));
    expect(failed).toMatchObject({ kind: 'bad-request', isUnsent: true });
    expect(failed.message).toContain('"query" would break the signature');
    expect(server.requests).toHaveLength(0);
  });

  test('goes by the manifest’s on_status where that says something', async () => {
    const endpoint = sdkEndpoint('anthropic', server.url, { settings: { onStatus: { 400: 'retry' } } });
    const asked = ask(await sdkClient(endpoint));
    (await server.next()).answer(error('invalid_request_error', 'busy'), { status: 400 });
    expect(failureOf(await asked)).toMatchObject({ kind: 'overloaded', status: 400 });
  });
});

describe('an answer that is none', () => {
  test('an error in the clothes of a success is that error', async () => {
    const found = failureOf(await claude((held) => held.answer(error('overloaded_error', 'Overloaded'))));
    expect(found.kind).toBe('overloaded');
  });

  test('what the package cannot read is told with what it took', async () => {
    const answer = claudeAnswer([{ type: 'a_block_of_tomorrow', data: 1 }]);
    const found = failureOf(await claude((held) => held.answer(answer)));
    expect(found).toMatchObject({ kind: 'invalid-response', usage: { inputTokens: 3, outputTokens: 2 } });
    expect(found.body).toContain('a_block_of_tomorrow');
    expect(server.requests).toHaveLength(1);
  });

  test('a last word that the package alone cannot read is kept: it was paid for', async () => {
    const answer = claudeAnswer([
      { type: 'a_block_of_tomorrow', data: 1 },
      { type: 'text', text: 'Yes.' },
    ]);
    expect(completionOf(await claude((held) => held.answer(answer)))).toMatchObject({
      ...{ text: 'Yes.', usage: { inputTokens: 3, outputTokens: 2 } },
      messages: [{ role: 'assistant', content: [{ type: 'text', text: 'Yes.' }] }],
    });
  });

  test('bytes that are no UTF-8 are no answer', async () => {
    const found = failureOf(await claude((held) => held.send(new Uint8Array([0xff, 0xfe, 0x00]))));
    expect(found.kind).toBe('invalid-response');
  });
});

describe('a stream', () => {
  const events = (...list: readonly object[]): string =>
    list.map((one) => `event: ${(one as { type: string }).type}\ndata: ${JSON.stringify(one)}\n\n`).join('');
  const start = {
    type: 'message_start',
    message: { ...claudeAnswer([], null as unknown as string), usage: { input_tokens: 3, output_tokens: 1 } },
  };
  const block = [
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'It is ' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'two.' } },
    { type: 'content_block_stop', index: 0 },
  ];
  const end = [
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 2 },
    },
    { type: 'message_stop' },
  ];
  const headers = { 'content-type': 'text/event-stream' };

  test('is the whole answer that it would have been', async () => {
    const answer = await claude((held) => held.send(events(start, ...block, ...end), { headers }), true);
    expect(server.requests[0]!.body).toMatchObject({ stream: true });
    expect(answer).toMatchObject({
      completion: {
        ...{ text: 'It is two.', finishReason: 'end_turn', servedModel: 'claude-served' },
        usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
        messages: [{ role: 'assistant', content: [{ type: 'text', text: 'It is two.' }] }],
      },
    });
  });

  test('that ends before its answer is a failure of the network, and nobody knows what it took', async () => {
    const found = failureOf(await claude((held) => held.send(events(start, ...block), { headers }), true));
    expect(found).toMatchObject({ kind: 'network' });
    expect(found).not.toHaveProperty('usage');
  });

  test('in which an error comes is that error', async () => {
    const late = events(start, ...block, error('overloaded_error', 'Overloaded'));
    const found = failureOf(await claude((held) => held.send(late, { headers }), true));
    expect(found).toMatchObject({ kind: 'overloaded', isBegun: true });
    const first = events(error('overloaded_error', 'Overloaded'));
    expect(failureOf(await claude((held) => held.send(first, { headers }), true)).kind).toBe('overloaded');
  });
});

describe('a whole answer where a stream was asked for', () => {
  const stream = { settings: { stream: 'always' as const } };
  test.each<[ProviderType, object]>([
    ['anthropic', claudeAnswer([{ type: 'text', text: 'four' }])],
    ['google', geminiAnswer([{ text: 'four' }])],
    ['mistral', chatAnswer('four')],
    ['groq', chatAnswer('four')],
    ['deepseek', chatAnswer('four')],
    ['azure', responseAnswer('four')],
    ['xai', responseAnswer('four')],
    [
      'cohere',
      {
        ...{ id: 'c', finish_reason: 'COMPLETE' },
        message: { role: 'assistant', content: [{ type: 'text', text: 'four' }] },
        usage: { tokens: { input_tokens: 3, output_tokens: 2 } },
      },
    ],
  ])('is read as one, of %s', async (type, answer) => {
    const asked = ask(await sdkClient(sdkEndpoint(type, server.url, stream)), { ...CLAUDE, model: 'm' });
    (await server.next()).answer(answer);
    const said = completionOf(await asked);
    expect(said).toMatchObject({ text: 'four', usage: { inputTokens: 3, outputTokens: 2 } });
    expect(said.messages).toMatchObject([{ content: [{ type: 'text', text: 'four' }] }]);
    expect(server.requests).toHaveLength(1);
  });

  test('calls its tools', async () => {
    const client = await sdkClient(sdkEndpoint('anthropic', server.url, stream));
    const tools = [{ name: 'f', description: null, strict: null, parameters: { type: 'object' } }];
    const asked = ask(client, { ...CLAUDE, tools });
    (await server.next()).answer(
      claudeAnswer([{ type: 'tool_use', id: 't', name: 'f', input: { x: 1 } }], 'tool_use'),
    );
    expect(completionOf(await asked)).toMatchObject({
      toolCalls: [{ id: 't', name: 'f', arguments: { x: 1 } }],
      messages: [{ content: [{ type: 'tool-call', toolName: 'f' }] }],
    });
  });

  test('as a list, as Gemini has it without its events, is read as well', async () => {
    const asked = ask(await sdkClient(sdkEndpoint('google', server.url, stream)), GEMINI);
    (await server.next()).send(JSON.stringify([geminiAnswer([{ text: 'four' }])]));
    expect(completionOf(await asked)).toMatchObject({
      text: 'four',
      messages: [{ content: [{ type: 'text', text: 'four' }] }],
    });
  });
});

test('a deadline that passes while the answer comes is a timeout, and the connection ends', async () => {
  const controller = new AbortController();
  const asked = ask(await sdkClient(sdkEndpoint('anthropic', server.url)), CLAUDE, controller.signal);
  const held = await server.next();
  held.socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{"id":');
  controller.abort(new DOMException('late', 'TimeoutError'));
  expect(failureOf(await asked)).toMatchObject({
    kind: 'timeout',
    message: expect.stringContaining('execution.timeout'),
  });
  await held.closed;
});

test('a server that is not there is told with what to do, and nothing was sent', async () => {
  await server.close();
  const asked = ask(await sdkClient(sdkEndpoint('anthropic', server.url)));
  expect(failureOf(await asked)).toMatchObject({ kind: 'network', isUnsent: true, isNobodyThere: 'server' });
});

test('a key that the package found by itself, or that stands in its options, is in no message', async () => {
  const secret = 'canary-option-0123456789';
  const endpoint = sdkEndpoint('anthropic', server.url, {
    apiKeyEnv: null,
    sdk: { options: { authToken: secret } },
  });
  const asked = ask(await sdkClient(endpoint));
  const held = await server.next();
  expect(held.headers.authorization).toBe(`Bearer ${secret}`);
  held.answer(error('invalid_request_error', `no ${secret} ${API_KEY}`), { status: 400 });
  expect(failureOf(await asked).message).not.toContain(secret);
});
