// One card: what was asked, what was answered, and the labels. Everything is done by keys as well.

import { openDimension } from '../../review/draft.ts';
import type { ExperimentScreen } from '../../screens/experiment.ts';
import { bindKeys } from '../base/keys.ts';
import { useLayoutEffect, useRef } from '../base/preact.ts';
import type { Source } from '../base/source.ts';
import { CardText } from './card-text.tsx';
import { cardKeys } from './keys.ts';
import type { Steps } from './places.ts';
import { Progress } from './progress.tsx';
import type { Reading } from './reading.ts';
import { Reveal } from './reveal.tsx';
import { Rubric } from './rubric.tsx';
import { SaveSign } from './save-sign.tsx';

export type PageProps = {
  readonly reading: Reading;
  readonly steps: Steps;
  readonly source: Source;
  readonly experiment: ExperimentScreen;
};

export function CardPage({ reading, steps, source, at }: PageProps & { readonly at: number }) {
  const { screen } = reading;
  const card = screen.cards[at]!;
  const head = useRef<HTMLHeadingElement>(null);
  const note = useRef<HTMLTextAreaElement>(null);
  if (reading.draft.peek().card !== card.card) {
    reading.open(card.card);
    reading.dimension.value = Math.max(0, openDimension(reading.draft.peek(), screen.protocol));
  }
  useLayoutEffect(() => {
    // Whoever listens instead of looking hears where he is.
    head.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [card]);
  // Before the next key can come: who types ahead means the card that lies open by then.
  useLayoutEffect(() => bindKeys(cardKeys({ reading, steps, at, note })), [reading, steps, at]);
  return (
    <section class="review page" aria-label="Review">
      <div class="review-head">
        <h2 ref={head} tabIndex={-1}>
          Card {at + 1} of {screen.cards.length}
        </h2>
        <Progress reading={reading} />
        <SaveSign reading={reading} />
        <span class="review-reader muted">{screen.reviewer}</span>
      </div>
      <div class="review-body">
        <CardText card={card} markdown={reading.markdown}>
          <Reveal key={card.card} reading={reading} source={source} card={card.card} />
        </CardText>
        <Rubric reading={reading} steps={steps} source={source} at={at} note={note} />
      </div>
    </section>
  );
}
