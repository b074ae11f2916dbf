// Prices from a file: what costs are reckoned by, what is kept of that, and that no key knows of it.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { startModelServer } from '../rig/model-server.ts';
import { tempFolder } from '../rig/temp.ts';

const PRICES = (input: number) => `date: 2026-01-02
source: our contract
sellers:
  p:
    prices:
      m: { input: ${input}, cached_input: 100, cache_write: 2000, output: 10000, above: { tokens: 500, input: 5000, output: 20000 } }
`;

/** Answers each request with the next usage. */
async function startServer(usages: readonly object[]) {
  const server = await startModelServer();
  let n = 0;
  let isOver = false;
  void (async () => {
    for (;;) {
      const held = await server.next();
      if (isOver) return;
      held.answer({
        ...{ id: 'x', object: 'chat.completion', created: 1, model: 'm' },
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'yes' } }],
        usage: usages[n++ % usages.length],
      });
    }
  })();
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      isOver = true;
      await server.close();
    },
  };
}

function invocations(cwd: string) {
  const history = path.join(cwd, 'artifacts/small/history');
  return readdirSync(history).map((name) => {
    const at = (file: string) => readFileSync(path.join(history, name, file), 'utf8');
    return { record: JSON.parse(at('invocation.json')), lines: at('a_run1.jsonl').trim().split('\n') };
  });
}

it('charges caches and long calls, keeps by what, and runs nothing again for a new price', async () => {
  const details = { cached_tokens: 40, cache_write_tokens: 50 };
  await using server = await startServer([
    { prompt_tokens: 100, completion_tokens: 1, total_tokens: 101, prompt_tokens_details: details },
    { prompt_tokens: 600, completion_tokens: 1, total_tokens: 601 },
  ]);
  const cwd = tempFolder();
  writeFiles(cwd, {
    'experiment.yaml': `version: 1
name: small
provider: p
model: m
max_output_tokens: 100
prices: ./prices.yaml
scenarios: [s.yaml]
providers: { p: { type: openai, base_url: "${server.url}" } }
variants: { a: {} }
execution: { concurrency: 1, budget_usd: 100 }
`,
    's.yaml': '- { id: one, input: x }\n- { id: two, input: y }\n',
    'prices.yaml': PRICES(1000),
  });
  const env = { OPENAI_API_KEY: 'unused-0123456789' };
  const ran = await cli(['run', '--json'], { cwd, env });
  expect(ran.code, ran.stderr).toBe(0);
  // 10 fresh, 40 read, 50 written, 1 out; then 600 in and 1 out of a long call.
  const [short, long] = [0.01 + 0.004 + 0.1 + 0.01, 3 + 0.02];
  expect(JSON.parse(ran.stdout).cost_usd).toBeCloseTo(short + long, 6);
  const [{ record, lines }] = invocations(cwd) as [ReturnType<typeof invocations>[number]];
  const results = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'scenario_result');
  expect(results.map(({ cost_usd }) => cost_usd).sort()).toEqual([short, long]);
  expect(results.map(({ usage }) => usage.cache_write_input_tokens)).toContain(50);
  const digest = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(record.prices).toEqual({
    lists: [{ provider: 'p', from: 'file', source: 'our contract', date: '2026-01-02', digest }],
    models: [
      {
        ...{ provider: 'p', model: 'm', line: 'm', digest },
        ...{ input: 1000, cached_input: 100, cache_write: 2000, output: 10000 },
        above: { tokens: 500, input: 5000, cached_input: null, output: 20000 },
      },
    ],
  });

  writeFiles(cwd, { 'prices.yaml': PRICES(1) });
  const planned = await cli(['plan', '--json'], { cwd, env });
  expect(JSON.parse(planned.stdout).pending).toBe(0);
  expect(planned.stderr).toMatch(/prices of our contract for m are of 2026-01-02, \d+ days old/);
  const shown = await cli(['show', 'a/one/1', '--json'], { cwd, env });
  expect([short, long]).toContain(JSON.parse(shown.stdout).cost_usd);
  const listed = await cli(['prices', '--json'], { cwd, env });
  expect(JSON.parse(listed.stdout).prices).toMatchObject([
    {
      provider: 'p',
      model: 'm',
      from: 'file',
      list: { source: 'our contract', line: 'm' },
      price: { input: 1 },
    },
  ]);
  expect((await cli(['prices', 'nobody-*'], { cwd, env })).code).toBe(2);
  expect((await cli(['doctor'], { cwd, env })).stdout).toContain('are of 2026-01-02');
});
