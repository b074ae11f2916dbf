// What real exceptions of real clients mean. errors.json was told by the plugin of exceptions that the clients raised
// themselves (make_fixture.py beside it makes it anew); those of JavaScript are raised here.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import OpenAI from 'openai';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { meaningOfThrown } from '../../src/providers/thrown-failure.ts';
import { linksOf } from '../../src/worker/own-code/thrown-links.ts';
import { readItemEnd } from '../../src/worker/pytest/plugin-lines.ts';
import { ROOT } from '../rig/files.ts';

const FIXTURE = JSON.parse(
  readFileSync(path.join(ROOT, 'tests/worker/thrown/errors.json'), 'utf8'),
) as JsonObject;

function meaningOf(name: string) {
  const { error, atMs } = readItemEnd({ outcome: 'error', error: FIXTURE[name]! }, 0);
  return meaningOfThrown(error, atMs);
}

const KINDS: { readonly [name: string]: string } = {
  'a file that is not there': 'code-failed',
  'a mistake': 'code-failed',
  'aiohttp closed': 'network',
  'aiohttp drop': 'network',
  'aiohttp half': 'network',
  'aiohttp hang': 'timeout',
  'aiohttp limited': 'rate-limited',
  'anthropic bad': 'bad-request',
  'anthropic closed': 'network',
  'anthropic credit': 'quota-exhausted',
  'anthropic drop': 'network',
  'anthropic hang': 'timeout',
  'anthropic key': 'unauthorized',
  'anthropic limited': 'rate-limited',
  'anthropic long': 'context-exceeded',
  'anthropic overloaded': 'overloaded',
  'anthropic without a key': 'unauthorized',
  'asyncio timeout': 'timeout',
  'boto bedrock': 'rate-limited',
  'boto busy': 'overloaded',
  'boto closed': 'network',
  'boto denied': 'bad-request',
  'boto hang': 'timeout',
  'boto long': 'context-exceeded',
  'boto quota': 'quota-exhausted',
  'boto throttled': 'rate-limited',
  'boto token': 'unauthorized',
  'boto without a key': 'unauthorized',
  'google core deadline': 'timeout',
  'google core down': 'overloaded',
  'google core exhausted': 'rate-limited',
  'google core key': 'bad-request',
  'google core retries': 'overloaded',
  'google genai busy': 'overloaded',
  'google genai closed': 'network',
  'google genai key': 'unauthorized',
  'google genai limited': 'rate-limited',
  'http.client half': 'network',
  'httpx closed': 'network',
  'httpx down': 'overloaded',
  'httpx drop': 'network',
  'httpx half': 'network',
  'httpx hang': 'timeout',
  'httpx limited': 'rate-limited',
  'httpx protocol': 'code-failed',
  'in a group': 'overloaded',
  'no JSON': 'code-failed',
  'openai async limited': 'rate-limited',
  'openai bad': 'bad-request',
  'openai busy': 'overloaded',
  'openai closed': 'network',
  'openai context': 'context-exceeded',
  'openai down': 'overloaded',
  'openai drop': 'network',
  'openai hang': 'timeout',
  'openai key': 'unauthorized',
  'openai limited': 'rate-limited',
  'openai page': 'overloaded',
  'openai quota': 'quota-exhausted',
  'openai without a key': 'unauthorized',
  'requests closed': 'network',
  'requests half': 'network',
  'requests hang': 'timeout',
  'requests key': 'unauthorized',
  'requests limited': 'rate-limited',
  'requests schema': 'code-failed',
  'socket closed': 'network',
  'socket name': 'network',
  tls: 'network',
  'urllib busy': 'overloaded',
  'urllib closed': 'network',
  'urllib hang': 'timeout',
  'urllib3 closed': 'network',
  'urllib3 hang': 'timeout',
  'wrapped and hidden': 'code-failed',
  'wrapped from': 'rate-limited',
  'wrapped within': 'rate-limited',
};

describe("an exception of Python's clients", () => {
  it('means what it says, each of them', () => {
    expect(Object.fromEntries(Object.keys(FIXTURE).map((name) => [name, meaningOf(name).kind]))).toEqual(
      KINDS,
    );
  });

  it.each([
    ['openai limited', 7_000],
    ['openai busy', 1_500],
    ['anthropic limited', 12_000],
    ['httpx limited', 7_000],
    ['requests limited', 7_000],
    ['aiohttp limited', 7_000],
    ['urllib busy', 1_500],
    ['google genai limited', 9_000],
    ['wrapped within', 7_000],
    ['in a group', 1_500],
    ['openai down', null],
  ])('says how long to wait: %s', (name, ms) => {
    expect(meaningOf(name).retryAfterMs).toBe(ms);
  });

  it.each([
    ['RateLimitError', 'code-temporary'],
    ['MyServiceUnavailable', 'code-temporary'],
    ['GatewayTimeoutError', 'code-temporary'],
    ['TimeoutSettingsError', 'code-failed'],
    ['ValueError', 'code-failed'],
  ])('of a class that nobody knows goes by its name: %s', (name, kind) => {
    const { error } = readItemEnd(
      { error: [{ types: [`harness.client.${name}`, 'builtins.Exception'] }] },
      0,
    );
    expect(meaningOfThrown(error, 0).kind).toBe(kind);
  });

  it('of any other form is a mistake of the code', () => {
    for (const error of [null, 'x', [null, 3, { types: 'x', status: '429', headers: [], codes: {} }], {}])
      expect(meaningOfThrown(readItemEnd({ error }, 0).error, 0).kind).toBe('code-failed');
  });
});

/** Answers every request in the same way; `null` closes the connection. */
async function server(
  answer: { readonly status: number; readonly body: object; readonly headers?: object } | null,
) {
  const listening = createServer((request, response) => {
    if (answer === null) return request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void listening.close());
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

const kindOf = (thrown: unknown) => meaningOfThrown(linksOf(thrown), 0);

describe("an error of JavaScript's clients", () => {
  it.each([
    [
      { status: 429, body: { error: { message: 'slow down' } }, headers: { 'retry-after': '3' } },
      'rate-limited',
      3_000,
    ],
    [{ status: 429, body: { error: { message: 'x', code: 'insufficient_quota' } } }, 'quota-exhausted', null],
    [{ status: 401, body: { error: { message: 'no' } } }, 'unauthorized', null],
    [{ status: 503, body: { error: { message: 'busy' } } }, 'overloaded', null],
    [null, 'network', null],
  ])('of openai means what its server said: %o', async (answer, kind, retryAfterMs) => {
    const client = new OpenAI({ apiKey: 'k', baseURL: await server(answer), maxRetries: 0 });
    const thrown = await thrownBy(() => client.chat.completions.create({ model: 'm', messages: [] }));
    expect(kindOf(thrown)).toMatchObject({ kind, retryAfterMs });
    expect(kindOf(new Error('the agent failed', { cause: thrown }))).toMatchObject({ kind, retryAfterMs });
    expect(kindOf(new AggregateError([thrown]))).toMatchObject({ kind, retryAfterMs });
  });

  it('of fetch and of time goes by its cause', async () => {
    const base = await server(null);
    expect(kindOf(await thrownBy(() => fetch(base)))).toMatchObject({ kind: 'network' });
    expect(kindOf(await thrownBy(() => fetch('http://127.0.0.1:1')))).toMatchObject({ kind: 'code-failed' });
    const late = AbortSignal.timeout(1);
    await new Promise((resolve) => late.addEventListener('abort', resolve));
    expect(kindOf(late.reason)).toMatchObject({ kind: 'timeout' });
  });

  // As @anthropic-ai/sdk, axios, @google/genai and the AWS SDK make them.
  it.each<readonly [string, object, string]>([
    [
      'anthropic',
      {
        name: 'Error',
        status: 529,
        error: { type: 'error', error: { type: 'overloaded_error' } },
        headers: new Headers(),
      },
      'overloaded',
    ],
    [
      'axios',
      {
        name: 'AxiosError',
        code: 'ERR_BAD_REQUEST',
        response: { status: 429, headers: { 'Retry-After': '4' }, data: { error: 'x' } },
      },
      'rate-limited',
    ],
    [
      'axios, late',
      { name: 'AxiosError', code: 'ECONNABORTED', message: 'timeout of 10ms exceeded' },
      'timeout',
    ],
    [
      'genai',
      {
        name: 'ApiError',
        status: 400,
        message:
          '{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}',
      },
      'unauthorized',
    ],
    [
      'aws',
      { name: 'ThrottlingException', $fault: 'client', $metadata: { httpStatusCode: 400 } },
      'rate-limited',
    ],
    [
      'aws, without a key',
      { name: 'CredentialsProviderError', message: 'Could not load credentials' },
      'unauthorized',
    ],
    ['own', { name: 'Error', retryable: true }, 'code-temporary'],
    ['a mistake', { name: 'TypeError', message: 'x is not a function' }, 'code-failed'],
  ])('of %s goes by what it holds', (_, members, kind) => {
    expect(kindOf(Object.assign(new Error('failed'), members))).toMatchObject({ kind });
  });

  it('may be hostile', () => {
    const trap = new Proxy(new Error('x'), {
      get() {
        throw new Error('no');
      },
      getPrototypeOf() {
        throw new Error('no');
      },
    });
    const circle = new Error('circle');
    circle.cause = circle;
    for (const thrown of [trap, circle, null, 3, 'text', { toString: null }, Object.create(null)])
      expect(kindOf(thrown).kind).toBe('code-failed');
  });
});
