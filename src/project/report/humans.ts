// What people said of answers in reviews that are closed: beside each answer, and dimension by dimension.

import { slotsOf } from '../../screens/matrix-index.ts';
import type { DrawText, ScenarioScreen } from '../../screens/scenario.ts';
import { type HumanBook, isHuman, openHumanBook } from '../select/human-scores.ts';
import type { Snapshot } from '../view/snapshot.ts';

export type Humans = {
  readonly book: HumanBook;
  /** A dimension of a review in which answers or pairs were judged. */
  readonly isAsked: boolean;
};

export function humansOf({ experiment }: Snapshot): Humans {
  const book = openHumanBook(experiment);
  return { book, isAsked: book.scorers.length > 0 || book.pairs !== null };
}

/** The same screens with what readers said beside what scorers did, and the words that they noted. */
export function withReaders(
  screens: readonly ScenarioScreen[],
  { snapshot, book }: { readonly snapshot: Snapshot; readonly book: HumanBook },
): readonly ScenarioScreen[] {
  if (book.scorers.length === 0) return screens;
  const digestOf = answerDigests(snapshot);
  return screens.map((screen) => ({
    ...screen,
    arms: screen.arms.map((arm) => ({
      ...arm,
      runs: arm.runs.map((draw) => {
        const outputDigest = digestOf(screen.scenario, arm.variant, draw.run);
        return outputDigest === null
          ? draw
          : heard(draw, book.saidOf({ scenario: screen.scenario, outputDigest }));
      }),
    })),
  }));
}

function heard(draw: DrawText, said: ReturnType<HumanBook['saidOf']>): DrawText {
  const scores = said.map(({ dimension, score, passed, labels, notes, adjudicated }) => {
    const words = labels.map(({ reviewer, label }) => `${reviewer}: ${label}`).join(', ');
    const reason = [words + (adjudicated ? ', settled by adjudication' : ''), ...notes]
      .filter((text) => text !== '')
      .join('\n');
    return { scorer: `human.${dimension}`, score, passed, reason, missing: null };
  });
  return { ...draw, scores: [...draw.scores.filter(({ scorer }) => !isHuman(scorer)), ...scores] };
}

function answerDigests({
  cells,
  index,
  store,
}: Snapshot): (scenario: string, variant: string, run: number) => string | null {
  const slots = slotsOf(index, []);
  const places = new Map(slots.map(({ variant, run, place }) => [JSON.stringify([variant, run]), place]));
  return (scenario, variant, run) => {
    const [row, place] = [cells.rowOf.get(scenario), places.get(JSON.stringify([variant, run]))];
    if (row === undefined || place === undefined) return null;
    const id = cells.records[row * slots.length + place]!;
    return id < 0 ? null : (store.row(id)?.outputDigest ?? null);
  };
}
