// The SDK is asked once what stands around a request: what is sent is what it would have sent itself.
import OpenAI from 'openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeBodyRoom } from '../../src/providers/body-room.ts';
import { makeClients } from '../../src/providers/index.ts';
import { makeLeanFetch } from '../../src/providers/lean-fetch.ts';
import { openAiAdapter } from '../../src/providers/openai.ts';
import { TransportError } from '../../src/providers/transport-error.ts';
import { API_KEY, chatAnswer, endpointAt, REQUEST, realClock } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const OPTIONS = { signal: new AbortController().signal, run: 1 };

test('each request has the headers, the address and the body that the SDK gives its own', async () => {
  const fetch = makeLeanFetch({ env: {}, maxBodyBytes: 1_000_000, room: makeBodyRoom(1_000_000) });
  const sdk = new OpenAI({
    baseURL: server.url,
    apiKey: API_KEY,
    maxRetries: 0,
    timeout: 2 * 86_400_000,
    fetch,
  });
  const its = sdk.chat.completions.create({
    model: REQUEST.model,
    messages: [{ role: 'user', content: 'hello' }],
  });
  const expected = await server.next();
  expected.answer(chatAnswer('hi'));
  await its;

  const client = await makeClients({ env: { TEST_KEY: API_KEY }, clock: realClock })(endpointAt(server.url));
  if (client.kind === 'err') throw new Error(client.error.message);
  for (let n = 0; n < 2; n += 1) {
    const answer = client.value.complete(REQUEST, OPTIONS);
    const held = await server.next();
    held.answer(chatAnswer('hi'));
    expect((await answer).kind).toBe('completion');
    const { method, path, headers, body } = held;
    expect({ method, path, headers, body }).toEqual({
      method: expected.method,
      path: expected.path,
      headers: expected.headers,
      body: expected.body,
    });
  }
});

test('a connection that is not made in time is network, whatever the SDK calls it', async () => {
  const client = openAiAdapter.makeClient({
    endpoint: endpointAt(server.url),
    baseUrl: new URL(server.url),
    apiKey: API_KEY,
    runHeader: null,
    env: {},
    clock: realClock,
    room: makeBodyRoom(1_000),
    send: async () => {
      throw new TransportError({ kind: 'network', message: 'no connection in time (ETIMEDOUT)' });
    },
  });
  expect(await client.complete(REQUEST, OPTIONS)).toMatchObject({
    kind: 'failure',
    failure: { kind: 'network', message: 'no connection in time (ETIMEDOUT)' },
  });
});
