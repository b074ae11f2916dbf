// What own code's SDK sends with: every request through the hook, streamed answers included.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { makeBinder } from '../../src/providers/index.ts';
import type { ClientAnswer } from '../../src/providers/provider.ts';
import { endpointAt, REQUEST, realClock } from '../rig/model-calls.ts';

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/v1`;
}

async function bound(url: string) {
  const answers: ClientAnswer[] = [];
  const bind = makeBinder({ env: { TEST_KEY: 'key' }, clock: realClock });
  const made = await bind(endpointAt(url), {
    run: 1,
    request: REQUEST,
    async hook({ send }) {
      const answer = await send(new AbortController().signal);
      answers.push(answer);
      return answer;
    },
  });
  if (made.kind === 'err') throw new Error(made.error.message);
  if (made.value.kind !== 'client') throw new Error('it is no client');
  return { sdk: made.value.client, answers };
}

const chunk = (delta: object, more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta, finish_reason: null }], ...more })}\n\n`;

test('a streamed answer reaches own code as a stream, and the account as a whole', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ role: 'assistant', content: 'Hel' }));
    response.write(chunk({ content: 'lo' }));
    response.write(
      chunk({ tool_calls: [{ index: 0, id: 't1', function: { name: 'f', arguments: '{"a"' } }] }),
    );
    response.write(chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }));
    response.write(
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } })}\n\n`,
    );
    response.end('data: [DONE]\n\n');
  });
  const { sdk, answers } = await bound(url);
  const stream = await sdk.chat.completions.create({ model: 'm', messages: [], stream: true });
  let text = '';
  for await (const part of stream) text += part.choices[0]?.delta.content ?? '';
  expect(text).toBe('Hello');
  expect(answers).toMatchObject([
    {
      kind: 'completion',
      completion: {
        text: 'Hello',
        finishReason: 'tool_calls',
        usage: { totalTokens: 7 },
        toolCalls: [{ name: 'f', arguments: { a: 1 } }],
      },
    },
  ]);
});

test("errors are the SDK's own for own code, and classified for the loop", async () => {
  const url = await serve((_, response) => {
    response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '3' });
    response.end(JSON.stringify({ error: { message: 'slow down', type: 'requests' } }));
  });
  const { sdk, answers } = await bound(url);
  await expect(sdk.chat.completions.create({ model: 'm', messages: [] })).rejects.toMatchObject({
    status: 429,
  });
  expect(answers).toMatchObject([{ kind: 'failure', failure: { kind: 'rate-limited', retryAfterMs: 3000 } }]);
  const dead = await bound('http://127.0.0.1:9/v1');
  await expect(dead.sdk.models.list()).rejects.toMatchObject({
    name: expect.stringMatching(/APIConnectionError|Error/),
  });
  expect(dead.answers).toMatchObject([{ kind: 'failure', failure: { kind: 'network' } }]);
});

test('other endpoints are calls of the account too', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        object: 'list',
        data: [{ embedding: [1, 2], index: 0, object: 'embedding' }],
        model: 'e',
        usage: { prompt_tokens: 1, total_tokens: 1 },
      }),
    );
  });
  const { sdk, answers } = await bound(url);
  const { data } = await sdk.embeddings.create({ model: 'e', input: 'x', encoding_format: 'float' });
  expect(data[0]!.embedding).toEqual([1, 2]);
  expect(answers).toMatchObject([{ kind: 'completion' }]);
});

const stream = (text: string): string =>
  chunk({ role: 'assistant', content: text }) +
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`;

test('a stream that nobody asked for reaches own code as the answer that it asked for', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(stream('Hello'));
  });
  const { sdk, answers } = await bound(url);
  const { choices } = await sdk.chat.completions.create({ model: 'm', messages: [] });
  expect(choices[0]!.message.content).toBe('Hello');
  expect(answers).toMatchObject([{ kind: 'completion', completion: { text: 'Hello' } }]);
});

test('half a stream that nobody asked for is an error for own code, and no answer for the loop', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(chunk({ content: 'Hel' }));
  });
  const { sdk, answers } = await bound(url);
  await expect(sdk.chat.completions.create({ model: 'm', messages: [] })).rejects.toThrow();
  expect(answers).toMatchObject([{ kind: 'failure', failure: { kind: 'network' } }]);
});

test("a refused stream's words are those of its event", async () => {
  const url = await serve((_, response) => {
    response.writeHead(400, { 'content-type': 'text/event-stream' });
    response.end(
      'id:1\nevent:error\n:HTTP_STATUS/400\ndata:{"code":"InvalidParameter","message":"url error"}\n\n',
    );
  });
  const { sdk, answers } = await bound(url);
  await expect(sdk.chat.completions.create({ model: 'm', messages: [], stream: true })).rejects.toMatchObject(
    {
      status: 400,
    },
  );
  expect(answers).toMatchObject([
    { kind: 'failure', failure: { kind: 'bad-request', message: expect.stringMatching(/400: url error/) } },
  ]);
});

test('an answer in one piece is a Response to own code, with a stream for whoever looks for it, as often as it is read', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'r1' });
    response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'whole' } }] }));
  });
  const { sdk } = await bound(url);
  const { data, response } = await sdk.chat.completions.create({ model: 'm', messages: [] }).withResponse();
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body!) chunks.push(chunk);
  expect(data.choices[0]?.message.content).toBe('whole');
  expect([response instanceof Response, response.status, response.headers.get('x-request-id')]).toEqual([
    true,
    200,
    'r1',
  ]);
  expect(JSON.parse(Buffer.concat(chunks).toString())).toEqual(await response.clone().json());
});
