// In which order a reader is shown the cards of a deck, and by which names: a repeat looks like any other card.
import type { DeckCard, ProtocolFile } from '../../core/review.ts';
import { readerOrder as orderOf } from '../../review/order.ts';
import { seatOf } from './readers.ts';

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

/** @param file the protocol in which the reader has his place (`joinReaders`): without one, the place that is free */
export function readerOrder(cards: readonly DeckCard[], file: ProtocolFile, reviewer: string): ReaderOrder {
  const { protocol, seed, arms } = file;
  const order = orderOf({
    ...{ cards, protocol, seed, reviewer },
    arms: Object.keys(arms).length,
    seat: seatOf(file, reviewer),
  });
  const byName = new Map(cards.map((card) => [card.card, card]));
  return {
    places: order.places.map(({ place, card, look }) => ({ name: place, card: byName.get(card)!, look })),
    guesses: order.guesses,
  };
}
