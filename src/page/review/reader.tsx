// Which of the three is shown: a card, the guesses at the end, or what to do next.
import type { ExperimentScreen } from '../../screens/experiment.ts';
import type { ReviewScreen } from '../../screens/review.ts';
import { useEffect, useMemo, useState } from '../base/preact.ts';
import type { Source } from '../base/source.ts';
import { CardPage } from './card-page.tsx';
import { Done } from './done.tsx';
import { GuessPage } from './guess-page.tsx';
import { type Keeper, openKeeper } from './keeper.ts';
import { warnBeforeLeaving } from './leaving.ts';
import { makeSteps, placeAfter, placeOf } from './places.ts';
import { makeReading } from './reading.ts';

type Props = {
  readonly screen: ReviewScreen;
  readonly source: Source;
  readonly query: URLSearchParams;
  readonly experiment: ExperimentScreen;
};

/** Lies open once it is known what was said before. */
export function Reader({ screen, source, ...shown }: Props) {
  const [opened, setOpened] = useState<Pick<Opened, 'screen' | 'keeper'> | null>(null);
  useEffect(() => {
    let isLeft = false;
    void openKeeper(screen, source).then((keeper) => {
      if (!isLeft) setOpened({ screen, keeper });
    });
    return () => {
      isLeft = true;
    };
  }, [screen, source]);
  if (opened === null) return <LayingOut />;
  return <OpenReader {...opened} {...shown} source={source} />;
}

export function LayingOut() {
  return <p class="empty">Cards are being laid out …</p>;
}

type Opened = Props & { readonly keeper: Keeper };

function OpenReader({ screen, source, query, experiment, keeper }: Opened) {
  const reading = useMemo(() => makeReading(screen, keeper), [screen, keeper]);
  useEffect(() => warnBeforeLeaving(reading), [reading]);
  const steps = useMemo(() => makeSteps(screen, query), [screen, query]);
  // Where he left off, as long as the address names no card: a verdict that is saved does not turn the page.
  const first = useMemo(
    () => placeAfter(screen, { verdicts: reading.verdicts.peek(), after: -1 }),
    [reading],
  );
  const place = placeOf(query, screen) ?? first;
  const common = { reading, steps, source, experiment };
  switch (place.kind) {
    case 'card':
      return <CardPage {...common} at={place.at} />;
    case 'guess':
      return <GuessPage {...common} card={place.card} />;
    default:
      return <Done {...common} />;
  }
}
