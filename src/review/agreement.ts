// How far readers agree, and each with himself. Cards of one scenario are no independent witnesses: intervals are over scenarios.
// Pure.
import {
  type Coefficient,
  coefficientOf,
  cohenKappa,
  gwetAC,
  krippendorffAlpha,
  type Rated,
  rawAgreement,
} from '../analysis/statistics/agreement.ts';
import { agreementInterval } from '../analysis/statistics/agreement-interval.ts';
import { makeRandom } from '../analysis/statistics/random.ts';
import type { Estimate } from '../core/agreement.ts';
import type { DeckCard, ReviewProtocol } from '../core/review.ts';
import type { DimensionAgreement, OwnRepeats } from '../core/review-status.ts';
import { passes } from './final-scores.ts';
import type { CardReading } from './standing.ts';

type Read = {
  readonly cards: readonly Pick<DeckCard, 'card' | 'scenario'>[];
  /** Of all readers, first and second looks. */
  readonly readings: readonly CardReading[];
  readonly protocol: ReviewProtocol;
};

/** One a dimension, and of single answers whether each reader would let it pass. */
export function agreementOfReaders({ cards, readings, protocol }: Read): readonly DimensionAgreement[] {
  const first = readings.filter(({ look }) => look === 1);
  const reviewers = [...new Set(first.map(({ reviewer }) => reviewer))].sort();
  const byPlace = new Map(first.map((one) => [placeOf(one.card, one.reviewer), one]));
  const rated = (code: (reading: CardReading) => number | null): readonly Rated[] =>
    cards.map(({ card, scenario }) => ({
      cluster: scenario,
      ratings: reviewers.map((reviewer) => {
        const reading = byPlace.get(placeOf(card, reviewer));
        return reading === undefined ? null : code(reading);
      }),
    }));
  const codes = codesOf(protocol);
  return [
    ...protocol.dimensions.map(({ name }) =>
      agreementOf(name, {
        categories: codes.size,
        rated: rated(({ labels }) => codes.get(labels[name] ?? '') ?? null),
      }),
    ),
    ...(protocol.mode === 'single'
      ? [
          agreementOf('pass', {
            categories: 2,
            rated: rated(({ labels }) => Number(passes(labels, protocol))),
          }),
        ]
      : []),
  ];
}

function placeOf(card: string, reviewer: string): string {
  return JSON.stringify([card, reviewer]);
}

/** From the worst to the best, 0 on; of pairs from left over tie to right. */
function codesOf({ labels }: ReviewProtocol): ReadonlyMap<string, number> {
  const sorted = labels.toSorted((a, b) => a.value - b.value);
  return new Map(sorted.map(({ name }, code) => [name, code]));
}

const SEED = 17;

function agreementOf(
  dimension: string,
  { categories, rated }: { readonly categories: number; readonly rated: readonly Rated[] },
): DimensionAgreement {
  const twice = rated.filter(({ ratings }) => ratings.filter((one) => one !== null).length >= 2);
  const estimate = (coefficient: Coefficient, of = twice): Estimate => {
    const interval = agreementInterval(of, { coefficient, random: makeRandom(SEED) });
    const value = coefficientOf(of, coefficient);
    return { value, low: interval?.low ?? null, high: interval?.high ?? null };
  };
  const spoke = (rated[0]?.ratings ?? []).map((_, at) => twice.some(({ ratings }) => ratings[at] !== null));
  const readers = spoke.filter(Boolean).length;
  // Kappa is of the first two places.
  const two = twice.map(({ cluster, ratings }) => ({
    cluster,
    ratings: ratings.filter((_, at) => spoke[at]),
  }));
  return {
    dimension,
    cards: twice.length,
    scenarios: new Set(twice.map(({ cluster }) => cluster)).size,
    readers,
    percent: estimate(rawAgreement),
    ...(readers === 2 ? { kappa_quadratic: estimate(cohenKappa(categories, 'quadratic'), two) } : {}),
    alpha_ordinal: estimate(krippendorffAlpha(categories, 'ordinal')),
    ac2: estimate(gwetAC(categories, 'quadratic')),
  };
}

/** Of each reader who was shown cards a second time, and has said something of both looks. */
export function ownRepeats({ readings, protocol }: Omit<Read, 'cards'>): readonly OwnRepeats[] {
  const second = readings.filter(({ look }) => look === 2);
  const first = new Map(
    readings.flatMap((one) => (one.look === 1 ? [[placeOf(one.card, one.reviewer), one] as const] : [])),
  );
  const reviewers = [...new Set(second.map(({ reviewer }) => reviewer))].sort();
  return reviewers.flatMap((reviewer) => {
    const both = second.flatMap((one) => {
      const before = first.get(placeOf(one.card, reviewer));
      return one.reviewer === reviewer && before !== undefined ? [{ before, after: one }] : [];
    });
    if (both.length === 0) return [];
    const same = protocol.dimensions.map(({ name }) => ({
      dimension: name,
      cards: both.filter(({ before, after }) => before.labels[name] === after.labels[name]).length,
    }));
    return [{ reviewer, cards: both.length, same }];
  });
}
