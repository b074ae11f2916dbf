// All is read: what to do next.

import { FLAG, nextOpen, standing } from '../../review/draft.ts';
import { bindKeys } from '../base/keys.ts';
import { useEffect, useLayoutEffect, useRef } from '../base/preact.ts';
import type { PageProps } from './card-page.tsx';
import { Progress } from './progress.tsx';
import { SaveSign } from './save-sign.tsx';

export function Done({ reading, steps }: PageProps) {
  const { screen, keeper } = reading;
  const verdicts = reading.verdicts.value;
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  useLayoutEffect(
    () =>
      bindKeys([
        { key: 'k', does: 'back to the last card', run: () => steps.toCard(screen.cards.length - 1) },
      ]),
    [screen, steps],
  );
  const open = nextOpen(screen.cards, { verdicts, after: -1 });
  const flagged = screen.cards.filter(({ card }) => standing(verdicts, card)?.flags.includes(FLAG));
  return (
    <section class="review page" aria-label="Review">
      <div class="review-head">
        <h2 ref={head} tabIndex={-1}>
          {open === null ? `All ${screen.cards.length} cards are read` : 'Not all cards are read yet'}
        </h2>
        <Progress reading={reading} />
        <SaveSign reading={reading} />
      </div>
      {open !== null && (
        <button type="button" class="btn on" onClick={() => steps.toCard(open)}>
          Go on with card {open + 1}
        </button>
      )}
      {open === null && keeper.file !== null && (
        <ol class="review-next">
          <li>
            Download your verdicts with the button above: so far they are in this browser and nowhere else.
          </li>
          <li>
            Send the file to whoever runs the review. It is taken in by{' '}
            <code>npx expgraph review import FILE</code>, once however often.
          </li>
        </ol>
      )}
      {open === null && keeper.file === null && (
        <ol class="review-next">
          <li>
            <code>npx expgraph review status {screen.review}</code> says who has still to read, and how well
            readers agree.
          </li>
          <li>
            <code>npx expgraph review disputes {screen.review}</code> lays out the cards that readers disagree
            on, still blind.
          </li>
          <li>
            <code>npx expgraph review close {screen.review}</code> opens the key. Only then is anything shown
            by arm.
          </li>
        </ol>
      )}
      {flagged.length > 0 && (
        <>
          <h3>Cards that you flagged</h3>
          <ul class="review-flagged">
            {flagged.map(({ card, scenario }) => {
              const at = screen.cards.findIndex((one) => one.card === card);
              return (
                <li key={card}>
                  <button type="button" class="btn" onClick={() => steps.toCard(at)}>
                    Card {at + 1}: {scenario}
                  </button>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </section>
  );
}
