// The workflows that docs/ci.md and the templates hand out: they are YAML of the form that they say, and each of their commands is
// executed as the runner does it, in a folder that was checked out. Actions, `npm` and `gh` are the only things that are not there.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editFile, ROOT, writeFiles } from '../rig/files.ts';
import { CLI, NODE } from '../rig/program.ts';
import { experiment } from './fixture.ts';

type Step = {
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly with?: { readonly [name: string]: unknown };
  readonly env?: { readonly [name: string]: string };
  readonly 'continue-on-error'?: boolean;
};
type Workflow = {
  readonly on: unknown;
  readonly permissions: { readonly [name: string]: string };
  readonly jobs: { readonly [job: string]: { readonly 'runs-on': string; readonly steps: readonly Step[] } };
};

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const [GITHUB, GITLAB, SHARDS] = [...read('docs/ci.md').matchAll(/^```yaml\n(.*?)^```$/gms)].map(
  ([, text]) => text!,
);
const WORKFLOWS: readonly (readonly [name: string, text: string])[] = [
  ['docs/ci.md', GITHUB!],
  ['templates/common/workflow.yml', read('templates/common/workflow.yml')],
];

let root: string;
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'expgraph-workflows-'));
  mkdirSync(path.join(root, 'ready'));
  await experiment(path.join(root, 'ready'));
  execFileSync('git', ['clone', '-q', '--bare', 'ready', 'origin.git'], { cwd: root });
  execFileSync('git', ['remote', 'add', 'origin', '../origin.git'], { cwd: path.join(root, 'ready') });
}, 300_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A checkout with what a cache brought. */
function checkout(name: string): string {
  const folder = path.join(root, name);
  cpSync(path.join(root, 'ready'), folder, { recursive: true });
  return folder;
}

/** What an image of CI brings beside us: the packages are there, and a comment is what it would have been. */
const SHELL = `npx() { "$@"; }; expgraph() { "$NODE" "$CLI" "$@"; }; npm() { test "$*" = ci; }
gh() { test "$1 $2 $3" = "pr comment 7" && test "$4" = --body-file && cp "$5" comment.md; }`;

function shell(folder: string, script: string, env: { readonly [name: string]: string } = {}) {
  const ended = spawnSync('bash', ['-e', '-c', `${SHELL}\n${script}`], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: root,
      LANG: 'C.UTF-8',
      NODE,
      CLI,
      CI: 'true',
      ...env,
    },
    encoding: 'utf8',
  });
  return { code: ended.status, said: `${ended.stdout}${ended.stderr}` };
}

const github = (folder: string): { readonly [name: string]: string } => ({
  ...{ GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder, PR: '7' },
  GITHUB_STEP_SUMMARY: path.join(folder, 'summary.md'),
});

describe.each(WORKFLOWS)('the workflow of %s', (name, text) => {
  const workflow = parse(text) as Workflow;
  const [job] = Object.values(workflow.jobs);

  it('is one of GitHub, and gives no step more than it needs', () => {
    expect(workflow.on).toBeTruthy();
    expect(workflow.permissions.contents).toBe('read');
    expect(text).not.toMatch(/pull_request_target/);
    for (const { uses, run, env = {}, with: given = {} } of job!.steps) {
      expect([uses === undefined, run === undefined].filter(Boolean)).toHaveLength(1);
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w/-]+@v\d+$/);
      // What a pull request is called is text of others: it is handed on as a variable, never pasted into a script.
      expect(run ?? '').not.toMatch(/\$\{\{/);
      for (const value of Object.values(env)) expect(value).toMatch(/^\$\{\{ .+ \}\}$/);
      for (const value of Object.values(given)) expect(typeof value).not.toBe('object');
    }
    const saved = job!.steps.findIndex(({ uses }) => uses?.startsWith('actions/cache/save'));
    const restored = job!.steps.findIndex(({ uses }) => uses?.startsWith('actions/cache/restore'));
    const runs = job!.steps.findIndex(({ run }) => run?.includes('expgraph run'));
    expect([restored < runs, runs < saved]).toEqual([true, true]);
    expect(job!.steps[saved]!.if).toContain('always()');
  });

  it('has steps that do what they say', () => {
    const folder = checkout(name.replace(/\W+/g, '_'));
    const ended = job!.steps
      .flatMap(({ run }) => run ?? [])
      .map((run) => ({ run, ...shell(folder, run, github(folder)) }));
    expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
    expect(readFileSync(path.join(folder, 'summary.md'), 'utf8')).toContain('tool-interface');
    const wanted = job!.steps.flatMap(({ uses, with: given }) =>
      uses?.startsWith('actions/upload-artifact') || uses?.startsWith('actions/cache/save')
        ? [String(given?.path)]
        : [],
    );
    for (const file of wanted.filter((one) => !one.includes('*')))
      expect([file, existsSync(path.join(folder, file))]).toEqual([file, true]);
  });
});

describe('the comment on a pull request', () => {
  const steps = Object.values((parse(GITHUB!) as Workflow).jobs)[0]!.steps;
  const commenting = steps.filter(({ run }) => run?.includes('compare.md'));
  const comment = (folder: string): string => {
    for (const { run } of commenting) expect(shell(folder, run!, github(folder))).toMatchObject({ code: 0 });
    return readFileSync(path.join(folder, 'comment.md'), 'utf8');
  };

  it('begins with the mark by which it is found, and has the table', () => {
    expect(comment(checkout('comment'))).toMatch(
      /^<!-- expgraph -->\n## tool\\?-interface: .*\n[\s\S]*\| arm \|/,
    );
  });

  it('is text whatever arms, models and answers are called: no mention, no link, no HTML, no mark of ours', () => {
    const folder = path.join(root, 'hostile');
    const name =
      '@org/all <!-- expgraph --> | see x/y#12 GH-7 www.example.com [a](https://e.example) <img src=x> `$1`';
    const model = `${name} ::error::boo`;
    writeFiles(folder, {
      'experiment.yaml': `version: 1\nname: q\nruns: 2\nscenarios: [s.yaml]\nvariants:\n  one: { command: [node, answer.mjs] }\n  ${JSON.stringify(name.replaceAll('/', ''))}: { command: [node, answer.mjs] }\n`,
      'answer.mjs': `console.log(JSON.stringify({ text: ${JSON.stringify(name)}, model: ${JSON.stringify(model)} }));\n`,
      's.yaml': `- { id: ${JSON.stringify('#1 @one')}, input: hi, category: ${JSON.stringify(name)}, expect: { contains: see } }\n- { id: two, input: hi, expect: { contains: never } }\n`,
      '.gitignore': 'artifacts\n*.md\n',
    });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder });
    git('init', '-q', '-b', 'main', '.');
    git('add', '-A');
    git('commit', '-qm', 'main');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    writeFileSync(path.join(folder, 'summary.md'), '');
    expect(shell(folder, 'npx expgraph run -q', github(folder))).toMatchObject({ code: 0 });
    editFile(path.join(folder, 'answer.mjs'), (before) => before.replace('text: ', 'text: "now " + '));
    expect(shell(folder, 'npx expgraph run -q', github(folder))).toMatchObject({ code: 0 });
    for (const body of [
      comment(folder).slice('<!-- expgraph -->\n'.length),
      readFileSync(path.join(folder, 'summary.md'), 'utf8'),
    ]) {
      expect(body).toContain('img src');
      // Within a span of code nothing is anything.
      const text = body.replace(/(`+)[\s\S]*?\1/g, '').replaceAll('<!-- -->', '\u0000');
      expect(text).not.toMatch(/(?<!\\)<(?!\/?[a-z]+>$)|@(?!\u0000)|#\d|GH-\d|www\.|(?<!\\)\]\(|:\/\//);
      expect(text).not.toMatch(/^\s*::/m);
    }
  }, 120_000);
});

describe('the pipeline of GitLab', () => {
  const pipeline = parse(GITLAB!) as {
    readonly evals: {
      readonly script: readonly string[];
      readonly artifacts: { readonly paths: readonly string[]; readonly reports: { readonly junit: string } };
      readonly cache: { readonly paths: readonly string[]; readonly when: string };
    };
  };

  it('has lines that do what they say, and leaves what it keeps', () => {
    const folder = checkout('gitlab');
    const { script, artifacts, cache } = pipeline.evals;
    const ended = script.map((line) => ({ line, ...shell(folder, line) }));
    expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
    for (const file of [...artifacts.paths, artifacts.reports.junit, ...cache.paths])
      expect([file, existsSync(path.join(folder, file))]).toEqual([file, true]);
    expect(cache.when).toBe('always');
  });
});

describe('the workflow with shards', () => {
  const { jobs } = parse(SHARDS!) as {
    readonly jobs: {
      readonly [job: string]: {
        readonly needs?: string;
        readonly strategy?: { readonly matrix: { readonly shard: readonly string[] } };
        readonly steps: readonly Step[];
      };
    };
  };
  const shards = jobs.draw!.strategy!.matrix.shard;
  const ran = (folder: string, job: string, env: { readonly [name: string]: string } = {}) =>
    jobs[job]!.steps.flatMap(({ run }) => run ?? []).map((run) => ({
      run,
      ...shell(folder, run, { ...github(folder), ...env }),
    }));

  it('has a job for each shard and one behind them, and pastes nothing into a script', () => {
    const of = shards.length;
    expect(shards).toEqual(Array.from({ length: of }, (_, i) => `${i + 1}/${of}`));
    expect(jobs.evals!.needs).toBe('draw');
    for (const { run = '', uses } of Object.values(jobs).flatMap(({ steps }) => steps)) {
      expect(run).not.toMatch(/\$\{\{/);
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w/-]+@v\d+$/);
    }
  });

  it('draws each part once, and the last job has all of it', () => {
    const last = checkout('shards');
    const merged = path.join(last, 'shards');
    rmSync(path.join(last, 'artifacts'), { recursive: true });
    for (const [i, shard] of shards.entries()) {
      const folder = checkout(`shard-${i}`);
      rmSync(path.join(folder, 'artifacts'), { recursive: true });
      const ended = ran(folder, 'draw', { SHARD: shard });
      expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
      expect(ended.at(-1)!.said).toContain(`Shard ${shard}, 30 tasks: 30 executed`);
      cpSync(path.join(folder, 'artifacts'), path.join(merged, `shard-${i}`), { recursive: true });
    }
    // There is nothing to be held against: what main had is not here.
    const ended = ran(last, 'evals').filter(({ run }) => !run.includes('--against'));
    expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
    expect(ended.at(-1)!.said).toContain('Everything is up to date: 0 executed, 120 cached');
  }, 120_000);
});
