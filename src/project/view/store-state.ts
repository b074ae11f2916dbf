// What the files of an experiment look like from outside: names, sizes and times. Nothing is read; a look tells whether it is worth it.
import { existsSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { readFolder } from '../../cache/disk/disk-read.ts';
import { historyFiles, invocationFolders, layoutOf, scoresRoot } from '../../cache/disk/layout.ts';
import { hasJustEnded, readHolder } from '../../cache/disk/lock.ts';
import type { Manifest } from '../../core/manifest.ts';
import type { Watched } from '../../watch/watch.ts';

export type StoreState = {
  readonly draws: string;
  readonly scores: string;
  readonly reviews: string;
  /** Who has the lock, and is there. */
  readonly holder: string;
};

export function storeState(root: string): StoreState {
  const draws = layoutOf(root);
  const scores = layoutOf(scoresRoot(root), 'score');
  const holder = readHolder(root);
  return {
    draws: historyState(draws),
    scores: historyState(scores),
    reviews: reviewsState(path.join(root, 'reviews')),
    holder: holder === null || hasJustEnded(holder) ? '' : `${holder.pid} ${holder.since}`,
  };
}

/** Of the files that a manifest was read from, and of the folders where its patterns look: a new file shows in its folder's time. */
export function sourcesState(watched: Watched, manifest: Sources): string {
  return sourcesOf(watched, manifest).map(stateOf).join(' ');
}

/** @param sinceMs wall time */
export function wasSavedSince(sinceMs: number, watched: Watched, manifest: Sources): boolean {
  return sourcesOf(watched, manifest).some((file) => {
    const stat = statOf(file);
    return stat != null && stat.mtimeMs >= sinceMs;
  });
}

type Sources = Pick<Manifest, 'sources' | 'inputs' | 'folder'>;

function sourcesOf({ files, trees }: Watched, manifest: Sources): readonly string[] {
  const read = [
    ...files,
    ...manifest.sources,
    ...manifest.inputs.map(({ path: name }) => path.resolve(manifest.folder, name)),
  ];
  const folders = trees.length === 0 ? [] : read.map((file) => path.dirname(file));
  return [...new Set([...read, ...trees.map(({ folder }) => folder), ...folders])];
}

function historyState(layout: ReturnType<typeof layoutOf>): string {
  const names = [
    ...historyFiles(layout).map(({ path: file }) => file),
    // It is there before the first record, and says last how it ended.
    ...invocationFolders(layout)
      .slice(-2)
      .map(({ name }) => `${name}/invocation.json`),
  ];
  return names.map((name) => `${name} ${stateOf(path.join(layout.history, name))}`).join(' ');
}

function reviewsState(folder: string): string {
  return readFolder(folder)
    .filter((review) => existsSync(path.join(folder, review, 'deck.jsonl')))
    .flatMap((review) => {
      const at = path.join(folder, review);
      const verdicts = path.join(at, 'verdicts');
      const names = ['deck.jsonl', 'protocol.json', 'closed.json'].map((name) => path.join(at, name));
      return [...names, ...readFolder(verdicts).map((name) => path.join(verdicts, name))];
    })
    .map((file) => `${file} ${stateOf(file)}`)
    .join(' ');
}

function stateOf(file: string): string {
  const stat = statOf(file);
  return stat === null ? '?' : stat === undefined ? '-' : `${stat.size} ${stat.mtimeMs} ${stat.ino}`;
}

/** undefined = it is not there; null = nobody can tell. */
function statOf(file: string): Stats | null | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return null;
  }
}
