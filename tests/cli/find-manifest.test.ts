// Which manifest a command is about, by what lies in folders.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findManifest } from '../../src/project/open/find-manifest.ts';
import type { Notice } from '../../src/project/open/world.ts';
import { cli, sample } from '../rig/cli.ts';
import { editFile, filesBelow } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

/** Everything below a repository, so that what lies above the folder of tests is none of it. */
function folderWith(...files: readonly string[]): string {
  const folder = tempFolder();
  for (const file of ['.git/HEAD', 'deep/er/x', ...files]) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), '');
  }
  return folder;
}

type Found = { readonly file: string } | { readonly refused: string };

function find(cwd: string, given: string | null = null): Found & { readonly said: string } {
  let said = '';
  const notify = (notice: Notice): void => {
    if (notice.kind === 'lines') said += `${notice.text}\n`;
  };
  try {
    return { file: findManifest({ cwd, notify }, given), said };
  } catch (cause) {
    return { refused: (cause as Error).message.replaceAll(cwd, 'HERE'), said };
  }
}

describe('without -f', () => {
  it.each(['experiment.yaml', 'experiment.yml'])('takes %s of the working folder in silence', (name) => {
    expect(find(folderWith(name))).toEqual({ file: name, said: '' });
  });

  it('takes the nearest one above, and says which', () => {
    const folder = folderWith('experiment.yml', 'deep/experiment.yaml');
    expect(find(path.join(folder, 'deep/er'))).toEqual({
      ...{ file: '../experiment.yaml', said: 'Manifest: ../experiment.yaml\n' },
    });
  });

  it('does not leave the repository', () => {
    const folder = folderWith('experiment.yaml', 'deep/.git/HEAD');
    expect(find(path.join(folder, 'deep/er'))).toMatchObject({ refused: expect.stringMatching(/^no exp/) });
  });

  it('does not choose between two', () => {
    const found = find(folderWith('experiment.yaml', 'experiment.yml'));
    expect(found).toMatchObject({
      refused: 'both experiment.yaml and experiment.yml are in HERE: say which with -f, or remove one',
    });
  });

  it.each([
    [[], '"npx expgraph init" writes an experiment.yaml to start from'],
    [['experiments.yaml'], 'there is experiments.yaml: rename it to experiment.yaml, or name it with -f'],
    [['Experiment.YAML'], 'there is Experiment.YAML: rename it'],
    [['expriment.yml'], 'there is expriment.yml: rename it'],
    [['expgraph.yaml'], 'there is expgraph.yaml: rename it'],
    [
      ['promptfooconfig.yaml'],
      '"npx expgraph init --from-promptfoo promptfooconfig.yaml" makes an experiment of it',
    ],
    [['tests/test_routing.py'], '"npx expgraph init --from-pytest" makes one of them'],
    [['pytest.ini'], '"npx expgraph init --from-pytest" makes one of them'],
    [['tests/notes.md', 'docker-compose.yaml'], '"npx expgraph init" writes'],
  ])('says with %j there what to do', (files, hint) => {
    const found = find(folderWith(...files));
    expect(found).toMatchObject({
      refused: expect.stringMatching(/^no experiment\.yaml or experiment\.yml in HERE or above it; /),
    });
    expect(found).toMatchObject({ refused: expect.stringContaining(hint) });
  });
});

describe('with -f', () => {
  it('takes a folder for the manifest in it, and looks nowhere above', () => {
    const folder = folderWith('experiment.yaml', 'other/experiment.yml');
    expect(find(folder, 'other')).toEqual({ file: path.join('other', 'experiment.yml'), said: '' });
    expect(find(folder, 'deep')).toMatchObject({
      refused: expect.stringMatching(/^no experiment\.yaml or experiment\.yml in the folder deep; /),
    });
  });

  it('says of a file that is not there which one is meant', () => {
    const folder = folderWith('night.yaml');
    expect(find(folder, 'nihgt.yaml')).toMatchObject({
      refused: 'there is no nihgt.yaml; did you mean "night.yaml"?',
    });
  });
});

it('works from a folder below: files of the command line are there, artifacts beside the manifest', async () => {
  const folder = tempFolder();
  await sample(folder);
  const below = path.join(folder, 'scenarios');
  const scope = ['--scenario', 'sanity:list-week', '--runs', '1', '--no-score'];
  const ran = await cli(['run', ...scope, '--events', 'events.jsonl'], { cwd: below });
  expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('Manifest: ../experiment.yaml')]);
  expect(ran.stdout).toContain('../artifacts/tool-interface/runs');
  expect(filesBelow(path.join(folder, 'artifacts/tool-interface/runs'))).toHaveLength(2);
  expect(filesBelow(below)).toContain('events.jsonl');
  const status = await cli(['status', '-f', '..', ...scope.slice(0, 4)], { cwd: below });
  expect([status.code, status.stdout]).toEqual([0, expect.stringContaining('Complete')]);
  editFile(path.join(folder, 'experiment.yaml'), (text) => text.replace('runs: 3', 'runs: three'));
  expect((await cli(['plan'], { cwd: below })).stderr).toContain('experiment.yaml:5:7 error');
});

it('is asked for by every command in the same words', async () => {
  const folder = folderWith();
  const lines = [
    'run',
    'plan',
    'status',
    'fsck',
    'history',
    'watch',
    'export',
    'show a/b/1',
    'langsmith push',
  ];
  for (const line of lines) {
    const { code, stderr, stdout } = await cli(line.split(' '), { cwd: folder });
    expect([code, stdout, stderr.trim().split('\n').length], line).toEqual([2, '', 1]);
    expect(stderr, line).toContain('"npx expgraph init" writes an experiment.yaml to start from');
  }
});
