// What counts once a review is closed: of each judged answer a score for each dimension and whether it passes, of each pair
// who was preferred. Means over readers; where a third settled it, what he said.
import type {
  DeckCard,
  HumanPreference,
  HumanScore,
  ReviewProtocol,
  SealedAnswer,
  SealedKey,
} from '../core/review.ts';
import type { CardReading, CardStanding } from './standing.ts';
import { scoreOfLabel } from './values.ts';

/** One a dimension, and `pass`. @param input.cards in the order of the deck, each as it stands */
export function finalScores(input: {
  readonly cards: readonly DeckCard[];
  readonly protocol: ReviewProtocol;
  readonly standing: readonly CardStanding[];
}): readonly HumanScore[] {
  const { protocol } = input;
  const standing = new Map(input.standing.map((one) => [one.card, one]));
  return input.cards.flatMap(({ card, scenario, answers }) => {
    const found = standing.get(card);
    if (found === undefined || found.readings.length === 0) return [];
    const about = { scenario, answer: answers[0]!.answer };
    return [
      ...protocol.dimensions.map(({ name }) => ({ ...about, ...dimensionScore(found, name, protocol) })),
      { ...about, ...passScore(found, protocol) },
    ];
  });
}

type Said = Omit<HumanScore, 'scenario' | 'answer'>;

function dimensionScore(standing: CardStanding, dimension: string, protocol: ReviewProtocol): Said {
  const settled = standing.adjudication?.labels[dimension];
  const labels = standing.readings.flatMap(({ reviewer, labels: said }) =>
    said[dimension] === undefined ? [] : [{ reviewer, label: said[dimension] }],
  );
  const score =
    settled !== undefined
      ? scoreOfLabel(protocol, settled)
      : mean(labels.map(({ label }) => scoreOfLabel(protocol, label)));
  return { dimension, score, passed: null, labels, adjudicated: settled !== undefined, notes: [] };
}

/** Passes where more than half of its readers would let it pass, with what was settled in the place of what they said. */
function passScore(standing: CardStanding, protocol: ReviewProtocol): Said {
  const { adjudication, readings } = standing;
  const settled = adjudication?.labels ?? {};
  const verdicts = readings.map(({ reviewer, labels }) => ({
    reviewer,
    passes: passes({ ...labels, ...settled }, protocol),
  }));
  const score = mean(verdicts.map(({ passes: one }) => (one ? 1 : 0)));
  return {
    dimension: 'pass',
    score,
    passed: score > 0.5,
    labels: verdicts.map(({ reviewer, passes: one }) => ({ reviewer, label: one ? 'pass' : 'fail' })),
    adjudicated: adjudication !== null,
    notes: notesOf([...readings, ...(adjudication === null ? [] : [adjudication])]),
  };
}

/** `no poor`: no dimension has it; `all good`: each has a label of at least its value. */
export function passes(labels: Readonly<Record<string, string>>, protocol: ReviewProtocol): boolean {
  const [, rule = '', name = ''] = /^(no|all) (.+)$/.exec(protocol.pass) ?? [];
  const said = protocol.dimensions.flatMap((dimension) => labels[dimension.name] ?? []);
  if (rule === 'no') return !said.includes(name);
  const least = scoreOfLabel(protocol, name);
  return said.length > 0 && said.every((label) => scoreOfLabel(protocol, label) >= least);
}

/** One for each two cells of one run that a pair stands for, with the arms named. */
export function finalPreferences(input: {
  readonly cards: readonly DeckCard[];
  readonly protocol: ReviewProtocol;
  readonly standing: readonly CardStanding[];
  readonly key: SealedKey;
}): readonly HumanPreference[] {
  const { protocol, key } = input;
  const standing = new Map(input.standing.map((one) => [one.card, one]));
  return input.cards.flatMap(({ card, scenario }) => {
    const found = standing.get(card);
    const [left, right] = key.cards[card] ?? [];
    if (found === undefined || left === undefined || right === undefined) return [];
    const pairs = sameRuns(left, right);
    return protocol.dimensions.flatMap(({ name: dimension }) =>
      sayings(found, dimension).flatMap(({ reviewer, said }) =>
        pairs.map((pair) => ({ scenario, dimension, ...pair, reviewer, said })),
      ),
    );
  });
}

function sayings(
  { readings, adjudication }: CardStanding,
  dimension: string,
): readonly Pick<HumanPreference, 'reviewer' | 'said'>[] {
  const settled = adjudication?.labels[dimension];
  const own = settled === undefined ? readings : [adjudication!];
  return own.flatMap(({ reviewer, labels }) => {
    const said = labels[dimension];
    return said === 'left' || said === 'right' || said === 'tie' ? [{ reviewer, said }] : [];
  });
}

function sameRuns(
  left: SealedAnswer,
  right: SealedAnswer,
): readonly Pick<HumanPreference, 'left' | 'right'>[] {
  return left.cells.flatMap(({ variant, run }) => {
    const other = right.cells.find((cell) => cell.run === run);
    if (other === undefined) return [];
    return [
      {
        left: { variant, run, answer: left.answer },
        right: { variant: other.variant, run, answer: right.answer },
      },
    ];
  });
}

function notesOf(readings: readonly CardReading[]): readonly string[] {
  return readings.flatMap(({ line }) => line.note ?? []);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
