// Where a reader is: at a card, at a guess, or at the end. The address says it.

import { nextOpen, standing, type Verdicts } from '../../review/draft.ts';
import type { ReviewScreen } from '../../screens/review.ts';
import { go } from '../base/route.ts';

export type Steps = {
  /** Lays a card open by its place. */
  toCard(at: number): void;
  toGuess(card: string): void;
  toEnd(): void;
};

export type Place =
  | { readonly kind: 'card'; readonly at: number }
  | { readonly kind: 'guess'; readonly card: string }
  | { readonly kind: 'end' };

/** As the address says; null = it does not. */
export function placeOf(query: URLSearchParams, { cards }: ReviewScreen): Place | null {
  if (query.get('at') === 'end') return { kind: 'end' };
  const at = cards.findIndex(({ card }) => card === query.get('card'));
  if (at === -1) return null;
  return query.get('at') === 'guess' ? { kind: 'guess', card: cards[at]!.card } : { kind: 'card', at };
}

/** What follows: the next open card, then the guesses, then the end. */
export function placeAfter(
  screen: ReviewScreen,
  { verdicts, after }: { readonly verdicts: Verdicts; readonly after: number },
): Place {
  const open = nextOpen(screen.cards, { verdicts, after });
  if (open !== null) return { kind: 'card', at: open };
  const guess = screen.guesses.find((card) => standing(verdicts, card)?.guess === null);
  return guess === undefined ? { kind: 'end' } : { kind: 'guess', card: guess };
}

export function makeSteps(screen: ReviewScreen, query: URLSearchParams): Steps {
  const to = (more: Readonly<Record<string, string>>): void => {
    const next = new URLSearchParams(query);
    for (const name of ['card', 'at']) next.delete(name);
    for (const [name, value] of Object.entries(more)) next.set(name, value);
    go({ screen: 'review', query: next }, true);
  };
  return {
    toCard: (at) => to({ card: screen.cards[at]!.card }),
    toGuess: (card) => to({ at: 'guess', card }),
    toEnd: () => to({ at: 'end' }),
  };
}

export function follow(place: Place, steps: Steps): void {
  if (place.kind === 'card') steps.toCard(place.at);
  else if (place.kind === 'guess') steps.toGuess(place.card);
  else steps.toEnd();
}
