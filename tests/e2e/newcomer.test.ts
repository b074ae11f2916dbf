// The five points that a newcomer sees, with the real program and the sample experiment.
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli, sample } from '../rig/cli.ts';
import { editFile, filesBelow, jsonLines } from '../rig/files.ts';
import { startModelServer } from '../rig/model-server.ts';
import { tempFolder } from '../rig/temp.ts';

let folder = '';
const inFolder = (name: string): string => path.join(folder, name);
const runs = (): string => inFolder('artifacts/tool-interface/runs');

async function run(
  ...args: string[]
): Promise<RunSummary & { readonly code: number | null; readonly stderr: string }> {
  const { code, stdout, stderr } = await cli(['run', '--json', ...args], { cwd: folder });
  if (stdout === '') throw new Error(`nothing printed, exit ${code}: ${stderr}`);
  return { ...(JSON.parse(stdout) as RunSummary), code, stderr };
}

beforeEach(async () => {
  folder = tempFolder();
  await sample(folder);
});

describe('a newcomer', () => {
  it('runs 120 tasks into six files and is told everything in a table', async () => {
    const { code, stdout, stderr } = await cli(['run'], { cwd: folder });
    expect([code, stderr.includes('\u001b')]).toEqual([0, false]);
    expect(filesBelow(runs())).toEqual(
      ['applike', 'baseline'].flatMap((variant) => [1, 2, 3].map((k) => `${variant}_run${k}.jsonl`)),
    );
    for (const file of filesBelow(runs())) {
      const [metadata, ...results] = jsonLines(path.join(runs(), file));
      expect(metadata).toMatchObject({
        type: 'run_metadata',
        scenarios: 20,
        model: 'sim-small',
        temperature: 0.2,
      });
      expect(results).toHaveLength(20);
      expect(
        results.every((result) => result.type === 'scenario_result' && result.status === 'completed'),
      ).toBe(true);
    }
    for (const word of [
      'variant',
      'scenarios',
      'completed',
      'cached',
      'failed',
      'retries',
      'cost',
      'p50',
      'baseline',
      'applike',
    ]) {
      expect(stdout).toContain(word);
    }
    expect(stdout).toMatch(/120 executed/);
    expect(stdout).toMatch(/simulation/i);
    expect(stdout).not.toContain('\u001b');
  });

  it('is told the second time that everything is up to date', async () => {
    await run();
    const before = filesBelow(inFolder('artifacts'));
    const { code, stdout } = await cli(['run'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/up to date/i);
    const again = await run();
    expect([again.executed, again.cached, again.complete, again.code]).toEqual([0, 120, true, 0]);
    expect(filesBelow(inFolder('artifacts'))).toEqual(before);
  });

  it('re-runs exactly what an edit touches, and is told why before', async () => {
    await run();
    editFile(inFolder('scenarios/sanity.yaml'), (text) =>
      text.replace('input: Put a', 'input: Kindly put a'),
    );
    const plan = JSON.parse((await cli(['plan', '--format', 'json'], { cwd: folder })).stdout);
    expect([plan.tasks, plan.pending, plan.stale, plan.cached]).toEqual([120, 6, 6, 114]);
    expect(plan.pending_tasks[0].reason).toMatchObject({
      kind: 'stale',
      changed: [{ part: 'scenario.input' }],
    });
    expect(plan.estimate.calls).toBe(6);
    expect(plan.estimate.cost_usd).toBeGreaterThan(0);
    const explained = (await cli(['plan', '--explain'], { cwd: folder })).stdout;
    expect(explained).toContain('scenario.input');
    expect(explained).toContain('Kindly');
    expect(await run()).toMatchObject({ executed: 6, cached: 114, code: 0 });

    editFile(inFolder('tools/applike.tools.yaml'), (text) =>
      text.replace("Put an event on the user's calendar", "Place an event on the user's calendar"),
    );
    const why = (await cli(['plan', '--explain'], { cwd: folder })).stdout;
    expect(why).toMatch(/variant\.tools\[\d\]\.description/);
    expect(await run()).toMatchObject({ executed: 60, cached: 60 });
  });

  it('re-runs nothing for a comment, a new order, a renamed file or a renamed variant', async () => {
    await run();
    editFile(inFolder('experiment.yaml'), (text) => `# a comment\n${text}\n# another\n`);
    editFile(inFolder('experiment.yaml'), (text) => {
      const line = /^temperature:.*\n/m.exec(text)![0];
      return `${text.replace(line, '')}\n${line}`;
    });
    mkdirSync(inFolder('scenarios/deeper'));
    renameSync(inFolder('scenarios/routing.yaml'), inFolder('scenarios/deeper/moved.yaml'));
    renameSync(inFolder('tools/baseline.tools.yaml'), inFolder('tools/renamed.yaml'));
    editFile(inFolder('experiment.yaml'), (text) =>
      text
        .replace('./tools/baseline.tools.yaml', './tools/renamed.yaml')
        .replace(/^ {2}baseline:/m, '  classic:'),
    );
    for (const file of ['tools/intents.yaml', 'sim-answers.yaml'])
      editFile(inFolder(file), (text) => text.replaceAll(/^ {4}baseline:/gm, '    classic:'));
    const again = await run();
    expect([again.executed, again.cached, again.stderr]).toEqual([0, 120, '']);
    const renamed = jsonLines(path.join(runs(), 'classic_run1.jsonl'));
    expect(renamed).toHaveLength(21);
    expect(renamed.every((line) => line.variant === 'classic')).toBe(true);
    expect(
      jsonLines(path.join(runs(), 'baseline_run1.jsonl'))
        .slice(1)
        .every((line) => line.in_scope === false),
    ).toBe(true);
  });

  it('draws a subset again, sees both generations, and loses no line by narrowing the scenarios', async () => {
    await run();
    const before = new Map(
      filesBelow(runs()).map((file) => [file, readFileSync(path.join(runs(), file), 'utf8')]),
    );
    const forced = await run('--scenario', 'ambiguous:*', '--variant', 'applike', '--force');
    expect([forced.executed, forced.scope.tasks, forced.code]).toEqual([18, 18, 0]);
    for (const k of [1, 2, 3]) {
      expect(readFileSync(path.join(runs(), `baseline_run${k}.jsonl`), 'utf8')).toBe(
        before.get(`baseline_run${k}.jsonl`),
      );
      const lines = readFileSync(path.join(runs(), `applike_run${k}.jsonl`), 'utf8').split('\n');
      const kept = before.get(`applike_run${k}.jsonl`)!.split('\n');
      const other = (line: string): boolean =>
        line.includes('scenario_result') && !line.includes('"ambiguous:');
      expect(lines.filter(other)).toEqual(kept.filter(other));
      expect(lines.filter(other)).toHaveLength(14);
    }
    const history = JSON.parse(
      (await cli(['history', 'applike/ambiguous:*', '--json'], { cwd: folder })).stdout,
    );
    expect(history.records).toHaveLength(36);
    expect(history.records.filter((record: { generation: number }) => record.generation === 2)).toHaveLength(
      18,
    );

    editFile(inFolder('experiment.yaml'), (text) =>
      text.replace(/^scenarios:.*$/m, 'scenarios: [scenarios/sanity.yaml]'),
    );
    expect(await run()).toMatchObject({ executed: 0, cached: 18, scope: { tasks: 18 } });
    const narrowed = jsonLines(path.join(runs(), 'applike_run1.jsonl')).slice(1);
    expect(narrowed).toHaveLength(20);
    expect(narrowed.filter((line) => line.in_scope === false)).toHaveLength(17);
  });

  it('asks a real endpoint after one line of the manifest is changed', async () => {
    const server = await startModelServer();
    editFile(inFolder('experiment.yaml'), (text) =>
      text
        .replace(/^provider: sim.*$/m, 'provider: mine')
        .replace(
          /^providers:$/m,
          `providers:\n  mine: { type: openai, base_url: "${server.url}", model: some-model }`,
        ),
    );
    const answering = (async () => {
      for (let i = 0; i < 6; i++) {
        const request = await server.next();
        request.answer({
          id: 'c1',
          object: 'chat.completion',
          created: 1,
          model: 'some-model-2026',
          choices: [
            { index: 0, message: { role: 'assistant', content: `answer ${i}` }, finish_reason: 'stop' },
          ],
          usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
        });
      }
    })();
    const summary = await run('--scenario', 'sanity:*', '--runs', '1');
    await answering;
    expect(summary).toMatchObject({
      executed: 6,
      failed: 0,
      simulated: false,
      cost_usd: 0,
      local: true,
      code: 0,
    });
    const line = jsonLines(path.join(runs(), 'baseline_run1.jsonl'))[1]!;
    expect(line).toMatchObject({ provider: 'mine', model: 'some-model', served_model: 'some-model-2026' });
  });
});
