// The end of a blind review: of some cards that were read, which arm each is guessed to be. It says how blind the reading was.
import { useEffect, useLayoutEffect, useRef } from '../base/preact.ts';
import { bindGuessKeys, UNSURE, useArms } from './arm-guess.tsx';
import type { PageProps } from './card-page.tsx';
import { CardText } from './card-text.tsx';
import { follow, placeAfter } from './places.ts';
import { SaveSign } from './save-sign.tsx';

export function GuessPage({ reading, steps, source, card: name }: PageProps & { readonly card: string }) {
  const { screen } = reading;
  const card = screen.cards.find((one) => one.card === name)!;
  const arms = useArms(reading, source);
  const head = useRef<HTMLHeadingElement>(null);
  if (reading.draft.peek().card !== name) reading.open(name);
  useEffect(() => {
    head.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [name]);
  const guess = async (letter: string): Promise<void> => {
    reading.change({ guess: letter });
    if (!(await reading.settled())) return;
    follow(placeAfter(screen, { verdicts: reading.verdicts.peek(), after: -1 }), steps);
  };
  useLayoutEffect(() => bindGuessKeys(arms, (letter) => void guess(letter)), [arms, name]);
  const at = screen.guesses.indexOf(name);
  return (
    <section class="review page" aria-label="Guesses">
      <div class="review-head">
        <h2 ref={head} tabIndex={-1}>
          Guess {at + 1} of {screen.guesses.length}: which arm is it?
        </h2>
        <SaveSign reading={reading} />
      </div>
      <p class="muted">
        Your verdicts are kept and do not change. A guess says how blind the reading was; "I cannot tell" is
        an answer.
      </p>
      <fieldset class="bar review-guess" aria-label="Which arm is it?">
        {Object.entries(arms).map(([letter, arm], i) => (
          <button key={letter} type="button" class="btn" onClick={() => void guess(letter)}>
            <kbd>{i + 1}</kbd> {arm}
          </button>
        ))}
        <button type="button" class="btn" onClick={() => void guess(UNSURE)}>
          <kbd>0</kbd> I cannot tell
        </button>
      </fieldset>
      <CardText card={card} markdown={reading.markdown} />
    </section>
  );
}
