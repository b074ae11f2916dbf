// The smaller commands, as a user meets them.
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cli, ranSample, sample } from '../rig/cli.ts';
import { editFile, filesBelow } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

let folder = '';
const expgraph = (...args: string[]): ReturnType<typeof cli> => cli(args, { cwd: folder });
const experiment = (): string => path.join(folder, 'experiment.yaml');

beforeEach(async () => {
  folder = tempFolder();
  await sample(folder);
});

describe('mistakes', () => {
  it('end with exit 2, all at once, with nothing started and nothing written', async () => {
    editFile(experiment(), (text) =>
      text.replace('temperature: 0.2', 'temprature: 0.2').replace('runs: 3', 'runs: three'),
    );
    const { code, stdout, stderr } = await expgraph('run');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('did you mean "temperature"?');
    expect(stderr).toContain('must be a whole number, not the text "three"');
    expect(filesBelow(folder).filter((file) => file.startsWith('artifacts'))).toEqual([]);
  });

  it.each([
    [['run', '--runs', '1,x'], /--runs "1,x": "x" is not a run or a range/],
    [
      ['run', '--scenario', 'nothing:*'],
      /no task matches the filters: no scenario matches "nothing:\*"; there are ambiguous:no-time, .* and 14 more$/m,
    ],
    [['run', '-f', 'other.yaml'], /other\.yaml/],
    [['runn'], /there is no command "runn"; did you mean expgraph run\?/],
    [['plan', '--format', 'svg'], /Allowed choices are table, json, mermaid, dot/],
    [['show', 'nobody/knows/1'], /no record matches/],
    [['diff', '7'], /there is no invocation 7/],
    [['diff', 'tomorrow'], /is no invocation, no date and not "now"/],
    [['sim', '--port', 'http'], /--port "http": a number from 0 to 65535 is needed/],
    [['sim', '--max-in-flight', '0'], /--max-in-flight "0": a whole number from 1 to/],
    [
      ['sim', '--outage-after', '1', '--outage-status', '200'],
      /--outage-status "200": a whole number from 400 to 599/,
    ],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await expgraph(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });
});

it('init writes over nothing', async () => {
  const before = readFileSync(experiment(), 'utf8');
  const { code, stderr } = await expgraph('init');
  expect(code).toBe(2);
  expect(stderr).toContain('experiment.yaml');
  expect(readFileSync(experiment(), 'utf8')).toBe(before);
});

it('schema prints what the validator uses', async () => {
  for (const name of ['experiment', 'scenario', 'record', 'event']) {
    const { code, stdout } = await expgraph('schema', name);
    expect([code, JSON.parse(stdout).$id]).toEqual([0, expect.stringContaining(name)]);
  }
});

it('doctor says what is there, and what to do where something is not', async () => {
  expect(await expgraph('doctor')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/ok +manifest .*120 tasks/),
  });
  editFile(experiment(), (text) =>
    text.replace('provider: sim', 'provider: local').replace('127.0.0.1:11434', '127.0.0.1:9'),
  );
  const { code, stdout } = await expgraph('doctor', '--json');
  const { checks } = JSON.parse(stdout) as {
    checks: { name: string; state: string; advice: string | null }[];
  };
  expect(code).toBe(1);
  expect(checks.find(({ name }) => name === 'endpoint of local')).toMatchObject({
    state: 'failed',
    advice: 'start the server, or correct base_url under providers',
  });
});

it('reindex brings back index and view from the history alone', async () => {
  await ranSample(folder);
  const artifacts = path.join(folder, 'artifacts/tool-interface');
  const view = new Map(
    filesBelow(path.join(artifacts, 'runs')).map((file) => [
      file,
      readFileSync(path.join(artifacts, 'runs', file), 'utf8'),
    ]),
  );
  rmSync(path.join(artifacts, 'runs'), { recursive: true });
  rmSync(path.join(artifacts, 'index.db'));
  const { code, stdout } = await expgraph('reindex');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^reindexed 120 records; 6 files in runs\/ are as the history says; \d+ scores\n$/);
  for (const [file, text] of view)
    expect(readFileSync(path.join(artifacts, 'runs', file), 'utf8')).toBe(text);
  expect(await expgraph('fsck')).toMatchObject({ code: 0 });
  expect(JSON.parse((await expgraph('run', '--json')).stdout)).toMatchObject({ executed: 0, cached: 120 });
});

it('run --offline calls nobody and says what is missing', async () => {
  const { code, stdout } = await expgraph('run', '--offline', '--json');
  expect([code, JSON.parse(stdout)]).toMatchObject([
    1,
    { executed: 0, missing: 120, complete: false, attempts: 0 },
  ]);
});

it('show prints the transcript of one cell, and the record as it is kept', async () => {
  await expgraph('run', '--scenario', 'sanity:*');
  const text = (await expgraph('show', 'applike/sanity:list-week/1')).stdout;
  expect(text).toContain("What's on my schedule this week?");
  const record = JSON.parse((await expgraph('show', 'applike/sanity:list-week/1', '--json')).stdout);
  expect(record).toMatchObject({ type: 'scenario_result', variant: 'applike', run: 1, generation: 1 });
  const again = JSON.parse((await expgraph('show', `${record.key.slice(0, 8)}@1`, '--json')).stdout);
  expect(again).toEqual(record);
});

it('diff tells two invocations apart, cell by cell', async () => {
  await expgraph('run', '--scenario', 'sanity:*', '--runs', '1');
  await expgraph('run', '--scenario', 'ambiguous:*', '--runs', '1');
  const diff = JSON.parse((await expgraph('diff', '1', '2', '--json')).stdout);
  expect(diff.counts).toEqual({ same: 6, 'output-changed': 0, 'status-changed': 0, new: 12, gone: 0 });
});
