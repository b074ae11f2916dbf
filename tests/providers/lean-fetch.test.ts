// The transport alone: connections, limits, aborts and proxies, with the server in the test's hand.
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Env } from '../../src/core/env.ts';
import { makeBodyRoom } from '../../src/providers/body-room.ts';
import { makeLeanFetch } from '../../src/providers/lean-fetch.ts';
import { TransportError } from '../../src/providers/transport-error.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const POST = { method: 'POST', body: '{"a":"ä"}', headers: { 'content-type': 'application/json' } };

test('sends the body whole and gives the answer whole', async () => {
  const answer = fetchWith()(server.url, POST);
  const held = await server.next();
  expect(held).toMatchObject({ method: 'POST', path: '/v1', body: { a: 'ä' } });
  expect(held.headers).toMatchObject({ 'content-length': '10', 'content-type': 'application/json' });
  held.answer({ b: 'ö' }, { status: 201, headers: { 'x-one': '1' } });
  const response = await answer;
  expect([response.status, response.ok, response.headers.get('x-one')]).toEqual([201, true, '1']);
  expect(await response.json()).toEqual({ b: 'ö' });
  expect(await response.text()).toBe('{"b":"ö"}');
  expect(Buffer.from(await response.arrayBuffer()).toString()).toBe('{"b":"ö"}');
  expect(await (await response.blob()).text()).toBe('{"b":"ö"}');
});

test('uses one connection for calls one after the other', async () => {
  const fetch = fetchWith();
  for (let n = 0; n < 3; n += 1) {
    const answer = fetch(server.url, POST);
    (await server.next()).answer({});
    await answer;
  }
  expect(new Set(server.requests.map(({ port }) => port)).size).toBe(1);
});

test('a kept connection that the server closes under a request is network, and the next call opens another', async () => {
  const fetch = fetchWith();
  const first = fetch(server.url, POST);
  (await server.next()).answer({});
  await first;
  const second = fetch(server.url, POST);
  (await server.next()).drop();
  const error = await second.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ kind: 'network', status: null });
  expect(String(error)).toContain('closed');
  const third = fetch(server.url, POST);
  (await server.next()).answer({ fine: true });
  expect(await (await third).json()).toEqual({ fine: true });
});

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const chunkOf = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

test.each([
  ['a stream behind its last word', 'data: {"choices":[]}\n\ndata: [DONE]\n\n'],
  ['a stream of Anthropic’s behind its last word', 'event: message_stop\ndata: {"type":"message_stop"}\n\n'],
  ['a stream of responses behind its last word', 'event: response.completed\ndata: {"response":{}}\n\n'],
  ['JSON that is whole', '{"choices":[{"message":{"content":"}"}}]}'],
])('a connection that closes without ceremony behind %s has answered', async (_, text) => {
  const answer = fetchWith()(server.url, POST);
  (await server.next()).socket.end(HEAD + chunkOf(text));
  expect(await (await answer).text()).toBe(text);
});

test.each([
  ['a stream', 'data: {"choices":[]}\n\n'],
  ['a stream that only speaks of its last word', 'data: {"text":"data: [DONE]"}\n\n'],
  ['JSON', '{"choices":[{"message":{}}'],
])('and one that closes in the middle of %s has not', async (_, text) => {
  const answer = fetchWith()(server.url, POST);
  (await server.next()).socket.end(HEAD + chunkOf(text));
  const error = await answer.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ kind: 'network', status: 200 });
});

test('an answer above the limit is cut off as invalid-response and its connection closed', async () => {
  const answer = fetchWith({ maxBodyBytes: 1_000 })(server.url, POST);
  const held = await server.next();
  held.send('x'.repeat(1_001), { headers: { 'x-request-id': 'req_1' } });
  await expect(answer).rejects.toMatchObject({ kind: 'invalid-response', status: 200, requestId: 'req_1' });
  await held.closed;
});

test('an answer of exactly the limit passes', async () => {
  const answer = fetchWith({ maxBodyBytes: 1_000 })(server.url, POST);
  (await server.next()).send('x'.repeat(1_000));
  expect((await answer).status).toBe(200);
});

test('an answer that is taken piece by piece has no limit, and is read no faster than it is taken', async () => {
  const pieces: string[] = [];
  const take = async (bytes: Uint8Array): Promise<void> => {
    pieces.push(Buffer.from(bytes).toString());
  };
  const answer = fetchWith({ maxBodyBytes: 10 })(server.url, { ...POST, take });
  (await server.next()).send('x'.repeat(300_000));
  const { status, text } = await answer.then(async (it) => ({ status: it.status, text: await it.text() }));
  expect([status, text, pieces.join('').length]).toEqual([200, '', 300_000]);
  // What went wrong is told as it always is.
  const refused = fetchWith()(server.url, { ...POST, take });
  (await server.next()).answer({ error: 'no' }, { status: 404 });
  expect(await (await refused).json()).toEqual({ error: 'no' });
});

test('an answer that is taken and is packed, cut off or not wanted any more', async () => {
  const pieces: Uint8Array[] = [];
  const take = async (bytes: Uint8Array): Promise<void> => {
    pieces.push(bytes);
  };
  const packed = fetchWith()(server.url, { ...POST, take });
  const body = gzipSync('{"a":1}\n'.repeat(9_000));
  (await server.next()).send(body, { headers: { 'content-encoding': 'gzip' } });
  expect((await packed).status).toBe(200);
  expect(Buffer.concat(pieces).toString()).toBe('{"a":1}\n'.repeat(9_000));

  const cut = fetchWith()(server.url, { ...POST, take });
  const { socket } = await server.next();
  socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
  await expect(cut).rejects.toMatchObject({ kind: 'network' });

  const garbled = fetchWith()(server.url, { ...POST, take });
  (await server.next()).send('no gzip at all', { headers: { 'content-encoding': 'gzip' } });
  await expect(garbled).rejects.toMatchObject({ kind: 'invalid-response' });

  const left = fetchWith()(server.url, { ...POST, take: () => Promise.reject(new Error('enough')) });
  const held = await server.next();
  held.socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf');
  await expect(left).rejects.toBeInstanceOf(TransportError);
  await held.closed;
});

test('an abort closes the connection and rejects with its reason', async () => {
  const controller = new AbortController();
  const answer = fetchWith()(server.url, { ...POST, signal: controller.signal });
  const held = await server.next();
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(answer).rejects.toBe(reason);
  await held.closed;
  await expect(fetchWith()(server.url, { ...POST, signal: controller.signal })).rejects.toBe(reason);
});

test('an answer that turns into another protocol is an error, not a wait without end', async () => {
  const answer = fetchWith()(server.url, POST);
  const { socket } = await server.next();
  socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n');
  await expect(answer).rejects.toBeInstanceOf(TransportError);
});

test('a proxy of the environment is used', async () => {
  const proxy = server.url.replace('/v1', '');
  const answer = fetchWith({ env: { HTTP_PROXY: proxy } })('http://model.example/v1', POST);
  const held = await server.next();
  expect(held.path).toBe('http://model.example/v1');
  held.answer({});
  expect((await answer).status).toBe(200);
});

test('a proxy is never used for loopback', async () => {
  const answer = fetchWith({ env: { HTTP_PROXY: 'http://127.0.0.1:1' } })(server.url, POST);
  (await server.next()).answer({});
  expect((await answer).status).toBe(200);
});

test('a proxy that the provider names is used, for loopback as well', async () => {
  const proxy = server.url.replace('/v1', '');
  const answer = fetchWith({ proxy })('http://127.0.0.1:1/v1', POST);
  const held = await server.next();
  expect(held.path).toBe('http://127.0.0.1:1/v1');
  held.answer({});
  expect((await answer).status).toBe(200);
});

test('a provider can go past the proxy of the environment', async () => {
  // Not one of the names of loopback, and the same machine.
  const url = server.url.replace('127.0.0.1', '0.0.0.0');
  const env = { HTTP_PROXY: 'http://127.0.0.1:1' };
  await expect(fetchWith({ env })(url, POST)).rejects.toBeInstanceOf(TransportError);
  const answer = fetchWith({ env, proxy: 'none' })(url, POST);
  (await server.next()).answer({});
  expect((await answer).status).toBe(200);
});

function fetchWith({
  env = {},
  maxBodyBytes = 1_000_000,
  proxy = null,
}: {
  env?: Env;
  maxBodyBytes?: number;
  proxy?: string | null;
} = {}) {
  return makeLeanFetch({ env, maxBodyBytes, room: makeBodyRoom(maxBodyBytes), proxy });
}
