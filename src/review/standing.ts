// What was said of each card and counts: of each reader the newest of his first look, unless he took it back.
import type { DeckCard, ReviewProtocol, VerdictLine } from '../core/review.ts';

/** One reader's verdict on one card. */
export type CardReading = {
  readonly reviewer: string;
  readonly card: string;
  readonly look: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly line: VerdictLine;
};

/** The newest of each card and look; what was taken back is left out. @param lines of one reader, in their order */
export function countingReadings(lines: readonly VerdictLine[]): readonly CardReading[] {
  const newest = new Map<string, VerdictLine>();
  for (const line of lines) {
    const place = `${line.card} ${line.look}`;
    const known = newest.get(place);
    if (known === undefined || line.revision >= known.revision) newest.set(place, line);
  }
  return [...newest.values()]
    .filter(({ undone }) => undone === undefined)
    .map((line) => {
      const { reviewer, card, look, labels } = line;
      return { reviewer, card, look, labels, line };
    });
}

export type CardStanding = {
  readonly card: string;
  /** First looks, one a reader. */
  readonly readings: readonly CardReading[];
  /** Readers that it still waits for; 0 = nobody. */
  readonly wanted: number;
  /** What settled it; null = nothing did. */
  readonly adjudication: CardReading | null;
  /** Dimensions on which readers differ too much, and that nothing settled yet. */
  readonly disputed: readonly string[];
};

export type ReviewStanding = {
  /** In the order of the deck. */
  readonly cards: readonly CardStanding[];
};

/**
 * @param input.readings of all readers, first and second looks
 * @param input.adjudications of those who settle
 */
export function standingOf(input: {
  readonly cards: readonly Pick<DeckCard, 'card' | 'part'>[];
  readonly protocol: ReviewProtocol;
  readonly readings: readonly CardReading[];
  readonly adjudications: readonly CardReading[];
}): ReviewStanding {
  const { protocol } = input;
  const readings = byCard(input.readings.filter(({ look }) => look === 1));
  const settled = byCard(input.adjudications);
  return {
    cards: input.cards.map(({ card, part }) => {
      const own = readings.get(card) ?? [];
      const readers = new Set(own.map(({ reviewer }) => reviewer)).size;
      const adjudication = settled.get(card)?.at(-1) ?? null;
      const said = adjudication?.labels ?? {};
      return {
        card,
        readings: own,
        wanted: Math.max(0, wantedReaders(part, protocol) - readers),
        adjudication,
        disputed: disputesOf(own, protocol).filter((dimension) => said[dimension] === undefined),
      };
    }),
  };
}

export function wantedReaders(
  part: DeckCard['part'],
  { reviewers }: Pick<ReviewProtocol, 'reviewers'>,
): number {
  return typeof part === 'number' ? 1 : reviewers;
}

/**
 * Dimensions that a third has to settle, declared before anybody reads: a gap of two labels, and on the first dimension any.
 * In pairs the labels are left, tie, right.
 */
export function disputesOf(
  readings: readonly Pick<CardReading, 'labels'>[],
  { dimensions, labels }: Pick<ReviewProtocol, 'dimensions' | 'labels'>,
): readonly string[] {
  const ranks = new Map(labels.map(({ name }, rank) => [name, rank]));
  return dimensions.flatMap(({ name }, at) => {
    const said = readings.flatMap(({ labels: own }) => ranks.get(own[name] ?? '') ?? []);
    const gap = said.length < 2 ? 0 : Math.max(...said) - Math.min(...said);
    return gap >= (at === 0 ? 1 : 2) ? [name] : [];
  });
}

function byCard(readings: readonly CardReading[]): ReadonlyMap<string, readonly CardReading[]> {
  const cards = new Map<string, CardReading[]>();
  for (const reading of readings) {
    const own = cards.get(reading.card);
    if (own) own.push(reading);
    else cards.set(reading.card, [reading]);
  }
  return cards;
}
