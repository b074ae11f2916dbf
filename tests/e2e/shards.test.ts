// Shards of one experiment on machines of their own, with the real program: together they are one whole run, whatever each of
// them had before, and each of them speaks of its own cells alone.
// @project e2e: several machines draw, and one takes in what they drew.
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeRandom, shuffle } from '../../src/core/shuffle.ts';
import { openExperiment, plan, run } from '../../src/project/index.ts';
import { cli } from '../rig/cli.ts';
import { startCountedModel } from '../rig/counted-model.ts';
import { filesBelow, jsonLines, writeFiles } from '../rig/files.ts';
import { startJudge } from '../rig/judge.ts';
import { NO_REDIS, startRedis, WITH_REDIS } from '../rig/redis.ts';
import { SIM_HEAD } from '../rig/small-experiment.ts';
import { startCoordinator, startWorker, writeSpread } from '../rig/spread.ts';
import { tempFolder } from '../rig/temp.ts';
import { NOISY, writeUntil } from '../rig/until-experiment.ts';

// biome-ignore lint/suspicious/noExplicitAny: documents are looked at piece by piece
type Any = any;

const MANIFEST = `${SIM_HEAD}variants: { first: { system: You help. }, second: { system: Be brief. } }
scenarios: [s.yaml]
scorers: [contains]
`;
const CELLS = 28;

function written(folder: string, more = ''): string {
  writeFiles(folder, {
    'experiment.yaml': `${MANIFEST}${more}`,
    's.yaml': Array.from(
      { length: 7 },
      (_, i) =>
        `- { id: s${i}, category: ${i < 4 ? 'a' : 'b'}, input: say s${i}, expect: { contains: s } }\n`,
    ).join(''),
  });
  return folder;
}

/** Checkouts of one commit, each on a machine of its own. */
function machines(count: number, more = ''): readonly string[] {
  const folder = tempFolder();
  return Array.from({ length: count }, (_, i) => written(path.join(folder, `shard-${i + 1}`), more));
}

async function json(args: readonly string[], cwd: string): Promise<Any> {
  const { code, stdout, stderr } = await cli([...args, '--json'], { cwd });
  return { code, stderr, ...JSON.parse(stdout || '{}') };
}

/** Every record by key, as far as it does not say when, where and by which machine. */
function answers(cwd: string, layer = ''): readonly string[] {
  const history = path.join(cwd, 'artifacts/small', layer, 'history');
  return filesBelow(history)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => jsonLines(path.join(history, name)))
    .filter(({ type }) => type === 'scenario_result' || type === 'score')
    .map(({ key, variant, scenario, run, scorer, status, output_digest }) =>
      JSON.stringify([key, variant, scenario, run, scorer, status, output_digest]),
    )
    .sort();
}

const judged = (cwd: string): ReadonlySet<string> =>
  new Set(
    answers(cwd, 'scores').map((line) => JSON.stringify([JSON.parse(line)[0], JSON.parse(line).at(-1)])),
  );

async function cellsOf(args: readonly string[], cwd: string): Promise<readonly string[]> {
  const { pending_tasks = [] } = await json(['plan', ...args], cwd);
  return pending_tasks.map(({ variant, scenario, run }: Any) => `${variant}/${scenario}/${run}`).sort();
}

describe('shards on three machines', () => {
  it('are one whole run when they are merged, in any order', async () => {
    const [whole, ...shards] = machines(4) as [string, ...string[]];
    expect((await cli(['run'], { cwd: whole })).code).toBe(0);
    for (const [i, cwd] of shards.entries()) {
      const ran = await json(['run', '--shard', `${i + 1}/3`, '--events', 'events.jsonl'], cwd);
      expect(ran).toMatchObject({ code: 0, complete: true, scope: { shard: `${i + 1}/3` } });
      expect(ran.executed).toBe(ran.scope.tasks);
      expect(Math.abs(ran.executed - CELLS / 3)).toBeLessThan(2);
      expect(jsonLines(path.join(cwd, 'events.jsonl'))[0]).toMatchObject({
        ...{ kind: 'invocation-started', shard: `${i + 1}/3` },
      });
      const [invocation] = readdirSync(path.join(cwd, 'artifacts/small/history'));
      const record = JSON.parse(
        readFileSync(path.join(cwd, 'artifacts/small/history', invocation!, 'invocation.json'), 'utf8'),
      );
      expect(record.filter).toEqual({ shard: `${i + 1}/3` });
      // Its own cells are there; what the others draw is missing of the whole, and of it alone.
      expect((await json(['status', '--shard', `${i + 1}/3`], cwd)).complete).toBe(true);
      expect((await json(['status'], cwd)).complete).toBe(false);
    }
    for (const seed of [1, 2]) {
      const [home, ...others] = shuffle([...shards], makeRandom(seed)) as [string, ...string[]];
      const cwd = path.join(tempFolder(), 'all');
      cpSync(home, cwd, { recursive: true });
      expect((await cli(['merge', ...others], { cwd })).code).toBe(0);
      expect((await json(['status'], cwd)).complete).toBe(true);
      expect(await json(['plan'], cwd)).toMatchObject({ tasks: CELLS, pending: 0, scores: { pending: 0 } });
      expect(answers(cwd)).toEqual(answers(whole));
      expect(answers(cwd)).toHaveLength(CELLS);
      // Of a scenario that was dealt run by run equal answers are judged once a shard.
      expect(judged(cwd)).toEqual(judged(whole));
      expect(judged(cwd).size).toBeGreaterThan(0);
      expect((await cli(['compare', 'first', 'second'], { cwd })).code).toBe(0);
    }
  });

  it('deal the same whatever a machine has drawn before, and whatever failed there', async () => {
    const [fresh, used] = machines(2) as [string, string];
    await cli(['run', '--variant', 'first', '--runs', '1'], { cwd: used });
    const parts = await Promise.all(['1/3', '2/3', '3/3'].map((shard) => cellsOf(['--shard', shard], fresh)));
    expect(parts.flat().toSorted()).toEqual(await cellsOf([], fresh));
    for (const [i, part] of parts.entries())
      expect(await cellsOf(['--force', '--shard', `${i + 1}/3`], used)).toEqual(part);
    // What became of cells is asked within the shard, and deals nothing anew.
    const stale = await json(['plan', '--failed', '--shard', '1/3'], used);
    expect(stale).toMatchObject({ code: 0, tasks: 0, shard: '1/3' });
  });

  it('are dealt of what filters by name leave', async () => {
    const [cwd] = machines(1) as [string];
    const filter = ['--category', 'a', '--runs', '2'];
    const parts = await Promise.all(
      ['1/2', '2/2'].map((shard) => cellsOf([...filter, '--shard', shard], cwd)),
    );
    expect(parts.map(({ length }) => length)).toEqual([4, 4]);
    expect(parts.flat().toSorted()).toEqual(await cellsOf(filter, cwd));
  });

  it('share a remote: nobody draws what is another one’s, and who comes last has all of it', async () => {
    const share = path.join(tempFolder(), 'share');
    const [one, two, three] = machines(3, `remote: file://${share}\n`) as [string, string, string];
    expect((await json(['run', '--shard', '1/2'], one)).executed).toBe(14);
    expect((await json(['run', '--shard', '2/2'], two)).executed).toBe(14);
    expect(await json(['run'], three)).toMatchObject({ executed: 0, cached: CELLS, complete: true });
  });
});

describe('judging of shards', () => {
  it('is of their own answers, and what is left is judged where they are merged', async () => {
    const [one, two] = machines(2) as [string, string];
    for (const [cwd, shard] of [
      [one, '1/2'],
      [two, '2/2'],
    ] as const) {
      await cli(['run', '--no-score', '--shard', shard], { cwd });
      const other = shard === '1/2' ? '2/2' : '1/2';
      expect(await json(['score', '--shard', other], cwd)).toMatchObject({
        tasks: 0,
        undrawn: 14,
        shard: other,
      });
      const done = await json(['score', '--shard', shard], cwd);
      expect(done).toMatchObject({ code: 0, undrawn: 0, shard });
      expect(done.executed).toBeGreaterThan(0);
    }
    await cli(['merge', two], { cwd: one });
    expect(await json(['score'], one)).toMatchObject({ executed: 0, missing: 0, undrawn: 0 });
  });

  it('is of imported answers as well: each is judged by one of them', async () => {
    const [one, two] = machines(2) as [string, string];
    const rows = Array.from({ length: 7 }, (_, i) => ({
      variant: 'old',
      scenario: `s${i}`,
      run: 1,
      text: `x${i}`,
    }));
    for (const cwd of [one, two]) {
      writeFiles(cwd, { 'r.jsonl': rows.map((row) => `${JSON.stringify(row)}\n`).join('') });
      expect((await cli(['import', 'r.jsonl'], { cwd })).code).toBe(0);
    }
    const first = await json(['score', '--shard', '1/2'], one);
    const second = await json(['score', '--shard', '2/2'], two);
    expect([first.executed, second.executed]).toEqual([4, 3]);
  });

  it('leaves pairs whose other answer another shard draws to who has all, and says so', async () => {
    await using judge = await startJudge(() => ({ text: '{"reason": "So it is.", "winner": "first"}' }));
    const folder = tempFolder();
    const [one, two] = ['one', 'two'].map((name) => path.join(folder, name)) as [string, string];
    const env = { JUDGE_KEY: 'a-key-of-the-judge-123' };
    for (const cwd of [one, two])
      writeFiles(cwd, {
        // The same for each scenario: one draw, which the shard of the first scenario makes.
        'experiment.yaml':
          `${MANIFEST.replace('runs: 2', 'runs: 1').split('variants:')[0]}variants: { deaf: { template: Hello }, hears: {} }
scenarios: [s.yaml]
sim: { answers: answers.yaml }
scorers: [{ name: pref, judge: { provider: judges, model: judge-1, pairwise: deaf } }]
`.replace(
            'providers: {',
            `providers: { judges: { type: openai, base_url: "${judge.url}", api_key_env: JUDGE_KEY, pricing: { judge-1: { input: 1, output: 10 } } },`,
          ),
        's.yaml': '- { id: a, input: say a }\n- { id: b, input: say b }\n',
        'answers.yaml': ['a', 'b']
          .map((id) => `${id}: { variants: { deaf: [one], hears: [another] } }\n`)
          .join(''),
      });
    const first = await cli(['run', '--shard', '1/2', '--json'], { cwd: one, env });
    expect(JSON.parse(first.stdout)).toMatchObject({
      scope: { tasks: 3 },
      executed: 2,
      scores: { tasks: 2 },
    });
    expect(first.stderr).not.toMatch('another shard');
    const second = await cli(['run', '--shard', '2/2', '--json'], { cwd: two, env });
    expect(second.stderr).toMatch(
      '1 answer of shard 2/2 stands beside one that another shard draws, and cannot be judged here',
    );
    expect(JSON.parse(second.stdout)).toMatchObject({
      scope: { tasks: 1 },
      executed: 1,
      scores: { tasks: 0 },
    });
    await cli(['merge', two], { cwd: one });
    const rest = await cli(['score', '--json'], { cwd: one, env });
    expect(JSON.parse(rest.stdout)).toMatchObject({ tasks: 4, executed: 2, cached: 2 });
  });
});

describe('what a shard says of itself', () => {
  it('measures no gate of the whole, and --fail-under of its own cells', async () => {
    const [one, two] = machines(2, 'gate: { answers: ">= 28" }\n') as [string, string];
    const first = await cli(['run', '--shard', '1/2'], { cwd: one });
    expect([first.code, first.stdout.includes('Gate')]).toEqual([0, false]);
    expect(first.stderr).toMatch(
      /note: gate: it is about all shards, and is not measured of shard 1\/2 alone \(npx expgraph score measures it where all shards are merged\)/,
    );
    const under = await cli(['score', '--shard', '1/2', '--fail-under', '1'], { cwd: one });
    expect([under.code, under.stdout]).toEqual([0, expect.stringMatching(/pass +>= 1 +1\.000 +holds/)]);
    const strict = await cli(['score', '--shard', '2/2', '--fail-under', '0.5'], { cwd: one });
    expect([strict.code, strict.stdout]).toEqual([1, expect.stringMatching('of 14 cells 14 missing')]);
    await cli(['run', '--shard', '2/2'], { cwd: two });
    await cli(['merge', two], { cwd: one });
    const all = await cli(['score'], { cwd: one });
    expect([all.code, all.stdout]).toEqual([0, expect.stringMatching(/answers +>= 28 +28 +holds/)]);
  });

  it('says whose cells it counts, in the summary, the plan and JUnit, and names commands that mean the same', async () => {
    const [cwd] = machines(1) as [string];
    expect((await cli(['plan', '--shard', '2/2'], { cwd })).stdout).toMatch('Shard 2/2, 14 tasks: 14 to run');
    const ran = await cli(['run', '--shard', '2/2', '--junit', 'j.xml'], { cwd });
    expect(ran.stdout).toMatch('Shard 2/2, 14 tasks: 14 executed, 0 cached, 0 failed, 0 missing');
    expect(ran.stdout).toMatch(/npx expgraph merge SHARD\.\.\./);
    expect(ran.stdout).not.toMatch('npx expgraph compare');
    expect(readFileSync(path.join(cwd, 'j.xml'), 'utf8').match(/<testcase /g)).toHaveLength(14);
    const again = await cli(['run', '--shard', '2/2'], { cwd });
    expect(again.stdout).toMatch('Everything of shard 2/2 is up to date: 0 executed, 14 cached');
    expect((await cli(['status', '--shard', '2/2'], { cwd })).stdout).toMatch(
      'Complete: 14 cells of shard 2/2',
    );
    expect((await cli(['status', '--shard', '1/2'], { cwd })).stdout).toMatch('npx expgraph run --shard 1/2');
  });

  it('is done where there is less to deal than there are shards', async () => {
    const [cwd] = machines(1) as [string];
    const few = ['--scenario', 's1', '--runs', '1'];
    const ran = await cli(['run', ...few, '--shard', '2/2'], { cwd });
    expect([ran.code, ran.stdout]).toEqual([
      0,
      expect.stringMatching(
        'Nothing to do: shard 2/2 has no task; there is less to deal than there are shards.',
      ),
    ]);
    const wrong = await cli(['run', '--scenario', 'sx', '--shard', '2/2'], { cwd });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching('no scenario matches "sx"')]);
  });

  it.each([
    ['0/4', 'shards are counted from 1 on, and of 4 there are --shard 1/4 to --shard 4/4'],
    ['5/4', 'shards are counted from 1 on, and of 4 there are --shard 1/4 to --shard 4/4'],
    ['2/1', 'shards are counted from 1 on, and of 1 there is --shard 1/1 alone'],
    ['1/0', 'of 0 shards there is none; for example --shard 1/4 is the first of four'],
    ['1/99999', 'there are at most 9999 shards'],
    ...['a/b', '2', '1.5/4', '-1/4', '1/4/2', '', '2/'].map((text) => [
      text,
      'it takes I/N, for example --shard 2/4: the second of four',
    ]),
  ])('--shard %j is refused before anything is done', async (text, why) => {
    const [cwd] = machines(1) as [string];
    for (const command of ['plan', 'run', 'score']) {
      const { code, stdout, stderr } = await cli([command, `--shard=${text}`], { cwd });
      expect({ code, stdout, stderr }).toEqual({
        ...{ code: 2, stdout: '', stderr: `expgraph: --shard ${JSON.stringify(text)}: ${why}\n` },
      });
    }
  });

  it('is nothing that is compared or reported', async () => {
    const [cwd] = machines(1) as [string];
    for (const command of ['compare', 'report'])
      expect(await cli([command, '--shard', '1/2'], { cwd })).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(`${command} takes no --shard: its numbers are those of all shards`),
      });
  });

  it('goes on where it was forced and broken off', async () => {
    const [cwd] = machines(1) as [string];
    await cli(['run'], { cwd });
    await cli(['run', '--force', '--shard', '1/2', '--max-new', '5'], { cwd });
    expect((await cli(['status'], { cwd })).stderr).toMatch(
      /9 of 14 forced tasks of \S+ were not drawn again/,
    );
    expect(await json(['run', '--force', '--shard', '1/2'], cwd)).toMatchObject({ executed: 9 });
  });
});

describe('shards with until:', { timeout: 60_000 }, () => {
  it('take a look where all is merged, and draw each their part of the run that follows', async () => {
    const folder = tempFolder();
    const [one, two, whole] = ['one', 'two', 'whole'].map((name) => path.join(folder, name)) as [
      ...[string, string, string],
    ];
    for (const cwd of [one, two, whole]) writeUntil(cwd, NOISY);
    const { until } = await json(['run'], whole);
    let rounds = 0;
    for (let next: unknown = true; next !== null; rounds++) {
      // A look at half of it is none.
      expect(await json(['run', '--shard', '1/2'], one)).toMatchObject({ code: 0, until: { next: null } });
      await json(['run', '--shard', '2/2'], two);
      await cli(['merge', two], { cwd: one });
      await cli(['merge', one], { cwd: two });
      ({ next } = (await json(['status'], one)).until);
      expect(rounds).toBeLessThan(6);
    }
    expect((await json(['status'], one)).until).toEqual(until);
  });
});

describe('shards elsewhere', () => {
  it('are asked for by programs in the same words', async () => {
    const [cwd] = machines(1) as [string];
    const experiment = await openExperiment(cwd);
    const { plan: planned } = (await plan(experiment, { shard: '1/2' })) as Any;
    expect(planned.counts.tasks).toBe(14);
    const { summary, exitCode } = await run(experiment, { shard: '1/2' }).result;
    expect([summary.scope, exitCode]).toEqual([{ tasks: 14, shard: '1/2' }, 0]);
    await expect(run(experiment, { shard: '3/2' }).result).rejects.toThrow(/--shard "3\/2"/);
  });

  it.skipIf(NO_REDIS)(`are drawn by workers of a queue as by one process${WITH_REDIS}`, async () => {
    const redis = await startRedis();
    const model = await startCountedModel();
    onTestFinished(() => model[Symbol.asyncDispose]());
    const folder = tempFolder();
    writeSpread(folder, model.url, { scenarios: 10 });
    const worker = startWorker(folder, redis.url);
    const { code, stdout, stderr } = await startCoordinator(folder, redis.url, ['--shard', '2/3']).ended;
    expect(code, stderr).toBe(0);
    const { executed, scope } = JSON.parse(stdout);
    expect([executed, scope.shard, model.answered()]).toEqual([scope.tasks, '2/3', scope.tasks]);
    worker.child.kill('SIGINT');
    await worker.ended;
  });
});
