// The whole action, step by step, as a runner plays it: with caches and artifacts that are folders of the test, and nothing of GitHub.
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ActionStep, type PlayedAction, playAction } from '../rig/action-runner.ts';
import { sample } from '../rig/cli.ts';
import { editFile, ROOT } from '../rig/files.ts';
import { CLI } from '../rig/program.ts';
import { tempFolder } from '../rig/temp.ts';

const action = parse(readFileSync(path.join(ROOT, 'action/action.yml'), 'utf8')) as {
  readonly inputs: { readonly [name: string]: { readonly default?: string } };
  readonly runs: { readonly steps: readonly ActionStep[] };
};

type Job = {
  readonly event?: string;
  readonly ref?: string;
  readonly fork?: boolean;
  readonly inputs?: { readonly [name: string]: string };
};

type Runner = {
  readonly checkout: string;
  /** What `gh` was asked. */
  asked(): string;
  readonly kept: Map<string, readonly string[]>;
  play(job: Job): PlayedAction;
};

/** A repository with the sample below evals/, and a runner with caches and artifacts of its own. */
async function runner(): Promise<Runner> {
  const home = tempFolder();
  const at = (name: string): string => path.join(home, name);
  for (const name of ['bin', 'caches', 'checkout/evals', 'temp']) mkdirSync(at(name), { recursive: true });
  const program = (name: string, text: string): void => {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${text}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  };
  program(
    'npx',
    `test "$1" = --no-install && test "$2" = expgraph || exit 99\nshift 2\nexec "${process.execPath}" "${CLI}" "$@"`,
  );
  program('npm', `test "$1" = ci && pwd >> "${at('installed')}"`);
  program('gh', `printf '%s ' "$@" >> "${at('gh')}"`);
  const checkout = at('checkout');
  await sample(path.join(checkout, 'evals'), 'latency_ms: 0, latency_spread: 0');
  const kept = new Map<string, readonly string[]>();
  const caches = new Map<string, string>();
  let runs = 0;
  return {
    checkout,
    kept,
    asked: () => (existsSync(at('gh')) ? readFileSync(at('gh'), 'utf8') : ''),
    play({ event = 'push', ref = 'refs/heads/main', fork = false, inputs = {} }) {
      runs++;
      rmSync(path.join(checkout, 'evals/artifacts'), { recursive: true, force: true });
      const defaults = Object.entries(action.inputs).map(([name, one]) => [name, one.default ?? '']);
      const repository = fork ? 'them/repo' : 'us/repo';
      const pull = { number: 7, head: { repo: { full_name: repository } } };
      return playAction({
        steps: action.runs.steps,
        folder: checkout,
        contexts: {
          inputs: { ...Object.fromEntries(defaults), 'working-directory': 'evals', ...inputs },
          github: { event_name: event, ref, event: event === 'pull_request' ? { pull_request: pull } : {} },
        },
        env: {
          ...{ PATH: `${at('bin')}:${process.env.PATH}`, HOME: home, CI: 'true', GITHUB_ACTIONS: 'true' },
          ...{ GITHUB_REPOSITORY: 'us/repo', GITHUB_RUN_ID: String(runs), GITHUB_RUN_ATTEMPT: '1' },
          ...{ GITHUB_WORKFLOW_REF: `us/repo/.github/workflows/evals.yml@${ref}` },
          ...{ GITHUB_WORKSPACE: checkout, GITHUB_ACTION_PATH: path.join(ROOT, 'action') },
          ...{ RUNNER_TEMP: at('temp'), GITHUB_STEP_SUMMARY: at('summary') },
        },
        uses(name, given) {
          const folder = path.join(checkout, given.path ?? '');
          if (name === 'actions/cache/restore') {
            const wanted = [given.key!, ...given['restore-keys']!.trim().split(/\s*\n\s*/)];
            // The newest that begins so.
            const found = wanted.flatMap((key) =>
              [...caches.keys()].filter((one) => one.startsWith(key)).reverse(),
            )[0];
            if (found !== undefined) cpSync(caches.get(found)!, folder, { recursive: true });
          }
          if (name === 'actions/cache/save') {
            const copy = at(`caches/${caches.size}`);
            cpSync(folder, copy, { recursive: true });
            caches.set(given.key!, copy);
          }
          if (name === 'actions/upload-artifact')
            kept.set(
              given.name!,
              given
                .path!.trim()
                .split(/\s*\n\s*/)
                .filter((file) => existsSync(path.resolve(checkout, file))),
            );
          return 0;
        },
      });
    },
  };
}

const named = ({ ran }: PlayedAction): readonly string[] => ran.map(([name]) => name);

describe('the action, played', () => {
  it('draws on a push, and on a pull request only what that push has not drawn; the pull request is told', async () => {
    const { play, kept, asked, checkout } = await runner();
    const push = play({});
    expect([push.code, named(push)], push.said).toEqual([
      0,
      [
        ...['Look at the inputs', 'Set up Node', 'Install', 'Restore the store from the cache', 'Run'],
        ...['Keep the store in the cache', 'Keep JUnit and the report', 'Say how it ended'],
      ],
    ]);
    expect(push.said).toContain('120 executed, 0 cached');
    expect(asked()).toBe('');
    editFile(path.join(checkout, 'evals/scenarios/ambiguous.yaml'), (text) =>
      text.replace(/input: (?:"[^"]*"|[^\n]*)/, 'input: Something else entirely'),
    );
    const pull = play({ event: 'pull_request', ref: 'refs/pull/7/merge' });
    expect(pull.code, pull.said).toBe(0);
    expect(pull.said).toMatch(/120 tasks: 6 executed, 114 cached/);
    expect(named(pull)).toContain('Comment on the pull request');
    expect(asked()).toMatch(/^pr comment 7 --repo us\/repo --body-file \S+ --edit-last --create-if-none $/);
    const reports = kept.get('expgraph-report-evals')!.map((file) => path.basename(file));
    expect(reports).toEqual(['junit.xml', 'report.md']);
    // What the pull request has drawn is its own: the next push to main does not see it.
    const again = play({ event: 'pull_request', ref: 'refs/pull/7/merge' });
    expect(again.said).toContain('0 executed, 120 cached');
  });

  it('asks nobody for a fork, keeps nothing of it, comments on nothing, and fails', async () => {
    const { play, asked } = await runner();
    const fork = play({ event: 'pull_request', ref: 'refs/pull/8/merge', fork: true });
    expect(fork.said).toContain('0 executed, 0 cached, 0 failed, 120 missing');
    expect([fork.code, asked()]).toEqual([1, '']);
    expect(named(fork)).not.toContain('Keep the store in the cache');
    expect(named(fork).at(-1)).toBe('Say how it ended');
  });

  it('keeps what was paid for where a gate is broken, and ends with its code', async () => {
    const { play } = await runner();
    const job = { inputs: { arguments: '--fail-under\n1\n', upload: 'false', comment: 'false' } };
    const broken = play(job);
    expect([broken.code, broken.outputs.run!['exit-code']], broken.said).toEqual([6, '6']);
    expect(named(broken)).toContain('Keep the store in the cache');
    expect(play(job).said).toContain('0 executed, 120 cached');
  });

  it('begins nothing where an input is none, and keeps nothing', async () => {
    const { play, asked } = await runner();
    const refused = play({ inputs: { 'working-directory': '../evals' } });
    expect([refused.code, named(refused), asked()]).toEqual([2, ['Look at the inputs'], '']);
    expect(refused.said).toContain('::error title=expgraph::working-directory is a folder of the repository');
  });

  it('takes the store of an artifact, and leaves one', async () => {
    const { play, kept, asked } = await runner();
    const job = play({ inputs: { store: 'artifact', install: 'none', 'node-version': '' } });
    expect(job.code, job.said).toBe(0);
    expect(named(job).slice(0, 3)).toEqual([
      ...['Look at the inputs', 'Restore the store from an artifact of the trusted branch', 'Run'],
    ]);
    expect(asked()).toContain('run list --repo us/repo --workflow evals.yml --branch main --event push');
    expect(kept.get('expgraph-store-evals')).toEqual(['evals/artifacts']);
  });

  it('draws shards in jobs of their own, and takes them in where all of it is judged, told and kept', async () => {
    const { play, kept, asked, checkout } = await runner();
    const event = { event: 'pull_request', ref: 'refs/pull/7/merge' };
    for (const shard of ['1/2', '2/2']) {
      const part = play({ ...event, inputs: { shard } });
      expect([part.code, part.said], part.said).toEqual([
        0,
        expect.stringMatching(`Shard ${shard}, 60 tasks: 60 executed`),
      ]);
      expect(named(part)).toContain('Hand over what the shard drew');
      for (const step of ['Keep the store in the cache', 'Comment on the pull request'])
        expect(named(part)).not.toContain(step);
      const name = `expgraph-shard-evals-${shard.replace('/', '-of-')}`;
      expect(kept.get(name)).toEqual(['evals/artifacts']);
      cpSync(path.join(checkout, 'evals/artifacts'), path.join(checkout, 'shards', name), {
        recursive: true,
      });
    }
    expect(asked()).toBe('');
    const all = play({ ...event, inputs: { merge: 'shards' } });
    expect([all.code, all.said], all.said).toEqual([0, expect.stringContaining('0 executed, 120 cached')]);
    expect(named(all)).toContain('Keep the store in the cache');
    expect(asked()).toMatch(/^pr comment 7 /);
    expect(play({ ...event, inputs: { merge: 'nowhere' } }).said).toContain('no other job has left a store');
  });
});
