// The Message Batches API of Anthropic, by the batch of the true package and by plain requests.
import { createAnthropic } from '@ai-sdk/anthropic';
import { expect, test } from 'vitest';
import { handClock } from '../rig/clock.ts';
import { quick, started } from './client.ts';

const HEADERS = { 'anthropic-version': '2023-06-01', 'content-type': 'application/json' };
const HELLO = { model: 'sim-small', max_tokens: 100, messages: [{ role: 'user', content: 'Hello?' }] };

async function handedIn(requests: readonly object[], settings = quick({ batchMs: 1000 })) {
  const clock = handClock();
  const sim = await started({ settings, clock });
  const ask = async (path: string, body?: object) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${sim.url}/messages/batches${path}`, { headers: HEADERS, ...init });
    return { status: response.status, text: await response.text() };
  };
  const created = await ask('', { requests });
  const batch = JSON.parse(created.text) as { readonly id: string };
  const look = async () => JSON.parse((await ask(`/${batch.id}`)).text) as Record<string, unknown>;
  const results = async () =>
    (await ask(`/${batch.id}/results`)).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly custom_id: string; readonly result: object })
      .sort((a, b) => a.custom_id.localeCompare(b.custom_id));
  return { sim, clock, ask, created, batch, look, results };
}

test('a batch is in progress until it has ended, and has a result for each request', async () => {
  const requests = [
    { custom_id: 'right', params: HELLO },
    { custom_id: 'wrong', params: { ...HELLO, max_tokens: undefined } },
  ];
  const { sim, clock, ask, batch, look, results } = await handedIn(requests);
  await using _ = sim;
  expect(batch).toMatchObject({
    type: 'message_batch',
    processing_status: 'in_progress',
    request_counts: { processing: 2, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
    results_url: null,
    ended_at: null,
  });
  expect((await ask(`/${batch.id}/results`)).status).toBe(400);
  await clock.advance(1000);
  expect(await look()).toMatchObject({
    processing_status: 'ended',
    request_counts: { processing: 0, succeeded: 1, errored: 1 },
    results_url: `${sim.url}/messages/batches/${batch.id}/results`,
    ended_at: '2026-01-02T03:04:06.000Z',
  });
  expect(await results()).toMatchObject([
    { custom_id: 'right', result: { type: 'succeeded', message: { type: 'message', role: 'assistant' } } },
    {
      custom_id: 'wrong',
      result: {
        type: 'errored',
        error: {
          type: 'error',
          error: { type: 'invalid_request_error', message: 'max_tokens: Field required' },
        },
      },
    },
  ]);
  expect(sim.stats()).toMatchObject({ requests: 0, batches: 1, batch_items: 2 });
});

test('what is canceled or expires says so of each request that was not made', async () => {
  const requests = ['a', 'b'].map((id) => ({ custom_id: id, params: HELLO }));
  const canceled = await handedIn(requests);
  await using _ = canceled.sim;
  await canceled.clock.advance(500);
  expect(JSON.parse((await canceled.ask(`/${canceled.batch.id}/cancel`, {})).text)).toMatchObject({
    processing_status: 'canceling',
    cancel_initiated_at: '2026-01-02T03:04:05.500Z',
  });
  await canceled.clock.advance(500);
  expect((await canceled.results()).map(({ result }) => result)).toMatchObject([
    { type: 'succeeded' },
    { type: 'canceled' },
  ]);
  const expired = await handedIn(requests, quick({ batchMs: 1000, batchWindowMs: 500 }));
  await using __ = expired.sim;
  await expired.clock.advance(500);
  expect((await expired.results()).map(({ result }) => result)).toMatchObject([
    { type: 'succeeded' },
    { type: 'expired' },
  ]);
});

test.each([
  ['no requests', [], /^requests: List should have at least 1 item/],
  [
    'an id that is none',
    [{ custom_id: 'a b', params: HELLO }],
    /^requests\.0\.custom_id: String should match/,
  ],
  ['an id twice', ['a', 'a'].map((custom_id) => ({ custom_id, params: HELLO })), /Duplicate custom_id: a$/],
])('%s is refused at once, and nothing is begun', async (_, requests, message) => {
  const { sim, created } = await handedIn(requests);
  await using __ = sim;
  expect(created.status).toBe(400);
  expect(JSON.parse(created.text)).toMatchObject({
    error: { type: 'invalid_request_error', message: expect.stringMatching(message) },
  });
  expect(sim.stats()).toMatchObject({ batches: 0, batch_items: 0, batch_calls: 1 });
});

test('the batch of the true package works with it', async () => {
  await using sim = await started({ settings: quick({ batchMs: 0 }) });
  const provider = createAnthropic({ baseURL: sim.url, apiKey: 'x' });
  const batch = provider.experimental_batch();
  const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello?' }] }];
  const { batchId } = await batch.doStartBatch({
    requests: [
      { id: 'one', type: 'text', modelId: 'claude-sonnet-4-5', options: { prompt, maxOutputTokens: 50 } },
    ],
  });
  expect(await batch.doGetBatchStatus({ batchId })).toMatchObject({ status: 'completed' });
  const results = [];
  for await (const one of await batch.doGetBatchResults({ batchId })) results.push(one);
  expect(results).toMatchObject([{ id: 'one', status: 'succeeded' }]);
  expect((await batch.doListBatches!({ limit: 5 })).batches.map(({ batchId: id }) => id)).toEqual([batchId]);
});
