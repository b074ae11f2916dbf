// "I can tell which arm": then which? Names of arms are asked for now and not before, and which answer is whose is nowhere.
import { bindKeys } from '../base/keys.ts';
import { useEffect, useState } from '../base/preact.ts';
import type { Source } from '../base/source.ts';
import type { Reading } from './reading.ts';

type Arms = Readonly<Record<string, string>>;

/** What is kept of a reader who cannot tell. */
export const UNSURE = '?';

export function useArms(reading: Reading, source: Source): Arms {
  const [arms, setArms] = useState<Arms>({});
  const { review, reviewer } = reading.screen;
  useEffect(() => {
    const leaving = new AbortController();
    const query = new URLSearchParams({ review, reviewer, part: 'arms' });
    source.get('review', query, leaving.signal).then(
      (answer) => {
        if (answer.ok && !leaving.signal.aborted) setArms(answer.value.arms ?? {});
      },
      () => {},
    );
    return () => leaving.abort();
  }, [source, review, reviewer]);
  return arms;
}

/** The question on a card: the answer may stay open. */
export function ArmGuess({ reading, source }: { readonly reading: Reading; readonly source: Source }) {
  const arms = useArms(reading, source);
  const said = reading.draft.value.guess;
  return (
    <fieldset class="review-guess" aria-label="Which arm is it?">
      <span>Which?</span>
      {Object.entries(arms).map(([letter, arm]) => (
        <button
          key={letter}
          type="button"
          class={`chip ${said === letter ? 'on' : ''}`}
          aria-pressed={said === letter}
          onClick={() => reading.change({ guess: said === letter ? null : letter })}
        >
          <span class="mono">{letter}</span> {arm}
        </button>
      ))}
    </fieldset>
  );
}

/** The same as keys: 1, 2, ... in the order of letters. */
export function bindGuessKeys(arms: Arms, guess: (letter: string) => void): () => void {
  return bindKeys([
    ...Object.entries(arms).map(([letter, arm], i) => ({
      key: `${i + 1}`,
      does: `it is ${arm}`,
      run: () => guess(letter),
    })),
    { key: '0', does: 'I cannot tell', run: () => guess(UNSURE) },
  ]);
}
