// From a manifest, its records and a book of verdicts to the cells of a comparison.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareArms } from '../../src/analysis/compare/compare.ts';
import { openReader } from '../../src/cache/index/reader.ts';
import type { StoreReader } from '../../src/cache/store.ts';
import { realIo } from '../../src/cli/real-io.ts';
import { throughNumber } from '../../src/core/invocation-id.ts';
import type { CellScore, ScoreBook } from '../../src/core/scoring.ts';
import { NO_FILTER } from '../../src/core/task.ts';
import { type CompareQuestion, gatherComparison } from '../../src/project/compare/arms.ts';
import { type Experiment, openExperiment } from '../../src/project/open/experiment.ts';
import { chosenScorers, openJudge, saidBy, verdictOf } from '../../src/project/select/verdict.ts';
import { writeFiles } from '../rig/files.ts';
import { program } from '../rig/program.ts';

const score = (scorer: string, of: Partial<CellScore> = {}): CellScore => ({
  ...{ scorer, score: 1, passed: true, label: null, missing: null },
  ...of,
});

describe('a verdict on one answer', () => {
  it('is the mean of what applies, and passes where all pass', () => {
    expect(verdictOf([score('a'), score('b', { score: 0.5, passed: false })])).toEqual({
      ...{ score: 0.75, passed: false, lack: null },
    });
    expect(verdictOf([score('a', { passed: null }), score('b', { score: null })])).toEqual({
      ...{ score: 1, passed: true, lack: null },
    });
    expect(verdictOf([score('a', { score: null, passed: null, label: 'B' })])).toEqual({
      ...{ score: null, passed: null, lack: null },
    });
  });

  it('is none while a scorer is missing, and never a zero', () => {
    const missing = score('b', { score: null, passed: null, missing: 'failed' });
    expect(verdictOf([score('a'), missing])).toEqual({ score: null, passed: null, lack: 'unscored' });
    expect(verdictOf([])).toEqual({ score: null, passed: null, lack: 'unjudged' });
  });
});

describe('the outcome of a test beside scorers that are named', () => {
  const outcome = score('outcome', { score: 0, passed: false, isBeside: true });

  it('fails the answer, and moves no mean', () => {
    expect(verdictOf([outcome, score('a', { score: 0.5 })])).toEqual({
      ...{ score: 0.5, passed: false, lack: null },
    });
    expect(verdictOf([outcome])).toEqual({ score: null, passed: false, lack: null });
  });

  it('is a number like all others where it is asked for by name', () => {
    expect(verdictOf(saidBy([outcome, score('a')], ['outcome']))).toEqual({
      ...{ score: 0, passed: false, lack: null },
    });
  });
});

describe('arms', () => {
  let experiment: Experiment;
  let store: StoreReader;

  const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
  afterAll(() => {
    store[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeAll(async () => {
    writeFiles(folder, {
      'experiment.yaml': [
        'version: 1\nname: made\nprovider: sim\nruns: 2\nscenarios: [scenarios.yaml]',
        'variants: { first: { system: Be brief. }, second: { system: Be kind. }, third: { system: Be odd. } }',
        'providers: { sim: { type: sim, sim: { latency_ms: 1, latency_spread: 0 } } }\n',
      ].join('\n'),
      'scenarios.yaml': ['one', 'two', 'three']
        .map(
          (id, i) =>
            `- { id: ${id}, input: "do ${id}", category: ${i < 2 ? 'low' : 'high'}, tags: [t${i}, all] }\n`,
        )
        .join(''),
    });
    expect((await program(['run'], { cwd: folder })).code).toBe(0);
    experiment = await openExperiment({ ...realIo(), cwd: folder }, 'experiment.yaml');
    store = openReader(path.join(folder, 'artifacts/made'));
  });

  const book = (of: ScoreBook['of'], scorers: readonly string[] = ['expect', 'judge']): ScoreBook => ({
    scorers,
    of,
  });
  const gather = (more: Partial<CompareQuestion>): ReturnType<typeof gatherComparison> =>
    gatherComparison({
      ...{ experiment, store, patterns: [], filter: NO_FILTER, by: null, moments: [] },
      metric: 'score',
      book: book(() => [score('expect'), score('judge', { score: 0.5 })]),
      allowed: { incomplete: false, mixedModels: false },
      ...more,
    });

  it('are all variants, the first against each other one; or those that are named, in that order', () => {
    const all = gather({});
    expect(all.arms.map(({ variant }) => variant)).toEqual(['first', 'second', 'third']);
    expect(all.pairs).toEqual([
      [0, 1],
      [0, 2],
    ]);
    expect(all.arms[0]).toMatchObject({ at: null, unjudged: 0, cells: { length: 6 } });
    expect(all.arms.map(({ simulated }) => simulated)).toEqual([true, true, true]);
    const named = gather({ patterns: ['third', '*ir*', 'third'] });
    expect(named.arms.map(({ variant }) => variant)).toEqual(['third', 'first']);
    expect(() => gather({ patterns: ['nobody'] })).toThrow(
      'no variant matches "nobody"; there are first, second, third',
    );
    const alone = gather({ patterns: ['first'] });
    expect([alone.arms.map(({ variant }) => variant), alone.pairs]).toEqual([['first'], []]);
  });

  it('have the mean of the scorers, or whether all passed', () => {
    const values = (more: Partial<CompareQuestion>): ReadonlySet<number | null> =>
      new Set(gather(more).arms.flatMap(({ cells }) => cells.map(({ value }) => value)));
    expect(values({})).toEqual(new Set([0.75]));
    expect(values({ metric: 'pass' })).toEqual(new Set([1]));
    const one = chosenScorers(
      book(() => [score('expect'), score('judge', { score: 0.5 })]),
      ['judge'],
    );
    expect(values({ book: one })).toEqual(new Set([0.5]));
    expect(gather({ book: one }).scorers).toEqual(['judge']);
    expect(() => chosenScorers(one, ['expect'])).toThrow('there is no scorer "expect"; there are judge');
  });

  it('leave out a score that is missing and close the gate for it', () => {
    const input = gather({
      book: book(({ scenario, variant }) => [
        score(
          'expect',
          scenario === 'two' && variant === 'second' ? { missing: 'not-run', score: null, passed: null } : {},
        ),
      ]),
    });
    const { findings, arms } = compareArms(input);
    expect(findings).toMatchObject([
      { kind: 'incomplete', arms: [1], count: 2, hint: expect.stringContaining('npx expgraph score') },
    ]);
    expect(arms.map(({ summary }) => summary!.values)).toEqual([6, 4, 6]);
    expect(arms[1]!.summary!.mean).toBe(1);
  });

  it('are about the scenarios that a scorer is about; of a label there is no mean', () => {
    const input = gather({ book: book(({ scenario }) => (scenario === 'one' ? [] : [score('expect')])) });
    expect(input.arms[0]).toMatchObject({ unjudged: 2, cells: { length: 4 } });
    expect(compareArms(input).findings.map(({ kind }) => kind)).toEqual(['unjudged', 'unjudged', 'unjudged']);
    const labels = gather({ book: book(() => [score('expect', { score: null, passed: null, label: 'B' })]) });
    expect(compareArms(labels).findings).toMatchObject(
      Array.from({ length: 3 }, () => ({ kind: 'no-values', severity: 'refusal' })).flatMap((one) => [
        one,
        { kind: 'unjudged' },
      ]),
    );
  });

  it('without a number where other answers to the scenario have one are not scored, and close the gate', () => {
    const silent = book(({ variant, scenario }) => [
      score('expect'),
      score(
        'judge',
        variant === 'second' && scenario === 'two' ? { score: null, passed: null, label: 'odd' } : {},
      ),
    ]);
    for (const metric of ['score', 'pass'] as const) {
      const input = gather({ book: silent, metric });
      expect(input.arms[1]!.cells.filter(({ lack }) => lack === 'unscored')).toMatchObject([
        { scenario: 'two', run: 1, value: null, isSilent: true },
        { scenario: 'two', run: 2, value: null, isSilent: true },
      ]);
      const { findings, arms } = compareArms(input);
      expect(findings).toMatchObject([{ kind: 'incomplete', severity: 'refusal', arms: [1], count: 2 }]);
      expect(arms[1]!.lacking.unscored).toBe(2);
    }
  });

  it('lack nothing where no answer to the scenario has it in any arm: that is not asked for', () => {
    const input = gather({
      book: book(({ scenario }) => [
        score('expect', scenario === 'two' ? { score: null, passed: null } : {}),
      ]),
    });
    expect(input.arms.map(({ unjudged }) => unjudged)).toEqual([2, 2, 2]);
    expect(compareArms(input).findings.every(({ kind }) => kind === 'unjudged')).toBe(true);
  });

  it('know how often each cell was drawn, and what its first draw came to', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
    try {
      writeFiles(folder, {
        'experiment.yaml': [
          'version: 1\nname: made\nprovider: sim\nruns: 1\nscenarios: [scenarios.yaml]',
          'variants: { first: { system: Be brief. }, second: { system: Be kind. } }',
          'providers: { sim: { type: sim, sim: { latency_ms: 1, latency_spread: 0 } } }\n',
        ].join('\n'),
        'scenarios.yaml': '- { id: one, input: a }\n- { id: two, input: b }\n',
      });
      const run = async (...args: readonly string[]): Promise<void> => {
        expect((await program(['run', ...args], { cwd: folder })).code).toBe(0);
      };
      await run();
      await run('--force', '--variant', 'second', '--scenario', 'two');
      const experiment = await openExperiment({ ...realIo(), cwd: folder }, 'experiment.yaml');
      using store = openReader(path.join(folder, 'artifacts/made'));
      const asked = { experiment, store };
      const cell = gather(asked).arms[1]!.cells.find(({ scenario }) => scenario === 'two')!;
      expect(cell.draws).toMatchObject({ completed: 2, since: 1, isChosen: false });
      expect(cell.draws!.first).toEqual({ value: 0.75 });
      const first = gather({ ...asked, isFirstDraws: true }).arms[1]!.cells.find(
        ({ scenario }) => scenario === 'two',
      )!;
      expect(first.record!.id).toBeLessThan(cell.record!.id);
      expect(first.draws!.first).toBeNull();
      const others = gather(asked).arms.flatMap(({ cells }) =>
        cells.filter((one) => one.draws!.first === null),
      );
      expect(others).toHaveLength(3);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are narrowed by scenario, category, tag and run, and grouped by category or tag', () => {
    const cells = (filter: Partial<typeof NO_FILTER>): readonly string[] =>
      gather({ filter: { ...NO_FILTER, ...filter } }).arms[0]!.cells.map(
        ({ scenario, run }) => `${scenario}/${run}`,
      );
    expect(cells({ scenario: ['t*'], runs: [2] })).toEqual(['two/2', 'three/2']);
    expect(cells({ category: ['high'] })).toEqual(['three/1', 'three/2']);
    expect(cells({ tag: ['t0'] })).toEqual(['one/1', 'one/2']);
    expect(['one', 'three'].map(gather({ by: 'category' }).groupsOf)).toEqual([['low'], ['high']]);
    expect(gather({ by: 'tag' }).groupsOf('two')).toEqual(['t1', 'all']);
  });

  it('take numbers of records from the index, and say where a record tells none', () => {
    const tokens = gather({ metric: 'tokens' });
    const rows = [...store.everyRecord()];
    const sum = (numbers: readonly (number | null)[]): number =>
      numbers.reduce<number>((all, one) => all + one!, 0);
    expect(sum(tokens.arms.flatMap(({ cells }) => cells.map(({ value }) => value)))).toBe(
      sum(rows.map(({ inputTokens, outputTokens }) => inputTokens! + outputTokens!)),
    );
    expect(tokens.scorers).toEqual([]);
    const unpriced = { ...store, measures: () => rows.map((row) => ({ ...row, costUsd: null })) };
    const { findings } = compareArms(gather({ metric: 'cost', store: unpriced }));
    expect(findings[0]!.message).toBe('first is incomplete: of 6 cells 6 without this number');
  });

  it('between two moments have verdicts whatever the metric is, so that flips are seen', () => {
    const moments = [1, 1].map((sequence) => ({ label: 'now', upTo: throughNumber(sequence) }));
    const input = gather({ metric: 'tokens', moments, patterns: ['first'] });
    expect(input.pairs).toEqual([[0, 1]]);
    expect(input.arms[0]!.cells.every(({ passed }) => passed === true)).toBe(true);
    expect(compareArms(input).pairs[0]!.moved).toMatchObject({ cells: 6, untouched: 6, flips: [] });
  });

  it('tell beside a record what its scorers say', () => {
    const judge = openJudge(book(({ outputDigest }) => [score('expect', { passed: outputDigest === 'x' })]));
    const row = { variant: 'first', scenario: 'one', run: 1 };
    expect(judge({ ...row, outputDigest: 'x', tested: null, ending: null })).toEqual({
      score: 1,
      passed: true,
    });
    expect(judge({ ...row, outputDigest: null, tested: null, ending: null })).toEqual({
      score: null,
      passed: null,
    });
  });
});
