// Every way in which a call can go wrong, through a real socket and the real SDK, as a table of kinds.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../src/core/order.ts';
import type { Failure, FailureKind } from '../../src/core/outcome.ts';
import { makeClients } from '../../src/providers/index.ts';
import type { ClientAnswer } from '../../src/providers/provider.ts';
import { HOSTILE } from '../rig/hostile-json.ts';
import { API_KEY, chatAnswer, endpointAt, REQUEST, realClock, responseAnswer } from '../rig/model-calls.ts';
import { type HeldRequest, type ModelServer, startModelServer } from '../rig/model-server.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const STATUSES: readonly [status: number, error: object, kind: FailureKind][] = [
  [400, { message: 'unknown parameter' }, 'bad-request'],
  [400, { message: 'too long', code: 'context_length_exceeded' }, 'context-exceeded'],
  [400, { message: "This model's maximum context length is 8192 tokens" }, 'context-exceeded'],
  [
    400,
    { message: 'the request exceeds the available context size', type: 'exceed_context_size_error' },
    'context-exceeded',
  ],
  [400, { message: 'prompt is too long: 210000 tokens > 200000 maximum' }, 'context-exceeded'],
  [401, { message: 'Incorrect API key provided', code: 'invalid_api_key' }, 'unauthorized'],
  [402, { message: 'Insufficient Balance' }, 'quota-exhausted'],
  [403, { message: 'Country not supported' }, 'unauthorized'],
  [403, { message: 'Blocked by the firewall' }, 'bad-request'],
  [404, { message: 'The model `x` does not exist', code: 'model_not_found' }, 'bad-request'],
  [408, { message: 'slow' }, 'timeout'],
  [409, { message: 'locked' }, 'overloaded'],
  [413, { message: 'too large' }, 'bad-request'],
  [422, { message: 'unprocessable' }, 'bad-request'],
  [429, { message: 'Rate limit reached', code: 'rate_limit_exceeded' }, 'rate-limited'],
  [429, { message: 'You exceeded your current quota', code: 'insufficient_quota' }, 'quota-exhausted'],
  [429, { message: 'pay first', type: 'billing_not_active' }, 'quota-exhausted'],
  // Gemini's words for its limit per minute.
  [
    429,
    { message: 'You exceeded your current quota, please check your plan and billing', code: 429 },
    'rate-limited',
  ],
  [500, { message: 'oops' }, 'overloaded'],
  [502, { message: 'oops' }, 'overloaded'],
  [503, { message: 'oops' }, 'overloaded'],
  // The server behind a gateway may be at work still.
  [504, { message: 'oops' }, 'overloaded'],
  [524, { message: 'oops' }, 'overloaded'],
  [424, { message: 'oops' }, 'overloaded'],
  [501, { message: 'oops' }, 'bad-request'],
  [529, { message: 'Overloaded' }, 'overloaded'],
];

describe.each(['chat', 'responses'] as const)('through the %s API', (api) => {
  test.each(STATUSES)('status %i with %o is %s', async (status, error, kind) => {
    const failure = await failureOf({ api, answer: (held) => held.answer({ error }, { status }) });
    expect(failure).toMatchObject({ kind, status });
    expect(failure.message).toContain((error as { message: string }).message);
  });

  test.each<[name: string, body: string | Uint8Array]>([
    ['is empty', ''],
    ['is HTML', '<html><body>Welcome to the hotel</body></html>'],
    ['is JSON cut in the middle', JSON.stringify(chatAnswer('hello')).slice(0, 80)],
    ['is not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['is a list', '[]'],
    ['is text', '"hello"'],
    ['is an object of another kind', '{"ok":true}'],
    ['has no choices and no output', '{"choices":[],"output":null}'],
    ['has a choice that is none', '{"choices":[null],"output":"no"}'],
    ['has a choice without message', '{"choices":[{}],"status":"queued"}'],
    [
      'is nested without end',
      `{"choices":${'['.repeat(5000)}${']'.repeat(5000)},"output":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    ],
  ])('an answer that %s is invalid-response', async (_, body) => {
    const failure = await failureOf({ api, answer: (held) => held.send(body) });
    expect(failure).toMatchObject({ kind: 'invalid-response', status: 200 });
  });

  test.each([
    [429, 'rate-limited'],
    [500, 'overloaded'],
    [400, 'bad-request'],
  ] as const)('an error %i whose body is nested without end keeps its kind', async (status, kind) => {
    for (const body of [
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      `{"error":{"message":${HOSTILE['250 levels']}}}`,
      '{"error":{"message":{"toString":1},"code":{"valueOf":1},"type":[]}}',
    ]) {
      const failure = await failureOf({ api, answer: (held) => held.send(body, { status }) });
      expect(failure).toMatchObject({ kind, status });
    }
  });

  test('a connection dropped before the answer is network', async () => {
    const failure = await failureOf({ api, answer: (held) => held.drop() });
    expect(failure).toMatchObject({ kind: 'network', status: null });
  });

  test('a connection dropped in the middle of the answer is network', async () => {
    const failure = await failureOf({ api, answer: (held) => held.half(chatAnswer('hello')) });
    expect(failure).toMatchObject({ kind: 'network', status: 200 });
  });
});

test.each<[object, FailureKind]>([
  [{ error: { code: 429, message: 'slow down' } }, 'rate-limited'],
  [{ error: { code: 502, message: 'upstream' } }, 'overloaded'],
  [{ error: { message: 'odd' } }, 'invalid-response'],
  [{ choices: [{ error: { code: 500, message: 'mid-way' } }] }, 'overloaded'],
])('an error inside a chat answer with status 200, %o, is %s', async (json, kind) => {
  expect(await failureOf({ answer: (held) => held.answer(json) })).toMatchObject({ kind });
});

test.each<[string, FailureKind]>([
  ['server_error', 'overloaded'],
  ['rate_limit_exceeded', 'rate-limited'],
  ['invalid_prompt', 'bad-request'],
])('a response that failed with %s is %s', async (code, kind) => {
  const json = responseAnswer('', { status: 'failed', error: { code, message: 'sorry' } });
  expect(await failureOf({ api: 'responses', answer: (held) => held.answer(json) })).toMatchObject({ kind });
});

test('the wait that the server asks for is passed on', async () => {
  const headers = { 'retry-after': '7' };
  const failure = await failureOf({ answer: (held) => held.answer({ error: {} }, { status: 429, headers }) });
  expect(failure.retryAfterMs).toBe(7_000);
});

test('the request id of a failure is kept', async () => {
  const headers = { 'x-request-id': 'req_9' };
  const answer = await ask({ answer: (held) => held.answer({ error: {} }, { status: 500, headers }) });
  expect(answer).toMatchObject({ kind: 'failure', requestId: 'req_9' });
});

test('a redirect is refused and named', async () => {
  const headers = { location: 'https://elsewhere.example/v1/chat/completions' };
  const failure = await failureOf({ answer: (held) => held.send('', { status: 308, headers }) });
  expect(failure).toMatchObject({ kind: 'bad-request', status: 308 });
  expect(failure.message).toContain('https://elsewhere.example/v1');
});

test.each<[name: string, answer: (held: HeldRequest) => void, message: string]>([
  [
    'a page',
    (held) => held.send('<html><title>502 Bad Gateway</title>...', { status: 502 }),
    'an HTML page, "502 Bad Gateway"',
  ],
  ['text', (held) => held.send('no such path\nat all', { status: 404 }), 'no such path at all'],
  ['nothing', (held) => held.send('', { status: 503 }), '503: no message'],
  [
    'an error that is text',
    (held) => held.answer({ error: 'model not found' }, { status: 404 }),
    'model not found',
  ],
  ['a detail', (held) => held.answer({ detail: 'Not Found' }, { status: 404 }), 'Not Found'],
])('the words of an error that is %s are found', async (_, answer, message) => {
  expect((await failureOf({ answer })).message).toContain(message);
});

test.each<[name: string, status: number, body: object, message: string]>([
  ['a key', 401, { error: { message: 'no' } }, 'answered 401: no (check TEST_KEY)'],
  ['a place', 403, { error: { message: 'Country not supported' } }, 'it is not the key'],
  ['a model', 404, { error: { message: 'no', code: 'model_not_found' } }, '(check the name of the model'],
  [
    'an account that pays for a shorter answer (OpenRouter)',
    402,
    {
      error: {
        code: 402,
        message:
          'This request requires more credits, or fewer max_tokens. You requested up to 4096 tokens, but can only afford 812.',
      },
    },
    '(the account of TEST_KEY cannot pay for so long an answer: lower max_output_tokens, top it up or raise its limit',
  ],
  ['an empty account', 402, { error: { message: 'no' } }, '(the account of TEST_KEY cannot pay for it'],
  ['a text that is too long', 400, { error: { message: 'prompt is too long' } }, '(shorten what is sent'],
  ['whatever else is forbidden', 403, { message: 'no' }, '403: no (not said to be the key'],
  ['a path', 404, { detail: 'Not Found' }, '404: Not Found (check base_url'],
  [
    'a day',
    429,
    { error: { message: 'no: tokens per day (TPD)' } },
    '(a limit that lasts; run again when it is over)',
  ],
  [
    'a day that ends',
    429,
    { error: { message: 'tokens per day (TPD), try again in 3h1m' } },
    '(a limit that lasts; it is over in 3 h (20',
  ],
  [
    'a day of which only a wait of seconds is told',
    429,
    { error: { message: 'tokens per day (TPD), try again in 36s' } },
    'run again when it is over)',
  ],
])('a refusal for %s says what to do', async (_, status, body, message) => {
  const failure = await failureOf({ answer: (held) => held.answer(body, { status }) });
  expect(failure.message).toContain(message);
});

test('a long text of a server does not push out what to do', async () => {
  const error = { message: 'x'.repeat(9_000) };
  const failure = await failureOf({ answer: (held) => held.answer({ error }, { status: 401 }) });
  expect(failure.message).toMatch(/\(check TEST_KEY\)$/);
});

test.each<[name: string, status: number, json: object]>([
  ['a 400', 400, { error: { message: 'the prompt was filtered', code: 'content_filter' } }],
  ['a 403', 403, { error: 'the prompt was filtered: Content violates usage guidelines' }],
  [
    'a base_resp',
    200,
    { choices: null, base_resp: { status_code: 1026, status_msg: 'the prompt was filtered' } },
  ],
])('content that is refused by %s is a completion that says so', async (_, status, json) => {
  const answer = await ask({ answer: (held) => held.answer(json, { status }) });
  expect(answer).toMatchObject({
    kind: 'completion',
    completion: {
      text: '',
      finishReason: 'content_filter',
      refusal: expect.stringContaining('the prompt was filtered'),
    },
  });
});

test('an error of which the SDK would keep nothing is read all the same', async () => {
  const body = [{ error: { code: 429, message: 'slow down', details: [{ retryDelay: '7.5s' }] } }];
  const failure = await failureOf({ answer: (held) => held.answer(body, { status: 429 }) });
  expect(failure).toMatchObject({ kind: 'rate-limited', retryAfterMs: 7_500 });
  expect(failure.message).toContain('slow down');
});

test('a server that answers in another protocol is invalid-response', async () => {
  const failure = await failureOf({ answer: (held) => held.socket.end('SSH-2.0-OpenSSH_9.6\r\n') });
  expect(failure).toMatchObject({ kind: 'invalid-response', status: null });
});

test('a port where nothing listens is network and says what to do', async () => {
  await server.close();
  const answer = await ask({ answer: null });
  expect(answer).toMatchObject({ kind: 'failure', failure: { kind: 'network', status: null } });
  expect(JSON.stringify(answer)).toContain('start the server or correct base_url (ECONNREFUSED)');
});

test('a deadline that passes is timeout, and the connection is closed', async () => {
  const controller = new AbortController();
  const answer = ask({ answer: null, signal: controller.signal });
  const held = await server.next();
  controller.abort(new DOMException('the deadline passed', 'TimeoutError'));
  expect(await answer).toMatchObject({ kind: 'failure', failure: { kind: 'timeout', status: null } });
  await held.closed;
});

test('a cancel is cancelled, before the request as well as after it', async () => {
  const controller = new AbortController();
  const answer = ask({ answer: null, signal: controller.signal });
  await server.next();
  controller.abort();
  expect(await answer).toEqual({ kind: 'cancelled' });
  expect(await ask({ answer: null, signal: controller.signal })).toEqual({ kind: 'cancelled' });
  expect(server.requests).toHaveLength(1);
});

test('no message repeats the key or a header, however the server echoes them', async () => {
  const headers = { 'x-gateway-token': 'tok-0123456789' };
  const echo = (held: HeldRequest) =>
    held.answer(
      {
        error: {
          message: `bad ${held.headers.authorization} ${'x'.repeat(1_960)} ${API_KEY} tok-0123456789`,
        },
      },
      { status: 401 },
    );
  const failure = await failureOf({ endpoint: { headers }, answer: echo });
  expect(failure.message).not.toMatch(/sk-canary|0123456/);
  expect(failure.message).toContain('[redacted:TEST_KEY]');
  expect(failure.message.length).toBeLessThanOrEqual(2_000);
});

describe('without any request', () => {
  test.each<[name: string, endpoint: Partial<Endpoint>, kind: FailureKind, message: RegExp]>([
    ['an unset key', { apiKeyEnv: 'NO_SUCH_KEY' }, 'unauthorized', /^set NO_SUCH_KEY/],
    ['an empty key', { apiKeyEnv: 'EMPTY_KEY' }, 'unauthorized', /^set EMPTY_KEY/],
    ['a key with a typographic dash', { apiKeyEnv: 'ODD_KEY' }, 'unauthorized', /^set ODD_KEY again/],
    ['a base_url that is none', { baseUrl: 'localhost:11434' }, 'bad-request', /base_url/],
    [
      'a base_url with a password',
      { baseUrl: 'http://me:secret@localhost/v1' },
      'bad-request',
      /api_key_env/,
    ],
    ['a simulation without address', { type: 'sim', baseUrl: null }, 'internal', /not started/],
    ['a header that is none', { headers: { 'x y': 'z' } }, 'bad-request', /x y/],
  ])('%s is a failure', async (_, changes, kind, message) => {
    const answer = await ask({ answer: null, endpoint: changes });
    expect(answer).toMatchObject({
      kind: 'failure',
      failure: { kind, message: expect.stringMatching(message) },
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(server.requests).toHaveLength(0);
  });
});

type Ask = {
  readonly answer: ((held: HeldRequest) => void) | null;
  readonly api?: 'chat' | 'responses';
  readonly endpoint?: Partial<Endpoint>;
  readonly signal?: AbortSignal;
};

async function ask(of: Ask): Promise<ClientAnswer> {
  const env = { TEST_KEY: API_KEY, EMPTY_KEY: ' ', ODD_KEY: 'sk\u2013123' };
  const endpoint = endpointAt(server.url, { api: of.api ?? 'chat', ...of.endpoint });
  const client = await makeClients({ env, clock: realClock })(endpoint);
  if (client.kind === 'err') return { kind: 'failure', failure: client.error, requestId: null, limits: null };
  const answer = client.value.complete(REQUEST, {
    signal: of.signal ?? new AbortController().signal,
    run: 1,
  });
  if (of.answer) of.answer(await server.next());
  return answer;
}

async function failureOf(of: Ask): Promise<Failure> {
  const answer = await ask(of);
  if (answer.kind !== 'failure') throw new Error(JSON.stringify(answer));
  return answer.failure;
}
