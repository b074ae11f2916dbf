// Draws, a protocol and a seed -> the deck and the key that says whose answers lie in it. Nothing in the deck names an arm.
import type { DeckCard, LeakCheck, ReviewProtocol, SealedAnswer, SealedKey } from '../core/review.ts';
import {
  type Answer,
  distinctAnswers,
  type ShowInput,
  type ShownCard,
  sealedAnswer,
  showCard,
} from './cards.ts';
import { chanceOf } from './chance.ts';
import { deal } from './deal.ts';
import type { Draw, ReviewArm, ReviewScenario } from './draw.ts';
import { type LeakSample, leakCheck } from './leak.ts';
import { pairsOf } from './pairs.ts';

export type DeckInput = {
  readonly draws: readonly Draw[];
  /** In the order of the manifest. */
  readonly scenarios: readonly ReviewScenario[];
  readonly arms: readonly ReviewArm[];
  readonly protocol: ReviewProtocol;
  readonly seed: number;
};

export type MadeDeck = {
  readonly cards: readonly DeckCard[];
  /** Of the key, by card. */
  readonly sealed: Pick<SealedKey, 'cards' | 'tools'>;
  readonly leak: LeakCheck;
  /** Pairs that are no card: both arms said the same. */
  readonly same: number;
};

type Undealt = {
  readonly scenario: string;
  readonly category: string | null;
  readonly group: string;
  readonly answers: readonly Answer[];
};

export function makeDeck({ draws, scenarios, arms, protocol, seed }: DeckInput): MadeDeck {
  const known = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
  const undealt = protocol.mode === 'pair' ? pairsOf(draws, { arms, seed }) : singles(draws);
  const withCategory = undealt.cards.map((card): Undealt => {
    const { category } = known.get(card.scenario)!;
    return { ...card, category };
  });
  const show: ShowInput = { mask: protocol.mask, arms, tools: toolNames(draws, scenarios) };
  const dealt = deal(withCategory, { protocol, seed }).map(({ part, card }, at) => {
    const { scenario, answers } = card;
    const shown = showCard({ scenario: known.get(scenario)!, answers }, show);
    return { name: `c${String(at + 1).padStart(3, '0')}`, part, answers, shown };
  });
  const cards = dealt.map(
    ({ name, part, shown }): DeckCard => ({ type: 'card', v: 1, part, card: name, ...shown.content }),
  );
  const byCard = <Value>(of: (one: (typeof dealt)[number]) => Value): Readonly<Record<string, Value>> =>
    Object.fromEntries(dealt.map((one) => [one.name, of(one)]));
  return {
    cards,
    sealed: {
      cards: byCard(({ answers }): readonly SealedAnswer[] => answers.map(sealedAnswer)),
      tools: byCard(({ shown }) => shown.tools),
    },
    leak: leakOf(dealt, arms),
    same: undealt.same,
  };
}

function singles(draws: readonly Draw[]): {
  readonly cards: readonly Omit<Undealt, 'category'>[];
  readonly same: 0;
} {
  const cards = distinctAnswers(draws).map((answer) => {
    const group = JSON.stringify([...new Set(answer.draws.map(({ variant }) => variant))]);
    return { scenario: answer.scenario, group, answers: [answer] };
  });
  return { cards, same: 0 };
}

/** Offered to any arm, or called by it: a word is hidden on all cards or on none. */
function toolNames(draws: readonly Draw[], scenarios: readonly ReviewScenario[]): readonly string[] {
  const names = new Set<string>();
  for (const { tools } of scenarios)
    for (const list of tools.values()) for (const { name } of list) names.add(name);
  for (const { toolCalls } of draws) for (const { name } of toolCalls) names.add(name);
  return [...names].sort();
}

/** What is shown once is looked at once for each arm that said it: what both said tells nothing. */
function leakOf(
  dealt: readonly { readonly answers: readonly Answer[]; readonly shown: ShownCard }[],
  arms: readonly ReviewArm[],
): LeakCheck {
  const samples = new Map<string, LeakSample>();
  for (const { answers, shown } of dealt) {
    for (const [at, { scenario, answer, draws }] of answers.entries()) {
      for (const arm of new Set(draws.map(({ variant }) => variant)))
        samples.set(JSON.stringify([scenario, answer, arm]), {
          scenario,
          arm,
          answer: shown.content.answers[at]!,
        });
    }
  }
  return leakCheck(
    [...samples.values()],
    arms.map(({ variant }) => variant),
  );
}

/** A seed of its own where none is given: the digest of what is judged decides, so that it can be made again. */
export function seedOf(draws: readonly Draw[]): number {
  const keys = draws.map(({ key, generation }) => `${key}@${generation}`).sort();
  return chanceOf(0, ...keys).below(1_000_000_000);
}
