import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { failureOf, quick, started } from './client.ts';

const MODEL = 'text-embedding-3-small';

test('the official client is given a vector for each text, of length 1, by its own form and by numbers', async () => {
  await using sim = await started();
  const input = ['Water the plants.', 'Call the dentist.'];
  const asBase64 = await sim.client.embeddings.create({ model: MODEL, input });
  const asNumbers = await sim.client.embeddings.create({ model: MODEL, input, encoding_format: 'float' });
  expect(asNumbers).toMatchObject({
    object: 'list',
    model: MODEL,
    data: [{ object: 'embedding', index: 0 }, { index: 1 }],
    usage: { prompt_tokens: 10, total_tokens: 10 },
  });
  expect(asBase64.data.map(({ embedding }) => embedding.length)).toEqual([1536, 1536]);
  expect(asBase64.data.map(({ embedding }) => [...embedding])).toEqual(
    asNumbers.data.map(({ embedding }) => embedding.map(Math.fround)),
  );
  const length = Math.hypot(...asNumbers.data[0]!.embedding);
  expect(length).toBeCloseTo(1, 5);
});

test('texts that share words are near, the same text is the same, and others are not', async () => {
  await using sim = await started();
  const input = [
    'The plants were watered on Tuesday.',
    'On Tuesday the plant was watered.',
    'Refunds take thirty days.',
    'The plants were watered on Tuesday.',
  ];
  const { data } = await sim.client.embeddings.create({ model: MODEL, input, dimensions: 256 });
  const [a, b, c, again] = data.map(({ embedding }) => embedding) as [number[], number[], number[], number[]];
  const near = (left: number[], right: number[]): number =>
    left.reduce((sum, value, at) => sum + value * right[at]!, 0);
  expect(a).toHaveLength(256);
  expect(again).toEqual(a);
  expect(near(a, b)).toBeGreaterThan(0.6);
  expect(near(a, c)).toBeLessThan(0.3);
});

test.each([
  ['no text', { input: [] }, 'input'],
  ['an empty text', { input: ['a', ''] }, 'input'],
  ['no model', { model: '', input: 'a' }, 'model'],
  ['no dimension', { input: 'a', dimensions: 0 }, 'dimensions'],
  ['another form', { input: 'a', encoding_format: 'hex' }, 'encoding_format'],
])('%s is refused with the name of what is wrong', async (_, wrong, param) => {
  await using sim = await started();
  const request = { model: MODEL, ...wrong } as unknown as OpenAI.EmbeddingCreateParams;
  const failure = (await failureOf(sim.client.embeddings.create(request))) as InstanceType<
    typeof OpenAI.APIError
  >;
  expect(failure).toBeInstanceOf(OpenAI.APIError);
  expect(failure).toMatchObject({ status: 400, param });
});

test('embeddings are calls to a model: counted, limited and struck by faults', async () => {
  await using limited = await started({ settings: quick({ ratePerSecond: 0.001, burst: 1 }) });
  const ask = () => limited.client.embeddings.create({ model: MODEL, input: 'a' });
  await ask();
  expect(await failureOf(ask())).toMatchObject({ status: 429 });
  expect(limited.stats()).toMatchObject({ requests: 2, answered: 1, rate_limited: 1, input_tokens: 1 });
  await using broken = await started({ settings: quick({ errorRate: 1 }) });
  expect(await failureOf(broken.client.embeddings.create({ model: MODEL, input: 'a' }))).toMatchObject({
    status: 500,
  });
});
