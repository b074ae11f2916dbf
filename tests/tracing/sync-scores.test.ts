// What is known of a result reaches every root that stands for it, whether the root came with the run or with `sync`.
import path from 'node:path';
import { expect, test } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile } from '../rig/files.ts';
import { type HarnessRun, harnessRun } from '../rig/harness.ts';
import { API_KEY, type Recorder, startRecorder } from '../rig/langsmith-recorder.ts';

const MANIFEST = `runs: 2
provider: sim
providers: { sim: { type: sim, sim: { latency_ms: 2 }, pricing: { sim-small: { input: 1, output: 2 } } } }
variants: { a: {}, b: { command: [node, b.mjs] } }
scorers: [{ name: greets, contains: { any: [hello, hi] } }]`;

function experiment(recorder: Recorder, more = ''): HarnessRun {
  return harnessRun({
    manifest: `${MANIFEST}\n${more}`,
    scenarios: ['one', 'two'],
    env: { LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: recorder.url },
    files: { 'b.mjs': "process.stdin.on('data', () => {}).on('end', () => console.log('\"hello\"'));" },
  });
}

/** Who sends goes on when a run has ended: `push` waits for it. */
async function pushed(made: HarnessRun): Promise<void> {
  expect(await made.run('langsmith', 'push')).toMatchObject({ code: 0, stderr: expect.anything() });
}

/** By experiment or project: how many feedbacks of which score. */
function said(recorder: Recorder): { readonly [where: string]: readonly unknown[] } {
  const found: { [where: string]: unknown[] } = {};
  for (const { session_id: id, score } of recorder.feedback.values()) {
    const name = String(recorder.sessions.get(String(id))?.name).replace(/-[0-9a-f]{8}$/, '');
    found[name] = [...(found[name] ?? []), score];
  }
  return found;
}

test('a traced run, then sync: scores, revised scores and verdicts of people are in the project and in the experiments', async () => {
  await using recorder = await startRecorder();
  const made = experiment(recorder);
  expect((await made.run('run')).code).toBe(0);
  await made.run('langsmith', 'feedback', 'b/one/1', '--key', 'kind', '--score', '0.5', '--reviewer', 'ann');
  const first = await made.run('langsmith', 'sync');
  expect([first.code, first.stdout]).toEqual([
    0,
    expect.stringContaining('8 of them have a trace in a project'),
  ]);
  expect(recorder.roots()).toHaveLength(16);
  const all = said(recorder);
  expect(Object.keys(all).sort()).toEqual(['expgraph', 'expgraph/made/a', 'expgraph/made/b']);
  expect(all.expgraph).toHaveLength(9);
  expect(all['expgraph/made/b']!.toSorted()).toEqual([0.5, 1, 1, 1, 1]);
  expect(all['expgraph/made/a']).toHaveLength(4);

  const requests = recorder.requests.length;
  expect((await made.run('langsmith', 'sync')).stdout).toContain('0 of them new');
  expect(recorder.requests.slice(requests).filter((line) => /feedback/.test(line))).toEqual([]);

  editFile(path.join(made.folder, 'experiment.yaml'), (text) => text.replace('[hello, hi]', '[goodbye]'));
  expect((await made.run('score')).code).toBe(0);
  await pushed(made);
  expect(said(recorder)['expgraph/made/b']!.toSorted()).toEqual([0, 0, 0, 0, 0.5]);
  expect(said(recorder).expgraph!.filter((score) => score === 0)).toHaveLength(8);
  expect(recorder.feedback.size).toBe(18);
  // A verdict given now is of both.
  await made.run('langsmith', 'feedback', 'b/one/1', '--key', 'kind', '--score', '1', '--reviewer', 'ann');
  expect(said(recorder)['expgraph/made/b']!.toSorted()).toEqual([0, 0, 0, 0, 1]);
  expect(recorder.orphanFeedback).toEqual([]);
});

test('an untraced run, then sync: each result once, with its scores', async () => {
  await using recorder = await startRecorder();
  const made = experiment(recorder);
  expect((await cli(['run'], { cwd: made.folder })).code).toBe(0);
  expect(recorder.requests).toEqual([]);
  const synced = await made.run('langsmith', 'sync');
  expect([synced.code, synced.stdout.includes('have a trace')]).toEqual([0, false]);
  expect(recorder.roots()).toHaveLength(8);
  expect(said(recorder)['expgraph/made/b']).toEqual([1, 1, 1, 1]);
});

test('experiments from the start: one root a cell, scored; sync adds none', async () => {
  await using recorder = await startRecorder();
  const made = experiment(recorder, 'tracing: { langsmith: { experiments: true } }');
  expect((await made.run('run')).code).toBe(0);
  await pushed(made);
  expect((await made.run('langsmith', 'sync')).code).toBe(0);
  expect([recorder.roots().length, recorder.feedback.size]).toEqual([8, 8]);
});

test('where no second root is wanted, sync leaves out what has one and says so', async () => {
  await using recorder = await startRecorder();
  const made = experiment(recorder, 'tracing: { langsmith: { second_roots: false } }');
  expect((await made.run('run', '--variant', 'b')).code).toBe(0);
  expect((await cli(['run'], { cwd: made.folder })).code).toBe(0);
  const synced = await made.run('langsmith', 'sync');
  expect(synced.stdout).toContain('4 results have a trace in a project and get no second one');
  expect(recorder.roots()).toHaveLength(8);
  expect(recorder.feedback.size).toBe(8);
});

test('cells that share a draw have a root each by sync, with the score of each', async () => {
  await using recorder = await startRecorder();
  const made = harnessRun({
    manifest: 'provider: sim\nmodel: sim-small\nvariants: { a: {} }\nscorers: [exact]',
    env: { LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: recorder.url },
    files: {
      'scenarios.yaml': '[{ id: one, input: hello, expect: yes }, { id: two, input: hello, expect: no way }]',
    },
  });
  await made.run('run');
  expect(recorder.roots().length).toBeLessThan(2);
  const { one, two } = made.records('a');
  expect(one.key).toBe(two.key);
  expect((await made.run('langsmith', 'sync')).code).toBe(0);
  expect(recorder.roots()).toHaveLength(3);
  const requests = recorder.requests.length;
  await made.run('langsmith', 'sync');
  expect(recorder.requests.slice(requests).filter((line) => /feedback/.test(line))).toEqual([]);
  // Each root of the experiment has one, the draw's own has that of the scenario that it was drawn for.
  expect(new Set([...recorder.feedback.values()].map(({ run_id: id }) => id)).size).toBe(
    recorder.feedback.size,
  );
  expect(recorder.feedback.size).toBe(3);
});

test('a model’s span says what it cost, whose model it was and what it was offered, live and from the record', async () => {
  await using recorder = await startRecorder();
  const tools = 'tools: [{ name: look, description: Looks, parameters: { type: object, properties: {} } }]';
  const made = experiment(recorder, tools);
  expect((await made.run('run', '--variant', 'a')).code).toBe(0);
  expect((await made.run('langsmith', 'sync', '--variant', 'a')).code).toBe(0);
  const llm = [...recorder.runs.values()].filter(({ run_type: type }) => type === 'llm');
  expect(llm).toHaveLength(8);
  const costs = new Map<string, unknown[]>();
  // biome-ignore lint/suspicious/noExplicitAny: documents are looked at piece by piece
  for (const { inputs, outputs, extra } of llm as readonly any[]) {
    const usage = outputs.usage_metadata;
    expect(usage.total_cost).toBeCloseTo((usage.input_tokens + 2 * usage.output_tokens) / 1_000_000, 7);
    const { key, ls_provider, ls_model_name } = extra.metadata;
    expect([ls_provider, ls_model_name]).toEqual(['sim', 'sim-small']);
    expect(inputs.tools).toEqual([
      {
        type: 'function',
        function: { name: 'look', description: 'Looks', parameters: { type: 'object', properties: {} } },
      },
    ]);
    costs.set(key, [...(costs.get(key) ?? []), usage.total_cost]);
  }
  for (const [live, kept] of costs.values()) expect(kept).toBe(live);
});
