// compare with the real program: over the sample's records, at moments, with the gate open and closed.
// @project e2e: the sample is drawn and compared in every way.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cli, ranSample, sample } from '../rig/cli.ts';
import { editFile } from '../rig/files.ts';
import { writeExperiment } from '../rig/small-experiment.ts';
import { tempFolder } from '../rig/temp.ts';

let folder = '';
const expgraph = (...args: string[]): ReturnType<typeof cli> => cli(args, { cwd: folder });
// biome-ignore lint/suspicious/noExplicitAny: documents are looked at piece by piece
const json = async (...args: string[]): Promise<any> =>
  JSON.parse((await expgraph('compare', ...args, '--format', 'json')).stdout);
const edit = (from: string, to: string): void =>
  editFile(path.join(folder, 'experiment.yaml'), (text) => {
    if (!text.includes(from)) throw new Error(`the sample has no ${from}`);
    return text.replace(from, to);
  });

beforeEach(async () => {
  folder = tempFolder();
  await sample(folder);
});

describe('compare', () => {
  it('compares what every record tells, in each format', async () => {
    await ranSample(folder);
    const table = await expgraph('compare', '--metric', 'tokens', '--by', 'category');
    expect(table.code).toBe(0);
    expect(table.stderr).toBe('');
    expect(table.stdout).toMatch(/^baseline +20 +60 +8\d\d\.\d/m);
    expect(table.stdout).toMatch(/^applike +20 +\+1\d\d\.\d .* <0\.001 /m);
    expect(table.stdout).toMatch(/^ {2}ambiguous +6 /m);
    expect(table.stdout).toContain('applike uses more tokens than baseline');
    expect(table.stdout).toContain('SIMULATION');
    const document = await json(
      'applike',
      'baseline',
      '--metric',
      'latency',
      '--category',
      'sanity',
      '--runs',
      '1-2',
    );
    expect(document).toMatchObject({
      v: 1,
      experiment: 'tool-interface',
      metric: 'latency',
      between: 'variants',
      refused: false,
      simulated: true,
      arms: [
        { name: 'applike', cells: 6, runs: 2, scenarios: 3, values: 6, marks: [] },
        { name: 'baseline', cells: 6 },
      ],
      comparisons: [{ first: 'applike', second: 'baseline', scenarios: 3, verdict: 'too-few' }],
    });
    const markdown = await expgraph('compare', '--metric', 'cost', '--format', 'markdown');
    expect(markdown.stdout).toMatch(/^## tool-interface: cost a cell\n\n\| arm \| scenarios \|/);
    const html = await expgraph('compare', '--metric', 'tokens', '--format', 'html');
    expect(html.stdout).toMatch(/^<!doctype html>.*<svg.*<\/html>\n$/s);
    const again = await expgraph('compare', '--metric', 'tokens', '--by', 'category');
    expect(again.stdout).toBe(table.stdout);
  });

  it('without scorers says how to get scores and what can be compared now', async () => {
    const plain = tempFolder();
    writeExperiment(plain, { variants: 2, scenarios: 1, runs: 1, concurrency: 1, sim: '{ type: sim }' });
    const { code, stdout, stderr } = await cli(['compare'], { cwd: plain });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /give scenarios an `expect:` or declare `scorers:`.* `npx expgraph score`.*--metric tokens, --metric latency or --metric cost/,
    );
  });

  it.each([
    [['compare', 'applik', '--metric', 'tokens'], /no variant matches "applik"; did you mean "applike"\?/],
    [['compare', '--metric', 'tokens', '--cluster', 'categry'], /did you mean "category"\?/],
    [['compare', '--metric', 'tokens', '--scenario', 'nothing:*'], /no task matches the filters/],
    [['compare', '--metric', 'price'], /Allowed choices are score, pass, tokens, latency, cost/],
    [['compare', '--metric', 'tokens', '--at', '9'], /there is no invocation 9/],
    [['compare', '--metric', 'tokens', '--scorer', 'judge'], /there is no scorer "judge"; there are expect/],
    [
      ['compare', '--metric', 'tokens', '--at', '1', '--at', '2', '--at', 'now'],
      /--at is given at most twice/,
    ],
  ])('%j is a mistake', async (args, message) => {
    const { code, stdout, stderr } = await expgraph(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('scores', () => {
  it('are compared by mean and by pass, by their own scorers, and asked for where they are missing', async () => {
    await expgraph('run', '--category', 'negative');
    const scores = await json('--category', 'negative');
    expect(scores).toMatchObject({
      metric: 'score',
      scorers: ['expect'],
      refused: false,
      arms: [{ cells: 12, values: 12, pass_k: null }, { cells: 12 }],
    });
    const passes = await json('--category', 'negative', '--metric', 'pass', '--scorer', 'expect');
    expect(passes.arms[0].pass_k.map(({ k }: { k: number }) => k)).toEqual([1, 2, 3]);
    expect(passes.comparisons[0]).toMatchObject({
      mcnemar: { p: expect.any(Number) },
      fisher: { p: expect.any(Number) },
    });
    const record = JSON.parse((await expgraph('history', 'applike/negative:*/1', '--json')).stdout)
      .records[0];
    expect(record).toMatchObject({ passed: expect.any(Boolean), score: expect.any(Number), flip: null });
    rmSync(path.join(folder, 'artifacts/tool-interface/scores'), { recursive: true });
    const refused = await expgraph('compare', '--category', 'negative');
    expect(refused.code).toBe(1);
    expect(refused.stderr.replace(/\s+/g, ' ')).toMatch(
      /of 12 cells 12 not scored .*\. `npx expgraph score` scores what is there/,
    );
  });
});

describe('the gate', () => {
  it('is closed by what is missing or stale, says what to do, and marks what it is told to compare', async () => {
    await expgraph('run', '--runs', '1-2');
    const missing = await expgraph('compare', '--metric', 'tokens');
    expect([missing.code, missing.stdout]).toEqual([1, '']);
    const said = missing.stderr.replace(/\s+/g, ' ');
    expect(said).toMatch(
      /baseline is incomplete: of 60 cells 20 missing \(baseline\/\S+\/3, .* and 17 more\)\. `npx expgraph run` draws them\./,
    );
    expect(said).toContain('with every number marked: --allow-incomplete.');
    expect(await json('--metric', 'tokens')).toMatchObject({
      refused: true,
      comparisons: [],
      findings: [{ kind: 'incomplete', arms: ['baseline'], count: 20 }, { arms: ['applike'] }],
    });
    const told = await expgraph('compare', '--metric', 'tokens', '--allow-incomplete');
    expect(told.code).toBe(0);
    expect(told.stdout).toMatch(/^baseline +20\* +40\* +20 +\d+\.\d\* /m);
    expect(told.stdout).toMatch(/^\* baseline is incomplete/m);
    expect((await expgraph('compare', '--metric', 'tokens', '--runs', '1-2')).code).toBe(0);
    edit('temperature: 0.2', 'temperature: 0.3');
    expect(
      (await expgraph('compare', '--metric', 'tokens', '--runs', '1')).stderr.replace(/\s+/g, ' '),
    ).toContain('of 20 cells 20 stale');
    // As it was then it is whole: an edit of today changes nothing of it.
    expect((await expgraph('compare', '--metric', 'tokens', '--at', '1')).code).toBe(0);
  });

  it('is closed by failed cells', async () => {
    edit('sim: { latency_ms: 2', 'sim: { error_rate: 1, latency_ms: 2');
    edit('retries: 4', 'retries: 0');
    await expgraph('run', '--scenario', 'sanity:*', '--variant', 'applike');
    edit('error_rate: 1, ', '');
    await expgraph('run', '--scenario', 'sanity:*', '--variant', 'baseline');
    const failed = await expgraph('compare', '--metric', 'latency', '--scenario', 'sanity:*');
    expect(failed.code).toBe(1);
    expect(failed.stderr.replace(/\s+/g, ' ')).toMatch(
      /applike is incomplete: of 9 cells 9 failed .*run --failed/,
    );
    expect(failed.stderr).not.toContain('baseline is');
  });

  it('is closed by an arm that two models answered', async () => {
    edit('sim: { latency_ms: 2', 'sim: { drift: { after: 60, served_model: sim-small-0202 }, latency_ms: 2');
    await expgraph('run');
    const refused = await expgraph('compare', '--metric', 'tokens');
    expect(refused.code).toBe(1);
    expect(refused.stderr.replace(/\s+/g, ' ')).toMatch(
      /baseline was answered by more than one model: \S+ in \d+ cells, \S+ in \d+ cells .*--allow-mixed-models/,
    );
    const told = await expgraph('compare', '--metric', 'tokens', '--allow-mixed-models');
    expect(told.code).toBe(0);
    expect(told.stdout).toMatch(/^baseline +20† +60† /m);
  });
});

describe('over time', () => {
  it('holds each variant against itself, and lists what moved without an edit and what was edited', async () => {
    await expgraph('run', '--scenario', 'ambiguous:*');
    edit('sim: { latency_ms: 2', 'sim: { seed: 99, latency_ms: 2');
    await expgraph('run', '--scenario', 'ambiguous:*', '--variant', 'applike', '--force');
    const document = await json('applike', 'baseline', '--metric', 'tokens', '--at', '1', '--at', '2');
    expect(document.comparisons).toMatchObject([
      {
        first: 'applike at 0001',
        second: 'applike at 0002',
        scenarios: 6,
        moved: { cells: 18, input_changed: [] },
      },
      { first: 'baseline at 0001', moved: { cells: 18, not_drawn_again: 18, another_answer: [] } },
    ]);
    const history = JSON.parse((await expgraph('history', 'applike/*', '--json')).stdout).records as {
      readonly moved: boolean;
      readonly variant: string;
      readonly scenario: string;
      readonly run: number;
    }[];
    const moved = history
      .filter((one) => one.moved)
      .map(({ variant, scenario, run }) => `${variant}/${scenario}/${run}`);
    const listed = document.comparisons[0].moved.another_answer.map(({ cell }: { cell: string }) => cell);
    expect(listed.sort()).toEqual(moved.sort());
    const diff = JSON.parse((await expgraph('diff', '1', '2', '--json')).stdout);
    expect(diff.moved).toBe(moved.length);
    // One moment: both arms as they were, whatever came later.
    const then = await json('--metric', 'tokens', '--at', '1');
    expect(then).toMatchObject({
      between: 'variants',
      refused: false,
      arms: [{ at: expect.stringMatching(/^0001-/) }, {}],
    });
    edit('temperature: 0.2', 'temperature: 0.3');
    await expgraph('run', '--scenario', 'ambiguous:*', '--variant', 'applike');
    const edited = await json('applike', '--metric', 'tokens', '--at', '2', '--at', 'now');
    expect(edited.comparisons[0].moved.input_changed).toHaveLength(18);
    expect((await expgraph('show', edited.comparisons[0].moved.input_changed[0])).code).toBe(0);
  });

  it('refuses an arm of which only a part was drawn again since an edit', async () => {
    await expgraph('run', '--scenario', 'sanity:*');
    edit('temperature: 0.2', 'temperature: 0.3');
    await expgraph('run', '--scenario', 'sanity:*', '--variant', 'applike', '--runs', '1');
    const document = await json('--metric', 'tokens', '--at', '2');
    expect(document).toMatchObject({
      refused: true,
      findings: [{ kind: 'incomplete', arms: ['applike at 0002'], count: 6 }, { kind: 'lacks-differ' }],
    });
  });
});
