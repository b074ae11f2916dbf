// Pairs: answers of two arms to the same scenario in the same run, which side by a coin that is kept fair.
import type { Answer } from './cards.ts';
import { chanceOf, shuffled } from './chance.ts';
import type { Draw, ReviewArm } from './draw.ts';

export type Pair = {
  readonly scenario: string;
  readonly group: string;
  readonly answers: readonly [Answer, Answer];
};

/** Two arms that answered alike are no pair; the same two answers in several runs are one. */
export function pairsOf(
  draws: readonly Draw[],
  { arms, seed }: { readonly arms: readonly ReviewArm[]; readonly seed: number },
): { readonly cards: readonly Pair[]; readonly same: number } {
  const cards: Pair[] = [];
  let same = 0;
  for (const [at, { variant: one }] of arms.entries()) {
    for (const { variant: other } of arms.slice(at + 1)) {
      const found = between(draws, { one, other });
      same += found.same;
      const sides = shuffled(found.pairs, chanceOf(seed, 'sides', one, other));
      cards.push(...sides.map((pair, i) => sided(pair, { isSwapped: i % 2 === 1 })));
    }
  }
  return { cards, same };
}

type Two = { readonly scenario: string; readonly first: Answer; readonly second: Answer };

function between(
  draws: readonly Draw[],
  { one, other }: { readonly one: string; readonly other: string },
): { readonly pairs: readonly Two[]; readonly same: number } {
  const others = new Map(
    draws.filter(({ variant }) => variant === other).map((draw) => [placeOf(draw), draw]),
  );
  const pairs = new Map<string, { scenario: string; first: Draw[]; second: Draw[] }>();
  let same = 0;
  for (const draw of draws) {
    const match = draw.variant === one ? others.get(placeOf(draw)) : undefined;
    if (match === undefined) continue;
    if (match.answer === draw.answer) {
      same++;
      continue;
    }
    const id = JSON.stringify([draw.scenario, draw.answer, match.answer]);
    const known = pairs.get(id) ?? { scenario: draw.scenario, first: [], second: [] };
    known.first.push(draw);
    known.second.push(match);
    pairs.set(id, known);
  }
  return {
    pairs: [...pairs.values()].map(({ scenario, first, second }) => ({
      scenario,
      first: { scenario, answer: first[0]!.answer, draws: first },
      second: { scenario, answer: second[0]!.answer, draws: second },
    })),
    same,
  };
}

function sided({ scenario, first, second }: Two, { isSwapped }: { readonly isSwapped: boolean }): Pair {
  const answers = isSwapped ? ([second, first] as const) : ([first, second] as const);
  return { scenario, group: JSON.stringify(answers.map(({ draws }) => draws[0]!.variant)), answers };
}

function placeOf({ scenario, run }: Draw): string {
  return JSON.stringify([scenario, run]);
}
