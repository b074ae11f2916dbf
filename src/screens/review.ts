// Blind review as a reader sees it: cards in his own order, and what he has said of them. Nothing here names an arm.
import type { CardContent, ReviewProtocol, SavedVerdict } from '../core/review.ts';

export type ReviewScreen = {
  readonly review: string;
  readonly experiment: string;
  readonly reviewer: string;
  readonly protocol: ReviewProtocol;
  readonly rubric: string;
  /** In the order of this reviewer, hidden repeats and calibration included. */
  readonly cards: readonly CardContent[];
  /** The newest of each place in the order; places are names of `cards`. */
  readonly verdicts: readonly SavedVerdict[];
  /** Cards at the end that the arm is to be guessed of. */
  readonly guesses: readonly string[];
};
