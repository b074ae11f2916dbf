// Which blind reviews of an experiment are open. Asked by each command that shows numbers: where there is none, it is one look at one folder.
import path from 'node:path';
import { fileState, readFolder } from '../../cache/disk/disk-read.ts';

export type OpenReview = {
  /** Its folder's name. */
  readonly id: string;
  readonly folder: string;
};

export function reviewsRoot(root: string): string {
  return path.join(root, 'reviews');
}

/**
 * A deck is dealt and nothing is closed yet. By id. @param root artifacts/<experiment>
 * @throws StoreError where one cannot be looked at: that is no proof that nobody reads blind
 */
export function openReviews(root: string): readonly OpenReview[] {
  const all = reviewsRoot(root);
  return readFolder(all)
    .filter((id) => !id.startsWith(UNFINISHED))
    .sort()
    .map((id) => ({ id, folder: path.join(all, id) }))
    .filter(
      ({ folder }) =>
        fileState(path.join(folder, 'deck.jsonl')) !== null &&
        fileState(path.join(folder, 'closed.json')) === null,
    );
}

/** A review is made beside its place: what a killed `review start` left there is none. */
const UNFINISHED = '.';
