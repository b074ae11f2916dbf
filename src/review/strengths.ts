// Pair mode, once it is closed: how strong each arm is, and in how many scenarios it was preferred to the first one. Pure.

import { coefficientOf } from '../analysis/statistics/agreement.ts';
import { agreementInterval } from '../analysis/statistics/agreement-interval.ts';
import { type Duel, duelsRated, strengthOf } from '../analysis/statistics/bradley-terry.ts';
import { binomialHalf } from '../analysis/statistics/exact.ts';
import { makeRandom } from '../analysis/statistics/random.ts';
import type { HumanPreference } from '../core/review.ts';
import type { DimensionStrengths } from '../core/review-status.ts';

/** @param arms in the order of the manifest */
export function strengthsOf(
  preferences: readonly HumanPreference[],
  arms: readonly string[],
): readonly DimensionStrengths[] {
  return [...Map.groupBy(preferences, ({ dimension }) => dimension)].map(([dimension, said]) => {
    const met = arms.filter((arm) =>
      said.some(({ left, right }) => left.variant === arm || right.variant === arm),
    );
    const duels = said.flatMap((one) => duelOf(one, met) ?? []);
    const rated = duelsRated(duels);
    return {
      dimension,
      cards: said.length,
      scenarios: new Set(said.map(({ scenario }) => scenario)).size,
      ties: said.filter((one) => one.said === 'tie').length,
      arms: met.map((arm, at) => {
        const coefficient = strengthOf(met.length, at);
        const interval = agreementInterval(rated, { coefficient, random: makeRandom(SEED) });
        const value = coefficientOf(rated, coefficient);
        return { arm, strength: { value, low: interval?.low ?? null, high: interval?.high ?? null } };
      }),
      signs: met.slice(1).map((arm, i) => ({ arm, against: met[0]!, ...signsOf(duels, i + 1) })),
    };
  });
}

const SEED = 17;

/** null = it names an arm that nobody knows. */
function duelOf({ scenario, left, right, said }: HumanPreference, arms: readonly string[]): Duel | null {
  const [first, second] = [arms.indexOf(left.variant), arms.indexOf(right.variant)];
  if (first < 0 || second < 0 || first === second) return null;
  return { cluster: scenario, first, second, share: said === 'tie' ? 0.5 : said === 'left' ? 1 : 0 };
}

/** A scenario is for an arm where more than half of what was said of its pairs with the first one is. */
function signsOf(
  duels: readonly Duel[],
  arm: number,
): Pick<DimensionStrengths['signs'][number], 'for' | 'against_it' | 'even' | 'p'> {
  const sums = new Map<string, number>();
  for (const { cluster, first, second, share } of duels) {
    if (Math.min(first, second) !== 0 || Math.max(first, second) !== arm) continue;
    const won = first === arm ? share : 1 - share;
    sums.set(cluster, (sums.get(cluster) ?? 0) + won - 0.5);
  }
  const all = [...sums.values()];
  const [wins, losses] = [all.filter((sum) => sum > 0).length, all.filter((sum) => sum < 0).length];
  return {
    for: wins,
    against_it: losses,
    even: all.length - wins - losses,
    p: binomialHalf(wins, wins + losses),
  };
}
