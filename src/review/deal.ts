// Who reads which card, and how cards lie in the deck: in blocks of ten with the arms in balance, so that an order can be made
// of it without knowing whose answers they are.
import type { DeckCard, ReviewProtocol } from '../core/review.ts';
import { chanceOf, shuffled } from './chance.ts';
import { balanced, inBlocks } from './spread.ts';

export type Undealt = {
  readonly scenario: string;
  readonly category: string | null;
  /** Whose answer it is, of several in the order of the manifest; of a pair left and right. */
  readonly group: string;
};
export type Dealt<Card extends Undealt> = { readonly part: DeckCard['part']; readonly card: Card };

export function deal<Card extends Undealt>(
  cards: readonly Card[],
  input: { readonly protocol: Pick<ReviewProtocol, 'reviewers' | 'overlap'>; readonly seed: number },
): readonly Dealt<Card>[] {
  const { protocol, seed } = input;
  const { reviewers, overlap } = protocol;
  const drawn = spreadOut(shuffled(cards, chanceOf(seed, 'deal')));
  const first = drawn.slice(0, calibrationOf(cards.length));
  const isShared = reviewers === 1 || overlap >= 1;
  const shared = isShared ? cards.length : Math.max(first.length, Math.round(overlap * cards.length));
  const dealt: Dealt<Card>[] = [
    ...partOf('calibration', first, seed),
    ...partOf('all', drawn.slice(first.length, shared), seed),
  ];
  const shares = inShares(drawn.slice(shared), { reviewers, random: chanceOf(seed, 'shares') });
  for (const [at, share] of shares.entries()) dealt.push(...partOf(at + 1, share, seed));
  return dealt;
}

/** Enough to see the scale in use, and few enough to lose. */
function calibrationOf(cards: number): number {
  if (cards < 20) return 0;
  return cards < 40 ? 4 : cards < 60 ? 5 : 6;
}

/** In balance block by block, and shuffled within: no place in the deck tells whose answer lies there. */
function partOf<Card extends Undealt>(
  part: DeckCard['part'],
  cards: readonly Card[],
  seed: number,
): readonly Dealt<Card>[] {
  const blocks = inBlocks(balanced(cards, ({ group }) => group));
  return blocks.flatMap((block, at) =>
    shuffled(block, chanceOf(seed, 'block', part, at)).map((card) => ({ part, card })),
  );
}

/** In each beginning as many categories, and arms of each, as there is room for: what all read stands for the whole. */
function spreadOut<Card extends Undealt>(cards: readonly Card[]): readonly Card[] {
  return balanced(cards, ({ category, group }) => JSON.stringify([category, group]));
}

/** Whole scenarios: whoever is strict is so with all arms of a scenario. */
function inShares<Card extends Undealt>(
  cards: readonly Card[],
  { reviewers, random }: { readonly reviewers: number; readonly random: ReturnType<typeof chanceOf> },
): readonly (readonly Card[])[] {
  const shares = Array.from({ length: reviewers }, (): Card[] => []);
  const scenarios = new Map<string, Card[]>();
  for (const card of cards) scenarios.set(card.scenario, [...(scenarios.get(card.scenario) ?? []), card]);
  // The largest first, each to whoever has least: the shares come out alike.
  const sorted = shuffled(scenarios.values(), random).sort((a, b) => b.length - a.length);
  for (const own of sorted)
    shares.reduce((least, share) => (share.length < least.length ? share : least)).push(...own);
  return shares;
}
