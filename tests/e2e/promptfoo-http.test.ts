// The file between an HTTP target of promptfoo and us: what it sends is what promptfoo 0.123 sends for the same config, as a server has
// seen it from both, and what it makes of answers that are none.
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { json, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli } from '../rig/cli.ts';
import { ROOT, writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

const BETWEEN = path.join(ROOT, 'templates/from-promptfoo/promptfoo_http.mjs');

type Seen = {
  readonly method: string;
  readonly url: string;
  readonly headers: object;
  readonly body: string;
};

let server: Server;
let base: string;
let seen: Seen[] = [];
let reply: { readonly status: number; readonly body: string };

beforeAll(async () => {
  server = createServer(async (request: IncomingMessage, response) => {
    const { method, url, headers } = request;
    const told = { type: headers['content-type'], topic: headers['x-topic'], auth: headers.authorization };
    seen.push({
      method: method!,
      url: url!,
      headers: Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
      body: await text(request),
    });
    response.writeHead(reply.status, { 'content-type': 'application/json' });
    response.end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => void server.close());

const VARS = { topic: 'sea "blue" & co', n: 3, obj: { k: [1] }, none: null };
const TEXT = [{ role: 'user', content: 'Say "it"\nnow' }];
const CHAT = [
  { role: 'system', content: 'S' },
  { role: 'user', content: 'U' },
];

type Asked = {
  readonly told: object;
  readonly messages?: readonly object[];
  readonly env?: { readonly [name: string]: string };
};

async function ask({ told, messages = TEXT, env = {} }: Asked): Promise<{
  readonly code: number | null;
  readonly said: unknown;
}> {
  const config = JSON.stringify({ method: 'POST', headers: {}, body: null, answer: null, ...told });
  const child = spawn(process.execPath, [BETWEEN, config], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(
    JSON.stringify({
      messages,
      timeout_ms: 20_000,
      scenario: { id: 'a', input: 'in', category: null, vars: VARS, tool_results: {} },
    }),
  );
  const [said, code] = await Promise.all([
    json(child.stdout),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ]);
  return { code, said };
}

const FINE = { status: 200, body: '{"a":{"b":[{"c":"found"}],"n":5,"o":{"z":1},"none":null}}' };

async function sentFor(asked: Asked): Promise<Seen> {
  seen = [];
  reply = FINE;
  await ask(asked);
  expect(seen).toHaveLength(1);
  return seen[0]!;
}

describe('what is sent', () => {
  it('is a map with variables put in, a name alone as well, and one content type', async () => {
    const headers = {
      'X-Topic': '{{topic}}',
      'Content-Type': 'application/json',
      Authorization: 'Bearer {{env.MY_KEY}}',
    };
    const body = {
      q: '{{prompt}}',
      t: 'pre {{ topic }} post',
      n: 5,
      l: ['{{n}}', '{{-none-}}'],
      o: '{{obj}}',
    };
    const sent = await sentFor({ told: { url: `${base}/map`, headers, body }, env: { MY_KEY: 'k1' } });
    expect(sent).toMatchObject({
      method: 'POST',
      url: '/map',
      headers: { type: 'application/json', topic: VARS.topic, auth: 'Bearer k1' },
    });
    expect(JSON.parse(sent.body)).toEqual({
      q: 'Say "it"\nnow',
      t: `pre ${VARS.topic} post`,
      n: 5,
      l: ['3', ''],
      // promptfoo says "[object Object]" here, which nobody wants.
      o: { k: [1] },
    });
  });

  it('has messages as a list where the prompt is several', async () => {
    const sent = await sentFor({ told: { url: base, body: { q: '{{prompt}}' } }, messages: CHAT });
    expect([sent.headers, JSON.parse(sent.body)]).toEqual([{ type: 'application/json' }, { q: CHAT }]);
  });

  it.each([
    ['{"q": "{{prompt}}", "m": 1}', { q: 'Say "it"\nnow', m: 1 }],
    ['{"q": "{{prompt}}", "m": {{n}}}', { q: 'Say "it"\nnow', m: 3 }],
    ['{"q": "{{topic}}", "m": {{obj}}}', null],
  ])('is JSON where the body is a text of it: %s', async (body, told) => {
    const sent = await sentFor({
      told: { url: base, headers: { 'content-type': 'application/json' }, body },
    });
    if (told !== null) expect(JSON.parse(sent.body)).toEqual(told);
    else expect(sent.body).toContain('"q": "sea \\"blue\\" & co"');
  });

  it('is a text as it is where the type is no JSON', async () => {
    const sent = await sentFor({
      told: { url: base, headers: { 'Content-Type': 'text/plain' }, body: 'go {{prompt}} \n' },
    });
    expect([sent.headers, sent.body]).toEqual([{ type: 'text/plain' }, 'go Say "it"\nnow']);
  });

  it('is no body with GET, and variables in the URL and in parameters', async () => {
    const told = { method: 'get', body: { x: 1 } };
    const bare = await sentFor({ told: { ...told, url: `${base}/g?q={{topic}}` } });
    expect(bare).toEqual({ method: 'GET', url: '/g?q=sea%20%22blue%22%20&%20co', headers: {}, body: '' });
    const named = await sentFor({ told: { ...told, url: `${base}/g?v=1`, query: { a: '{{topic}}' } } });
    expect(named.url).toBe('/g?v=1&a=sea+%22blue%22+%26+co');
  });

  it('has a variable called input from the scenario, and nothing for a name that nobody gave', async () => {
    const sent = await sentFor({ told: { url: base, body: { a: '{{input}}', b: '{{constructor}}{{x}}' } } });
    expect(JSON.parse(sent.body)).toEqual({ a: 'in', b: '' });
  });
});

describe('what came back', () => {
  it.each([
    [['a', 'b', 0, 'c'], { text: 'found' }],
    [['a', 'n'], { text: '5' }],
    [['a', 'o'], { text: '{"z":1}' }],
    [null, { text: FINE.body }],
  ])('is found by %j', async (answer, said) => {
    reply = FINE;
    expect(await ask({ told: { url: base, answer } })).toEqual({ code: 0, said });
  });

  it.each([
    [200, '{"other":1}', ['a', 'b'], `the answer has no json.a.b: {"other":1}`, false],
    [200, '{"a":null}', ['a'], `the answer has no json.a: {"a":null}`, false],
    [200, '<html>', ['a'], 'the answer is no JSON: <html>', false],
    [400, 'no', null, '400: no', false],
    [429, 'slow', null, '429: slow', true],
    [503, 'later', null, '503: later', true],
  ])('is an error and no text: %i %j', async (status, body, answer, message, retryable) => {
    reply = { status, body };
    expect(await ask({ told: { url: base, answer } })).toEqual({
      code: 0,
      said: { error: { message, retryable } },
    });
  });

  it('is worth another try where nobody is there, and not where the URL is none', async () => {
    const nobody = (await ask({ told: { url: 'http://127.0.0.1:1/' } })).said as { error: object };
    expect(nobody.error).toMatchObject({ retryable: true });
    const none = (await ask({ told: { url: 'not a url' } })).said as { error: object };
    expect(none.error).toEqual({ message: 'Invalid URL', retryable: false });
  });
});

it('a config with an HTTP target is translated, and asks it', async () => {
  const folder = tempFolder();
  writeFiles(folder, {
    'p.yaml': `prompts: ["Say {{input}}"]
providers:
  - id: http
    label: mine
    config: { url: "${base}/chat", method: POST, body: { q: "{{prompt}}", i: "{{input}}" }, queryParams: { v: "2" }, maxRetries: 3, transformResponse: "json.a.b[0].c" }
  - { id: "${base}", config: { stateful: true } }
tests: [{ vars: { input: hi }, assert: [{ type: equals, value: found }] }]
`,
  });
  const made = await cli(['init', '--from-promptfoo', 'p.yaml'], { cwd: folder });
  expect(made.stderr).toBe('');
  expect(made.stdout).toContain('provider config maxRetries\n      it is execution.retries');
  expect(made.stdout).toContain('stateful of an HTTP target is not known here');
  seen = [];
  reply = FINE;
  const run = await cli(['run', '--json'], { cwd: folder });
  const { failed, scores } = JSON.parse(run.stdout) as RunSummary;
  expect([failed, scores!.rows.map(({ mean }) => mean)]).toEqual([0, [1]]);
  expect(seen.map(({ url, body }) => [url, JSON.parse(body)])).toEqual([
    ['/chat?v=2', { q: 'Say hi', i: 'hi' }],
  ]);
});
