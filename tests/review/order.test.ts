// Who reads which card in which order: everybody what all read, each an order of his own, arms in balance, nothing twice too soon.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/canonical.ts';
import { deal, type Undealt } from '../../src/review/deal.ts';
import { type OrderInput, readerOrder } from '../../src/review/order.ts';
import { often } from '../rig/often.ts';

type Card = Undealt & { readonly id: number };
const PROTOCOL = { order: 'shuffled', repeats: 0.1, mode: 'single', reviewers: 2, overlap: 0.2 } as const;

/** Answers of two arms to scenarios, several of each. */
function cardsOf(scenarios: number, each = 5): readonly Card[] {
  return Array.from({ length: scenarios * each }, (_, id) => ({
    id,
    scenario: `S${id % scenarios}`,
    category: `C${id % 3}`,
    group: (Math.floor(id / scenarios) + (id % 2)) % 2 === 0 ? 'one' : 'two',
  }));
}

type DeckOptions = { readonly reviewers: number; readonly overlap: number };

function deckOf(cards: readonly Card[], protocol: DeckOptions = PROTOCOL) {
  const dealt = deal(cards, { protocol, seed: 7 });
  const arms = new Map<string, string>();
  const deck: OrderInput['cards'] = dealt.map(({ part, card }, at) => {
    const name = `c${String(at + 1).padStart(3, '0')}`;
    arms.set(name, card.group);
    return { card: name, part, scenario: card.scenario };
  });
  return { dealt, deck, arms };
}

function orderOf(deck: OrderInput['cards'], more: Partial<OrderInput> = {}) {
  return readerOrder({
    cards: deck,
    protocol: PROTOCOL,
    seed: 7,
    arms: 2,
    reviewer: 'ann',
    seat: 1,
    ...more,
  });
}

describe('a deck', () => {
  it('gives each reader whole scenarios, all of them the cards that all read, and every card to somebody', () => {
    const { dealt } = deckOf(cardsOf(20));
    const count = (part: unknown): number => dealt.filter((one) => one.part === part).length;
    expect([count('calibration'), count('all')]).toEqual([6, 14]);
    expect(Math.abs(count(1) - count(2))).toBeLessThanOrEqual(5);
    expect(new Set(dealt.map(({ card }) => card.id)).size).toBe(100);
    const readers = new Map<string, Set<unknown>>();
    for (const { part, card } of dealt)
      if (typeof part === 'number')
        readers.set(card.scenario, (readers.get(card.scenario) ?? new Set()).add(part));
    expect([...readers.values()].every((parts) => parts.size === 1)).toBe(true);
  });

  it('is read whole by a lone reader, and by all where all overlaps', () => {
    for (const options of [
      { reviewers: 1, overlap: 0.2 },
      { reviewers: 3, overlap: 1 },
    ]) {
      const { deck } = deckOf(cardsOf(20), options);
      const { places } = orderOf(deck, { seat: 9, protocol: { ...PROTOCOL, ...options } });
      expect(new Set(places.map(({ card }) => card)).size).toBe(100);
    }
  });
});

describe('an order', () => {
  it('begins alike for everybody, goes on differently, and is the same each time', () => {
    const { deck } = deckOf(cardsOf(20));
    const [ann, again, ben] = [orderOf(deck), orderOf(deck), orderOf(deck, { reviewer: 'ben', seat: 2 })];
    expect(again).toEqual(ann);
    const names = (order: typeof ann) => order.places.map(({ card }) => card);
    expect(names(ann).slice(0, 6)).toEqual(names(ben).slice(0, 6));
    expect(names(ann).slice(6, 20)).not.toEqual(names(ben).slice(6, 20));
    const shared = names(ann).filter((card) => names(ben).includes(card));
    expect(new Set(shared).size).toBe(20);
    expect(new Set([...names(ann), ...names(ben)]).size).toBe(100);
  });

  it('shows some cards again, late enough, under names that tell nothing', () => {
    const { deck } = deckOf(cardsOf(20));
    const { places, guesses } = orderOf(deck);
    const second = places.filter(({ look }) => look === 2);
    expect(second).toHaveLength(6);
    for (const { card } of second) {
      const [first, then] = places.flatMap((place, at) => (place.card === card ? [at] : []));
      expect(then! - first!).toBeGreaterThanOrEqual(15);
    }
    expect(places.map(({ place }) => place)).toEqual(
      places.map((_, at) => `p${String(at + 1).padStart(3, '0')}`),
    );
    expect(guesses).toHaveLength(20);
    expect(guesses.every((guess) => places.find(({ place }) => place === guess)!.look === 1)).toBe(true);
    expect(orderOf(deck, { arms: 1 }).guesses).toEqual([]);
  });

  it('holds the arms in balance in each ten, and cards of a scenario five apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 40 }), fc.string(), (scenarios, reviewer) => {
        const { deck, arms } = deckOf(cardsOf(scenarios), { reviewers: 1, overlap: 1 });
        const { places } = orderOf(deck, { reviewer, protocol: { ...PROTOCOL, reviewers: 1, repeats: 0 } });
        const scenario = places.map(({ card }) => deck.find((one) => one.card === card)!.scenario);
        // At the very end there may be nothing left to stand between.
        for (let at = 0; at < scenario.length - 20; at++)
          expect(scenario.slice(at + 1, at + 5)).not.toContain(scenario[at]);
        const begin = deck.filter(({ part }) => part === 'calibration').length;
        for (let at = begin; at + 10 <= places.length - 10; at += 10) {
          const ones = places.slice(at, at + 10).filter(({ card }) => arms.get(card) === 'one').length;
          expect(Math.abs(ones - 5)).toBeLessThanOrEqual(2);
        }
      }),
      often(40),
    );
  });

  it('gives whoever comes too late a share that has a reader already', () => {
    const { deck } = deckOf(cardsOf(20));
    const cards = (seat: number) =>
      new Set(orderOf(deck, { reviewer: `r${seat}`, seat }).places.map(({ card }) => card));
    expect(cards(3)).toEqual(cards(1));
    expect(cards(3)).not.toEqual(cards(2));
  });

  it('goes scenario by scenario where that is asked for', () => {
    const { deck } = deckOf(cardsOf(20), { reviewers: 1, overlap: 1 });
    const { places } = orderOf(deck, {
      protocol: { ...PROTOCOL, reviewers: 1, order: 'by-scenario', repeats: 0 },
    });
    const scenarios = places.slice(6).map(({ card }) => deck.find((one) => one.card === card)!.scenario);
    const changes = scenarios.filter((scenario, at) => scenario !== scenarios[at - 1]);
    expect(changes).toHaveLength(new Set(scenarios).size);
  });

  it('is of names and seeds alone, for any number of cards', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 2 ** 31 }), (cards, seed) => {
        const deck = deckOf(cardsOf(Math.ceil(cards / 3), 3).slice(0, cards)).deck;
        const { places } = orderOf(deck, { seed, reviewer: sha256(String(seed)) });
        const own = deck.filter(({ part }) => part !== 2).map(({ card }) => card);
        expect(new Set(places.map(({ card }) => card))).toEqual(new Set(own));
      }),
      often(60),
    );
  });
});
