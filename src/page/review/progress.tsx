// How far one is, and how long it will take.
import { minutesLeft, standing } from '../../review/draft.ts';
import type { Reading } from './reading.ts';

export function Progress({ reading }: { readonly reading: Reading }) {
  const { cards } = reading.screen;
  const verdicts = reading.verdicts.value;
  const read = cards.filter(({ card }) => standing(verdicts, card) !== undefined).length;
  const minutes = minutesLeft(cards, verdicts);
  const left = minutes === null || read === cards.length ? '' : `, about ${minutes} min left`;
  const words = `${read} of ${cards.length} read${left}`;
  return (
    <p class="review-progress">
      <progress value={read} max={cards.length} aria-label={words} />
      <span>{words}</span>
    </p>
  );
}
