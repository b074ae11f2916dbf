// The Batch API of OpenAI, by the official client: files in, states, files out.
import type OpenAI from 'openai';
import { toFile } from 'openai';
import { expect, test } from 'vitest';
import type { SimOptions } from '../../src/sim/server/sim.ts';
import { handClock } from '../rig/clock.ts';
import { failureOf, quick, started } from './client.ts';

const QUESTION = { model: 'sim-small', messages: [{ role: 'user', content: 'Hello?' }] };

function line(customId: string, body: object = QUESTION, url = '/v1/chat/completions'): string {
  return JSON.stringify({ custom_id: customId, method: 'POST', url, body });
}

/** A clock turned by hand, a batch of 1,000 ms, and the lines handed in. */
async function handedIn(lines: readonly string[], options: Partial<SimOptions> = {}) {
  const clock = handClock();
  const sim = await started({ settings: quick({ batchMs: 1000 }), clock, ...options });
  const file = await sim.client.files.create({
    purpose: 'batch',
    file: await toFile(Buffer.from(`${lines.join('\n')}\n`), 'requests.jsonl'),
  });
  const batch = await sim.client.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
    metadata: { invocation: '0001' },
  });
  const look = () => sim.client.batches.retrieve(batch.id);
  return { sim, clock, file, batch, look };
}

async function linesOf(
  client: OpenAI,
  id: string | null | undefined,
): Promise<readonly Record<string, unknown>[]> {
  if (id == null) return [];
  const text = await (await client.files.content(id)).text();
  return text
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one) as Record<string, unknown>)
    .sort((a, b) => String(a.custom_id).localeCompare(String(b.custom_id)));
}

test('a batch is validated, works, is put together and leaves a file with an answer for each line', async () => {
  const lines = Array.from({ length: 10 }, (_, at) => line(`cell-${at}`));
  const { sim, clock, file, batch, look } = await handedIn(lines);
  await using _ = sim;
  expect(file).toMatchObject({
    object: 'file',
    purpose: 'batch',
    filename: 'requests.jsonl',
    status: 'processed',
  });
  expect(batch).toMatchObject({
    object: 'batch',
    status: 'validating',
    metadata: { invocation: '0001' },
    request_counts: { total: 10, completed: 0, failed: 0 },
    output_file_id: null,
  });
  await clock.advance(500);
  expect(await look()).toMatchObject({
    status: 'in_progress',
    request_counts: { total: 10, completed: 5, failed: 0 },
  });
  await clock.advance(450);
  expect(await look()).toMatchObject({ status: 'finalizing', output_file_id: null });
  await clock.advance(50);
  const ended = await look();
  expect(ended).toMatchObject({
    status: 'completed',
    request_counts: { total: 10, completed: 10, failed: 0 },
    error_file_id: null,
  });
  const output = await linesOf(sim.client, ended.output_file_id);
  expect(output.map(({ custom_id }) => custom_id)).toEqual(lines.map((_, at) => `cell-${at}`));
  expect(output[0]).toMatchObject({
    response: {
      status_code: 200,
      body: { object: 'chat.completion', choices: [{ message: { role: 'assistant' } }], usage: {} },
    },
    error: null,
  });
  expect(sim.stats()).toMatchObject({ requests: 0, answered: 0, batches: 1, batch_items: 10 });
});

test('what is asked alone is answered the same in a batch, and equal lines are repeats', async () => {
  const body = { ...QUESTION, temperature: 1 };
  const lines = [line('a', body), line('b', body), line('c', body, '/v1/chat/completions?run=2')];
  const { sim, clock, look } = await handedIn(lines);
  await using _ = sim;
  await clock.advance(1000);
  const output = await linesOf(sim.client, (await look()).output_file_id);
  const said = output.map(({ response }) => {
    const { choices } = (response as { body: OpenAI.ChatCompletion }).body;
    return choices[0]!.message.content;
  });
  const alone = async (run: number) =>
    (
      await sim.client.chat.completions.create(body as OpenAI.ChatCompletionCreateParamsNonStreaming, {
        headers: { 'x-expgraph-run': String(run) },
      })
    ).choices[0]!.message.content;
  expect(said).toEqual([await alone(1), await alone(2), await alone(2)]);
});

test('a line plays what its address has for it, and one that is refused stands in the file of errors', async () => {
  const url = '/played/0.0/v1/chat/completions';
  const lines = [line('played', QUESTION, url), line('wrong', { model: 'sim-small', messages: [] })];
  const scripts = [[[{ kind: 'say' as const, text: 'Paris', calls: [] }]]];
  const { sim, clock, look } = await handedIn(lines, { scripts });
  await using _ = sim;
  await clock.advance(1000);
  const ended = await look();
  expect(ended).toMatchObject({ status: 'completed', request_counts: { total: 2, completed: 1, failed: 1 } });
  expect(await linesOf(sim.client, ended.output_file_id)).toMatchObject([
    { custom_id: 'played', response: { body: { choices: [{ message: { content: 'Paris' } }] } } },
  ]);
  expect(await linesOf(sim.client, ended.error_file_id)).toMatchObject([
    {
      custom_id: 'wrong',
      response: { status_code: 400, body: { error: { type: 'invalid_request_error', param: 'messages' } } },
      error: null,
    },
  ]);
});

test('a batch that is cancelled keeps what it had done, and says of the rest that it was not', async () => {
  const { sim, clock, batch, look } = await handedIn([0, 1, 2, 3].map((at) => line(`cell-${at}`)));
  await using _ = sim;
  await clock.advance(500);
  expect(await sim.client.batches.cancel(batch.id)).toMatchObject({ status: 'cancelling' });
  expect(await failureOf(sim.client.batches.cancel(batch.id))).toMatchObject({ status: 409 });
  await clock.advance(1000);
  const ended = await look();
  expect(ended).toMatchObject({ status: 'cancelled', request_counts: { total: 4, completed: 2, failed: 0 } });
  const [output, errors] = [
    await linesOf(sim.client, ended.output_file_id),
    await linesOf(sim.client, ended.error_file_id),
  ];
  expect(output.map(({ custom_id }) => custom_id)).toEqual(['cell-0', 'cell-1']);
  expect(errors).toMatchObject([
    { custom_id: 'cell-2', response: null, error: { code: 'batch_cancelled' } },
    { custom_id: 'cell-3', response: null, error: { code: 'batch_cancelled' } },
  ]);
});

test('a batch whose window closes first expires with what is done', async () => {
  const settings = quick({ batchMs: 1000, batchWindowMs: 500 });
  const { sim, clock, look } = await handedIn([line('a'), line('b')], { settings });
  await using _ = sim;
  await clock.advance(500);
  const ended = await look();
  expect(ended).toMatchObject({ status: 'expired', request_counts: { total: 2, completed: 1 } });
  expect(await linesOf(sim.client, ended.error_file_id)).toMatchObject([
    { custom_id: 'b', response: null, error: { code: 'batch_expired' } },
  ]);
});

test('a file that is wrong fails the batch, with the lines and what is wrong with them', async () => {
  const lines = ['{', line('a'), line('a'), line('b', QUESTION, '/v1/responses'), '{"custom_id":"c"}'];
  const { sim, clock, look } = await handedIn(lines);
  await using _ = sim;
  await clock.advance(100);
  const ended = await look();
  expect(ended.status).toBe('failed');
  expect(ended.errors?.data?.map(({ code, line: at }) => [at, code])).toEqual([
    [1, 'invalid_json_line'],
    [3, 'duplicate_custom_id'],
    [4, 'invalid_url'],
    [5, 'invalid_method'],
  ]);
  expect(sim.stats().batch_items).toBe(0);
});

test('batches are listed, the newest first, a page at a time', async () => {
  const { sim, batch, file } = await handedIn([line('a')]);
  await using _ = sim;
  const again = {
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  } as const;
  const second = await sim.client.batches.create(again);
  const ids: string[] = [];
  for await (const one of sim.client.batches.list({ limit: 1 })) ids.push(one.id);
  expect(ids).toEqual([second.id, batch.id]);
});

test('errors of single requests, and the weather of the account, come to batches as well', async () => {
  const { sim, clock, look } = await handedIn(Array.from({ length: 200 }, (_, at) => line(`cell-${at}`)));
  await using _ = sim;
  await clock.advance(1000);
  expect((await look()).request_counts).toMatchObject({ completed: 200 });
  await using broken = await started({ settings: quick({ dropRate: 1 }) });
  const file = await toFile(Buffer.from(line('a')), 'a.jsonl');
  expect(await failureOf(broken.client.files.create({ purpose: 'batch', file }))).toMatchObject({
    message: 'Connection error.',
  });
  expect(broken.stats()).toMatchObject({ dropped: 0, batch_calls: 1 });
});
