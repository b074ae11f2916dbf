// Which blind reviews of an experiment are open. Asked by each command that shows numbers: where there is none, it is one look at one folder.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

export type OpenReview = {
  /** Its folder's name. */
  readonly id: string;
  readonly folder: string;
};

export function reviewsRoot(root: string): string {
  return path.join(root, 'reviews');
}

/** A deck is dealt and nothing is closed yet. By id. @param root artifacts/<experiment> */
export function openReviews(root: string): readonly OpenReview[] {
  const all = reviewsRoot(root);
  return namesIn(all)
    .filter((id) => !id.startsWith(UNFINISHED))
    .sort()
    .map((id) => ({ id, folder: path.join(all, id) }))
    .filter(
      ({ folder }) =>
        existsSync(path.join(folder, 'deck.jsonl')) && !existsSync(path.join(folder, 'closed.json')),
    );
}

/** A review is made beside its place: what a killed `review start` left there is none. */
const UNFINISHED = '.';

/** A folder that is there and cannot be read is no proof that nobody reads blind: it throws. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw cause;
  }
}
