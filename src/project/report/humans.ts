// What people said of answers in reviews that are closed, dimension by dimension; beside each answer its screen says it.
import { openHumanBook } from '../select/human-scores.ts';
import type { Snapshot } from '../view/snapshot.ts';

/** Whether there is a dimension of a review in which answers or pairs were judged. */
export function hasReaders({ experiment }: Pick<Snapshot, 'experiment'>): boolean {
  const book = openHumanBook(experiment);
  return book.scorers.length > 0 || book.pairs !== null;
}
