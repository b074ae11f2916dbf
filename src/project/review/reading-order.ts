// In which order a reader is shown the cards of a deck, and by which names: a repeat looks like any other card.
import type { DeckCard, ProtocolFile } from '../../core/review.ts';

export type ReaderPlace = {
  /** As the reader sees it named. */
  readonly name: string;
  readonly card: DeckCard;
  readonly look: 1 | 2;
};

export type ReaderOrder = {
  readonly places: readonly ReaderPlace[];
  /** Names of places at the end that the arm is guessed of. */
  readonly guesses: readonly string[];
};

export function readerOrder(cards: readonly DeckCard[], _: ProtocolFile, __: string): ReaderOrder {
  return { places: cards.map((card) => ({ name: card.card, card, look: 1 })), guesses: [] };
}
