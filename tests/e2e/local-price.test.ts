// Money at a server of one's own: nothing by default, what is declared or told where it is, unknown where somebody says so.
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli } from '../rig/cli.ts';
import { jsonLines, writeFiles } from '../rig/files.ts';
import { startModelServer } from '../rig/model-server.ts';
import { tempFolder } from '../rig/temp.ts';

async function ran(provider: string, usage: object, execution = '{}') {
  const folder = tempFolder();
  const server = await startModelServer();
  writeFiles(folder, {
    'experiment.yaml': [
      'version: 1\nname: made\nprovider: mine\nscenarios: [s.yaml]\nvariants: { a: {} }',
      `providers: { mine: { type: openai, base_url: "${server.url}", model: m, ${provider} } }`,
      `execution: ${execution}\n`,
    ].join('\n'),
    's.yaml': '- { id: one, input: hello }\n',
  });
  const planned = (await cli(['plan'], { cwd: folder })).stdout.replace(/\s+/g, ' ');
  const answering = server.next().then((request) =>
    request.answer({
      id: 'c1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1000, completion_tokens: 1000, total_tokens: 2000, ...usage },
    }),
  );
  const { stdout, stderr, code } = await cli(['run', '--json'], { cwd: folder });
  if (code === 0) await answering;
  const summary = stdout === '' ? null : (JSON.parse(stdout) as RunSummary);
  const record = summary && jsonLines(path.join(folder, 'artifacts/made/runs/a_run1.jsonl'))[1];
  return { planned, summary, record, stderr, code };
}

it('costs nothing, and plan and run say that it is local', async () => {
  const { planned, summary, record } = await ran('', {});
  expect(planned).toContain('about $0 (local)');
  expect([summary!.cost_usd, summary!.local, record!.cost_usd]).toEqual([0, true, 0]);
});

it('lets a budget work without a price list', async () => {
  const { summary, code, stderr } = await ran('', {}, '{ budget_usd: 1 }');
  expect([code, stderr, summary!.executed]).toEqual([0, expect.not.stringContaining('mistake'), 1]);
});

it('costs what is declared', async () => {
  const { summary } = await ran('pricing: { m: { input: 1, output: 2 } }', {});
  expect(summary!.cost_usd).toBeCloseTo(0.003, 6);
  expect(summary).not.toHaveProperty('local');
});

it('costs what a gateway says that it charged', async () => {
  const { record } = await ran('', { cost: 0.25 });
  expect(record!.cost_usd).toBe(0.25);
});

it('is unknown where the manifest says so, and a budget is refused', async () => {
  const { planned, summary } = await ran('pricing: unknown', {});
  expect(planned).toContain('cost unknown');
  expect(summary!.cost_usd).toBeNull();
  const refused = await ran('pricing: unknown', {}, '{ budget_usd: 1 }');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('a budget needs prices');
});
