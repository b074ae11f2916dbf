// chokidar on a real folder: which saves are told, and that nothing between them is missed.
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openFileWatch } from '../../src/watch/files.ts';
import { startWatch, type Worker } from '../../src/watch/watch.ts';
import { watchedOf } from '../../src/watch/watched.ts';
import { writeFiles } from '../rig/files.ts';
import { realClock } from '../rig/model-calls.ts';
import { tempFolder } from '../rig/temp.ts';

type Folder = {
  readonly at: (name: string) => string;
  /** Resolves when this file was told to be saved, now or before. */
  readonly told: (name: string) => Promise<void>;
  /** Names that were told so far, sorted, and forgets them. */
  readonly take: () => readonly string[];
  readonly renew: (of?: { files?: readonly string[]; patterns?: readonly string[] }) => Promise<void>;
};

async function watchedFolder(
  files: { readonly [name: string]: string },
  of: { readonly files: readonly string[]; readonly patterns: readonly string[] },
  sinceMs = Number.POSITIVE_INFINITY,
): Promise<Folder> {
  const folder = tempFolder();
  writeFiles(folder, files);
  const at = (name: string): string => path.join(folder, name);
  const names = new Set<string>();
  let wake = (): void => {};
  const watch = openFileWatch({
    onSaved(file) {
      names.add(path.relative(folder, file));
      wake();
    },
    onTrouble: (sentence) => expect.fail(sentence),
  });
  onTestFinished(() => watch.close());
  const renew: Folder['renew'] = (now = {}) => {
    const { files = of.files, patterns = of.patterns } = now;
    return watch.renew(watchedOf({ folder, files: files.map(at), patterns }), sinceMs);
  };
  await renew();
  return {
    ...{ at, renew },
    async told(name) {
      while (!names.has(name)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    take() {
      const taken = [...names].sort();
      names.clear();
      return taken;
    },
  };
}

const EXPERIMENT = { 'experiment.yaml': '1', 'scenarios/a.yaml': '1', 'prompt.md': '1', 'other.md': '1' };
const ALL = { files: ['experiment.yaml', 'prompt.md'], patterns: ['scenarios/**/*.yaml'] };

/** Events come in order: once this one was told, those of files that were written before it have come, too. */
async function settled(folder: Folder): Promise<readonly string[]> {
  writeFileSync(folder.at('experiment.yaml'), `${Math.random()}`);
  await folder.told('experiment.yaml');
  return folder.take().filter((name) => name !== 'experiment.yaml');
}

it('tells a save, a new file that matches, and a file that goes', async () => {
  const folder = await watchedFolder(EXPERIMENT, ALL);
  writeFileSync(folder.at('prompt.md'), '2');
  await folder.told('prompt.md');
  writeFiles(folder.at('.'), { 'scenarios/new/b.yaml': '1' });
  await folder.told('scenarios/new/b.yaml');
  unlinkSync(folder.at('scenarios/a.yaml'));
  await folder.told('scenarios/a.yaml');
  expect(folder.take()).toEqual(['prompt.md', 'scenarios/a.yaml', 'scenarios/new/b.yaml']);
});

it('tells saves by renaming again and again', async () => {
  const folder = await watchedFolder(EXPERIMENT, ALL);
  for (let i = 0; i < 3; i++) {
    // As most editors do, and as vim does.
    writeFileSync(folder.at('.prompt.md.tmp'), `${i}`);
    renameSync(folder.at('.prompt.md.tmp'), folder.at('prompt.md'));
    await folder.told('prompt.md');
    await settled(folder);
    renameSync(folder.at('scenarios/a.yaml'), folder.at('scenarios/a.yaml~'));
    writeFileSync(folder.at('scenarios/a.yaml'), `${i}`);
    await folder.told('scenarios/a.yaml');
    await settled(folder);
  }
});

it('tells nothing of results, packages, editors and files that nobody named', async () => {
  const folder = await watchedFolder(EXPERIMENT, { ...ALL, patterns: ['**/*.yaml'] });
  writeFiles(folder.at('.'), {
    'artifacts/made/runs/a.yaml': '1',
    'node_modules/p/a.yaml': '1',
    '.git/a.yaml': '1',
    'scenarios/.a.yaml.swp': '1',
    'scenarios/#a.yaml#': '1',
    'scenarios/.hidden.yaml': '1',
    'scenarios/notes.txt': '1',
    'other.md': '2',
  });
  writeFiles(folder.at('.'), { 'zz/deep/er/a.yaml': '1' });
  await folder.told('zz/deep/er/a.yaml');
  expect(folder.take()).toEqual(['zz/deep/er/a.yaml']);
});

it('waits for files and folders that are not there yet', async () => {
  const folder = await watchedFolder(EXPERIMENT, {
    files: ['experiment.yaml', 'prompts/deep/new.md'],
    patterns: ['cases/*.yaml'],
  });
  writeFiles(folder.at('.'), { 'prompts/deep/new.md': '1', 'cases/a.yaml': '1' });
  await folder.told('prompts/deep/new.md');
  await folder.told('cases/a.yaml');
  rmSync(folder.at('cases'), { recursive: true });
  await folder.told('cases/a.yaml');
  folder.take();
  writeFiles(folder.at('.'), { 'cases/a.yaml': '2' });
  await folder.told('cases/a.yaml');
});

it('follows a list that changes, and misses nothing in between', async () => {
  const folder = await watchedFolder(EXPERIMENT, ALL);
  const renewed = folder.renew({ files: ['experiment.yaml', 'other.md'] });
  writeFileSync(folder.at('scenarios/a.yaml'), '2');
  await renewed;
  await folder.told('scenarios/a.yaml');
  writeFileSync(folder.at('prompt.md'), '2');
  writeFileSync(folder.at('other.md'), '2');
  await folder.told('other.md');
  expect(await settled(folder)).not.toContain('prompt.md');
});

it('tells what was saved before it was watched, and since the plan began', async () => {
  const sinceMs = Date.now() - 1_000;
  const folder = await watchedFolder(EXPERIMENT, ALL, sinceMs);
  expect(folder.take()).toEqual(['experiment.yaml', 'prompt.md', 'scenarios/a.yaml']);
});

it('tells a save behind a link, and is not led in circles by one', async () => {
  const folder = await watchedFolder({ ...EXPERIMENT, 'shared/real.yaml': '1' }, ALL);
  symlinkSync(folder.at('shared/real.yaml'), folder.at('scenarios/link.yaml'));
  await folder.told('scenarios/link.yaml');
  folder.take();
  symlinkSync(folder.at('scenarios'), folder.at('scenarios/circle'));
  expect(await settled(folder)).toEqual([]);
  writeFileSync(folder.at('shared/real.yaml'), '2');
  await folder.told('scenarios/link.yaml');
});

it('makes one plan of ten thousand touches, and of each atomic save', async () => {
  const folder = tempFolder();
  writeFiles(folder, EXPERIMENT);
  const file = path.join(folder, 'scenarios/a.yaml');
  const rests: (() => void)[] = [];
  const rest = (): Promise<void> => new Promise((resolve) => rests.push(resolve));
  const rounds: (readonly string[])[] = [];
  const watched = watchedOf({
    folder,
    files: [path.join(folder, 'experiment.yaml')],
    patterns: ALL.patterns,
  });
  const worker: Worker = {
    async plan(round) {
      rounds.push(round.files.map((name) => path.relative(folder, name)));
      return { verdict: 'nothing', watched, quietMs: 100 };
    },
    ask: () => expect.fail('nothing to ask'),
    run: () => expect.fail('nothing to run'),
    hold: () => expect.fail('nothing to hold'),
    rest: () => rests.shift()?.(),
    trouble: (sentence) => expect.fail(sentence),
  };
  const first = rest();
  // What was written just now is older than the watch.
  const old = new Date(Date.now() - 60_000);
  utimesSync(file, old, old);
  const watch = startWatch({ clock: realClock, worker, first: { files: [], retry: false } });
  onTestFinished(() => {
    watch.leave();
  });
  await first;
  rounds.length = 0;
  const second = rest();
  for (let i = 0; i < 10_000; i++) {
    const now = new Date();
    utimesSync(file, now, now);
    // As from another process: events come in between.
    if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await second;
  expect(rounds).toEqual([['scenarios/a.yaml']]);
  const third = rest();
  mkdirSync(path.join(folder, 'tmp'));
  writeFileSync(path.join(folder, 'tmp/a'), '2');
  unlinkSync(file);
  renameSync(path.join(folder, 'tmp/a'), file);
  await third;
  expect(rounds).toEqual([['scenarios/a.yaml'], ['scenarios/a.yaml']]);
  watch.leave();
  expect(await watch.ended).toBe('idle');
});
