// What follows from a review's verdicts once it is closed: the same for whoever closes it and for whoever checks it later.
import type { ClosedReview, ProtocolFile, SealedKey } from '../../core/review.ts';
import { blindingIndex } from '../../review/blinding.ts';
import { finalPreferences, finalScores } from '../../review/final-scores.ts';
import { type CardReading, type CardStanding, countingReadings, standingOf } from '../../review/standing.ts';
import type { Deck, ReviewerVerdicts } from './files.ts';

export type Standing = { readonly readings: readonly CardReading[]; readonly cards: readonly CardStanding[] };

/** How each card stands; needs no key. */
export function standingIn(input: {
  readonly deck: Deck;
  readonly protocol: ProtocolFile;
  readonly reviewers: readonly ReviewerVerdicts[];
}): Standing {
  const of = (isAdjudication: boolean): readonly CardReading[] =>
    input.reviewers
      .filter((one) => one.isAdjudication === isAdjudication)
      .flatMap(({ lines }) => countingReadings(lines));
  const readings = of(false);
  const { cards } = standingOf({
    ...{ cards: input.deck.cards, protocol: input.protocol.protocol, readings, adjudications: of(true) },
  });
  return { readings, cards };
}

export function closedParts(
  input: Parameters<typeof standingIn>[0] & { readonly key: SealedKey },
): Standing & { readonly counts: Pick<ClosedReview, 'scores' | 'preferences' | 'blinding'> } {
  const { deck, protocol, key } = input;
  const standing = standingIn(input);
  const made = { cards: deck.cards, protocol: protocol.protocol, standing: standing.cards, key };
  const isPair = protocol.protocol.mode === 'pair';
  return {
    ...standing,
    counts: {
      scores: isPair ? [] : finalScores(made),
      preferences: isPair ? finalPreferences(made) : [],
      blinding: isPair ? [] : blindingIndex({ readings: standing.readings, key, arms: protocol.arms }),
    },
  };
}
