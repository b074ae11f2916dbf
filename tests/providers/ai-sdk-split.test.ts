// Halves of a call, other requests to an account, vectors and lists of models: over OpenAI's wire and through packages.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../src/core/order.ts';
import { makeEmbedder, makeSplit, probe } from '../../src/providers/index.ts';
import { API_KEY, chatAnswer, claudeAnswer, endpointAt, REQUEST, realClock } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';
import { CLAUDE, SDK_ENV, sdkEndpoint } from '../rig/sdk-calls.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const env = { ...SDK_ENV, TEST_KEY: API_KEY };
const { signal } = new AbortController();

async function splitOf(endpoint: Endpoint) {
  const made = await makeSplit(endpoint, { env, clock: realClock });
  if (made.kind === 'err') throw new Error(made.error.message);
  return made.value;
}

describe('the halves of a call', () => {
  test('of OpenAI: what would be sent, and what an answer says that came another way', async () => {
    const split = await splitOf(endpointAt(server.url));
    const body = { model: 'small', messages: [{ role: 'user', content: 'hello' }] };
    expect(await split.bodyOf(REQUEST)).toEqual({ kind: 'ok', value: body });
    const headers = { 'content-type': 'application/json' };
    const text = JSON.stringify(chatAnswer('It is two.'));
    expect(await split.read({ request: REQUEST, status: 200, headers, text })).toMatchObject({
      completion: { text: 'It is two.' },
    });
    const refusal = JSON.stringify({ error: { message: 'slower' } });
    expect(await split.read({ request: REQUEST, status: 429, headers, text: refusal })).toMatchObject({
      failure: { kind: 'rate-limited' },
    });
    expect(server.requests).toHaveLength(0);
  });

  test('of Claude: what would be sent, and what an answer says that came another way', async () => {
    const split = await splitOf(sdkEndpoint('anthropic', server.url));
    expect(await split.bodyOf(CLAUDE)).toEqual({
      kind: 'ok',
      value: {
        ...{ model: 'claude-haiku-4-5', max_tokens: 100 },
        messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
      },
    });
    const text = JSON.stringify(claudeAnswer([{ type: 'text', text: 'It is two.' }]));
    const answer = await split.read({ request: CLAUDE, status: 200, headers: {}, text });
    expect(answer).toMatchObject({
      completion: { text: 'It is two.', usage: { totalTokens: 5 }, servedModel: 'claude-served' },
    });
    const refusal = JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'x' } });
    expect(await split.read({ request: CLAUDE, status: 529, headers: {}, text: refusal })).toMatchObject({
      failure: { kind: 'overloaded', status: 529 },
    });
    expect(server.requests).toHaveLength(0);
  });
});

test.each([
  ['openai', () => endpointAt(server.url), { authorization: `Bearer ${API_KEY}` }],
  [
    'anthropic',
    () => sdkEndpoint('anthropic', server.url),
    { 'x-api-key': API_KEY, 'anthropic-version': '2023-06-01' },
  ],
] as const)(
  '%s: any other request goes with the address, the headers and the key of the account',
  async (_, endpoint, headers) => {
    const split = await splitOf(endpoint());
    const asked = split.ask({
      method: 'POST',
      path: '/batches',
      body: '{"a":1}',
      headers: { 'x-b': 'c' },
      signal,
    });
    const held = await server.next();
    expect(held).toMatchObject({ method: 'POST', path: '/v1/batches', body: { a: 1 } });
    expect(held.headers).toMatchObject({ ...headers, 'x-b': 'c', 'content-type': 'application/json' });
    held.answer({ id: 'b1' }, { status: 404 });
    expect(await asked).toMatchObject({ kind: 'ok', value: { status: 404, text: '{"id":"b1"}' } });
    const listed = split.ask({ method: 'GET', path: '/batches/b1?limit=1', signal });
    const other = await server.next();
    expect(other).toMatchObject({ method: 'GET', path: '/v1/batches/b1?limit=1' });
    other.drop();
    expect(await listed).toMatchObject({ kind: 'err', error: { kind: 'network' } });
  },
);

describe('vectors', () => {
  const embed = makeEmbedder({ env, clock: realClock });
  const request = { model: 'small', texts: ['one', 'two'], dimensions: 2, params: {} };
  const options = { signal, run: 1 };

  test('of OpenAI come in the order of the texts, with what they took', async () => {
    const asked = embed(endpointAt(server.url), request, options);
    const held = await server.next();
    expect(held.path).toBe('/v1/embeddings');
    expect(held.body).toMatchObject({ model: 'small', input: ['one', 'two'], dimensions: 2 });
    held.answer({
      ...{ object: 'list', model: 'small-served', usage: { prompt_tokens: 4, total_tokens: 4 } },
      data: [
        { object: 'embedding', index: 1, embedding: [0, 1] },
        { object: 'embedding', index: 0, embedding: [1, 0] },
      ],
    });
    expect(await asked).toMatchObject({
      ...{
        kind: 'embeddings',
        vectors: [
          [1, 0],
          [0, 1],
        ],
        servedModel: 'small-served',
      },
      usage: { inputTokens: 4, outputTokens: 0, totalTokens: 4 },
    });
  });

  test.each([
    [0, 0],
    [undefined, undefined],
  ])('that a layer counts as %s and %s come in its order', async (first, second) => {
    const asked = embed(endpointAt(server.url), request, options);
    const data = [
      { index: first, embedding: [1, 0] },
      { index: second, embedding: [0, 1] },
    ];
    (await server.next()).answer({ data, model: 'm', usage: { prompt_tokens: 4, total_tokens: 4 } });
    expect(await asked).toMatchObject({
      vectors: [
        [1, 0],
        [0, 1],
      ],
    });
  });

  test('of Gemini and Mistral come through their packages', async () => {
    const google = embed(sdkEndpoint('google', server.url), request, options);
    const held = await server.next();
    expect(held.path).toBe('/v1/models/small:batchEmbedContents');
    held.answer({ embeddings: [{ values: [1, 0] }, { values: [0, 1] }] });
    expect(await google).toMatchObject({
      kind: 'embeddings',
      vectors: [
        [1, 0],
        [0, 1],
      ],
    });
    const mistral = embed(sdkEndpoint('mistral', server.url), { ...request, dimensions: null }, options);
    (await server.next()).answer({
      ...{ model: 'm', usage: { prompt_tokens: 4 } },
      data: [{ embedding: [1, 0] }, { embedding: [0, 1] }],
    });
    expect(await mistral).toMatchObject({
      vectors: [
        [1, 0],
        [0, 1],
      ],
      usage: { inputTokens: 4 },
    });
  });

  test.each([
    ['openai', () => endpointAt(server.url)],
    ['mistral', () => sdkEndpoint('mistral', server.url)],
  ] as const)(
    '%s: a refusal is told as any other, and one that is missing is no answer',
    async (_, endpoint) => {
      const plain = { ...request, dimensions: null };
      const refused = embed(endpoint(), plain, options);
      (await server.next()).answer(
        { error: { message: 'slower' } },
        { status: 429, headers: { 'retry-after': '3' } },
      );
      expect(await refused).toMatchObject({ failure: { kind: 'rate-limited', retryAfterMs: 3_000 } });
      const missing = embed(endpoint(), plain, options);
      (await server.next()).answer({ object: 'list', data: [{ index: 0, embedding: [1] }] });
      expect(await missing).toMatchObject({ failure: { kind: 'invalid-response' } });
    },
  );

  test('of a vendor that has none are told so', async () => {
    const answer = await embed(sdkEndpoint('anthropic', server.url), request, options);
    expect(answer).toMatchObject({ kind: 'failure', failure: { kind: 'bad-request' } });
    expect(server.requests).toHaveLength(0);
  });
});

test('the list of models is asked for with the headers of the account', async () => {
  const asked = probe(sdkEndpoint('anthropic', server.url), { env, clock: realClock, signal });
  const held = await server.next();
  expect(held).toMatchObject({ method: 'GET', path: '/v1/models' });
  expect(held.headers['x-api-key']).toBe(API_KEY);
  held.answer({ data: [{ id: 'claude-haiku-4-5' }] });
  expect(await asked).toEqual({ kind: 'ok', value: { status: 200, models: ['claude-haiku-4-5'] } });
  const gemini = probe(sdkEndpoint('google', server.url), { env, clock: realClock, signal });
  (await server.next()).answer({ models: [{ name: 'models/gemini-2.5-flash' }] });
  expect(await gemini).toMatchObject({ value: { models: ['gemini-2.5-flash'] } });
});
