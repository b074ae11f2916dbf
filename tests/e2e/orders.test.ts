// What is handed to whoever does the work: an order may cross a network, so no value of the environment and no path of this
// machine is in it, whatever the manifest names. The same values are in no event, no record, no spool and nothing printed.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Order } from '../../src/core/order.ts';

import { type MakeExecutor, makeExecutor } from '../../src/executor/index.ts';
import { filesBelow, ROOT, writeFiles } from '../rig/files.ts';
import { inProcess, type Said } from '../rig/in-process.ts';
import { startRecorder } from '../rig/langsmith-recorder.ts';
import { PYTHON_WITH_PYTEST } from '../rig/python.ts';
import { tempFolder } from '../rig/temp.ts';

/** One for each place at which the environment, or a file of it, is named. */
const SECRETS = {
  CANARY_KEY: 'canary-key-7f3a91',
  CANARY_HEADER: 'canary-header-51be07',
  CANARY_ROUTE: 'canary-route-9c02d4',
  CANARY_QUERY: 'canary-query-e81f36',
  CANARY_BASE: 'canary-base-40ad8c',
  CANARY_PROXY: 'canary-proxy-b6672e',
  CANARY_CA: 'canary-ca-1d90f5',
  CANARY_COMMAND: 'canary-command-a3c8e2',
  CANARY_STREAM: 'canary-stream-6be41f',
  CANARY_TEST: 'canary-test-0f57da',
  CANARY_MCP: 'canary-mcp-8d2c63',
  CANARY_SCORER: 'canary-scorer-f19b05',
  LANGSMITH_API_KEY: 'canary-langsmith-27e6bd',
};
const FILED = { CANARY_FILED: 'canary-filed-c4d810' };

const MANIFEST = (origin: string): string => `
version: 1
name: canaries
runs: 1
model: m
provider: plain
scenarios: [scenarios.yaml]
providers:
  plain:
    type: openai
    base_url: ${origin}/\${CANARY_BASE}/v1
    api_key_env: CANARY_KEY
    headers: { x-secret: "Token \${CANARY_HEADER}", x-portkey-config: "\${CANARY_ROUTE}" }
    query: { code: "\${CANARY_QUERY}" }
    ca_file: "\${CANARY_CA}/authority.pem"
    pricing: { m: { input: 1, output: 1 } }
  proxied:
    type: openai
    api: responses
    base_url: http://nobody.example/v1
    api_key_env: CANARY_KEY
    proxy: "\${CANARY_PROXY_URL}"
    pricing: { m: { input: 1, output: 1 } }
variants:
  call: {}
  responses: { provider: proxied }
  loop: { max_turns: 3, tools: [{ name: look_up, parameters: { type: object }, result: found }] }
  own: { use: ./own.mjs }
  handlers: { use: ./handlers.mjs, max_turns: 3 }
  program: { command: [node, program.mjs, CANARY_COMMAND], pass_env: [CANARY_COMMAND], env_file: canary.env }
  recorded: { command: [node, program.mjs, CANARY_COMMAND], pass_env: [CANARY_COMMAND], proxy: true, provider: plain }
  stream: { command: [node, stream.mjs], protocol: stream, pass_env: [CANARY_STREAM] }
  served: { max_turns: 3, mcp: { command: [node, ${ROOT}/examples/mcp/shelf-server.ts], pass_env: [CANARY_MCP] } }
  tests:
    provider: none
    pytest: { path: tests, python: ${PYTHON_WITH_PYTEST ?? 'python3'}, pass_env: [CANARY_TEST], env_file: canary.env }
scorers:
  - { name: judge, judge: { model: m, rubric: "Is it right?" } }
  - { name: voted, judge: { model: m, provider: proxied, rubric: "Is it right?" } }
  - { name: coded, use: ./score.mjs }
  - { name: told, command: [node, told.mjs], pass_env: [CANARY_SCORER] }
  - { name: says, contains: o }
execution: { concurrency: 4, retries: 1, workers: 1, timeout: 60s }
`;

const READ_ALL = "let all = ''; for await (const piece of process.stdin) all += piece;";
const FILES = {
  'scenarios.yaml': '- { id: one, input: "What is it?", expect: o }\n',
  'canary.env': `${Object.entries(FILED)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`,
  [`${SECRETS.CANARY_CA}/authority.pem`]: rootCertificates[0]!,
  'own.mjs': `export default { async run({ client, model, messages }) {
    const { choices } = await client.chat.completions.create({ model, messages });
    return choices[0].message.content + ' ' + process.env.CANARY_KEY;
  } };`,
  'handlers.mjs': `export default { tools: [{ name: 'look_up', description: 'l', parameters: { type: 'object' },
    handler: () => 'found ' + process.env.CANARY_HEADER }] };`,
  'score.mjs': 'export default { score: () => ({ score: 1, details: { why: process.env.CANARY_KEY } }) };',
  'program.mjs': `${READ_ALL} console.log(JSON.stringify({ text: 'ok ' + process.env[process.argv[2]] + ' ' + process.env.CANARY_FILED }));`,
  'told.mjs': `${READ_ALL} console.error(process.env.CANARY_SCORER); console.log(JSON.stringify({ score: 1, reason: process.env.CANARY_SCORER }));`,
  'stream.mjs': `import { createInterface } from 'node:readline';
    for await (const line of createInterface({ input: process.stdin })) {
      const { id } = JSON.parse(line);
      console.log(JSON.stringify({ id, result: { text: 'ok ' + process.env.CANARY_STREAM } }));
    }`,
  'tests/test_one.py': `import os
import pytest

@pytest.mark.parametrize("case", [{"id": "one", "input": "What is it?"}], ids=lambda case: case["id"])
@pytest.mark.parametrize("variant", ["tests"])
def test_one(variant, case, expgraph):
    expgraph.record(text="ok " + os.environ["CANARY_TEST"] + " " + os.environ["CANARY_FILED"])
`,
};

type Heard = { readonly orders: readonly Order[]; readonly requests: readonly string[] };
type Ran = Heard & { readonly folder: string; readonly said: Said };

async function run(): Promise<Ran> {
  const folder = tempFolder();
  const server = await startServer();
  const recorder = await startRecorder();
  onTestFinished(async () => {
    await server.close();
    await recorder[Symbol.asyncDispose]();
  });
  writeFiles(folder, { ...FILES, 'experiment.yaml': MANIFEST(server.origin) });
  const orders: Order[] = [];
  const noting: MakeExecutor = async (settings) => {
    const executor = await makeExecutor(settings);
    const execute: typeof executor.execute = (order, gate) => {
      orders.push(order);
      return executor.execute(order, gate);
    };
    const atOnce: NonNullable<typeof executor.atOnce> = (order) => {
      const decided = executor.atOnce?.(order) ?? null;
      if (decided !== null) orders.push(order);
      return decided;
    };
    return { ...executor, execute, atOnce, [Symbol.asyncDispose]: () => executor[Symbol.asyncDispose]() };
  };
  const env = {
    ...SECRETS,
    CANARY_PROXY_URL: `http://user:${SECRETS.CANARY_PROXY}@${new URL(server.origin).host}`,
    LANGSMITH_ENDPOINT: recorder.url,
  };
  const said = await inProcess(['run', '--events', 'events.jsonl', '--langsmith-flush', '20s'], {
    ...{ cwd: folder, env, makeExecutor: noting },
  });
  return { folder, said, orders, requests: server.requests };
}

/** Everything that was written, by its name. */
function written(folder: string): readonly (readonly [string, string])[] {
  const names = [
    'events.jsonl',
    ...filesBelow(path.join(folder, 'artifacts')).map((one) => `artifacts/${one}`),
  ];
  return names.map((name) => [name, readFileSync(path.join(folder, name), 'latin1')]);
}

/** Programs, threads and a pytest of eleven kinds are started: seconds on a machine of one's own, and more where it is shared. */
const TIMEOUT_MS = 300_000;

const VALUES = [...Object.values(SECRETS), ...Object.values(FILED)];

describe.skipIf(PYTHON_WITH_PYTEST === null)('a run whose manifest names secrets wherever it can', () => {
  it(
    'hands on orders without a secret and without a path of this machine, and keeps and prints none',
    async () => {
      const { folder, said, orders, requests } = await run();
      expect(said.code, said.out + said.err).toBe(0);
      const arms = new Set(orders.filter(({ score }) => score === undefined).map(({ cell }) => cell.variant));
      expect([...arms].sort()).toEqual(
        'call handlers loop own program recorded responses served stream tests'.split(' '),
      );
      expect([...new Set(orders.flatMap(({ score }) => score?.scorer ?? []))].sort()).toEqual(
        'coded judge outcome says told voted'.split(' '),
      );
      expect(said.err, 'whose certificates those are').not.toContain('authority.pem');
      // They were all used: an order without them would otherwise be no wonder.
      const sent = requests.join('\n');
      for (const name of ['KEY', 'HEADER', 'ROUTE', 'QUERY', 'BASE'] as const)
        expect(sent).toContain(SECRETS[`CANARY_${name}`]);
      expect(sent).toContain(Buffer.from(`user:${SECRETS.CANARY_PROXY}`).toString('base64'));

      const texts: (readonly [string, string])[] = [
        ...orders.map((order) => [`order of ${order.cell.variant}`, JSON.stringify(order)] as const),
        ...written(folder),
        ['stdout', said.out],
        ['stderr', said.err],
      ];
      const leaks = texts.flatMap(([name, text]) =>
        VALUES.filter((value) => text.includes(value)).map((value) => `${value} in ${name}`),
      );
      expect(leaks).toEqual([]);
      const paths = orders.flatMap((order) => (JSON.stringify(order).includes(folder) ? [order] : []));
      expect(paths).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

type Server = { readonly origin: string; readonly requests: readonly string[]; close(): Promise<void> };

/** A model that says back what it was sent, headers and address included, and calls a tool that it is offered once. */
async function startServer(): Promise<Server> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void readText(request).then((text) => {
      const all = JSON.stringify([request.url, request.headers, text]);
      requests.push(all);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answerTo(request.url!, { text, all })));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}

type Asked = {
  readonly messages?: readonly { readonly role: string }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
};

function answerTo(url: string, { text, all }: { readonly text: string; readonly all: string }): object {
  const isJudge = text.includes('You judge one answer');
  const said = isJudge
    ? JSON.stringify({ score: 1, reason: `right: ${VALUES.filter((value) => all.includes(value))}` })
    : `It is o: ${all}`;
  if (url.includes('/responses')) {
    const content = [{ type: 'output_text', text: said }];
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
    return {
      status: 'completed',
      model: 'm',
      output: [{ type: 'message', role: 'assistant', content }],
      usage,
    };
  }
  const { messages = [], tools = [] } = JSON.parse(text) as Asked;
  const isFirst = messages.every(({ role }) => role !== 'tool');
  const call = { id: 'c1', type: 'function', function: { name: tools[0]?.function.name, arguments: '{}' } };
  const message = tools.length > 0 && isFirst ? { content: null, tool_calls: [call] } : { content: said };
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  return {
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop' }],
    usage,
    model: 'm',
  };
}
