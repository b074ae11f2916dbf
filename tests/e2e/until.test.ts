// `until:` with the real program: run after run is drawn until a look says that it is enough; whoever is stopped goes on where
// it was; and what is concluded counts the looks.
// @project e2e: experiments are drawn again and again.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/core/summary.ts';
import type { UntilSummary } from '../../src/core/until.ts';
import { cli } from '../rig/cli.ts';
import { editFile } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';
import { NOISY, type UntilExperiment, writeUntil } from '../rig/until-experiment.ts';

let folder = '';
const expgraph = (...args: string[]): ReturnType<typeof cli> => cli(args, { cwd: folder });

type Document = RunSummary & { readonly code: number | null; readonly stderr: string };

async function json(...args: string[]): Promise<Document> {
  const { code, stdout, stderr } = await expgraph(...args, '--json');
  return { ...(JSON.parse(stdout || '{}') as RunSummary), code, stderr };
}

const write = (of: UntilExperiment): void => writeUntil(folder, of);

const HISTORY = 'artifacts/made/history';
const invocations = (): readonly string[] => readdirSync(path.join(folder, HISTORY)).sort();
const kept = (invocation: string): { readonly until?: UntilSummary; readonly how: string } =>
  JSON.parse(readFileSync(path.join(folder, HISTORY, invocation, 'invocation.json'), 'utf8'));
const rows = ({ variants }: RunSummary): readonly string[] =>
  variants.map(({ variant, run, completed }) => `${variant}/${run} ${completed}`);

beforeEach(() => {
  folder = tempFolder();
});

describe('until', { timeout: 180_000 }, () => {
  it('draws one run after the other until the goal is reached, and then nothing more', async () => {
    write(NOISY);
    const ran = await json('run');
    const [question] = ran.until!.questions;
    expect(question).toMatchObject({ first: 'a', second: 'b', state: 'narrow', scenarios: 16 });
    expect(question!.half_width).toBeLessThanOrEqual(0.32);
    expect(question!.runs).toBeGreaterThan(2);
    expect([ran.code, ran.executed, ran.cached]).toEqual([0, question!.runs * 32, 0]);
    // One invocation a run, each with the look that was taken when it ended.
    const stages = invocations();
    expect(stages).toHaveLength(question!.runs - 1);
    const looks = stages.map((one) => kept(one).until!);
    expect(looks.map(({ questions }) => questions[0]!.state)).toEqual([
      ...stages.slice(1).map(() => 'open'),
      'narrow',
    ]);
    expect(looks.map(({ next }) => next?.run ?? null)).toEqual([
      ...stages.slice(1).map((_, i) => i + 3),
      null,
    ]);
    expect(ran.stderr).toContain('until: after 2 runs b - a');

    const again = await json('run');
    expect([again.code, again.executed, again.cached]).toEqual([0, 0, ran.executed]);
    expect(again.until).toEqual(ran.until);
    expect(invocations()).toEqual(stages);
    const plan = JSON.parse((await expgraph('plan', '--json')).stdout);
    expect([plan.pending, plan.until.at_most.tasks]).toEqual([0, 0]);
    const status = await expgraph('status');
    expect(status.stdout).toContain(`narrow enough after ${question!.runs} runs`);
    expect((await expgraph('log', '1')).stdout.replace(/\s+/g, ' ')).toContain('not yet after 2 runs');
    expect((await expgraph('fsck')).code).toBe(0);
  });

  it('goes on where it was stopped, in a run and between two, and comes to the same', async () => {
    write(NOISY);
    const whole = await json('run');
    folder = tempFolder();
    write(NOISY);
    const between = await json('run', '--max-new', '64');
    expect([between.how, between.executed, between.code]).toEqual(['max-new-reached', 64, 3]);
    expect(between.go_on).toEqual({ command: 'expgraph run --max-new 64 --json', tasks: 32 });
    const planned = JSON.parse((await expgraph('plan', '--json')).stdout);
    expect([planned.pending, planned.until.next.run, planned.until.at_most.tasks]).toEqual([32, 3, 96]);
    const inside = await json('run', '--max-new', '10');
    expect([inside.how, inside.executed, inside.until!.waits]).toEqual([
      'max-new-reached',
      10,
      '22 of its cells are not drawn',
    ]);
    const over = await json('run', '--max-new', '30');
    expect([over.executed, over.why]).toEqual([30, expect.stringContaining('--max-new 30 reached')]);
    const end = await json('run');
    expect(end.until).toEqual(whole.until);
    expect(rows(end)).toEqual(rows(whole));
    expect(end.executed).toBe(whole.executed - 64 - 10 - 30);
  });

  it('holds p and intervals of compare to all looks that were planned', async () => {
    write({ until: '{ decided: 0.2, max_runs: 6 }', arms: { a: 0.2, b: 0.8 } });
    const ran = await json('run');
    const [question] = ran.until!.questions;
    expect(question!.state).toBe('found');
    const compared = JSON.parse((await expgraph('compare', '--json')).stdout);
    expect(compared.looks).toEqual({ first: 2, last: 6, level: question!.level });
    const [{ ci95, permutation }] = compared.comparisons;
    expect(ci95.low).toBeCloseTo(question!.low, 9);
    expect(ci95.high).toBeCloseTo(question!.high, 9);
    expect(permutation.p).toBeGreaterThan(question!.p!);
    expect(permutation.p).toBeLessThanOrEqual(0.05);
    expect((await expgraph('compare')).stdout.replace(/\s+/g, ' ')).toContain('corrected for all 5 looks');

    editFile(path.join(folder, 'experiment.yaml'), (text) => text.replace(/until: .*\n/, ''));
    const once = JSON.parse((await expgraph('compare', '--json')).stdout);
    expect(once).not.toHaveProperty('looks');
    expect(once.comparisons[0].permutation.p).toBeLessThan(permutation.p);
  });

  it('draws no further run where scenarios differ by themselves, and says how many of them it takes', async () => {
    write({ until: '{ half_width: 0.1, max_runs: 6 }', arms: { a: 0.5, b: 0.5 }, fixed: true });
    const ran = await expgraph('run');
    expect(ran.code).toBe(0);
    expect(ran.stdout.replace(/\s+/g, ' ')).toContain(
      'more runs do not help, because the scenarios themselves differ; it takes more scenarios, some',
    );
    expect(invocations()).toHaveLength(1);
  });

  it('draws an arm no further that is part of no open question', async () => {
    write({
      until: '{ decided: 0.3, max_runs: 6 }',
      arms: { a: 0.1, b: 1, c: 0.3 },
      scenarios: 12,
    });
    const ran = await json('run');
    const runs = Object.fromEntries(ran.until!.questions.map((one) => [one.second, one.runs]));
    expect(runs.b).toBe(2);
    expect(runs.c).toBeGreaterThan(2);
    const drawn = (name: string): number => ran.variants.filter(({ variant }) => variant === name).length;
    expect([drawn('a'), drawn('b'), drawn('c')]).toEqual([runs.c, 2, runs.c]);
    expect(ran.until!.questions.find(({ second }) => second === 'b')!.state).toBe('found');

    // What `compare` says of a pair is what the look said: by the runs that both have, over both pairs at once.
    const { comparisons } = JSON.parse((await expgraph('compare', '--json')).stdout);
    for (const question of ran.until!.questions) {
      const pair = comparisons.find((one: { second: string }) => one.second === question.second);
      const state = ['found', 'smaller'].includes(question.state) ? question.state : 'open';
      expect(pair.until).toEqual({ runs: question.runs, state });
      expect(pair.difference).toBeCloseTo(question.estimate, 9);
      expect(pair.ci95_corrected.low).toBeCloseTo(question.low, 9);
      expect(pair.ci95_corrected.high).toBeCloseTo(question.high, 9);
    }
    const { stdout } = await expgraph('compare');
    const words = stdout.replace(/\s+/g, ' ');
    expect(words).toContain('b - a after 2 runs: decided, a difference is found; that many both have');
    expect(words).toContain(`c - a after ${runs.c} runs: `);
  });

  it('looks at one arm by itself where there is one', async () => {
    write({ until: '{ half_width: 0.2, max_runs: 6 }', arms: { a: 0.5 } });
    const ran = await json('run');
    expect(ran.until!.questions).toMatchObject([{ first: 'a', second: null, p: null, state: 'narrow' }]);
  });

  it('draws what filters mean and goes no further, for it looks at all scenarios or at none', async () => {
    write(NOISY);
    const some = await json('run', '--scenario', 's1');
    expect([some.executed, some.until!.waits]).toEqual([4, '60 of its cells are not drawn']);
    await expgraph('run', '--max-new', '60');
    const one = await json('run', '--scenario', 's2');
    expect([one.executed, one.code]).toEqual([0, 0]);
    const unjudged = await json('run', '--no-score');
    expect(unjudged.executed).toBe(0);
  });

  it('begins anew with the first runs where what is asked was edited', async () => {
    write(NOISY);
    const before = await json('run');
    editFile(path.join(folder, 'experiment.yaml'), (text) =>
      text
        .replace('a: { system: a }', 'a: { system: other }')
        .replace('b: { system: b }', 'b: { system: new }'),
    );
    const plan = JSON.parse((await expgraph('plan', '--json')).stdout);
    expect([plan.tasks, plan.pending]).toEqual([64, 64]);
    const after = await json('run');
    // The simulation says the same, so the looks see the same.
    expect(after.until).toEqual(before.until);
  });

  it('warns whoever changes the plan after a look', async () => {
    write(NOISY);
    const first = await expgraph('run');
    expect(first.stderr).not.toContain('was changed');
    editFile(path.join(folder, 'experiment.yaml'), (text) => text.replace('0.32', '0.9'));
    expect((await expgraph('run')).stderr).toContain('"until" was changed after a look at');
  });

  it('shares one budget among all of its runs', async () => {
    write({ until: '{ half_width: 0.25, max_runs: 6 }', arms: { a: 0.5, b: 0.5 } });
    editFile(path.join(folder, 'experiment.yaml'), (text) =>
      text.replace('type: sim,', 'type: sim, pricing: { sim-small: { input: 0, output: 1000 } },'),
    );
    editFile(path.join(folder, 'experiment.yaml'), (text) => `${text}max_output_tokens: 10\n`);
    const ran = await json('run', '--budget-usd', '0.13');
    expect(ran.how).toBe('budget-reached');
    expect(ran.cost_usd!).toBeLessThanOrEqual(0.13);
    expect(invocations().length).toBeGreaterThan(1);
  });
});
