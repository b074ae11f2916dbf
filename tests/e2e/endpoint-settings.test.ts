// The real program against endpoints that want to be talked to in a way of their own.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { cli } from '../rig/cli.ts';
import { filesBelow, jsonLines, writeFiles } from '../rig/files.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { tempFolder } from '../rig/temp.ts';

type Seen = { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: JsonObject };
type Reply = { readonly status?: number; readonly json?: JsonObject; readonly text?: string };

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function play(seen: Seen[], answer: (asked: Seen) => Reply): RequestListener {
  return (request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    request.on('end', () => {
      const asked = {
        url: request.url ?? '',
        headers: request.headers,
        body: text === '' ? {} : JSON.parse(text),
      };
      seen.push(asked);
      const { status = 200, json = chatAnswer('yes'), text: raw } = answer(asked);
      response.writeHead(status, {
        'content-type': raw === undefined ? 'application/json' : 'text/event-stream',
      });
      response.end(raw ?? JSON.stringify(json));
    });
  };
}

async function endpoint(answer: (asked: Seen) => Reply = () => ({})) {
  const seen: Seen[] = [];
  const port = await listen(createServer(play(seen, answer)));
  return { port, seen };
}

const KEY = 'sk-example-0123456789abcdef';

function experiment(provider: string, more: readonly string[] = ['max_output_tokens: 64']): string {
  const folder = tempFolder();
  writeFiles(folder, {
    's.yaml': '- { id: one, input: "say yes" }\n- { id: two, input: "say yes again" }\n',
    'experiment.yaml': [
      'version: 1',
      'name: small',
      'provider: x',
      'model: m-1',
      'scenarios: [s.yaml]',
      'variants: { base: {} }',
      `providers: { x: { type: openai, api_key_env: TEST_KEY, ${provider} } }`,
      'execution: { retries: 0, workers: 1, concurrency: 1 }',
      ...more,
      '',
    ].join('\n'),
  });
  return folder;
}

const run = (
  folder: string,
  args: readonly string[] = ['run'],
  env: { readonly [name: string]: string } = {},
) => cli(args, { cwd: folder, env: { TEST_KEY: KEY, ...env } });

function records(folder: string): readonly JsonObject[] {
  const history = path.join(folder, 'artifacts/small/history');
  return filesBelow(history)
    .filter((name) => /_run\d+\.jsonl$/.test(name))
    .flatMap((name) => jsonLines(path.join(history, name)) as readonly JsonObject[])
    .filter(({ type }) => type === 'scenario_result');
}

function written(folder: string): string {
  return filesBelow(path.join(folder, 'artifacts'))
    .filter((name) => !name.endsWith('.db'))
    .map((name) => readFileSync(path.join(folder, 'artifacts', name), 'latin1'))
    .join('\n');
}

const stream = (text: string): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'small-2026', choices: [{ index: 0, delta: { role: 'assistant', content: text }, finish_reason: null }] })}\n\n` +
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n` +
  `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } })}\n\ndata: [DONE]\n\n`;

const refuse = (message: string, status = 400): Reply => ({
  status,
  json: { error: { message, type: 'x' } },
});

test("Azure's way: api-version, api-key and a deployment's path; no value of them is written anywhere", async () => {
  const { port, seen } = await endpoint();
  const folder = experiment(
    `base_url: "http://127.0.0.1:${port}/openai/deployments/{model}", auth: api-key, query: { api-version: "2024-10-21", tenant: "\${TENANT}" }`,
  );
  const ended = await run(folder, ['run'], { TENANT: 'tenant-not-to-be-seen' });
  expect(ended).toMatchObject({ code: 0 });
  expect(seen).toHaveLength(2);
  expect(seen[0]!.url).toBe(
    '/openai/deployments/m-1/chat/completions?api-version=2024-10-21&tenant=tenant-not-to-be-seen',
  );
  expect(seen[0]!.headers).toMatchObject({ 'api-key': KEY });
  expect(seen[0]!.headers.authorization).toBeUndefined();
  expect(written(folder) + ended.stdout + ended.stderr).not.toMatch(/not-to-be-seen|sk-example/);
});

test('a field that is refused by name is sent by the other, once, and the line to write is said once', async () => {
  const { port, seen } = await endpoint(({ body }) =>
    'max_tokens' in body
      ? refuse(
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        )
      : {},
  );
  const folder = experiment(`base_url: "http://127.0.0.1:${port}/v1"`);
  const { code, stdout, stderr } = await run(folder);
  expect(code).toBe(0);
  expect(seen.map(({ body }) => [body.max_tokens, body.max_completion_tokens])).toEqual([
    [64, undefined],
    [undefined, 64],
    [undefined, 64],
  ]);
  const said = stdout + stderr;
  expect(said.match(/write under providers\.x: max_tokens_field: max_completion_tokens/g)).toHaveLength(1);
  // Written into the manifest, nobody pays again.
  writeFiles(folder, {
    'experiment.yaml': readFileSync(path.join(folder, 'experiment.yaml'), 'utf8').replace(
      'type: openai,',
      'type: openai, max_tokens_field: max_completion_tokens,',
    ),
  });
  expect(await run(folder)).toMatchObject({ code: 0 });
  expect(seen).toHaveLength(3);
});

test('a refused temperature is not left out in silence: the failure says what to write', async () => {
  const { port, seen } = await endpoint(({ body }) =>
    'temperature' in body
      ? refuse("Unsupported value: 'temperature' does not support 0.2 with this model.")
      : {},
  );
  const folder = experiment(`base_url: "http://127.0.0.1:${port}/v1"`, ['temperature: 0.2']);
  const { stdout, stderr } = await run(folder);
  expect(stdout + stderr).toContain('set temperature: null for this model');
  expect(seen.every(({ body }) => 'temperature' in body)).toBe(true);
});

test('an endpoint that serves only streams is turned to by itself, and its records are those of a plain one', async () => {
  const only = await endpoint(({ body }) =>
    body.stream === true
      ? { text: stream('yes') }
      : refuse(
          'This model only support stream mode, please enable the stream parameter to access the model.',
        ),
  );
  const plain = await endpoint();
  const folders = [only, plain].map(({ port }) => experiment(`base_url: "http://127.0.0.1:${port}/v1"`));
  for (const folder of folders) expect(await run(folder)).toMatchObject({ code: 0 });
  expect(only.seen.map(({ body }) => body.stream)).toEqual([undefined, true, true]);
  expect(only.seen[1]!.body.stream_options).toEqual({ include_usage: true });
  const [streamed, plainly] = folders.map((folder) =>
    records(folder).map(({ output, output_digest, usage, response_model }) => ({
      output,
      output_digest,
      usage,
      response_model,
    })),
  );
  expect(streamed).toEqual(plainly);
});

test('stream: true asks for streams with their usage, and without where that is refused', async () => {
  const { port, seen } = await endpoint(({ body }) =>
    'stream_options' in body
      ? refuse('Unrecognized request argument supplied: stream_options')
      : { text: stream('yes') },
  );
  expect(await run(experiment(`base_url: "http://127.0.0.1:${port}/v1", stream: true`))).toMatchObject({
    code: 0,
  });
  expect(seen.map(({ body }) => [body.stream, 'stream_options' in body])).toEqual([
    [true, true],
    [true, false],
    [true, false],
  ]);
});

test('stream: false is said aloud, and auto says nothing', async () => {
  const { port, seen } = await endpoint(({ body }) => (body.stream === false ? {} : { text: stream('yes') }));
  expect(await run(experiment(`base_url: "http://127.0.0.1:${port}/v1", stream: false`))).toMatchObject({
    code: 0,
  });
  expect(await run(experiment(`base_url: "http://127.0.0.1:${port}/v1"`))).toMatchObject({ code: 0 });
  expect(seen.map(({ body }) => ('stream' in body ? body.stream : 'unsaid'))).toEqual([
    false,
    false,
    'unsaid',
    'unsaid',
  ]);
});

test('on_status goes over what a status usually means', async () => {
  let failures = 0;
  const busy = await endpoint(() => (failures++ === 0 ? refuse('dependency failed', 424) : {}));
  const folder = experiment(`base_url: "http://127.0.0.1:${busy.port}/v1", on_status: { 424: retry }`, [
    'max_output_tokens: 64',
  ]);
  writeFiles(folder, {
    'experiment.yaml': readFileSync(path.join(folder, 'experiment.yaml'), 'utf8').replace(
      'retries: 0',
      'retries: 1',
    ),
  });
  expect(await run(folder)).toMatchObject({ code: 0 });
  expect(busy.seen).toHaveLength(3);
  const closed = await endpoint(() => refuse('no more today', 418));
  await run(experiment(`base_url: "http://127.0.0.1:${closed.port}/v1", on_status: { "418": halt }`));
  expect(closed.seen).toHaveLength(1);
});

test('a provider has a limit of its own for each call', async () => {
  const server = createServer(() => {});
  const port = await listen(server);
  const { stdout, stderr } = await run(experiment(`base_url: "http://127.0.0.1:${port}/v1", timeout: 300ms`));
  expect(stdout + stderr).toContain("did not answer in time (the provider's timeout)");
});

test('a proxy of the provider is used, and its password shown nowhere', async () => {
  const { port, seen } = await endpoint(() => refuse('not you, hunter2hunter2', 400));
  const folder = experiment(
    `base_url: "http://model.example/v1", proxy: "http://me:\${PROXY_PASSWORD}@127.0.0.1:${port}"`,
  );
  const ended = await run(folder, ['run'], { PROXY_PASSWORD: 'hunter2hunter2' });
  expect(seen[0]!.url).toBe('http://model.example/v1/chat/completions');
  expect(seen[0]!.headers['proxy-authorization']).toMatch(/^Basic /);
  expect(written(folder) + ended.stdout + ended.stderr).not.toContain('hunter2');
});

test('an authority of its own is trusted where ca_file names it, and without it the sentence says so', async () => {
  const folder = tempFolder();
  const [key, cert] = ['key.pem', 'ca.pem'].map((name) => path.join(folder, name)) as [string, string];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  );
  const seen: Seen[] = [];
  const server = createTlsServer(
    { key: readFileSync(key), cert: readFileSync(cert) },
    play(seen, () => ({})),
  );
  const port = await listen(server);
  const trusting = experiment(`base_url: "https://127.0.0.1:${port}/v1", ca_file: ./ca.pem`);
  writeFiles(trusting, { 'ca.pem': readFileSync(cert, 'utf8') });
  expect(await run(trusting)).toMatchObject({ code: 0 });
  expect(seen).toHaveLength(2);
  const { stdout, stderr } = await run(experiment(`base_url: "https://127.0.0.1:${port}/v1"`));
  expect(stdout + stderr).toContain('ca_file under providers');
});

test('mistakes in the settings are found before anything is asked, with their place', async () => {
  const { port, seen } = await endpoint();
  const folder = experiment(
    `base_url: "http://127.0.0.1:${port}/v1?api-version=1", ca_file: ./gone.pem, proxy: "socks5://x", strem: true, on_status: { 700: retry, 500: maybe }, timeout: 0s`,
  );
  const { code, stderr } = await run(folder);
  expect(code).toBe(2);
  for (const words of [
    'query: { api-version: "..." }',
    '"ca_file" (./gone.pem)',
    '"proxy" is no http(s) address',
    'stream',
    'unknown key "700"',
    'retry, fail, halt',
    '"timeout" must be between',
  ])
    expect(stderr).toContain(words);
  expect(seen).toHaveLength(0);
});

test("own code's client goes the same way, and is given whole answers where streams are all there is", async () => {
  const { port, seen } = await endpoint(({ body }) =>
    body.stream === true ? { text: stream('joined') } : refuse('stream must be true'),
  );
  const folder = experiment(
    `base_url: "http://127.0.0.1:${port}/v1", auth: x-api-key, query: { v: "2" }, stream: true`,
  );
  writeFiles(folder, {
    'mine.ts': `export default { async run({ client, model, messages }) {
      const { choices } = await client.chat.completions.create({ model, messages });
      return { text: choices[0].message.content };
    } };`,
    'experiment.yaml': readFileSync(path.join(folder, 'experiment.yaml'), 'utf8').replace(
      'variants: { base: {} }',
      'variants: { base: { use: ./mine.ts } }',
    ),
  });
  expect(await run(folder)).toMatchObject({ code: 0 });
  expect(seen[0]).toMatchObject({ url: '/v1/chat/completions?v=2', headers: { 'x-api-key': KEY } });
  expect(records(folder).map(({ output }) => (output as JsonObject).text)).toEqual(['joined', 'joined']);
});

test('a judge goes the same way', async () => {
  const { port, seen } = await endpoint(({ body }) =>
    body.stream === true
      ? { text: stream(JSON.stringify({ reasoning: 'fine', score: 1 })) }
      : refuse('stream must be true'),
  );
  const folder = experiment('base_url: "http://127.0.0.1:9/v1"', [
    'scorers: [{ judge: { provider: y, model: j, rubric: "is it fine?" } }]',
  ]);
  writeFiles(folder, {
    'experiment.yaml': readFileSync(path.join(folder, 'experiment.yaml'), 'utf8')
      .replace('provider: x', 'provider: sim')
      .replace(
        'providers: { x:',
        `providers: { y: { type: openai, base_url: "http://127.0.0.1:${port}/v1", query: { v: "2" }, stream: true }, x:`,
      ),
  });
  await run(folder);
  expect(seen).toHaveLength(2);
  expect(seen.map(({ url, body }) => [url, body.stream])).toEqual([
    ['/v1/chat/completions?v=2', true],
    ['/v1/chat/completions?v=2', true],
  ]);
});

const WORD_CALL = chatAnswer('', {
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: null,
        reasoning_content: 'hm',
        tool_calls: [
          { id: 't1', type: 'function', function: { name: 'look_up_word', arguments: '{"language":"en"}' } },
        ],
      },
      finish_reason: 'tool_calls',
    },
  ],
});

/** An o-series model on a gateway that streams unasked. */
const picky = ({ body }: Seen): Reply => {
  if ('max_tokens' in body)
    return refuse("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.");
  if ('temperature' in body)
    return refuse("Unsupported value: 'temperature' does not support 0.5 with this model.");
  const messages = (body.messages ?? []) as readonly JsonObject[];
  return messages.at(-1)?.role === 'tool' ? { text: stream('ready') } : { json: WORD_CALL };
};

test('doctor --call says what it costs at most, calls with a tool, and gives the lines for the manifest', async () => {
  const { port, seen } = await endpoint(picky);
  const folder = experiment(
    `base_url: "http://127.0.0.1:${port}/v1", pricing: { m-1: { input: 1, output: 5 } }`,
  );
  const plain = await run(folder, ['doctor']);
  expect(seen.map(({ url }) => url)).toEqual(['/v1/models']);
  expect(plain.stdout).not.toContain('calling');
  const { code, stdout } = await run(folder, ['doctor', '--call']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/calling m-1 at x, two short turns with a tool \(at most \$0\.0\d+\)/);
  for (const line of [
    /answered by +small-2026/,
    /answer came +as a stream, unasked/,
    /limit sent as +max_completion_tokens/,
    /temperature +refused/,
    /tool +called/,
    /ids of calls +told/,
    /the tool's result +accepted/,
    /usage +told/,
    /cost told +no/,
    /providers\.x: max_tokens_field: max_completion_tokens/,
    /temperature: null/,
  ])
    expect(stdout).toMatch(line);
  expect(filesBelow(folder).filter((name) => name.includes('artifacts'))).toEqual([]);
});

test('doctor --call --json is one document, and what refuses is told in its own words', async () => {
  const { port, seen } = await endpoint(({ body }) =>
    (body.messages as readonly JsonObject[] | undefined)?.at(-1)?.role === 'tool'
      ? refuse('no results of tools today')
      : { json: WORD_CALL },
  );
  const folder = experiment(`base_url: "http://127.0.0.1:${port}/v1", pricing: unknown`);
  const { code, stdout, stderr } = await run(folder, [
    'doctor',
    '--call',
    '--json',
    '--provider',
    'x',
    '--model',
    'other',
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain('its cost is not known');
  expect(JSON.parse(stdout)).toMatchObject({
    calls: [
      {
        ...{ provider: 'x', model: 'other', ok: false, most_usd: null, cost_usd: null, stream: 'plain' },
        message_members: ['reasoning_content'],
        second_turn: expect.stringContaining('no results of tools today'),
        lines: [],
      },
    ],
  });
  expect(seen.filter(({ url }) => url.endsWith('completions')).map(({ body }) => body.model)).toEqual([
    'other',
    'other',
  ]);
  expect(await run(folder, ['doctor', '--provider', 'x'])).toMatchObject({ code: 2 });
  expect(await run(folder, ['doctor', '--call', '--provider', 'nobody'])).toMatchObject({ code: 2 });
});

test('doctor --call finds out what a tool loop has to say back', async () => {
  const { port } = await endpoint(({ body }) => {
    const messages = (body.messages ?? []) as readonly JsonObject[];
    if (messages.at(-1)?.role !== 'tool') return { json: WORD_CALL };
    return messages.some(({ reasoning_content }) => reasoning_content === 'hm')
      ? {}
      : refuse('The `reasoning_content` in the thinking mode must be passed back to the API.');
  });
  const { code, stdout } = await run(experiment(`base_url: "http://127.0.0.1:${port}/v1"`), [
    'doctor',
    '--call',
  ]);
  expect(stdout).toContain('providers.x: echo: [reasoning_content]');
  expect(code).toBe(0);
});
