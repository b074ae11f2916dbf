// Logs of Inspect, held against inspect_ai itself: what it lists, what its data frames say, conversations of all wires.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { ScenarioResult } from '../../src/core/record.ts';
import { inspectLog } from '../../src/exchange/write-inspect.ts';
import { cli, ranSample, sample } from '../rig/cli.ts';
import { exportReaders } from '../rig/export-readers.ts';
import { editFile } from '../rig/files.ts';
import { entry, task } from '../rig/records.ts';
import { tempFolder } from '../rig/temp.ts';

const readers = await exportReaders();

/** Python's libraries of data take their time to load. */
const MINUTES = 180_000;

type Row = { readonly [column: string]: unknown };
type Read = {
  readonly listed: readonly Row[];
  readonly command: number;
  readonly logs: readonly (Row & { readonly samples: readonly JsonObject[] })[];
  readonly evals: readonly Row[];
  readonly samples: readonly Row[];
  readonly messages: readonly Row[];
  readonly events: number;
};

const inspect = (folder: string): Read => readers!('read_inspect.py', folder) as Read;

it.skipIf(readers === null)(
  'every variant is a log that Inspect lists, with model, scores, metrics over epochs, and a row for each cell',
  async () => {
    const folder = tempFolder();
    await ranSample(folder);
    const done = await cli(['export', '--format', 'inspect', '-o', 'logs'], { cwd: folder });
    expect(done.code, done.stderr).toBe(0);
    const logs = path.join(folder, 'logs');
    const read = inspect(logs);
    expect(read.listed.map(({ task: name }) => name)).toEqual(['tool-interface', 'tool-interface']);
    expect(read.command).toBe(2);
    for (const log of read.logs) {
      expect(log).toMatchObject({ version: 2, status: 'success', model: 'sim/sim-small', epochs: 3 });
      expect(log).toMatchObject({ config: { temperature: 0.2 }, reducer: ['mean'], summaries: 60 });
      expect(log).toMatchObject({
        tags: ['SIMULATION'],
        results: { total_samples: 60, completed_samples: 60 },
      });
      expect(log.header_results).toEqual(log.results);
    }
    expect(read.samples).toHaveLength(120);
    expect(read.evals.map(({ task_arg_variant: variant }) => variant).sort()).toEqual([
      'applike',
      'baseline',
    ]);
    const means = JSON.parse((await cli(['compare', '--format', 'json'], { cwd: folder })).stdout) as {
      arms: readonly { variant: string; mean: number }[];
    };
    for (const { variant, mean } of means.arms) {
      const row = read.evals.find((one) => one.task_arg_variant === variant);
      expect(row?.score_expect_mean).toBeCloseTo(mean, 9);
      expect(row).toMatchObject({ status: 'success', score_headline_metric: 'mean' });
    }
    const flat = (await cli(['export'], { cwd: folder })).stdout.trim().split('\n');
    for (const row of flat.map((line) => JSON.parse(line) as Row)) {
      const ours = read.samples.find(
        (one) => one.id === row.scenario && one.epoch === row.run && one.metadata_key === row.key,
      );
      expect(ours).toMatchObject({
        ...{ score_expect: row.score_expect, total_tokens: row.total_tokens, metadata_simulated: true },
      });
    }
    const [one] = read.logs.flatMap(({ samples }) => samples);
    expect(one!.scores).toMatchObject({
      expect: { value: expect.any(Number), answer: expect.any(String), explanation: expect.any(String) },
    });
    // A system prompt, what was asked, the answer.
    expect(read.messages).toHaveLength(360);
    expect(read.events).toBe(120);
  },
  MINUTES,
);

it('a log that is exported again takes the place of the one before, also where its first record is another one', async () => {
  const folder = tempFolder();
  await sample(folder);
  const list = async (): Promise<readonly string[]> => {
    await cli(['run', '--runs', '1', '--variant', 'baseline'], { cwd: folder });
    const done = await cli(['export', '--format', 'inspect', '-o', 'logs'], { cwd: folder });
    expect(done.code, done.stderr).toBe(0);
    return readdirSync(path.join(folder, 'logs'));
  };
  const [before] = await list();
  expect(before).toMatch(
    /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\+00-00_tool-interface_baseline_[0-9a-f]{22}\.json$/,
  );
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace('temperature: 0.2', 'temperature: 0.3'),
  );
  writeFileSync(path.join(folder, 'logs/notes.json'), '{}');
  const after = await list();
  expect(after).toHaveLength(2);
  expect(after).toContain('notes.json');
});

it('of every record that there is, those beside the one that counts are in a log of their own, and no tests of JUnit', async () => {
  const folder = tempFolder();
  await sample(folder);
  const run = (...args: string[]): ReturnType<typeof cli> => cli(args, { cwd: folder });
  await run('run', '--runs', '1', '--variant', 'baseline');
  await run('run', '--runs', '1', '--variant', 'baseline', '--scenario', 'sanity:*', '--force');
  expect((await run('export', '--all', '--format', 'inspect', '-o', 'logs')).code).toBe(0);
  const logs = readdirSync(path.join(folder, 'logs')).map(
    (name) => JSON.parse(readFileSync(path.join(folder, 'logs', name), 'utf8')) as JsonObject,
  );
  const standings = logs.map((log) =>
    (log.samples as JsonObject[]).map(({ metadata }) => metadata as JsonObject),
  );
  expect(
    standings.map((all) => [all.length, ...new Set(all.map(({ standing }) => standing))]).sort(),
  ).toEqual([
    [20, 'current'],
    [3, 'superseded'],
  ]);
  const xml = (await run('export', '--all', '--format', 'junit', '--variant', 'baseline', '--runs', '1'))
    .stdout;
  expect(xml.match(/<skipped message="superseded: /g)).toHaveLength(3);
  expect(xml).toContain('tests="23"');
});

/** @param more what a record says of itself beside the answer */
function record(scenario: string, run: number, more: Partial<ScenarioResult>): ScenarioResult {
  const made = entry(task({ variant: 'v', scenario, run }), { invocation: 'i' }).record;
  return { ...(made as ScenarioResult), ...more };
}

const output = (messages: readonly JsonObject[], more: JsonObject = {}): ScenarioResult['output'] => ({
  ...{ text: 'done', tool_calls: [], finish_reason: 'stop', messages: [...messages] },
  ...more,
});

const ADD = { a: 1 };

/** One conversation, as four programs write it: a call, its result, an answer. */
const CONVERSATIONS: { readonly [wire: string]: readonly JsonObject[] } = {
  chat: [
    {
      ...{ role: 'assistant', content: null, reasoning_content: 'hm' },
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: '2' },
    { role: 'assistant', content: 'done' },
  ],
  responses: [
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
    { type: 'function_call', call_id: 'c1', name: 'add', arguments: '{"a":1}' },
    { type: 'function_call_output', call_id: 'c1', output: '2' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'done' }] },
  ],
  anthropic: [
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm' },
        { type: 'tool_use', id: 'c1', name: 'add', input: ADD },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: '2' }] },
    { role: 'assistant', content: [{ type: 'text', text: 'done' }] },
  ],
  langchain: [
    {
      ...{ type: 'ai', content: [{ type: 'thinking', thinking: 'hm' }] },
      tool_calls: [{ id: 'c1', name: 'add', args: ADD, type: 'tool_call' }],
    },
    { type: 'tool', tool_call_id: 'c1', content: '2' },
    { type: 'ai', content: 'done' },
  ],
};

it.skipIf(readers === null)(
  'conversations with tools are the same to Inspect whoever wrote them; what failed, is unknown or beside messages is told',
  () => {
    const wires = Object.keys(CONVERSATIONS);
    const call = { id: 'c1', name: 'add', arguments: ADD };
    const failure = { kind: 'timeout', status: null, message: 'too slow' } as const;
    const attempt = { n: 1, started_at: '2026-01-02T03:04:05.000Z', duration_ms: 12, request_id: null };
    const records = [
      ...wires.map((wire) =>
        record(wire, 1, { output: output(CONVERSATIONS[wire]!, { tool_calls: [call] }) }),
      ),
      record('beside', 1, { output: output([], { tool_calls: [{ name: 'add', arguments: ADD }] }) }),
      record('failed', 1, {
        ...{ status: 'failed', output: null, output_digest: null, usage: null, cost_usd: null },
        attempts: [
          { ...attempt, error: { ...failure, message: 'slow' } },
          { ...attempt, n: 2, error: failure },
        ],
      }),
      record('unknown', 1, {
        ...{ model: '', temperature: null, seed: null, usage: null, duration_ms: null, output: output([]) },
        ...{ unknown: ['input', 'model', 'temperature', 'seed', 'system'] },
        ...{
          input: { prompt: '', messages: [] },
          attempts: [{ ...attempt, duration_ms: null, error: null }],
        },
      }),
    ];
    const scores = [{ scorer: 'tone', score: null, passed: null, label: 'dry', missing: null }] as const;
    const samples = records.map((one) => ({
      ...{ record: one, standing: 'current', scores, simulated: false, target: 'x' },
      explanations: new Map([['tone', 'no jokes']]),
    })) as never[];
    const { name, chunks } = inspectLog({
      ...{ experiment: 'my_made experiment', variant: 'v', slug: 'v', layer: 0, expgraph: '0' },
      ...{ all: samples, samples },
    });
    const folder = tempFolder();
    writeFileSync(path.join(folder, name), [...chunks].join(''));
    const read = inspect(folder);
    expect(read.listed).toHaveLength(1);
    const [log] = read.logs;
    const sampleOf = (id: string): JsonObject => log!.samples.find((one) => one.id === id)!;
    for (const wire of wires) {
      const said = (sampleOf(wire).messages as JsonObject[]).slice(1);
      const plain = said.map(({ role, content, tool_calls, tool_call_id, function: of }) => [
        ...[
          role,
          content,
          (tool_calls as JsonObject[] | undefined)?.map((one) => [one.function, one.arguments]),
        ],
        ...[tool_call_id, of],
      ]);
      const thought = [expect.objectContaining({ type: 'reasoning', reasoning: 'hm' })];
      const [first, second, third] = plain;
      expect([wire, first]).toEqual([wire, ['assistant', thought, [['add', ADD]], undefined, undefined]]);
      expect([wire, second]).toEqual([wire, ['tool', '2', undefined, 'c1', 'add']]);
      expect([wire, third!.slice(0, 1), third!.slice(2)]).toEqual([
        ...[wire, ['assistant']],
        [undefined, undefined, undefined],
      ]);
      expect(sampleOf(wire).output).toMatchObject({ completion: 'done' });
    }
    expect(sampleOf('beside').output).toMatchObject({
      choices: [{ message: { content: 'done', tool_calls: [{ function: 'add', arguments: ADD }] } }],
    });
    expect(sampleOf('failed')).toMatchObject({
      error: { message: 'too slow' },
      error_retries: [{ message: 'slow' }],
    });
    expect(sampleOf('failed').scores).toEqual({});
    const unknown = sampleOf('unknown');
    expect(unknown).toMatchObject({
      metadata: { unknown: ['input', 'model', 'temperature', 'seed', 'system'] },
    });
    expect([unknown.total_time, unknown.working_time, unknown.model_usage]).toEqual([
      undefined,
      undefined,
      {},
    ]);
    expect(log).toMatchObject({
      ...{ model: 'made/made-1', config: {}, results: { completed_samples: 6, total_samples: 7 } },
      stats: { model_usage: { 'made/made-1': { total_tokens: 5 * 15 } } },
    });
    expect(read.evals[0]).toMatchObject({ score_tone_dry: 1 });
    expect(read.samples.find(({ id }) => id === 'chat')).toMatchObject({ score_tone: 'dry', error: '' });
    expect(read.samples.find(({ id }) => id === 'failed')).toMatchObject({ error: 'too slow', retries: 1 });
    expect(read.messages.filter(({ role }) => role === 'tool')).toHaveLength(wires.length);
  },
  MINUTES,
);
