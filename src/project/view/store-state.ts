// What the files of an experiment look like from outside: names, sizes and times. Nothing is read; a look tells whether it is worth it.
import { existsSync, statSync } from 'node:fs';
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
export function sourcesState(
  { files, trees }: Watched,
  manifest: Pick<Manifest, 'sources' | 'inputs' | 'folder'>,
): string {
  const read = [
    ...files,
    ...manifest.sources,
    ...manifest.inputs.map(({ path: name }) => path.resolve(manifest.folder, name)),
  ];
  const folders = trees.length === 0 ? [] : read.map((file) => path.dirname(file));
  const all = new Set([...read, ...trees.map(({ folder }) => folder), ...folders]);
  return [...all].map(stateOf).join(' ');
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
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat ? `${stat.size} ${stat.mtimeMs} ${stat.ino}` : '-';
  } catch {
    return '?';
  }
}
