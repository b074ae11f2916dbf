// The folder in which the commands of the pages are executed: the sample with two invocations, and files that imports speak of.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { editFile, writeFiles } from '../rig/files.ts';
import { program } from '../rig/program.ts';

const PYTEST = {
  'tests/experiment/test_answers.py': `import pytest

@pytest.mark.parametrize("variant", ["baseline", "applike"])
@pytest.mark.parametrize("model", ["a", "b"])
def test_answer(variant, model, expgraph):
    expgraph.record(text=model)
`,
  'tests/test_nothing.py': 'def test_nothing(): pass\n',
};

/** What `init` begins with: nothing but tests. */
export function emptyFolder(folder: string): void {
  writeFiles(folder, { ...PYTEST, ...ELSEWHERE });
}

/** What `init --from-...` makes experiments of. */
const ELSEWHERE = {
  'promptfooconfig.yaml':
    'prompts: ["Tweet about {{topic}}"]\nproviders: [openai:gpt-4.1]\ntests: [{ vars: { topic: tea }, assert: [{ type: icontains, value: tea }] }]\n',
  'task.py':
    'Task(dataset=[Sample(input="1+1?", target="2")], solver=generate(), scorer=match(numeric=True))\n',
  'questions.csv': 'question,target\n1+1?,2\n',
};

/** A commit that `--against origin/main` finds: it stands for what was fetched. */
export function originMain(folder: string): void {
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: folder,
      stdio: 'ignore',
    });
  };
  git('init', '-q', '-b', 'main', '.');
  git('add', '-A', '--', 'experiment.yaml', 'scenarios');
  git('commit', '-qm', 'main');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
}

export async function experiment(folder: string): Promise<void> {
  await done(folder, 'init');
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace(
      /^providers:$/m,
      'providers:\n  sim: { type: sim, sim: { latency_ms: 0, latency_spread: 0 } }',
    ),
  );
  originMain(folder);
  await done(folder, 'run');
  await done(folder, 'run', '--force', '--runs', '1', '--scenario', 'ambiguous:*');
  await done(folder, 'export', '--format', 'inspect', '-o', 'logs');
  const [log] = readdirSync(path.join(folder, 'logs'));
  copyFileSync(path.join(folder, 'logs', log!), path.join(folder, 'logs/2026-02-01_task.eval'));
  importable(folder);
  others(folder);
}

/** What `merge` takes in: a checkout of a colleague, what CI kept, and what its shards did. */
function others(folder: string): void {
  for (const name of ['experiment.yaml', 'scenarios', 'artifacts'])
    cpSync(path.join(folder, name), path.join(folder, 'from-ann', name), { recursive: true });
  for (const shard of ['shard-2', 'shard-3'])
    cpSync(path.join(folder, 'artifacts'), path.join(folder, shard), { recursive: true });
  execFileSync('tar', ['czf', 'results-of-ci.tar.gz', '-C', 'from-ann', 'artifacts'], { cwd: folder });
}

async function done(folder: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await program(args, { cwd: folder });
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
}

function importable(folder: string): void {
  const row = { variant: 'baseline', scenario: 'sanity:list-week', run: 0, text: 'hello' };
  const theirs = { arm: 'baseline', scenario: 'sanity:list-week', run: 1, answer: { text: 'hello' } };
  writeFiles(folder, {
    'old-results.jsonl': `${JSON.stringify(row)}\n`,
    'old.jsonl': `${JSON.stringify(theirs)}\n`,
    'promptfoo-out.json': JSON.stringify({
      results: {
        version: 3,
        results: [
          {
            ...{ provider: { id: 'baseline' }, prompt: { raw: 'hi', label: 'hi' }, success: true, score: 1 },
            ...{ vars: { input: 'hi' }, response: { output: 'hello' }, testIdx: 0, promptIdx: 0 },
          },
        ],
      },
    }),
  });
  cpSync(path.join(folder, 'artifacts/tool-interface/runs'), path.join(folder, 'results'), {
    recursive: true,
  });
}
