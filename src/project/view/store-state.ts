// What the files of an experiment look like from outside: names, sizes and times. Nothing is read; a look tells whether it is worth it.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readFolder } from '../../cache/disk/disk-read.ts';
import { invocationFolders, layoutOf, scoresRoot } from '../../cache/disk/layout.ts';
import { hasJustEnded, readHolder } from '../../cache/disk/lock.ts';
import { sha256 } from '../../core/canonical.ts';
import { stateOf } from './file-state.ts';

export type StoreState = {
  readonly draws: string;
  readonly scores: string;
  readonly reviews: string;
  /** Who had the lock last, and whether he is there. */
  readonly holder: string;
};

/** Only the newest invocations grow. */
const GROWING = 3;
/** Whoever rewrites older ones has had the lock; a hand that does so without it is seen at the next whole look. */
const WHOLE_EACH = 20;

/** @returns what looks at the files of a store, and at those of old invocations seldom: there may be thousands */
export function makeStoreLook(): (root: string) => StoreState {
  const old = new Map<string, string>();
  let looks = 0;
  let lastHolder = '';
  return (root) => {
    const holder = holderState(root);
    if (looks++ % WHOLE_EACH === 0 || holder !== lastHolder) old.clear();
    lastHolder = holder;
    const historyState = (layout: ReturnType<typeof layoutOf>): string => {
      const folders = invocationFolders(layout).map(({ name }) => path.join(layout.history, name));
      const growing = folders.splice(-GROWING);
      const rest = folders.map((folder) => {
        const state = old.get(folder) ?? sha256(folderState(folder));
        old.set(folder, state);
        return state;
      });
      return [...rest, ...growing.map(folderState)].join(' ');
    };
    return {
      draws: historyState(layoutOf(root)),
      scores: historyState(layoutOf(scoresRoot(root), 'score')),
      reviews: reviewsState(path.join(root, 'reviews')),
      holder,
    };
  };
}

function holderState(root: string): string {
  const holder = readHolder(root);
  if (holder === null) return '';
  return `${holder.pid} ${holder.since} ${hasJustEnded(holder) ? 'ended' : 'there'}`;
}

/** Records, and how it began and ended. */
function folderState(folder: string): string {
  return readFolder(folder)
    .filter((name) => name.endsWith('.jsonl') || name === 'invocation.json')
    .sort()
    .map((name) => path.join(folder, name))
    .map((file) => `${file} ${stateOf(file)}`)
    .join(' ');
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
