// Blind review as a reader sees it: cards in his own order, and what he has said of them. Nothing here says whose an answer is.
import type { CardContent, NewVerdict, ReviewProtocol, SavedVerdict } from '../core/review.ts';

export type ReviewScreen = {
  readonly review: string;
  readonly experiment: string;
  readonly reviewer: string;
  readonly protocol: ReviewProtocol;
  readonly rubric: string;
  /** SHA-256 of the deck: what a browser keeps of it is of no other. */
  readonly deck: string;
  /** In the order of this reviewer, hidden repeats and calibration included. */
  readonly cards: readonly CardContent[];
  /** The newest of each place in the order; places are names of `cards`. */
  readonly verdicts: readonly SavedVerdict[];
  /** Cards at the end that the arm is to be guessed of. */
  readonly guesses: readonly string[];
  /**
   * Letter -> arm, for whoever guesses: given where the query says `part=arms`, and then without cards. Which answer is whose
   * is nowhere.
   */
  readonly arms: Readonly<Record<string, string>> | null;
};

/** What a page hands over to be kept: whose verdict of which review it is stands in it. */
export type SaidVerdict = NewVerdict & { readonly review: string; readonly reviewer: string };

/** What a page asks for in the same place: names of the tools on a card, which is written into the protocol. */
export type RevealAsked = {
  readonly reveal: string;
  readonly review: string;
  readonly reviewer: string;
};
/** Name on the card -> real name; empty where nothing is hidden. */
export type RevealedTools = { readonly tools: Readonly<Record<string, string>> };
