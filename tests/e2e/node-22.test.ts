// The built program on Node 22, where EXPGRAPH_NODE22 names one: what differs there is syntax, the store's SQLite, own code in
// TypeScript, hooks of modules and proxies. All else is the same code.
import { once } from 'node:events';
import { cpSync, readdirSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TEMPLATES } from '../../src/project/open/templates.ts';
import { ROOT, writeFiles } from '../rig/files.ts';
import { NODE_22, WITH_NODE_22 } from '../rig/node-22.ts';
import { type Ended, program } from '../rig/program.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

/** What is started as `node` is the same one. */
const PATH = NODE_22 === null ? '' : `${path.dirname(NODE_22)}:${process.env.PATH}`;

async function on22(folder: string, args: readonly string[], env = {}): Promise<Ended> {
  return program(args, { cwd: folder, node: NODE_22!, env: { PATH, ...env } });
}

/** Nothing that Node says by itself belongs on anybody's screen. */
async function done(folder: string, args: readonly string[], env = {}): Promise<string> {
  const { code, stdout, stderr } = await on22(folder, args, env);
  expect([code, stderr], args.join(' ')).toEqual([
    0,
    expect.not.stringMatching(/Warning|experimental|this is a bug/i),
  ]);
  return stdout;
}

/** The package as npm would put it there: what lies elsewhere is code of the experiment. */
function installIn(folder: string): void {
  const ours = path.join(folder, 'node_modules/expgraph');
  for (const name of ['dist', 'package.json', 'schema', 'prices', 'python'])
    cpSync(path.join(ROOT, name), path.join(ours, name), { recursive: true });
  for (const name of ['openai', 'langsmith'])
    symlinkSync(path.join(ROOT, 'node_modules', name), path.join(folder, 'node_modules', name));
}

describe.skipIf(NODE_22 === null)(`Node 22${WITH_NODE_22}`, () => {
  it.each(Object.keys(TEMPLATES))('runs the beginning named %s', async (template) => {
    const folder = tempFolder();
    await done(folder, ['init', '--template', template]);
    expect(await done(folder, ['run'])).toMatch(/ 0 failed, 0 missing/);
    expect(await done(folder, ['run'])).toMatch(/Everything is up to date/);
  });

  it('has every command of a day, and of the store', async () => {
    const folder = tempFolder();
    await done(folder, ['init']);
    expect(await done(folder, ['run', '--runs', '1'])).toMatch(/40 executed/);
    await done(folder, ['run', '--runs', '1', '--scenario', 'ambiguous:*', '--force']);
    for (const words of [
      ...['plan --explain --runs 1', 'status --runs 1', 'history', 'log', 'diff 1 2', 'doctor', 'variants'],
      ...[
        'compare baseline applike --runs 1',
        'report --runs 1 -o report.html',
        'power --effect 0.1 --runs 1',
      ],
      ...[
        'export --format inspect -o logs',
        'show --not-passed',
        'fsck',
        'reindex',
        'gc --yes',
        'status --runs 1',
      ],
    ]) {
      const { code, stderr } = await on22(folder, words.split(' '));
      expect([code === 0 || code === 1, stderr], words).toEqual([
        true,
        expect.not.stringMatching(/Warning|experimental|this is a bug/i),
      ]);
    }
    const [log] = readdirSync(path.join(folder, 'logs'));
    await done(folder, ['import', `logs/${log}`, '--next-runs', '--dry-run']);
  });

  it('runs own code in TypeScript with its client, and scores by own code and by rules of packages', async () => {
    const folder = tempFolder();
    installIn(folder);
    writeFiles(folder, {
      'mine.ts': `import { defineVariant, type RunContext } from 'expgraph';
async function run({ client, model, messages }: RunContext): Promise<string> {
  const { choices } = await client.chat.completions.create({ model, messages });
  return choices[0]?.message.content ?? '';
}
export default defineVariant({ run });
`,
      'score.ts': `import { defineScorer } from 'expgraph';
type Given = { readonly output: { readonly text: string } };
export default defineScorer({ score: ({ output }: Given) => output.text.length > 0 });
`,
      'scenarios.yaml': '- { id: a, input: hello }\n- { id: b, input: there }\n',
      'experiment.yaml': `version: 1
name: own
provider: sim
scenarios: [scenarios.yaml]
variants: { mine: { use: ./mine.ts } }
scorers:
  - { use: ./score.ts }
  - { autoevals: { scorer: Levenshtein, expected: hello } }
  - { json: { schema: { type: object } } }
`,
    });
    const said = await done(folder, ['run']);
    expect(said).toMatch(/2 executed, 0 cached, 0 failed/);
    expect(said).toMatch(/4 judged/);
  });

  it('offers tools of an MCP server that Node 22 runs too', async () => {
    const folder = tempFolder();
    writeFiles(folder, {
      'scenarios.yaml': '- { id: milk, input: "Remind me to buy milk tomorrow at 5pm." }\n',
      'experiment.yaml': `version: 1
name: served
provider: sim
max_turns: 4
scenarios: [scenarios.yaml]
variants: { served: { mcp: { command: [node, ${path.join(ROOT, 'tests/rig/hostile-mcp.mjs')}], env: { HOSTILE_TOOLS: '[]' } } } }
`,
    });
    expect(await done(folder, ['run'])).toMatch(/1 executed, 0 cached, 0 failed/);
  });

  it('goes by the proxy that the environment names', async () => {
    const asked: string[] = [];
    const proxy = createServer((request: IncomingMessage, response) => {
      asked.push(request.url!);
      request.resume().on('end', () => {
        response.setHeader('content-type', 'application/json');
        const message = { role: 'assistant', content: 'by the proxy' };
        const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
        response.end(
          JSON.stringify({
            id: 'x',
            model: 'm',
            choices: [{ index: 0, message, finish_reason: 'stop' }],
            usage,
          }),
        );
      });
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    onTestFinished(() => void proxy.close());
    const folder = tempFolder();
    writeFiles(folder, {
      'scenarios.yaml': '- { id: a, input: hello }\n',
      'experiment.yaml': `version: 1
name: behind
provider: far
model: m
scenarios: [scenarios.yaml]
providers: { far: { type: openai, base_url: "http://model.invalid/v1", api_key_env: MODEL_KEY } }
variants: { one: {} }
`,
    });
    const { port } = proxy.address() as AddressInfo;
    await done(folder, ['run'], { MODEL_KEY: 'k', HTTP_PROXY: `http://127.0.0.1:${port}` });
    expect(asked).toEqual(['http://model.invalid/v1/chat/completions']);
  });

  it('serves the viewer', async () => {
    const folder = tempFolder();
    await done(folder, ['init']);
    await done(folder, ['run', '--runs', '1']);
    const started = startCli(['view', '--json'], { cwd: folder, node: NODE_22!, env: { PATH } });
    const [line] = (await once(started.child.stdout!.setEncoding('utf8'), 'data')) as [string];
    const { origin, hash } = new URL((JSON.parse(line) as { url: string }).url);
    const headers = { authorization: `Bearer ${hash.replace('#token=', '')}` };
    expect((await fetch(`${origin}/api/matrix`, { headers })).status).toBe(200);
    started.child.kill('SIGINT');
    expect((await started.ended).code).toBe(0);
  });

  it('runs a program that uses the public API', async () => {
    const folder = tempFolder();
    await done(folder, ['init']);
    installIn(folder);
    writeFiles(folder, {
      'program.mts': `import { openExperiment, run } from 'expgraph';
const experiment = await openExperiment('experiment.yaml', { store: 'memory' });
const { summary } = await run(experiment, { runs: [1] }).result;
console.log(summary.executed satisfies number);
`,
    });
    const ended = await program([], {
      cwd: folder,
      node: NODE_22!,
      through: [NODE_22!, path.join(folder, 'program.mts')],
    });
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([0, '40\n', '']);
  });
});
