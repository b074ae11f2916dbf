// The ways to stop early on purpose, as a user would meet them.
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli, sample } from '../rig/cli.ts';
import { editFile, jsonLines } from '../rig/files.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

it('--max-new begins so many tasks, exits with 3 and says what is left; the next run goes on', async () => {
  const folder = tempFolder();
  await sample(folder);
  const first = await cli(['run', '--max-new', '10', '--events', 'events.jsonl', '--json'], { cwd: folder });
  expect(first.code).toBe(3);
  expect(JSON.parse(first.stdout)).toMatchObject({
    how: 'max-new-reached',
    why: '--max-new 10 reached: 110 tasks are left',
    executed: 10,
    failed: 0,
    missing: 110,
    complete: false,
  } satisfies Partial<RunSummary>);
  expect(jsonLines(path.join(folder, 'events.jsonl')).at(-1)).toMatchObject({
    kind: 'invocation-ended',
    how: 'max-new-reached',
    exit_code: 3,
  });
  const second = await cli(['run', '--json'], { cwd: folder });
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({ executed: 110, cached: 10, complete: true });
  expect((await cli(['run', '--max-new', '10'], { cwd: folder })).code).toBe(0);
});

it('--deadline begins nothing after it, finishes what is paid and exits with 3', async () => {
  const folder = tempFolder();
  await sample(folder, 'latency_ms: 400, latency_spread: 0');
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace(/^ {2}concurrency: 32$/m, '  concurrency: 4'),
  );
  const { code, stdout } = await cli(['run', '--deadline', '2s', '--json'], { cwd: folder });
  const summary = JSON.parse(stdout) as RunSummary;
  expect([code, summary.how]).toEqual([3, 'deadline-reached']);
  expect(summary.executed).toBeGreaterThan(0);
  expect(summary.missing).toBe(120 - summary.executed);
  expect(summary.why).toBe(`--deadline 2s reached: ${summary.missing} tasks are left`);
  expect(summary.attempts).toBe(summary.executed);
});

it.each([
  [['--max-new', '0'], '--max-new takes a number of tasks from 1, not "0"'],
  [['--max-new', 'ten'], '--max-new takes a number of tasks from 1, not "ten"'],
  [['--deadline', '30'], '--deadline takes a time like 90s, 30m or 1.5h, not "30"'],
  [['--deadline', '0s'], '--deadline takes a time like 90s, 30m or 1.5h, not "0s"'],
] as const)('refuses %j before anything is started', async (args, sentence) => {
  const folder = tempFolder();
  await sample(folder);
  const { code, stderr } = await cli(['run', ...args], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toBe(`expgraph: ${sentence}\n`);
});

it('a provider that is not there is told in one sentence, and what is left is said', async () => {
  const folder = tempFolder();
  await sample(folder);
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace(
      /^ {2}sim: \{ type: sim.*$/m,
      '  sim: { type: openai, model: m, base_url: "http://127.0.0.1:9/v1" }',
    ),
  );
  const { child, ended } = startCli(['run', '--events', 'events.jsonl'], { cwd: folder });
  let said = '';
  child.stderr!.on('data', (text: string) => {
    said += text;
    if (said.includes('nothing listens')) child.kill('SIGINT');
  });
  const { code, stderr } = await ended;
  expect(code).toBe(130);
  expect(stderr.match(/nothing listens at http:\/\/127\.0\.0\.1:9 \(provider sim\)/g)).toHaveLength(1);
  const events = jsonLines(path.join(folder, 'events.jsonl'));
  expect(events.find(({ code: id }) => id === 'nobody-listens')).toMatchObject({ severity: 'warning' });
});
