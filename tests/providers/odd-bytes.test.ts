// Bytes that are not the plain JSON that was asked for, and are an answer all the same: over a real socket.
import zlib from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeClients } from '../../src/providers/index.ts';
import type { ClientAnswer } from '../../src/providers/provider.ts';
import { API_KEY, chatAnswer, endpointAt, REQUEST, realClock } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const WORDS = 'Grüße, : NaN "und" \\ Infinity';
const GOOD = JSON.stringify(chatAnswer(WORDS));
const UTF8 = Buffer.from(GOOD);
const type = (charset: string): Headers => ({ 'content-type': `application/json; charset=${charset}` });
const encoded = (encoding: string): Headers => ({ 'content-encoding': encoding });
type Headers = { readonly [name: string]: string };

test.each<[string, string | Buffer, Headers?]>([
  ['blank lines that keep the connection alive (DeepSeek)', `\n\n   \r\n${GOOD}`],
  [
    'comments that keep the connection alive (OpenRouter)',
    `: OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n${GOOD}\n`,
  ],
  ['comments behind it', `${GOOD}\n: keep-alive\n\n: keep-alive\n`],
  ['zero bytes behind it', `${GOOD}\0\0\0`],
  ['a byte order mark', `\ufeff${GOOD}`],
  ['a byte order mark before comments', `\ufeff: hold on\n\n${GOOD}`],
  [
    'numbers that Python writes and JSON has not',
    GOOD.replace('"finish_reason"', '"logprobs":{"of":[NaN,-Infinity, Infinity,-1]},"finish_reason"'),
  ],
  ['plain text by its header', UTF8, { 'content-type': 'text/plain' }],
  ['no type at all', UTF8, { 'content-type': '' }],
  ['Latin-1, and says so', Buffer.from(GOOD, 'latin1'), type('ISO-8859-1')],
  ['UTF-16, and says so', Buffer.from(GOOD, 'utf16le'), type('utf-16le')],
  ['UTF-8 under the name of Latin-1', UTF8, type('ISO-8859-1')],
  ['UTF-8 under a name that nobody knows', UTF8, type('"klingon"')],
  ['gzip that nobody asked for', zlib.gzipSync(UTF8), encoded('gzip')],
  ['gzip that nobody told of', zlib.gzipSync(UTF8)],
  ['what is called gzip and was unpacked on the way', UTF8, encoded('gzip')],
  ['deflate', zlib.deflateSync(UTF8), encoded('deflate')],
  ['deflate without its header', zlib.deflateRawSync(UTF8), encoded('deflate')],
  ['brotli', zlib.brotliCompressSync(UTF8), encoded('br')],
  ['zstd', zlib.zstdCompressSync(UTF8), encoded('zstd')],
  ['twice packed, and told of once', zlib.gzipSync(zlib.gzipSync(UTF8)), encoded('gzip')],
  ['twice packed', zlib.brotliCompressSync(zlib.gzipSync(UTF8)), encoded('gzip, br')],
])('%s', async (_, body, headers) => {
  expect(await ask(body, headers)).toMatchObject({ kind: 'completion', completion: { text: WORDS } });
});

test.each<[string, string | Buffer, Headers, string]>([
  [
    'a page',
    '<!doctype html><head><title>Open WebUI</title></head>',
    {},
    'an HTML page, "Open WebUI", not JSON: is base_url the address of the API?',
  ],
  ['a comment and nothing behind it', ': OPENROUTER PROCESSING\n\n', {}, 'is not JSON'],
  [
    'half of a packed body',
    zlib.gzipSync(UTF8).subarray(0, 60),
    encoded('gzip'),
    'a compressed body that cannot be unpacked',
  ],
  ['a packing that nobody knows', UTF8, encoded('compress-9'), 'the encoding compress-9 is not known'],
  [
    'a body that is unpacked without end',
    zlib.gzipSync(Buffer.alloc(70 << 20)),
    encoded('gzip'),
    'cannot be unpacked',
  ],
  ['Latin-1 that calls itself UTF-8', Buffer.from(GOOD, 'latin1'), type('utf-8'), 'is not UTF-8'],
])('%s is invalid-response, in words', async (_, body, headers, words) => {
  const answer = await ask(body, headers);
  expect(answer).toMatchObject({ kind: 'failure', failure: { kind: 'invalid-response', status: 200 } });
  expect(JSON.stringify(answer)).toContain(JSON.stringify(words).slice(1, -1));
});

test('an error that comes packed is told in its own words', async () => {
  const body = zlib.gzipSync(JSON.stringify({ error: { message: 'the model is asleep' } }));
  const answer = await ask(body, encoded('gzip'), 503);
  expect(answer).toMatchObject({
    failure: { kind: 'overloaded', message: expect.stringContaining('the model is asleep') },
  });
});

test('a number that JavaScript cannot hold keeps its digits wherever it stands', async () => {
  const id = '2512292042121000001';
  const inContent = GOOD.replace(JSON.stringify(WORDS), `{"id":${id}}`);
  expect(await ask(inContent)).toMatchObject({
    completion: { text: `{"id":${id}}`, messages: [{ content: { id } }] },
  });
  const called = chatAnswer('', {
    choices: [
      { message: { content: null, tool_calls: [{ function: { name: 'f', arguments: { id: 1 } } }] } },
    ],
  });
  const inArguments = JSON.stringify(called).replace('{"id":1}', `{"id":${id}}`);
  expect(await ask(inArguments)).toMatchObject({
    completion: { toolCalls: [{ arguments: {}, argumentsText: `{"id":${id}}` }] },
  });
  const beside = GOOD.replace('"usage"', `"trace":${id},"usage"`);
  expect(await ask(beside)).toMatchObject({ completion: { text: WORDS, raw: { trace: id } } });
});

async function ask(body: string | Buffer, headers: Headers = {}, status = 200): Promise<ClientAnswer> {
  const client = await makeClients({ env: { TEST_KEY: API_KEY }, clock: realClock })(endpointAt(server.url));
  if (client.kind === 'err') throw new Error(client.error.message);
  const answer = client.value.complete(REQUEST, { signal: new AbortController().signal, run: 1 });
  (await server.next()).send(body, { headers, status });
  return answer;
}
