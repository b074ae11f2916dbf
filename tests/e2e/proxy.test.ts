// Harnesses whose clients are recorded: not a word of a mapping, and the record says what was really asked and answered.
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type BothWires, startBothWires } from '../rig/both-wires.ts';
import { editFile, filesBelow, ROOT, writeFiles } from '../rig/files.ts';
import { type HarnessRun, harnessRun } from '../rig/harness.ts';
import { hasPlugin, PYTHON_WITH_PYTEST, withoutPytest, withoutPython } from '../rig/python.ts';
import { startCli } from '../rig/started.ts';

const python = PYTHON_WITH_PYTEST ?? 'python3';

/** What stands for a client library: it reads its address from the environment each time, as they do. */
const CLIENT = `import json, os, urllib.error, urllib.request

KEY = "sk-test-0123456789"

def ask(variable, path, body, base=None):
    url = (base or os.environ[variable]) + path
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json", "authorization": "Bearer " + KEY})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        text = answer.read().decode()
    return text if body.get("stream") else json.loads(text)

def chat(text, base=None, **more):
    return ask("OPENAI_BASE_URL", "/chat/completions", {"model": "gpt-x", "messages": [{"role": "user", "content": text}], **more}, base)

def claude(text, **more):
    return ask("ANTHROPIC_BASE_URL", "/v1/messages", {"model": "claude-x", "max_tokens": 50, "messages": [{"role": "user", "content": text}], **more})
`;

async function wires(): Promise<BothWires> {
  const server = await startBothWires();
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

function pytestRun(of: {
  readonly server: { readonly env: BothWires['env'] };
  readonly test: string;
  readonly scenarios?: readonly string[];
  readonly variants?: string;
  readonly pytest?: string;
  readonly more?: string;
}): HarnessRun {
  const { test, pytest = '', more = '', variants = '{ a: {} }' } = of;
  return harnessRun({
    manifest: `${more}\npytest: { path: tests, python: ${python}, args: [-p, "no:cacheprovider"]${pytest}, proxy: true }\nvariants: ${variants}`,
    scenarios: of.scenarios ?? ['one', 'two'],
    files: { 'tests/test_it.py': `import pytest\nfrom client import *\n${test}`, 'tests/client.py': CLIENT },
    env: of.server.env,
  });
}

const totals = (text: string): unknown => JSON.parse(text);

describe.skipIf(withoutPytest())('a recorded pytest harness', () => {
  it('gives whole records of every wire without a mapping, and asks its server no more than alone', async () => {
    const server = await wires();
    const made = pytestRun({
      server,
      variants: '{ chat: {}, chunks: {}, claude: {}, events: {}, responses: {} }',
      test: `
@pytest.mark.parametrize("case", ["one", "two"])
@pytest.mark.parametrize("variant", ["chat", "chunks", "claude", "events", "responses"])
def test_it(variant, case):
    print("this is not the answer")
    tools = [{"type": "function", "function": {"name": "book", "parameters": {"type": "object"}}}]
    if variant == "chat":
        chat("book " + case, temperature=0.3, seed=7, tools=tools)
    elif variant == "chunks":
        chat("hello " + case, stream=True)
    elif variant == "claude":
        claude("book " + case, system="be kind", tools=[{"name": "book", "input_schema": {"type": "object"}}])
    elif variant == "events":
        claude("book " + case, stream=True, tools=[{"name": "book", "input_schema": {"type": "object"}}])
    else:
        ask("OPENAI_BASE_URL", "/responses", {"model": "gpt-r", "input": "hello " + case})
`,
    });
    const ran = await made.run('run', '--json');
    expect([ran.code, totals(ran.stdout)]).toMatchObject([0, { executed: 10, failed: 0 }]);
    expect(server.calls).toHaveLength(10);
    // The key reached whom it was for, and no file.
    expect(server.calls.map(({ headers }) => headers.authorization)).toEqual(
      Array(10).fill('Bearer sk-test-0123456789'),
    );
    for (const file of filesBelow(made.folder).filter((one) => one.startsWith('artifacts/')))
      expect(readFileSync(path.join(made.folder, file), 'latin1')).not.toContain('sk-test-0123456789');
    expect(made.records('chat').one).toMatchObject({
      status: 'completed',
      input: { prompt: 'book one', messages: [{ role: 'user', content: 'book one' }] },
      ...{ model: 'gpt-x', temperature: 0.3, seed: 7 },
      output: {
        text: 'I keep that: book one',
        tool_calls: [{ name: 'book', arguments: { title: 'book one' } }],
        finish_reason: 'tool_calls',
        properties: { pytest: { outcome: 'passed' } },
      },
      usage: { input_tokens: expect.any(Number), output_tokens: 41 },
      served_model: 'gpt-x-2026-01-01',
      turns: [{ model: 'gpt-x', tool_calls: [{ name: 'book' }] }],
      attempts: [{ error: null }],
    });
    expect(made.records('chunks').two.output.text).toBe('About "hello two": no tool is needed.');
    const whole = made.records('claude').one.output;
    expect(made.records('events').one.output).toMatchObject({
      text: whole.text,
      finish_reason: 'tool_use',
      tool_calls: [{ name: 'book', arguments: whole.tool_calls[0].arguments }],
    });
    expect(made.records('responses').two).toMatchObject({
      output: { text: 'About "hello two": no tool is needed.' },
      served_model: 'gpt-r-2026-01-01',
    });
    // It is transport: recorded or not, it is the same draw.
    editFile(path.join(made.folder, 'experiment.yaml'), (text) => text.replace(', proxy: true', ''));
    expect(totals((await made.run('run', '--json')).stdout)).toMatchObject({ executed: 0 });
    expect(server.calls).toHaveLength(10);
  });

  it('keeps each turn of a tool loop, what the tools said, and what all of it cost by the price of the model that was asked', async () => {
    const server = await wires();
    const made = pytestRun({
      server,
      scenarios: ['one'],
      more: `provider: mine\nmodel: other\nproviders: { mine: { type: openai, base_url: "${server.url}/v1", pricing: { gpt-x: { input: 1000, output: 1000 } } } }`,
      test: `
@pytest.mark.parametrize("case", ["one"])
@pytest.mark.parametrize("variant", ["a"])
def test_it(variant, case):
    messages = [{"role": "system", "content": "sys"}, {"role": "user", "content": "book " + case}]
    for turn in range(3):
        answer = chat("", messages=messages, tools=[{"type": "function", "function": {"name": "book"}}])
        said = answer["choices"][0]["message"]
        messages += [said, {"role": "tool", "tool_call_id": said["tool_calls"][0]["id"], "content": "done %d" % turn}]
`,
    });
    const ran = await made.run('run', '--json');
    expect([ran.code, totals(ran.stdout)]).toMatchObject([0, { executed: 1 }]);
    const record = made.records('a').one;
    expect(record.turns).toHaveLength(3);
    expect(record.output.tool_calls).toHaveLength(3);
    expect(record.output.messages.map((one: { role: string }) => one.role)).toEqual([
      'assistant',
      'tool',
      'assistant',
      'tool',
      'assistant',
    ]);
    expect(record.cost_usd).toBeCloseTo(record.usage.total_tokens / 1000, 6);
    expect(record.paid).toBeUndefined();
  });

  it('hands a refusal to its client, which may ask again, and counts both', async () => {
    const server = await wires();
    server.fail(429, 1);
    const made = pytestRun({
      server,
      scenarios: ['one'],
      test: `
@pytest.mark.parametrize("case", ["one"])
@pytest.mark.parametrize("variant", ["a"])
def test_it(variant, case):
    try:
        chat("hello")
    except urllib.error.HTTPError as error:
        assert error.code == 429
    claude("hello")
    ask("OPENAI_BASE_URL", "/embeddings", {"model": "e", "input": "x"}) if False else None
`,
    });
    expect((await made.run('run')).code).toBe(0);
    expect(made.records('a').one).toMatchObject({
      served_model: 'claude-x-20260101',
      output: { properties: { proxy: { failed: [{ kind: 'rate-limited', status: 429 }] } } },
      turns: [{ n: 1, model: 'claude-x' }],
    });
  });

  it('fails as the call failed that its client gave up on, and is tried again', async () => {
    const server = await wires();
    server.fail(500, 1);
    const made = pytestRun({
      server,
      scenarios: ['one'],
      test: `
@pytest.mark.parametrize("case", ["one"])
@pytest.mark.parametrize("variant", ["a"])
def test_it(variant, case):
    chat("hello")
`,
    });
    expect((await made.run('run')).code).toBe(0);
    expect(made.records('a').one.attempts).toMatchObject([
      { error: { kind: 'overloaded', status: 500 } },
      { error: null },
    ]);
  });

  it('says so where nothing came through the proxy and nothing was told', async () => {
    const server = await wires();
    const made = pytestRun({
      server,
      scenarios: ['one'],
      test: `
@pytest.mark.parametrize("case", ["one"])
@pytest.mark.parametrize("variant", ["a"])
def test_it(variant, case):
    pass
`,
    });
    const ran = await made.run('run');
    expect([ran.code, ran.stdout + ran.stderr]).toEqual([
      1,
      expect.stringContaining('no call of a model came through'),
    ]);
  });

  it('takes what the test tells as its answer for the answer, and the rest from the wire', async () => {
    const server = await wires();
    const made = pytestRun({
      server,
      scenarios: ['one'],
      test: `
@pytest.mark.parametrize("case", ["one"])
@pytest.mark.parametrize("variant", ["a"])
def test_it(variant, case, expgraph):
    chat("hello")
    expgraph.record("mine", usage={"input_tokens": 1, "output_tokens": 1}, model="wrong")
`,
    });
    expect((await made.run('run')).code).toBe(0);
    expect(made.records('a').one).toMatchObject({
      output: { text: 'mine' },
      served_model: 'gpt-x-2026-01-01',
      usage: { output_tokens: 53 },
    });
  });

  it('says how many requests belong to no test, and keeps them out of every record', async () => {
    const server = await wires();
    const made = pytestRun({
      server,
      scenarios: ['one'],
      test: `
@pytest.fixture(scope="session", autouse=True)
def warm():
    chat("good morning")
    yield
    chat("good night")
@pytest.fixture
def own():
    yield
    chat("after it")
@pytest.mark.parametrize("case", ["one"])
@pytest.mark.parametrize("variant", ["a"])
def test_it(variant, case, own):
    chat("hello")
`,
    });
    const ran = await made.run('run');
    expect([ran.code, ran.stderr + ran.stdout]).toEqual([
      0,
      expect.stringMatching(/2 requests came through the recording proxy while it was nobody's turn/),
    ]);
    expect(made.records('a').one).toMatchObject({
      output: { text: 'About "after it": no tool is needed.' },
      turns: [{ n: 1 }, { n: 2 }],
    });
  });

  it.skipIf(!hasPlugin('xdist'))('tells the workers of xdist apart', async () => {
    const server = await wires();
    server.slow(20);
    const made = pytestRun({
      server,
      scenarios: ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'],
      pytest: '',
      test: `
@pytest.mark.parametrize("case", ["c0", "c1", "c2", "c3", "c4", "c5"])
@pytest.mark.parametrize("variant", ["a"])
def test_it(variant, case):
    for n in range(2):
        chat("hello %s %d" % (case, n))
`,
    });
    editFile(path.join(made.folder, 'experiment.yaml'), (text) =>
      text.replace('args: [', 'args: [-n, "2", '),
    );
    const ran = await made.run('run', '--json');
    expect([ran.code, totals(ran.stdout)]).toMatchObject([0, { executed: 6, failed: 0 }]);
    for (const [id, record] of Object.entries(made.records('a')))
      expect([record.output.text, record.turns.length]).toEqual([
        `About "hello ${id} 1": no tool is needed.`,
        2,
      ]);
    expect(server.calls).toHaveLength(12);
  });

  it('hears of an answer that its client does not wait for, and of nothing that was not said', async () => {
    let leave: ((response: ServerResponse) => void) | null = null;
    const left = new Promise<void>((resolve) => {
      leave = (response) => response.on('close', resolve);
    });
    const upstream = createServer((request, response) => {
      request.resume();
      leave?.(response);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'half' } }] })}\n\n`);
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      upstream.closeAllConnections();
      upstream.close();
    });
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
    const made = pytestRun({
      server: { env: { OPENAI_BASE_URL: url } },
      scenarios: ['one'],
      test: `
@pytest.mark.parametrize("case", ["one"])
@pytest.mark.parametrize("variant", ["a"])
def test_it(variant, case, expgraph):
    request = urllib.request.Request(os.environ["OPENAI_BASE_URL"] + "/chat/completions", b'{"model": "m", "messages": [], "stream": true}')
    answer = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request)
    assert b"half" in answer.readline()
    answer.close()
    expgraph.record("gave up")
`,
    });
    expect((await made.run('run')).code).toBe(0);
    await left;
    expect(made.records('a').one.output).toMatchObject({
      text: 'gave up',
      properties: { proxy: { failed: [{ kind: 'cancelled' }] } },
    });
  });

  it('holds the limits of the account for calls that it does not make itself', async () => {
    const server = await wires();
    let most = 0;
    let now = 0;
    const gate = createServer((request, response) => {
      most = Math.max(most, ++now);
      request.resume();
      request.on('end', () =>
        setTimeout(() => {
          now--;
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(
            JSON.stringify({
              choices: [{ message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
            }),
          );
        }, 30),
      );
    });
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void gate.close());
    const url = `http://127.0.0.1:${(gate.address() as AddressInfo).port}/v1`;
    const made = pytestRun({
      server: { env: { ...server.env, OPENAI_BASE_URL: url } },
      scenarios: ['one'],
      more: `provider: mine\nproviders: { mine: { type: openai, base_url: "${url}", limits: { concurrency: 1 } } }\nmodel: m`,
      test: `
from concurrent.futures import ThreadPoolExecutor
@pytest.mark.parametrize("case", ["one"])
@pytest.mark.parametrize("variant", ["a"])
def test_it(variant, case):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(chat, ["a", "b", "c", "d"]))
`,
    });
    const ran = await made.run('run');
    expect([ran.code, most]).toEqual([0, 1]);
    expect(made.records('a').one.turns).toHaveLength(4);
  });
});

const REPLAYED = `
@pytest.mark.parametrize("case", ["one", "two"])
@pytest.mark.parametrize("variant", ["a"])
def test_it(variant, case):
    chat("first " + case)
    chat("second " + case)
`;

describe.skipIf(withoutPytest())('a recorded draw that may be given again', () => {
  const replaying = (server: BothWires, test = REPLAYED): HarnessRun => {
    const made = pytestRun({ server, test, more: 'runs: 1' });
    editFile(path.join(made.folder, 'experiment.yaml'), (text) =>
      text.replace('proxy: true', 'proxy: { replay: true }'),
    );
    return made;
  };

  it('is, for an edit that asks the same, and as far as it asks the same', async () => {
    const server = await wires();
    const made = replaying(server);
    expect((await made.run('run')).code).toBe(0);
    expect(server.calls).toHaveLength(4);
    const before = made.records('a').one;
    const file = path.join(made.folder, 'tests/test_it.py');
    editFile(file, (text) => text.replace('chat("second', 'x = 1\n    chat("second'));
    expect((await made.run('run')).code).toBe(0);
    expect(server.calls).toHaveLength(4);
    const again = made.records('a').one;
    expect(again.output).toEqual(before.output);
    expect(again.turns.map((turn: { invocation: string }) => turn.invocation)).toEqual([
      before.invocation,
      before.invocation,
    ]);
    expect((await made.run('fsck')).stdout).not.toContain('exchanges');
    expect(again.paid).toMatchObject({ usage: { total_tokens: 0 }, cost_usd: 0 });
    editFile(file, (text) => text.replace('chat("second', 'chat("another'));
    expect((await made.run('run')).code).toBe(0);
    expect(server.calls.slice(4).map(({ body }) => JSON.stringify(body.messages))).toEqual(
      expect.arrayContaining([
        expect.stringContaining('another one'),
        expect.stringContaining('another two'),
      ]),
    );
    expect(server.calls).toHaveLength(6);
  });

  it('is not for another run, nor where it was asked for anew', async () => {
    const server = await wires();
    const made = replaying(server);
    expect((await made.run('run')).code).toBe(0);
    editFile(path.join(made.folder, 'experiment.yaml'), (text) => text.replace('runs: 1', 'runs: 2'));
    expect((await made.run('run')).code).toBe(0);
    expect(server.calls).toHaveLength(8);
    expect((await made.run('run', '--force', '--variant', 'a', '--runs', '2')).code).toBe(0);
    expect(server.calls).toHaveLength(12);
  });

  it('is after a kill -9 in the middle, and nothing is paid twice', async () => {
    const server = await wires();
    const made = replaying(
      server,
      `${REPLAYED}    if not os.path.exists("go"):
        open("stuck", "a").close()
        import time
        time.sleep(60)
`,
    );
    const started = startCli(['run'], { cwd: made.folder, env: server.env });
    await expect.poll(() => filesBelow(made.folder).includes('stuck'), { timeout: 120_000 }).toBe(true);
    started.child.kill('SIGKILL');
    await started.ended;
    expect(server.calls).toHaveLength(2);
    writeFiles(made.folder, { go: '' });
    expect((await made.run('run')).code).toBe(0);
    expect(server.calls).toHaveLength(4);
    expect(Object.keys(made.records('a'))).toEqual(['one', 'two']);
  });
});

describe.skipIf(withoutPython())('a recorded program', () => {
  const ONCE = `${CLIENT}
import sys
task = json.loads(sys.stdin.readline())
chat("hello " + task["scenario"]["id"])
`;
  const STREAM = `${CLIENT}
import sys, threading
def work(line):
    chat("hello " + line["task"]["scenario"]["id"], base=line["task"]["proxy"]["OPENAI_BASE_URL"] if ASKS else None)
    print(json.dumps({"id": line["id"], "result": {}}), flush=True)
for text in sys.stdin:
    threading.Thread(target=work, args=(json.loads(text),)).start()
`;

  it.each([
    ['that ends', ONCE, ''],
    ['that stays', STREAM.replace('ASKS', 'False'), ', protocol: stream, processes: 2'],
    [
      'that does several tasks at a time',
      STREAM.replace('ASKS', 'True'),
      ', protocol: stream, processes: 1, in_flight: 3',
    ],
  ])('%s need not say what it was answered', async (_, program, more) => {
    const server = await wires();
    server.slow(20);
    const made = harnessRun({
      manifest: `variants: { a: { command: [python3, program.py]${more}, proxy: true } }`,
      files: { 'program.py': program },
      env: server.env,
    });
    const ran = await made.run('run', '--json');
    expect([ran.stderr, totals(ran.stdout)]).toMatchObject([expect.any(String), { executed: 3, failed: 0 }]);
    for (const [id, record] of Object.entries(made.records('a')))
      expect(record.output.text).toBe(`About "hello ${id}": no tool is needed.`);
    expect(server.calls).toHaveLength(3);
  });
});

describe('recorded own code', () => {
  it('is recorded whatever client it brings along, made when it was loaded or handed its address', async () => {
    const server = await wires();
    const made = harnessRun({
      manifest: `variants: { a: { use: agent.ts, proxy: true } }`,
      files: {
        'agent.ts': `
const base = process.env.OPENAI_BASE_URL;
async function chat(at: string, text: string) {
  const body = JSON.stringify({ model: 'gpt-x', messages: [{ role: 'user', content: text }] });
  const answer = await fetch(at + '/chat/completions', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  return answer.json();
}
export default {
  async run({ scenario, proxy }) {
    await chat(proxy.OPENAI_BASE_URL, 'first ' + scenario.id);
    await chat(base ?? process.env.OPENAI_BASE_URL, 'hello ' + scenario.id);
  },
};
`,
      },
      env: server.env,
    });
    const ran = await made.run('run', '--json');
    expect([ran.stderr, totals(ran.stdout)]).toMatchObject([expect.any(String), { executed: 3, failed: 0 }]);
    for (const [id, record] of Object.entries(made.records('a')))
      expect([record.output.text, record.turns.length]).toEqual([
        `About "hello ${id}": no tool is needed.`,
        2,
      ]);
    expect(server.calls).toHaveLength(6);
  });

  it('has its own SDK recorded, and the client that it is handed counted beside it and once', async () => {
    const server = await wires();
    const made = harnessRun({
      manifest: `provider: mine\nproviders: { mine: { type: openai, base_url: "${server.url}/v1", limits: { concurrency: 1 }, pricing: { gpt-x: { input: 1000, output: 1000 } } } }\nmodel: gpt-x\nvariants: { a: { use: agent.ts, proxy: true } }`,
      scenarios: ['one', 'two'],
      files: {
        'agent.ts': `
import OpenAI from 'openai';
const own = new OpenAI();
const ask = (client, text) => client.chat.completions.create({ model: 'gpt-x', messages: [{ role: 'user', content: text }] });
export default {
  async run({ scenario, client }) {
    await ask(own, 'own ' + scenario.id);
    await ask(client, 'handed ' + scenario.id);
    const stream = await own.chat.completions.create({ model: 'gpt-x', stream: true, messages: [{ role: 'user', content: 'last ' + scenario.id }] });
    for await (const _ of stream);
  },
};
`,
      },
      env: server.env,
    });
    mkdirSync(path.join(made.folder, 'node_modules'));
    symlinkSync(path.join(ROOT, 'node_modules/openai'), path.join(made.folder, 'node_modules/openai'));
    const ran = await made.run('run', '--json');
    expect([ran.stderr, totals(ran.stdout)]).toMatchObject([expect.any(String), { executed: 2, failed: 0 }]);
    expect(server.calls).toHaveLength(6);
    for (const [id, record] of Object.entries(made.records('a'))) {
      expect([record.output.text, record.turns.length]).toEqual([
        `About "last ${id}": no tool is needed.`,
        3,
      ]);
      expect(record.cost_usd).toBeCloseTo(record.usage.total_tokens / 1000, 6);
      expect(record.paid).toBeUndefined();
    }
  });
});
