// Of a book what is said of every arm.
import type { ScoreBook } from '../../core/scoring.ts';

/** The same book without judges of pairs: an arm that others are held against has no number of theirs. */
export function withoutPairs(book: ScoreBook): ScoreBook {
  const { pairs = [] } = book;
  if (pairs.length === 0) return book;
  return {
    ...book,
    pairs: [],
    scorers: book.scorers.filter((name) => !pairs.includes(name)),
    of: (cell) => book.of(cell).filter(({ scorer }) => !pairs.includes(scorer)),
  };
}
