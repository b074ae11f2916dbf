// Experiments as a program holds them: in this process, with its own ports.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  CommandError,
  compare,
  diff,
  type EventLine,
  history,
  type Invocation,
  type Notice,
  openExperiment,
  plan,
  type RunResult,
  type RunSummary,
  records,
  run,
  type ScoreResult,
  score,
  status,
} from '../../src/project/index.ts';
import { tempFolder } from '../rig/temp.ts';

const MANIFEST = `version: 1
name: small
runs: 2
provider: sim
model: sim-1
execution: { workers: 0 }
providers: { sim: { type: sim, sim: { latency_ms: 0 } } }
variants:
  plain: { system: You help. }
  brief: { system: Be brief. }
scenarios: [scenarios.yaml]
`;
const SCENARIOS = `- { id: a, input: Remind me to call the dentist., expect: { contains: { none: ["%%%"] } } }
- { id: b, input: Put milk on my list. }
`;

function folderWith(more: { readonly [file: string]: string } = {}): string {
  const folder = tempFolder();
  const files = { 'experiment.yaml': MANIFEST, 'scenarios.yaml': SCENARIOS, ...more };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

async function kindsOf(events: AsyncIterable<EventLine>): Promise<readonly string[]> {
  const kinds: string[] = [];
  for await (const { kind } of events) kinds.push(kind);
  return kinds;
}

describe('an experiment', () => {
  it('tells what it is, and with a mistake in it where each is', async () => {
    const folder = folderWith();
    expect(await openExperiment(folder)).toEqual({
      name: 'small',
      file: path.join(folder, 'experiment.yaml'),
      folder,
      variants: ['plain', 'brief'],
      scenarios: ['a', 'b'],
      scorers: ['expect'],
      warnings: [],
    });
    const broken = folderWith({ 'experiment.yaml': MANIFEST.replace('runs: 2', 'runs: many') });
    const notices: Notice[] = [];
    const opening = openExperiment(broken, { onNotice: (notice) => notices.push(notice) });
    await expect(opening).rejects.toMatchObject({
      name: 'CommandError',
      diagnostics: [{ severity: 'error', location: { line: 3 } }],
    });
    expect(notices.map(({ kind }) => kind)).toEqual(['diagnostics']);
  });

  it('is found from the folder that is named, and not made up', async () => {
    const folder = folderWith();
    await expect(openExperiment('nowhere.yaml', { cwd: folder })).rejects.toThrow(CommandError);
    const copy = { ...(await openExperiment(folder)) };
    await expect(run(copy).result).rejects.toThrow('must come from openExperiment()');
  });
});

describe('a remote', () => {
  it('is taken from and given to by run, score and plan, unless they are told to leave it alone', async () => {
    const share = tempFolder();
    const [ann, ben] = await Promise.all(
      [0, 1].map(() =>
        openExperiment(folderWith({ 'experiment.yaml': `${MANIFEST}remote: file://${share}/results\n` })),
      ),
    );
    expect((await run(ann!, { score: false }).result).summary.remote?.pushed?.records).toBe(8);
    const alone = await plan(ben!, { offlineRemote: true });
    expect([alone.plan.counts.pending, existsSync(path.join(ben!.folder, 'artifacts'))]).toEqual([8, false]);
    expect((await plan(ben!)).plan.counts).toMatchObject({ pending: 0, cached: 8 });
    expect((await score(ben!).result).remote?.pushed?.scores).toBeGreaterThan(0);
  });
});

describe('a run', () => {
  it('gives events in their order and a summary, and draws nothing twice', async () => {
    const experiment = await openExperiment(folderWith());
    const first = run(experiment);
    const kinds = await kindsOf(first);
    expect(kinds.filter((kind) => kind === 'task-finished')).toHaveLength(8);
    expect([kinds[0], kinds.at(-1)]).toEqual(['invocation-started', 'invocation-ended']);
    expect(await first.result).toMatchObject({
      exitCode: 0,
      summary: { executed: 8, scores: { failed: 0, missing: 0 } },
    });
    const again = await run(experiment, { variant: 'brief', runs: [2] }).result;
    expect(again.summary).toMatchObject({ executed: 0, cached: 2, scope: { tasks: 2 } });
  });

  it('is kept as the command line that means the same', async () => {
    const folder = folderWith();
    const { summary } = await run(await openExperiment(folder), { scenario: ['a'], runs: '1', force: true })
      .result;
    const record = path.join(folder, 'artifacts/small/history', summary.invocation, 'invocation.json');
    expect(JSON.parse(readFileSync(record, 'utf8')).argv).toEqual([
      'run',
      '--scenario',
      'a',
      '--runs',
      '1',
      '--force',
    ]);
  });

  it('ends at an abort with what is paid for, and goes on where it was', async () => {
    const experiment = await openExperiment(folderWith());
    const stopped = await run(experiment, { signal: AbortSignal.abort() }).result;
    expect(stopped).toMatchObject({ exitCode: 130, summary: { how: 'interrupted', executed: 0 } });
    const stop = new AbortController();
    const under = run(experiment, { signal: stop.signal, limits: { concurrency: 1 } });
    for await (const event of under) if (event.kind === 'attempt-started') stop.abort();
    const { executed } = (await under.result).summary;
    expect(executed).toBeGreaterThan(0);
    expect((await run(experiment).result).summary).toMatchObject({ executed: 8 - executed, complete: true });
  });

  it('goes on when nobody listens any more, and tells whoever only iterates of its end', async () => {
    const experiment = await openExperiment(folderWith());
    const left = run(experiment);
    for await (const _ of left) break;
    expect((await left.result).summary.executed).toBe(8);
    const nothing = run(experiment, { variant: 'nobody' });
    await expect(kindsOf(nothing)).rejects.toThrow(/nobody/);
    await expect(nothing.result).rejects.toMatchObject({ exitCode: 2 });
  });

  it('takes limits beside the manifest, and its own clock and environment', async () => {
    const folder = folderWith({
      'experiment.yaml': MANIFEST.replace('provider: sim', 'provider: mine').replace(
        'providers: { sim: { type: sim, sim: { latency_ms: 0 } } }',
        'providers: { mine: { type: openai, base_url: "http://127.0.0.1:9/v1", api_key_env: MY_OWN_KEY } }',
      ),
    });
    const experiment = await openExperiment(folder, { env: {} });
    await expect(run(experiment).result).rejects.toThrow(/a key is missing/);
    const { summary } = await run(await openExperiment(folderWith()), { maxNew: 3 }).result;
    expect(summary).toMatchObject({ executed: 3, how: 'max-new-reached' });
  });
});

describe.each(['files', 'memory'] as const)('what is kept in %s', (store) => {
  it('is planned, counted, compared, listed and read', async () => {
    const experiment = await openExperiment(folderWith(), { store });
    const ahead = await plan(experiment, { variant: 'plain' });
    expect(ahead.plan.counts).toMatchObject({ tasks: 4, pending: 4 });
    expect(ahead.estimate.calls).toBe(4);
    await run(experiment).result;
    await run(experiment, { scenario: 'a', force: true }).result;
    expect((await status(experiment)).status).toMatchObject({ complete: true });
    expect((await plan(experiment)).plan.counts).toMatchObject({ pending: 0, cached: 8 });
    const { compared } = await compare(experiment, { metric: 'tokens' });
    expect(compared).toMatchObject({ experiment: 'small' });
    expect((await history(experiment, { pattern: 'plain/a/1' })).rows).toHaveLength(2);
    expect((await diff(experiment)).rows.filter(({ before }) => before !== null)).not.toEqual([]);
    const read: string[] = [];
    for await (const { variant, scenario, run: n, output } of records(experiment, { runs: [1] })) {
      expect(output?.text).not.toBe('');
      read.push(`${variant}/${scenario}/${n}`);
    }
    expect(read.sort()).toEqual(['brief/a/1', 'brief/b/1', 'plain/a/1', 'plain/b/1']);
  });

  it('refuses what means nothing, with the exit code of the command line', async () => {
    const experiment = await openExperiment(folderWith(), { store });
    await expect(compare(experiment, { variants: ['plain', 'nobody'] })).rejects.toMatchObject({
      exitCode: 2,
    });
    await expect(history(experiment, { pattern: 'nobody/*' })).rejects.toThrow(CommandError);
    await expect(records(experiment, { tag: 'none' }).next()).rejects.toThrow(CommandError);
  });
});

describe('in memory', () => {
  it('nothing is written, and the history is that of the experiment', async () => {
    const folder = folderWith();
    const experiment = await openExperiment(folder, { store: 'memory' });
    const both = await Promise.all(['plain', 'brief'].map((variant) => run(experiment, { variant }).result));
    expect(both.map(({ summary }) => summary.executed)).toEqual([4, 4]);
    expect(new Set(both.map(({ summary }) => summary.invocation)).size).toBe(2);
    expect((await run(experiment).result).summary).toMatchObject({ executed: 0, cached: 8 });
    expect((await score(experiment, { force: true }).result).summary.executed).toBeGreaterThan(0);
    expect(existsSync(path.join(folder, 'artifacts'))).toBe(false);
    const another = await openExperiment(folder, { store: 'memory' });
    expect((await run(another).result).summary.executed).toBe(8);
  });
});

it('says in types what comes back', () => {
  expectTypeOf(run).returns.toEqualTypeOf<Invocation<RunResult>>();
  expectTypeOf(score).returns.toEqualTypeOf<Invocation<ScoreResult>>();
  expectTypeOf<RunResult['summary']>().toEqualTypeOf<RunSummary>();
  expectTypeOf<Invocation<RunResult>>().toMatchTypeOf<AsyncIterable<EventLine>>();
  expectTypeOf(openExperiment).parameter(0).toEqualTypeOf<string | undefined>();
});
