// How far a reader is.
import { minutesLeft, standing, type Verdicts } from './draft.ts';

export type ReadingProgress = {
  readonly read: number;
  readonly cards: number;
  readonly minutes: number | null;
};

export function progressOf(cards: readonly { readonly card: string }[], verdicts: Verdicts): ReadingProgress {
  return {
    read: cards.filter(({ card }) => standing(verdicts, card) !== undefined).length,
    cards: cards.length,
    minutes: minutesLeft(cards, verdicts),
  };
}

/** `34 of 92 read, about 25 min left`. */
export function progressWords({ read, cards, minutes }: ReadingProgress): string {
  const left = minutes === null || read === cards ? '' : `, about ${minutes} min left`;
  return `${read} of ${cards} read${left}`;
}
