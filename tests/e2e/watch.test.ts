// expgraph watch as a program: what a save runs, what it does not, and how it is left.
import { readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { MAX_CHAIN } from '../../src/watch/machine.ts';
import { cli, ranSample, sample } from '../rig/cli.ts';
import { editFile, filesBelow, jsonLines, writeFiles } from '../rig/files.ts';
import { harnessRun } from '../rig/harness.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';
import { recordsByKey, writeExperiment } from '../rig/small-experiment.ts';
import { tempFolder } from '../rig/temp.ts';
import { startWatching } from '../rig/watching.ts';

const TIMEOUT_MS = 60_000;

function heldExperiment(folder: string, server: ModelServer, more: readonly string[] = []): void {
  writeExperiment(folder, {
    ...{ variants: 2, scenarios: 3, runs: 1, concurrency: 2 },
    sim: `{ type: openai, base_url: "${server.url}", model: m, pricing: { m: { input: 1, output: 1 } } }`,
    more: ['model: m', 'max_output_tokens: 100', ...more],
  });
}

async function answer(server: ModelServer, count: number): Promise<void> {
  for (let i = 0; i < count; i++) (await server.next()).answer(chatAnswer('yes'));
}

const say = (folder: string, from: string, to: string): void =>
  editFile(path.join(folder, 'scenarios.jsonl'), (text) => text.replace(from, to));

it('runs exactly six tasks after one scenario of the sample was edited', {
  timeout: TIMEOUT_MS,
}, async () => {
  const folder = tempFolder();
  await sample(folder);
  const watch = startWatching(folder);
  expect(await watch.next('round')).toMatchObject({ outcome: 'ran', saved: [], executed: 120, cached: 0 });
  await watch.next('watching');
  editFile(path.join(folder, 'scenarios/ambiguous.yaml'), (text) =>
    text.replace('Book the gym for 7 on Wednesday.', 'Book the gym for 7 on Friday.'),
  );
  const round = await watch.next('round');
  expect(round).toMatchObject({
    ...{ round: 2, outcome: 'ran', saved: ['scenarios/ambiguous.yaml'], experiment: 'tool-interface' },
    ...{ tasks: 120, pending: 6, stale: 6, left_out: 0, executed: 6, cached: 114, failed: 0, complete: true },
    estimate: { calls: 6 },
  });
  expect(round.estimate.cost_usd).toBeGreaterThan(0);
  const history = path.join(folder, 'artifacts/tool-interface/history', round.invocation);
  const drawn = filesBelow(history)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => jsonLines(path.join(history, name)) as readonly Record<string, unknown>[])
    .filter(({ type }) => type === 'scenario_result');
  const cells = drawn.map(({ variant, scenario, run }) => `${variant} ${scenario} ${run}`).sort();
  expect(new Set(drawn.map(({ scenario }) => scenario)).size).toBe(1);
  expect(cells.map((cell) => cell.replace(/ .* /, ' '))).toEqual([
    ...['applike 1', 'applike 2', 'applike 3'],
    ...['baseline 1', 'baseline 2', 'baseline 3'],
  ]);
  // The store is free between rounds, and what another start does is no reason for a round.
  expect((await cli(['run', '--json'], { cwd: folder })).code).toBe(0);
  expect((await cli(['fsck'], { cwd: folder })).code).toBe(0);
  expect(watch.said()).toContain('6 of 120 tasks to run: baseline 3, applike 3 · 1 scenario');
  watch.signal('SIGINT');
  expect(await watch.next('left')).toMatchObject({ while: 'idle' });
  expect(await watch.ended).toMatchObject({ code: 0 });
  expect(watch.untaken()).toEqual([]);
});

it('plans once and starts nothing when files are only touched', { timeout: TIMEOUT_MS }, async () => {
  const folder = tempFolder();
  await ranSample(folder);
  const watch = startWatching(folder);
  expect(await watch.next('round')).toMatchObject({ outcome: 'up-to-date', pending: 0 });
  await watch.next('watching');
  for (let i = 0; i < 10_000; i++) {
    const now = new Date();
    utimesSync(path.join(folder, 'scenarios/ambiguous.yaml'), now, now);
  }
  expect(await watch.next('round')).toMatchObject({ round: 2, outcome: 'up-to-date', pending: 0 });
  // A comment is a change of the file and of no key.
  editFile(path.join(folder, 'experiment.yaml'), (text) => `${text}# a comment\n`);
  expect(await watch.next('round')).toMatchObject({
    round: 3,
    outcome: 'up-to-date',
    saved: ['experiment.yaml'],
  });
  expect(watch.untaken()).toEqual([]);
  watch.signal('SIGTERM');
  expect((await watch.ended).code).toBe(0);
  expect(
    filesBelow(path.join(folder, 'artifacts/tool-interface/history')).filter((name) =>
      name.endsWith('invocation.json'),
    ),
  ).toHaveLength(1);
});

it('brings the view back when an edit is taken back', { timeout: TIMEOUT_MS }, async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  heldExperiment(folder, server);
  const watch = startWatching(folder);
  await answer(server, 6);
  await watch.next('watching');
  say(folder, 'say 0', 'tell 0');
  await answer(server, 2);
  await watch.next('round');
  expect(await watch.next('round')).toMatchObject({ executed: 2 });
  const before = (): string => readFileSync(path.join(folder, 'artifacts/small/runs/v0_run1.jsonl'), 'utf8');
  expect(before()).toContain('tell 0');
  say(folder, 'tell 0', 'say 0');
  expect(await watch.next('round')).toMatchObject({ outcome: 'up-to-date' });
  expect(before()).not.toContain('tell 0');
});

it('shows mistakes, waits until they are mended, and runs then', { timeout: TIMEOUT_MS }, async () => {
  const folder = tempFolder();
  await ranSample(folder);
  const manifest = path.join(folder, 'experiment.yaml');
  const good = readFileSync(manifest, 'utf8');
  const watch = startWatching(folder);
  await watch.next('round');
  await watch.next('watching');
  // A prompt in a file that is not there yet.
  writeFileSync(
    manifest,
    good.replace(/^system: \|\n(?: {2}.*\n)+/m, 'system: { file: prompts/system.md }\n'),
  );
  const broken = await watch.next('round');
  expect(broken).toMatchObject({
    outcome: 'mistakes',
    mistakes: [{ file: 'experiment.yaml', severity: 'error' }],
  });
  expect(watch.said()).toMatch(/experiment\.yaml:\d+:\d+ error: .*prompts\/system\.md/);
  writeFiles(folder, { 'prompts/system.md': 'Be brief.' });
  expect(await watch.next('round')).toMatchObject({ outcome: 'ran', executed: 120 });
  writeFileSync(manifest, 'version: [');
  expect(await watch.next('round')).toMatchObject({ outcome: 'mistakes' });
  // As an editor saves: a new file takes the place of the old one.
  writeFileSync(`${manifest}.new`, good);
  renameSync(`${manifest}.new`, manifest);
  expect(await watch.next('round')).toMatchObject({ outcome: 'up-to-date' });
  // A scenario file that is new, one that goes, and comes back.
  writeFiles(folder, { 'scenarios/more.yaml': '- { id: more, input: "Cancel it." }\n' });
  expect(await watch.next('round')).toMatchObject({ executed: 6, tasks: 126 });
  rmSync(path.join(folder, 'scenarios/more.yaml'));
  expect(await watch.next('round')).toMatchObject({ outcome: 'up-to-date', tasks: 120 });
});

it('begins with a broken manifest, and not with none', { timeout: TIMEOUT_MS }, async () => {
  const folder = tempFolder();
  const none = await cli(['watch'], { cwd: folder });
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('experiment.yaml');
  await sample(folder);
  const manifest = path.join(folder, 'experiment.yaml');
  const good = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, good.replace('runs: 3', 'runs: three'));
  const watch = startWatching(folder);
  expect(await watch.next('round')).toMatchObject({ outcome: 'mistakes' });
  await watch.next('watching');
  writeFileSync(manifest, good);
  expect(await watch.next('round')).toMatchObject({ outcome: 'ran', executed: 120 });
  const slip = await cli(['watch', '--variant', 'nobody'], { cwd: folder });
  expect(slip.code).toBe(2);
  expect(slip.stderr).toContain('no task matches the filters');
});

it('does not try a failed task again until it has changed', { timeout: TIMEOUT_MS }, async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  heldExperiment(folder, server);
  const watch = startWatching(folder);
  for (let i = 0; i < 6; i++) {
    const call = await server.next();
    if (JSON.stringify(call.body).includes('say 1'))
      call.answer({ error: { message: 'no' } }, { status: 400 });
    else call.answer(chatAnswer('yes'));
  }
  expect(await watch.next('round')).toMatchObject({ outcome: 'ran', executed: 6, failed: 2 });
  await watch.next('watching');
  say(folder, 'say 0', 'tell 0');
  await answer(server, 2);
  expect(await watch.next('round')).toMatchObject({ executed: 2, pending: 2, left_out: 2, failed: 2 });
  expect(watch.said()).toContain('2 tasks failed before and are left out');
  say(folder, 'say 1', 'tell 1');
  await answer(server, 2);
  expect(await watch.next('round')).toMatchObject({ executed: 2, left_out: 0, failed: 0, complete: true });
  say(folder, 'tell 1', 'say 1');
  expect(await watch.next('round')).toMatchObject({ outcome: 'up-to-date', left_out: 2 });
  watch.signal('SIGINT');
  await watch.ended;
  // The history knows of failures that an earlier start had.
  const next = startWatching(folder);
  expect(await next.next('round')).toMatchObject({ outcome: 'up-to-date', left_out: 2 });
  next.signal('SIGINT');
  await next.ended;
  const retrying = startWatching(folder, ['--retry-failed']);
  await answer(server, 2);
  expect(await retrying.next('round')).toMatchObject({ executed: 2, left_out: 0, complete: true });
  expect(server.requests).toHaveLength(6 + 2 + 2 + 2);
});

it('aborts no call for a save, and makes one plan of all that was saved meanwhile', {
  timeout: TIMEOUT_MS,
}, async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  heldExperiment(folder, server);
  const watch = startWatching(folder);
  const held = [await server.next(), await server.next()];
  say(folder, 'say 0', 'tell 0');
  say(folder, 'say 1', 'tell 1');
  say(folder, 'say 2', 'tell 2');
  for (const call of held) call.answer(chatAnswer('old'));
  await answer(server, 4);
  expect(await watch.next('round')).toMatchObject({ executed: 6, failed: 0 });
  await answer(server, 6);
  expect(await watch.next('round')).toMatchObject({ round: 2, executed: 6, saved: ['scenarios.jsonl'] });
  await watch.next('watching');
  expect(watch.untaken()).toEqual([]);
  expect(recordsByKey(folder).size).toBe(12);
});

it('plans again when an input that counts was changed under a run', { timeout: TIMEOUT_MS }, async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  heldExperiment(folder, server, ['inputs: [fixture.txt]']);
  writeFiles(folder, { 'fixture.txt': 'one' });
  const watch = startWatching(folder);
  const held = [await server.next(), await server.next()];
  writeFileSync(path.join(folder, 'fixture.txt'), 'two');
  for (const call of held) call.answer(chatAnswer('old'));
  void answer(server, Number.POSITIVE_INFINITY);
  expect(await watch.next('round')).toMatchObject({ how: 'halted', complete: false });
  expect(await watch.next('round')).toMatchObject({ executed: 6, complete: true, saved: ['fixture.txt'] });
});

it('stops rounds that set each other off', { timeout: TIMEOUT_MS }, async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  heldExperiment(folder, server, ['inputs: ["made/**"]']);
  writeFiles(folder, { 'made/0.txt': 'x' });
  const watch = startWatching(folder);
  const runs = MAX_CHAIN + 1;
  for (let i = 1; i <= runs; i++) {
    const held = [await server.next(), await server.next()];
    // As a task does that writes what counts: each round makes every key new.
    writeFiles(folder, { [`made/${i}.txt`]: 'x' });
    for (const call of held) call.answer(chatAnswer('yes'));
    await answer(server, 4);
    expect(await watch.next('round')).toMatchObject({ outcome: 'ran', executed: 6 });
  }
  expect(await watch.next('round')).toMatchObject({ outcome: 'held', pending: 6 });
  expect(watch.said()).toContain('set off by files that were saved while tasks ran');
  expect(server.requests).toHaveLength(6 * runs);
  await watch.next('watching');
  say(folder, 'say 0', 'tell 0');
  await answer(server, 6);
  expect(await watch.next('round')).toMatchObject({ outcome: 'ran', executed: 6 });
});

it('asks where a round costs more than agreed, and does not run where nobody answers', {
  timeout: TIMEOUT_MS,
}, async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  heldExperiment(folder, server, ['watch: { confirm_usd: 0.0001 }']);
  const watch = startWatching(folder);
  const round = await watch.next('round');
  expect(round).toMatchObject({ outcome: 'not-confirmed', pending: 6 });
  expect(round.estimate.cost_usd_at_most).toBeGreaterThan(0.0001);
  expect(watch.said()).toMatch(/Not run: up to \$0\.\d+ is above watch\.confirm_usd \(\$0\.0001\)/);
  await watch.next('watching');
  expect(server.requests).toHaveLength(0);
  editFile(path.join(folder, 'experiment.yaml'), (text) => text.replace('0.0001', '1'));
  await answer(server, 6);
  expect(await watch.next('round')).toMatchObject({ outcome: 'ran', executed: 6 });
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    // A server on this machine costs nothing unless it is said that nobody knows.
    text.replace(/pricing: \{.*?\} \} \}/, 'pricing: unknown }').replace('"be 1"', '"be one"'),
  );
  expect(await watch.next('round')).toMatchObject({ outcome: 'not-confirmed', pending: 3 });
  expect(watch.said()).toContain('Not run: what it costs is not known');
  watch.signal('SIGINT');
  await watch.ended;
  const willing = startWatching(folder, ['--yes']);
  await answer(server, 3);
  expect(await willing.next('round')).toMatchObject({ outcome: 'ran', executed: 3 });
});

it('runs what an edit of imported code or of a prepared input makes stale', {
  timeout: TIMEOUT_MS,
}, async () => {
  const made = harnessRun({
    manifest: [
      'provider: sim',
      'variants: { mine: { use: ./code/mine.ts } }',
      'prepare: [{ command: [sh, -c, "tr a-z A-Z < raw.txt > made.txt"], inputs: [raw.txt], outputs: [made.txt] }]',
    ].join('\n'),
    files: {
      'code/mine.ts': "import { word } from './lib/word.ts';\nexport default { run: () => word };\n",
      'code/lib/word.ts': "export const word = 'one';\n",
      'raw.txt': 'a',
    },
  });
  const watch = startWatching(made.folder);
  expect(await watch.next('round')).toMatchObject({ outcome: 'ran', executed: 3, failed: 0 });
  await watch.next('watching');
  const files = { [path.join('code', 'lib', 'word.ts')]: "export const word = 'two';\n" };
  writeFiles(made.folder, files);
  expect(await watch.next('round')).toMatchObject({ executed: 3, saved: ['code/lib/word.ts'] });
  expect(made.records('mine').one.output.text).toBe('two');
  writeFiles(made.folder, { 'raw.txt': 'b' });
  expect(await watch.next('round')).toMatchObject({ executed: 3, saved: ['raw.txt'] });
  expect(readFileSync(path.join(made.folder, 'made.txt'), 'utf8')).toBe('B');
  watch.signal('SIGINT');
  expect((await watch.ended).code).toBe(0);
  // What preparation makes is no edit.
  expect(watch.untaken()).toEqual([]);
});

it('only plans and shows with --no-run', { timeout: TIMEOUT_MS }, async () => {
  const folder = tempFolder();
  await sample(folder);
  const watch = startWatching(folder, ['--no-run', '--variant', 'applike']);
  expect(await watch.next('round')).toMatchObject({ outcome: 'no-run', tasks: 60, pending: 60 });
  await watch.next('watching');
  expect(filesBelow(folder).filter((name) => name.startsWith('artifacts'))).toEqual([]);
});

it('stops as run does when it is left while tasks run', { timeout: TIMEOUT_MS }, async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  heldExperiment(folder, server);
  const watch = startWatching(folder);
  const held = [await server.next(), await server.next()];
  watch.signal('SIGINT');
  await watch.saying('Stopping: calls in flight may finish');
  for (const call of held) call.answer(chatAnswer('yes'));
  expect(await watch.next('round')).toMatchObject({ how: 'interrupted', executed: 2, missing: 4 });
  expect(await watch.next('left')).toMatchObject({ while: 'running' });
  expect(await watch.ended).toMatchObject({ code: 130 });
  expect(recordsByKey(folder).size).toBe(2);
  expect((await cli(['fsck'], { cwd: folder })).code).toBe(0);
});

it('waits for another command that has the store', { timeout: TIMEOUT_MS }, async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  heldExperiment(folder, server);
  const other = cli(['run', '--json'], { cwd: folder });
  const held = [await server.next(), await server.next()];
  const watch = startWatching(folder);
  await watch.saying('waiting for process');
  for (const call of held) call.answer(chatAnswer('yes'));
  await answer(server, 4);
  expect((await other).code).toBe(0);
  // What the other has done is not done again.
  expect(await watch.next('round')).toMatchObject({ outcome: 'ran', executed: 0, cached: 6, complete: true });
  expect(server.requests).toHaveLength(6);
});
