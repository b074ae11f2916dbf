// Orders by embeddings as a worker does them: over OpenAI's wire and through the packages of other vendors, and what becomes of
// answers that are none.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import type { Order } from '../../src/core/order.ts';
import type { ProviderType } from '../../src/core/providers/table.ts';
import { entryOf } from '../../src/core/providers/table.ts';
import { makePerform } from '../../src/worker/perform.ts';
import { type EmbeddingServer, type Instead, startEmbeddings } from '../rig/embedding-server.ts';
import { orderAt, realClock } from '../rig/model-calls.ts';

const ROOT = path.join(import.meta.dirname, '../..');
/** To six digits, the cosine of 45 degrees. */
const HALF = Math.round(Math.SQRT1_2 * 1e6) / 1e6;
const TEXTS = ['Paris it is', 'Paris'];
/** Two corners of a square: the cosine is that of 45 degrees. */
const vectorOf = (text: string): readonly number[] => (text === 'Paris' ? [1, 0, 0] : [1, 1, 0]);

function orderOf(
  type: ProviderType,
  { server, dimensions = null }: { readonly server: EmbeddingServer; readonly dimensions?: number | null },
): Order {
  const { sdk } = entryOf(type);
  const made = orderAt(`${server.url}${type === 'google' ? '/v1beta' : '/v1'}`);
  return {
    ...made,
    endpoint: {
      ...made.endpoint,
      type,
      ...(sdk === null
        ? {}
        : { sdk: { package: sdk.package, create: sdk.create, method: null, options: {} } }),
    },
    request: {
      ...made.request,
      ...{ model: 'vectors-1', tools: [], params: {} },
      messages: TEXTS.map((content) => ({ role: 'user', content })),
    },
    score: {
      ...{ scorer: 'near', kind: 'embedding', passAt: 0.8, embedding: { dimensions } },
      output: { text: TEXTS[0]!, tool_calls: [], finish_reason: 'stop' },
    },
  };
}

async function done(type: ProviderType, instead?: Instead, dimensions: number | null = null) {
  await using server = await startEmbeddings(vectorOf, instead);
  const perform = makePerform({ folder: ROOT, env: { TEST_KEY: 'sk-test-0123456789' }, clock: realClock });
  const outcome = await perform(orderOf(type, { server, dimensions }));
  await perform.close?.();
  return { outcome, requests: server.requests };
}

describe.each<ProviderType>(['openai', 'mistral', 'google'])('%s', (type) => {
  test('both texts go in one request, and how near they are is the verdict', async () => {
    const { outcome, requests } = await done(type);
    expect(outcome).toMatchObject({
      kind: 'success',
      completion: {
        verdict: {
          ...{ score: HALF, passed: false, label: null, reason: `cosine ${HALF} to the reference` },
          details: { cosine: HALF, dimensions: 3 },
        },
      },
    });
    expect(requests).toHaveLength(1);
    expect(JSON.stringify(requests[0]!.body)).toContain('Paris it is');
  });

  test.each<[string, number, Json, string]>([
    ['a limit', 429, { error: { message: 'slow down' } }, 'rate-limited'],
    ['a wrong key', 401, { error: { message: 'no such key' } }, 'unauthorized'],
    ['a model that is not there', 404, { error: { message: 'no such model' } }, 'bad-request'],
    ['a server that is down', 503, { error: { message: 'down' } }, 'overloaded'],
  ])('%s is told as of any call', async (_, status, body, kind) => {
    const { outcome, requests } = await done(type, () => ({ status, body }));
    expect(outcome).toMatchObject({ kind: 'failure', failure: { kind, status } });
    expect(requests).toHaveLength(1);
  });
});

test('usage is what was read, and what served it is kept', async () => {
  const tokens = TEXTS.join('').length;
  for (const type of ['openai', 'mistral'] as const) {
    const { outcome } = await done(type);
    expect(outcome).toMatchObject({
      completion: {
        servedModel: 'vectors-1-served',
        usage: { inputTokens: tokens, outputTokens: 0, totalTokens: tokens },
      },
    });
  }
});

test('dimensions are sent where they are asked for', async () => {
  expect((await done('openai', undefined, 3)).requests[0]!.body).toMatchObject({ dimensions: 3 });
  expect((await done('openai')).requests[0]!.body).not.toHaveProperty('dimensions');
});

test('vectors that a layer calls the first, each of them, come in their order', async () => {
  const data = [
    { index: 0, embedding: [1, 0] },
    { index: 0, embedding: [0, 1] },
  ];
  const { outcome } = await done('openai', () => ({
    status: 200,
    body: { object: 'list', model: 'm', data },
  }));
  expect(outcome).toMatchObject({ kind: 'success', completion: { verdict: { score: 0 } } });
});

describe('an answer that is none', () => {
  const answered = (...embeddings: readonly Json[]): Json => ({
    ...{ object: 'list', model: 'm', usage: { prompt_tokens: 16, total_tokens: 16 } },
    data: embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })),
  });
  const HOSTILE: readonly (readonly [string, Json])[] = [
    ['one vector for two texts', answered([1, 0])],
    ['three', answered([1, 0], [1, 0], [1, 0])],
    ['none', answered()],
    ['an empty one', answered([], [1, 0])],
    ['texts in the place of numbers', answered(['1', '0'], [1, 0])],
    ['nothing in the place of numbers', answered([null, 0], [1, 0])],
    ['other lengths', answered([1, 0], [1, 0, 0])],
    ['zeros', answered([0, 0], [1, 0])],
    ['an object', answered({ 0: 1 }, [1, 0])],
    ['no list', { data: 'none' }],
    ['nothing', null],
  ];
  /** Of OpenAI's wire alone: the packages take vectors as they come, and which is which changes no cosine. */
  const MISPLACED: typeof HOSTILE = [
    [
      'a place far away',
      {
        data: [
          { index: 4e9, embedding: [1] },
          { index: 0, embedding: [1] },
        ],
      },
    ],
    [
      'one place twice',
      {
        data: [
          { index: 1, embedding: [1] },
          { index: 1, embedding: [1] },
        ],
      },
    ],
    [
      'a place before the first',
      {
        data: [
          { index: -1, embedding: [1] },
          { index: 0, embedding: [1] },
        ],
      },
    ],
  ];
  test.each([
    ...HOSTILE.map((row) => [...row, ['openai', 'mistral']] as const),
    ...MISPLACED.map((row) => [...row, ['openai']] as const),
  ])('%s', async (_, body, types) => {
    for (const type of types as readonly ProviderType[]) {
      const { outcome } = await done(type, () => ({ status: 200, body }));
      expect([type, outcome]).toEqual([
        type,
        expect.objectContaining({
          kind: 'failure',
          failure: expect.objectContaining({ kind: 'invalid-response' }),
        }),
      ]);
    }
  });
});
