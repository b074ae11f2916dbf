// The sample experiment, traced, by the real program: what a user finds in LangSmith, and what a trouble there changes here.
// @project e2e: uploaders are started.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScenarioResult } from '../../src/core/record.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli, ranSample, sample } from '../rig/cli.ts';
import { editFile, filesBelow, jsonLines } from '../rig/files.ts';
import {
  API_KEY,
  type Faults,
  type Recorder,
  startRecorder,
  TENANT,
  withoutWaits,
} from '../rig/langsmith-recorder.ts';
import { program } from '../rig/program.ts';
import { essence } from '../rig/small-experiment.ts';
import { tempFolder } from '../rig/temp.ts';

let folder = '';
let recorder: Recorder;
const artifacts = (...names: string[]): string => path.join(folder, 'artifacts/tool-interface', ...names);
const env = (): { readonly [name: string]: string } => ({
  LANGSMITH_API_KEY: API_KEY,
  LANGSMITH_ENDPOINT: recorder.url,
});

async function run(
  ...args: string[]
): Promise<RunSummary & { readonly code: number | null; readonly stderr: string }> {
  const { code, stdout, stderr } = await cli(['run', '--json', ...args], { cwd: folder, env: env() });
  if (stdout === '') throw new Error(`nothing printed, exit ${code}: ${stderr}`);
  return { ...(JSON.parse(stdout) as RunSummary), code, stderr };
}

async function langsmith(
  ...args: string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return cli(['langsmith', ...args], { cwd: folder, env: env() });
}

function records(): readonly ScenarioResult[] {
  const all = filesBelow(artifacts('runs')).flatMap(
    (file) => jsonLines(artifacts('runs', file)) as unknown as ScenarioResult[],
  );
  return all.filter(({ type }) => type === 'scenario_result');
}

beforeEach(async () => {
  folder = tempFolder();
  recorder = await startRecorder();
  await sample(folder);
});
afterEach(async () => {
  await recorder[Symbol.asyncDispose]();
});

describe('the sample run', () => {
  it('leaves 120 root traces that are found by variant and run, and records that name them', async () => {
    const summary = await run('--langsmith-flush', '30s');
    expect(summary).toMatchObject({
      code: 0,
      executed: 120,
      langsmith: { traces: 120, sent: 120, left: 0, project: 'expgraph' },
    });
    expect(recorder.check()).toMatchObject({ roots: 120, orphans: 0, unended: 0, differing: 0 });
    expect(recorder.tags()).toEqual({
      expgraph: 120,
      'experiment:tool-interface': 120,
      'variant:baseline': 60,
      'variant:applike': 60,
      'run:1': 40,
      'run:2': 40,
      'run:3': 40,
    });
    for (const { trace, scenario, variant, run: k, key, invocation, category, output } of records()) {
      const root = recorder.runs.get(trace!.langsmith_run_id)!;
      expect(root.name).toBe(scenario);
      expect(root.extra).toMatchObject({
        metadata: {
          experiment: 'tool-interface',
          invocation,
          variant,
          scenario,
          category,
          run: k,
          attempt: 1,
          key,
        },
      });
      const children = [...recorder.runs.values()].filter(({ parent_run_id: parent }) => parent === root.id);
      const calls = output!.tool_calls.map(({ name }) => ['tool', name]);
      expect(children.map(({ run_type, name }) => [run_type, name])).toEqual([
        ['llm', 'sim-small'],
        ...calls,
      ]);
    }
    const shown = await cli(['show', 'baseline/sanity:list-week/1'], { cwd: folder });
    expect(shown.stdout).toContain(`trace       ${'http://127.0.0.1'}/o/${TENANT}/projects/p/`);
  });

  it('becomes 20 examples and 2 experiments of 3 repetitions by sync, once', async () => {
    await cli(['run'], { cwd: folder });
    for (const added of [120, 0]) {
      const { code, stdout } = await langsmith('sync', '--json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ sent: added, examples: 20, missing: 0 });
    }
    expect([recorder.examples.size, recorder.datasets.size, recorder.sessions.size]).toEqual([20, 1, 2]);
    expect(repetitions()).toEqual({ baseline: [20, 3], applike: [20, 3] });
    expect(recorder.check()).toMatchObject({ roots: 120, orphans: 0, unended: 0, differing: 0 });
  });

  it('is traced into its experiments at once where the manifest says so; sync has nothing to add', async () => {
    editFile(
      path.join(folder, 'experiment.yaml'),
      (text) => `${text}\ntracing: { langsmith: { experiments: true } }\n`,
    );
    const { langsmith: told } = await run('--langsmith-flush', '30s');
    expect(told).toMatchObject({ traces: 120, sent: 120 });
    expect(repetitions()).toEqual({ baseline: [20, 3], applike: [20, 3] });
    expect(JSON.parse((await langsmith('sync', '--json')).stdout)).toMatchObject({ sent: 0, present: 0 });
    expect(recorder.check()).toMatchObject({ roots: 120, differing: 0 });
  });

  it('an edited scenario changes its example, and a changed variant is another experiment', async () => {
    await cli(['run'], { cwd: folder });
    await langsmith('sync');
    editFile(path.join(folder, 'scenarios/sanity.yaml'), (text) =>
      text.replace("What's on my schedule this week?", 'What is on this week?'),
    );
    editFile(path.join(folder, 'experiment.yaml'), (text) =>
      text.replace('temperature: 0.2', 'temperature: 0.3'),
    );
    await cli(['run'], { cwd: folder });
    const { stdout } = await langsmith('sync', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ sent: 120, examples: 20 });
    expect([recorder.examples.size, recorder.sessions.size]).toEqual([20, 4]);
    expect(recorder.requests.filter((line) => line.startsWith('PATCH'))).toHaveLength(1);
  });

  it('takes a share of scenario and run, the same for both variants', async () => {
    editFile(
      path.join(folder, 'experiment.yaml'),
      (text) => `${text}\ntracing: { langsmith: { sampling: 0.5 } }\n`,
    );
    await run('--langsmith-flush', '30s');
    const cells = (variant: string): readonly string[] =>
      records().flatMap((each) =>
        each.variant === variant && each.trace ? [`${each.scenario} ${each.run}`] : [],
      );
    expect(cells('baseline').length).toBeGreaterThan(15);
    expect(cells('baseline').length).toBeLessThan(45);
    expect(new Set(cells('baseline'))).toEqual(new Set(cells('applike')));
    expect(recorder.roots()).toHaveLength(2 * cells('baseline').length);
  });
});

function repetitions(): { readonly [variant: string]: readonly [number, number] } {
  const found: { [variant: string]: readonly [number, number] } = {};
  for (const session of recorder.sessions.values()) {
    const { variant } = (session.extra as { metadata: { variant: string } }).metadata;
    const examples = recorder
      .roots()
      .filter(({ session_id }) => session_id === session.id)
      .map(({ reference_example_id: id }) => String(id));
    const counts = new Map<string, number>();
    for (const id of examples) counts.set(id, (counts.get(id) ?? 0) + 1);
    const each = new Set(counts.values());
    if (each.size > 0) found[variant] = [counts.size, each.size === 1 ? [...each][0]! : -1];
  }
  return found;
}

describe('a self-hosted LangSmith below a path', () => {
  it.each([
    ['/api/v1', '/api/v1'],
    ['/api/v1', '/api/v1/'],
    ['/api', '/api'],
    ['/langsmith/api/v1', '/langsmith/api/v1'],
  ])('%s, given as %s: traces, experiments and feedback', async (prefix, given) => {
    recorder.fault({ prefix });
    const at = { cwd: folder, env: { ...env(), LANGSMITH_ENDPOINT: `${recorder.url}${given}` } };
    await cli(['run', '--scenario', 'sanity:*', '--langsmith-flush', '30s', '--no-score'], at);
    const { code, stderr } = await cli(['langsmith', 'sync', '--scenario', 'sanity:*'], at);
    expect([code, withoutWaits(stderr)]).toEqual([0, '']);
    const say = ['--key', 'ok', '--score', '1'];
    expect((await cli(['langsmith', 'feedback', 'applike/sanity:list-week/1', ...say], at)).code).toBe(0);
    expect(recorder.requests.filter((line) => !/ (200|202|409)$/.test(line))).toEqual([]);
    expect(recorder.examples.size).toBe(20);
    // Of the project's root and of the experiment's.
    expect(recorder.feedback.size).toBe(2);
  });
});

describe('variables of the SDK that are not ours', () => {
  it('are refused in a sentence by the run, and by doctor', async () => {
    const at = { cwd: folder, env: { ...env(), LANGSMITH_TRACING_MODE: 'otel' } };
    const run = await cli(['run', '--scenario', 'sanity:*'], at);
    expect([run.code, run.stderr]).toEqual([
      0,
      expect.stringContaining('nothing is traced: LANGSMITH_TRACING_MODE is "otel"'),
    ]);
    expect((await cli(['doctor'], at)).stdout).toContain(
      'warning  LangSmith        no tracing: LANGSMITH_TRACING_MODE',
    );
    const off = { cwd: folder, env: { ...env(), LANGSMITH_TRACING: 'false' } };
    expect((await cli(['run', '--force', '--scenario', 'sanity:*'], off)).stderr).not.toContain('traced');
    expect(recorder.requests).toEqual([]);
  });

  it('HIDE_METADATA leaves spans without metadata', async () => {
    const at = { cwd: folder, env: { ...env(), LANGSMITH_HIDE_METADATA: 'true' } };
    await cli(['run', '--scenario', 'sanity:*', '--langsmith-flush', '30s'], at);
    expect(recorder.roots().length).toBeGreaterThan(0);
    for (const { extra } of recorder.runs.values()) expect(extra).toEqual({ metadata: {} });
  });
});

describe('a trouble of LangSmith', () => {
  const TROUBLES: readonly (readonly [string, Partial<Faults>])[] = [
    ['up', {}],
    ['slow', { latencyMs: 3000 }],
    ['down', { down: true }],
    ['silent', { hang: true }],
    ['refusing the key', { refusesKey: true }],
    ['always 503', { status: { code: 503, share: 1 } }],
    ['always 429', { status: { code: 429, share: 1, retryAfter: '60' } }],
    ['always 400', { status: { code: 400, share: 1 } }],
    ['always 404', { status: { code: 404, share: 1, of: 'all' } }],
    ['always 413', { status: { code: 413, share: 1 } }],
    ['a page of a proxy', { html: true }],
  ];

  it.each(TROUBLES)(
    '%s: the same artifacts and exit code; push brings every trace once it is over',
    async (_, faults) => {
      recorder.fault(faults);
      const { code, langsmith: told } = await run();
      expect(code).toBe(0);
      expect(told?.traces).toBe(120);
      expect(records().map((record) => essence({ ...record, trace: null }))).toEqual(await untraced());
      // What was begun in the trouble hangs on to it, also what it has sent already: another process starts afresh, once that is answered.
      await killUploader();
      recorder.fault({
        latencyMs: 0,
        down: false,
        hang: false,
        refusesKey: false,
        status: null,
        html: false,
      });
      const pushed = await langsmith('push');
      expect([pushed.code, withoutWaits(pushed.stderr)]).toEqual([0, '']);
      expect(recorder.check()).toMatchObject({ roots: 120, orphans: 0, unended: 0, differing: 0 });
    },
  );
});

/** Once for all: the simulation answers alike. */
let known: Promise<readonly unknown[]> | null = null;
function untraced(): Promise<readonly unknown[]> {
  known ??= (async () => {
    const before = folder;
    folder = tempFolder();
    await ranSample(folder);
    const all = records().map((record) => essence({ ...record, trace: null }));
    folder = before;
    return all;
  })();
  return known;
}

async function killUploader(): Promise<void> {
  const file = artifacts('traces/lock.json');
  if (!existsSync(file)) return;
  const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { readonly pid: number };
  try {
    for (process.kill(pid, 'SIGKILL'); ; process.kill(pid, 0)) await sleep(10);
  } catch {
    // It has ended.
  }
  for (let seen = -1; seen !== recorder.requests.length; await sleep(250)) seen = recorder.requests.length;
}

describe('feedback', () => {
  it('reaches the trace of its record once, and is revised', async () => {
    await run('--scenario', 'sanity:*', '--langsmith-flush', '30s', '--no-score');
    const record = records().find(({ run: k, variant }) => k === 1 && variant === 'applike')!;
    const say = (...more: string[]): ReturnType<typeof langsmith> =>
      langsmith('feedback', `applike/${record.scenario}/1`, '--key', 'correct', ...more);
    expect((await say('--score', '1', '--reviewer', 'ann')).code).toBe(0);
    expect((await say('--score', '0', '--reviewer', 'bob', '--comment', 'wrong day')).code).toBe(0);
    expect((await say('--score', '0.25', '--reviewer', 'ann')).code).toBe(0);
    expect((await langsmith('push')).stdout).toContain('feedback: 2 of 2 sent');
    expect([...recorder.feedback.values()]).toMatchObject([
      {
        run_id: record.trace!.langsmith_run_id,
        key: 'correct',
        score: 0.25,
        feedback_source: { type: 'app', metadata: { reviewer: 'ann' } },
      },
      { run_id: record.trace!.langsmith_run_id, score: 0, comment: 'wrong day' },
    ]);
    expect(
      [...recorder.feedback.values()].every(({ session_id }) => recorder.sessions.has(String(session_id))),
    ).toBe(true);
  });

  it('says what is wrong with what was typed', async () => {
    await cli(['run', '--scenario', 'sanity:*'], { cwd: folder });
    const untracedRecord = await langsmith(
      'feedback',
      'applike/sanity:list-week/1',
      '--key',
      'k',
      '--score',
      '1',
    );
    expect([untracedRecord.code, untracedRecord.stderr]).toEqual([
      2,
      expect.stringContaining('this record was not traced'),
    ]);
    const noNumber = await langsmith('feedback', 'x', '--key', 'k', '--score', 'good');
    expect([noNumber.code, noNumber.stderr]).toEqual([2, 'expgraph: --score takes a number, not "good"\n']);
    const nothing = await langsmith('feedback', 'x', '--key', 'k');
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('say something')]);
  });
});

describe('without a key', () => {
  it('nothing of tracing is loaded and nothing is said', async () => {
    const log = path.join(folder, 'loaded.txt');
    appendFileSync(log, '');
    const hook = `import { registerHooks } from 'node:module'; import { appendFileSync } from 'node:fs'; registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(log)}, url + '\\n'); return next(url, context); } });`;
    const options = `--import data:text/javascript,${encodeURIComponent(hook)}`;
    const env = { NODE_OPTIONS: options };
    const { code, stdout, stderr } = await program(['run'], { cwd: folder, env });
    expect([code, stderr.includes('LangSmith'), stdout.includes('LangSmith')]).toEqual([0, false, false]);
    const loaded = readFileSync(log, 'utf8').split('\n');
    // What is loaded is built: each file says which modules it was made of.
    const built = loaded.filter((url) => url.includes('/dist/')).map((url) => fileURLToPath(url));
    const modules = built.flatMap((file) => readFileSync(file, 'utf8').match(/^\/\/ src\/\S+$/gm) ?? []);
    expect(modules.length).toBeGreaterThan(50);
    expect(loaded.filter((url) => url.includes('node_modules/langsmith'))).toEqual([]);
    // The two small files that say where a tracer would come from.
    const traced = modules
      .filter((line) => line.includes('/tracing/'))
      .map((line) => path.basename(line, '.ts'));
    expect(traced.filter((name) => ['langsmith', 'sdk', 'spool', 'upload'].includes(name))).toEqual([]);
    expect(existsSync(artifacts('traces'))).toBe(false);
    const doctor = await cli(['doctor'], { cwd: folder });
    expect(doctor.stdout).toContain('-        LangSmith');
    expect(doctor.stdout).toContain('no tracing: LANGSMITH_API_KEY is not set');
  });

  it('the commands that need one say so', async () => {
    const { code, stderr } = await cli(['langsmith', 'push'], { cwd: folder });
    expect([code, stderr]).toEqual([2, 'expgraph: tracing is off: LANGSMITH_API_KEY is not set\n']);
    const status = await cli(['langsmith', 'status'], { cwd: folder });
    expect(status.stdout).toBe('Tracing is off: LANGSMITH_API_KEY is not set.\n\nNo trace was made yet.\n');
  });
});
