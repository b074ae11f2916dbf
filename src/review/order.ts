// In which order a reader is shown which cards. It follows from the deck, the seed and his name alone: a page that works from
// disk, a terminal and an import agree on it, and none of them needs the key.
import type { DeckCard, ReviewProtocol } from '../core/review.ts';
import { chanceOf, type Random, shuffled } from './chance.ts';
import { APART, apart, BLOCK, inBlocks } from './spread.ts';

export type Place = {
  /** What the reader's page calls it: nobody can tell by it which place is a second look. */
  readonly place: string;
  /** Of the deck. */
  readonly card: string;
  readonly look: 1 | 2;
};

export type ReaderOrder = {
  readonly places: readonly Place[];
  /** Places, at the end, of which the arm is to be guessed; none where there is one arm, or in pairs. */
  readonly guesses: readonly string[];
};

export type OrderInput = {
  readonly cards: readonly Pick<DeckCard, 'card' | 'part' | 'scenario'>[];
  readonly protocol: Pick<ReviewProtocol, 'order' | 'repeats' | 'mode' | 'reviewers'>;
  /** Of protocol.json. */
  readonly seed: number;
  /** How many arms there are. */
  readonly arms: number;
  readonly reviewer: string;
  /**
   * His place among `readers` of protocol.json, from 1. Whoever comes after the number that the protocol asks for reads a share
   * that has a reader already: of one, perhaps, who does not come.
   */
  readonly seat: number;
};

/** A second look comes at least so many places after the first: by then nobody knows what he said. */
const REPEAT_AFTER = 15;
/** Bang's index is steady from here on. */
const GUESSES = 20;

export function readerOrder(input: OrderInput): ReaderOrder {
  const { cards, protocol, seed, reviewer, seat } = input;
  const random = chanceOf(seed, 'order', reviewer);
  const share = ((seat - 1) % protocol.reviewers) + 1;
  const first = cards.filter(({ part }) => part === 'calibration');
  const own = [
    ...inBlocks(cards.filter(({ part }) => part === 'all')),
    ...inBlocks(cards.filter(({ part }) => part === share)),
  ];
  const rest =
    protocol.order === 'by-scenario' ? byScenario(own.flat(), random) : mixed(own, { first, random });
  const looks = withRepeats([...first, ...rest], {
    count: Math.ceil(protocol.repeats * (first.length + rest.length)),
    random: chanceOf(seed, 'repeats', reviewer),
  });
  const places = looks.map(({ card, look }, at) => ({
    place: `p${String(at + 1).padStart(3, '0')}`,
    card,
    look,
  }));
  return { places, guesses: guessesOf(places, input) };
}

type Card = OrderInput['cards'][number];
type Look = Card & { readonly look: 1 | 2 };

/**
 * Blocks are in balance as they were dealt: their order, and that within each, is the reader's own. Cards of a scenario are moved
 * apart within a block alone. What fills no block comes last: the tens before it stay tens.
 */
function mixed(
  blocks: readonly (readonly Card[])[],
  { first, random }: { readonly first: readonly Card[]; readonly random: Random },
): readonly Card[] {
  const order: Card[] = [...first];
  const isWhole = (block: readonly Card[]): boolean => block.length === BLOCK;
  const own = shuffled(blocks, random);
  const rest = own.filter((block) => !isWhole(block)).flat();
  for (const block of [...own.filter(isWhole), rest])
    order.push(...apart(shuffled(block, random), { before: order }));
  return order.slice(first.length);
}

function byScenario(cards: readonly Card[], random: Random): readonly Card[] {
  const scenarios = new Map<string, Card[]>();
  for (const card of cards) scenarios.set(card.scenario, [...(scenarios.get(card.scenario) ?? []), card]);
  return shuffled(scenarios.values(), random).flatMap((own) => shuffled(own, random));
}

/** Not of the cards that he begins with: what he says of these is to change while he learns. */
function withRepeats(
  cards: readonly Card[],
  { count, random }: { readonly count: number; readonly random: Random },
): readonly Look[] {
  const looks: Look[] = cards.map((card) => ({ ...card, look: 1 }));
  const able = cards.filter(({ part }, at) => part !== 'calibration' && at + REPEAT_AFTER < cards.length);
  for (const card of shuffled(able, random).slice(0, count)) {
    const from = looks.findIndex((one) => one.card === card.card) + REPEAT_AFTER;
    const free = range(from, looks.length + 1);
    const far = free.filter((at) => isFar(looks, { at, scenario: card.scenario }));
    const choice = far.length > 0 ? far : free;
    looks.splice(choice[random.below(choice.length)]!, 0, { ...card, look: 2 });
  }
  return looks;
}

function isFar(
  looks: readonly Look[],
  { at, scenario }: { readonly at: number; readonly scenario: string },
): boolean {
  const near = looks.slice(Math.max(0, at - APART + 1), at + APART - 1);
  return near.every((look) => look.scenario !== scenario);
}

function guessesOf(
  places: readonly Place[],
  { protocol, arms, seed, reviewer }: OrderInput,
): readonly string[] {
  if (protocol.mode === 'pair' || arms < 2) return [];
  const first = places.filter(({ look }) => look === 1);
  const chosen = shuffled(first, chanceOf(seed, 'guesses', reviewer)).slice(0, GUESSES);
  return chosen.map(({ place }) => place);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
