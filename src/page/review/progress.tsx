// How far one is, and how long it will take.
import { progressOf, progressWords } from '../../review/progress.ts';
import type { Reading } from './reading.ts';

export function Progress({ reading }: { readonly reading: Reading }) {
  const progress = progressOf(reading.screen.cards, reading.verdicts.value);
  const words = progressWords(progress);
  return (
    <p class="review-progress">
      <progress value={progress.read} max={progress.cards} aria-label={words} />
      <span>{words}</span>
    </p>
  );
}
