// A process that is stopped (SIGSTOP, a frozen container, a suspended laptop) for longer than every limit: answers that came
// meanwhile are answers.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { appears } from '../rig/appears.ts';
import { filesBelow, jsonLines, writeFiles } from '../rig/files.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { startModelServer } from '../rig/model-server.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

const TIMEOUT_S = 3;
/** Beyond the limit of an attempt, and the five seconds after which its worker is taken for lost. */
const STOPPED_MS = (TIMEOUT_S + 5 + 1.5) * 1000;

const WAIT = `import json, os, sys, time
here = os.path.dirname(os.path.abspath(__file__))
def wait(name):
    with open(f'{here}/{name}', 'w') as out: out.write('here\\n')
    while not os.path.exists(here + '/go'): time.sleep(0.02)
`;
const ONCE = `${WAIT}
sys.stdin.readline()
wait('once')
print(json.dumps({'text': 'once'}))
`;
const STREAM = `${WAIT}
for line in sys.stdin:
    wait('stream')
    print(json.dumps({'id': json.loads(line)['id'], 'result': {'text': 'stream'}}), flush=True)
`;
const MCP = `${WAIT}
tool = {'name': 'ask', 'inputSchema': {'type': 'object'}}
for line in sys.stdin:
    told = json.loads(line)
    if 'id' not in told: continue
    method, result = told['method'], {}
    if method == 'initialize':
        result = {'protocolVersion': told['params']['protocolVersion'], 'capabilities': {'tools': {}}, 'serverInfo': {'name': 'm', 'version': '1'}}
    if method == 'tools/list': result = {'tools': [tool]}
    if method == 'tools/call':
        wait('mcp')
        result = {'content': [{'type': 'text', 'text': 'from the server'}]}
    print(json.dumps({'jsonrpc': '2.0', 'id': told['id'], 'result': result}), flush=True)
`;

const OWN = `export default {
  async run({ client, model, messages }) {
    const { choices } = await client.chat.completions.create({ model, messages });
    return { text: choices[0].message.content };
  },
};
`;

const MANIFEST = (url: string): string => `version: 1
name: made
provider: held
model: m
scenarios: [scenarios.yaml]
providers: { held: { type: openai, base_url: "${url}" } }
variants:
  plain: {}
  own: { use: ./own.ts }
  once: { command: [python3, once.py] }
  stream: { command: [python3, stream.py], protocol: stream }
  loop: { max_turns: 3, mcp: { command: [python3, mcp.py] } }
execution: { timeout: ${TIMEOUT_S}s, retries: 0 }
`;

it('keeps every answer that came while it was stopped, each as its first attempt', async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': MANIFEST(server.url),
    'scenarios.yaml': '- { id: a, input: "say a" }\n',
    ...{ 'once.py': ONCE, 'stream.py': STREAM, 'mcp.py': MCP, 'own.ts': OWN },
  });
  const { child, ended } = startCli(['run'], { cwd: folder, env: { OPENAI_API_KEY: 'sk-test' } });
  const held = [await server.next(), await server.next(), await server.next()];
  const isLoop = ({ body }: (typeof held)[number]): boolean => Array.isArray(body.tools);
  held.find(isLoop)!.answer(ASKS);
  for (const name of ['once', 'stream', 'mcp']) await appears(path.join(folder, name));
  child.kill('SIGSTOP');
  for (const one of held.filter((each) => !isLoop(each))) one.answer(chatAnswer('meanwhile'));
  writeFileSync(path.join(folder, 'go'), '');
  await new Promise((resolve) => setTimeout(resolve, STOPPED_MS));
  child.kill('SIGCONT');
  void server.next().then((one) => one.answer(chatAnswer('after the tool')));
  const { code, stderr } = await ended;
  const records = filesBelow(folder)
    .filter((name) => /runs\/\w+_run1\.jsonl$/.test(name))
    .flatMap((name) => jsonLines(path.join(folder, name)) as unknown as readonly Line[])
    .filter(({ type }) => type === 'scenario_result');
  const kept = records.map(({ variant, status, output, attempts }) => {
    return [variant, status, output?.text, attempts.length] as const;
  });
  expect(Object.fromEntries(kept.map(([variant, ...rest]) => [variant, rest])), stderr).toEqual({
    plain: ['completed', 'meanwhile', 1],
    own: ['completed', 'meanwhile', 1],
    once: ['completed', 'once', 1],
    stream: ['completed', 'stream', 1],
    loop: ['completed', 'after the tool', 1],
  });
  expect(code).toBe(0);
});

const CALL = { id: 'c1', type: 'function', function: { name: 'ask', arguments: '{}' } };
const ASKS = chatAnswer('', {
  choices: [
    {
      index: 0,
      finish_reason: 'tool_calls',
      message: { role: 'assistant', content: null, tool_calls: [CALL] },
    },
  ],
});

type Line = {
  readonly type: string;
  readonly variant: string;
  readonly status: string;
  readonly output: { readonly text: string } | null;
  readonly attempts: readonly unknown[];
};
