// A harness as teams have them (pytest-asyncio, pytest-repeat, langchain-anthropic, its own files of results, its own
// traces), adopted as it is: nothing in it is edited for us, and no flag is given.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { editFile, jsonLines } from '../rig/files.ts';
import { API_KEY, startRecorder, withoutWaits } from '../rig/langsmith-recorder.ts';
import { HARNESS_ENV, type RealHarness, startRealHarness, viewFiles } from '../rig/real-harness.ts';
import { startCli } from '../rig/started.ts';

const SOURCES = 'src/schedbench';
const SIX = ['applike', 'baseline'].flatMap((variant) => [1, 2, 3].map((run) => `${variant}_run${run}`));
const MINUTES = { timeout: 300_000 };

describe.skipIf(HARNESS_ENV === null)('a real harness', () => {
  it(
    'is adopted without an edit and without a flag, and edits draw exactly what they touch',
    MINUTES,
    async () => {
      await using harness = await startRealHarness();
      const init = await harness.run('init', '--from-pytest');
      expect(init, init.stderr).toMatchObject({ code: 0 });
      expect(await drawn(harness)).toEqual({ executed: 120, failed: 0, asked: 120 });
      expect(viewFiles(harness.folder).map((file) => path.basename(file, '.jsonl'))).toEqual(SIX);
      expectRecords(harness);
      expectOwnResults(harness, { rows: 20, runs: 3 });
      expect(await drawn(harness)).toEqual({ executed: 0, failed: 0, asked: 0 });

      const edit = (file: string, from: string, to: string): void =>
        editFile(path.join(harness.folder, file), (text) => text.replace(from, to));
      edit(
        `${SOURCES}/runner.py`,
        '"""Asks the model."""',
        '"""Asks the model, and says so."""  # a comment',
      );
      edit(`${SOURCES}/scenarios.py`, '# The order of the report.', '# In this order.\n');
      expect(await drawn(harness)).toEqual({ executed: 0, failed: 0, asked: 0 });
      edit(`${SOURCES}/scenarios.py`, 'Sanity case 1: reminder.', 'The simplest of all.');
      expect(await drawn(harness)).toEqual({ executed: 0, failed: 0, asked: 0 });
      edit(
        'experiment.yaml',
        '  path: tests\n',
        '  path: tests\n  collect: "results/*.jsonl"\n  args: [-n, "2"]\n',
      );
      expect(await drawn(harness)).toMatchObject({ failed: 0, asked: 0 });

      edit(`${SOURCES}/scenarios.py`, 'Remind me to call mom at 6pm', 'Remind me to call dad at 7pm');
      const explained = await harness.run('plan', '--explain');
      expect(explained.stdout).toContain('Remind me to call dad at 7pm');
      expect(await drawn(harness)).toEqual({ executed: 6, failed: 0, asked: 6 });

      edit(`${SOURCES}/variants/applike.py`, 'it will notify the user', 'it rings at that time');
      const why = await harness.run('plan', '--explain');
      expect(why.stdout).toContain('reminders_create');
      expect(why.stdout).toContain(`${SOURCES}/variants/applike.py`);
      expect(why.stdout).toContain('it rings at that time');
      expect(await drawn(harness)).toEqual({ executed: 60, failed: 0, asked: 60 });

      edit('experiment.yaml', 'runs: 3', 'runs: 5');
      expect(await drawn(harness)).toEqual({ executed: 80, failed: 0, asked: 80 });
      expect(viewFiles(harness.folder)).toHaveLength(10);
      expect(await drawn(harness)).toEqual({ executed: 0, failed: 0, asked: 0 });
    },
  );

  it('pays for nothing twice where the run is killed in the middle', MINUTES, async () => {
    await using harness = await startRealHarness();
    expect(await harness.run('init', '--from-pytest')).toMatchObject({ code: 0 });
    harness.wires.slow(40);
    const first = startCli(['run'], { cwd: harness.folder, env: harness.env });
    while (harness.wires.calls.length < 50) await sleep(20);
    first.child.kill('SIGKILL');
    await first.ended;
    expect(await quiet(harness)).toBeLessThan(120);
    harness.wires.slow(0);
    expect(await harness.run('run', '--json')).toMatchObject({ code: 0 });
    expect(harness.records()).toHaveLength(120);
    expect(harness.wires.calls).toHaveLength(120);
    expectRecords(harness);
    expectOwnResults(harness, { rows: 20, runs: 3 });
  });

  it('keeps its own traces whole, and hangs them below ours', MINUTES, async () => {
    await using recorder = await startRecorder();
    await using harness = await startRealHarness({
      ...{ LANGSMITH_TRACING: 'true', LANGSMITH_ENDPOINT: recorder.url, LANGSMITH_API_KEY: API_KEY },
      ...{ LANGSMITH_TEST_SUITE: 'sched', LANGSMITH_TEST_TRACKING: 'true' },
    });
    expect(await harness.run('init', '--from-pytest')).toMatchObject({ code: 0 });
    expect(await drawn(harness)).toEqual({ executed: 120, failed: 0, asked: 120 });
    const sync = await harness.run('langsmith', 'sync');
    expect([sync.code, withoutWaits(sync.stderr)]).toEqual([0, '']);
    const runs = [...recorder.runs.values()];
    const named = (name: string): number => runs.filter((run) => run.name === name).length;
    expect(named('ChatAnthropic')).toBe(120);
    expect(recorder.check()).toMatchObject({ orphans: 0, unended: 0 });
    const keys = [...recorder.feedback.values()].map(({ key }) => key);
    expect(keys.filter((key) => key === 'acted_as_expected').length).toBeGreaterThanOrEqual(120);
  });

  it('reads what the OpenAI SDK answers where only messages are kept', MINUTES, async () => {
    await using harness = await startRealHarness();
    const init = await harness.run('init', '--from-pytest', 'tests_openai', '--runs', '2');
    expect(init, init.stderr).toMatchObject({ code: 0 });
    expect(await drawn(harness)).toEqual({ executed: 80, failed: 0, asked: 80 });
    const record = harness.records().find(({ scenario }) => scenario === 'routing_flight');
    expect(record).toMatchObject({
      model: 'gpt-5-mini-2026-01-01',
      output: {
        text: expect.stringContaining('My flight leaves'),
        tool_calls: [{ name: expect.any(String), arguments: { title: expect.any(String) } }],
      },
      usage: { input_tokens: expect.any(Number), output_tokens: expect.any(Number) },
      input: { messages: [{ role: 'system' }, { role: 'user' }] },
    });
  });

  it('needs no files of its own where the proxy records what is sent and answered', MINUTES, async () => {
    await using harness = await startRealHarness();
    expect(await harness.run('init', '--from-pytest')).toMatchObject({ code: 0 });
    editFile(path.join(harness.folder, 'experiment.yaml'), (text) =>
      text.replace('  path: tests\n', '  path: tests\n  proxy: true\n'),
    );
    expect(await drawn(harness)).toEqual({ executed: 120, failed: 0, asked: 120 });
    for (const record of harness.records()) {
      expect(record).toMatchObject({ temperature: 0.2, served_model: 'claude-haiku-4-5-20260101' });
      expect(record.input.messages.at(-1).content).toContain('[2026-02-15 10:00 UTC]');
      expect(record.usage.input_tokens).toBeGreaterThan(0);
    }
    expect(await drawn(harness)).toEqual({ executed: 0, failed: 0, asked: 0 });
  });
});

/** What one `run` drew, as it says itself and as the model's server saw it. */
async function drawn(harness: RealHarness): Promise<{ executed: number; failed: number; asked: number }> {
  const ended = await harness.run('run', '--json');
  if (ended.stdout === '') throw new Error(ended.stderr);
  const { executed, failed } = JSON.parse(ended.stdout);
  return { executed, failed, asked: harness.asked() };
}

/** How many calls there were when nobody asks any more: pytest ends what was under way. */
async function quiet(harness: RealHarness): Promise<number> {
  for (let before = -1; before !== harness.wires.calls.length; ) {
    before = harness.wires.calls.length;
    await sleep(1_500);
  }
  return harness.wires.calls.length;
}

/** Each answer is there: its text, its calls with arguments, its tokens. */
function expectRecords(harness: RealHarness): void {
  const records = harness.records();
  expect(new Set(records.map(({ variant, scenario, run }) => `${variant} ${scenario} ${run}`)).size).toBe(
    120,
  );
  for (const record of records) {
    const what = `${record.variant} ${record.scenario} ${record.run}`;
    expect(record, what).toMatchObject({ status: 'completed', model: 'claude-haiku-4-5' });
    expect(record.output.text, what).not.toBe('');
    expect(record.usage.input_tokens, what).toBeGreaterThan(0);
    expect(record.usage.output_tokens, what).toBeGreaterThan(0);
    expect(record.input.prompt, what).toContain('[2026-02-15 10:00 UTC]');
    for (const call of record.output.tool_calls) expect(Object.keys(call.arguments)).toContain('title');
  }
  const acted = records.filter(({ output }) => output.tool_calls.length > 0);
  expect(acted.length).toBeGreaterThan(60);
  expect(acted.length).toBeLessThan(120);
}

/** The harness's own six files: as if pytest had been started by hand. */
function expectOwnResults(harness: RealHarness, of: { readonly rows: number; readonly runs: number }): void {
  for (const name of SIX) {
    const lines = jsonLines(path.join(harness.folder, 'results', `${name}.jsonl`));
    expect(lines, name).toHaveLength(of.rows + 1);
    expect(new Set(lines.slice(1).map(({ rep }) => rep))).toEqual(new Set([Number(name.at(-1))]));
  }
  expect(readFileSync(path.join(harness.folder, 'results/ended.txt'), 'utf8')).toContain('by itself');
  expect(readFileSync(path.join(harness.folder, 'results/summary.json'), 'utf8')).toContain('written');
}
