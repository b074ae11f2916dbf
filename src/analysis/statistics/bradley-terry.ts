// How strong each of several arms is where people said which of two answers is better: R. Bradley and M. Terry, Biometrika 39
// (1952). Sums over cards, as coefficients of agreement are, so that a resample is an addition. Pure.
import type { Coefficient, Rated } from './agreement.ts';

/** One look at a pair: `share` is what the first arm won of it, 1, 0, or half of a tie. Arms are numbers from 0 on. */
export type Duel = {
  /** Cards of one scenario are more alike than others. */
  readonly cluster: string;
  readonly first: number;
  readonly second: number;
  readonly share: number;
};

/** As things that are rated: intervals of coefficients take them (agreementInterval). */
export function duelsRated(duels: readonly Duel[]): readonly Rated[] {
  return duels.map(({ cluster, first, second, share }) => ({ cluster, ratings: [first, second, share] }));
}

/**
 * The strength of one of `arms` arms, in log odds above their mean: of two arms the logistic function of the difference is how
 * often the one is preferred. A tie is half a win for each.
 */
export function strengthOf(arms: number, arm: number): Coefficient {
  return {
    sumsOf([first = null, second = null, share = null]) {
      const wins = new Array<number>(arms ** 2).fill(0);
      if (first === null || second === null || share === null) return wins;
      wins[first * arms + second] = share;
      wins[second * arms + first] = 1 - share;
      return wins;
    },
    valueOf: (wins) => strengths(wins, arms)?.[arm] ?? null,
  };
}

/** Steps become small by a factor: this close, the next ones change nothing that is shown. */
const PRECISION = 1e-11;
const MOST_STEPS = 20_000;

/**
 * By the MM algorithm of D. Hunter, Annals of Statistics 32 (2004). @param wins `wins[a * arms + b]`: how often a was preferred to b
 * @returns log worth of each arm, in sum 0; null = there is no maximum: some arms never lost to the others, or never met them
 */
export function strengths(wins: ArrayLike<number>, arms: number): readonly number[] | null {
  if (!isConnected(wins, arms)) return null;
  const won = Float64Array.from({ length: arms }, (_, a) => {
    let sum = 0;
    for (let b = 0; b < arms; b++) sum += wins[a * arms + b]!;
    return sum;
  });
  let logs = new Float64Array(arms);
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = logs.map((_, a) => Math.log(won[a]! / met(wins, { arms, a, logs })));
    const middle = next.reduce((sum, one) => sum + one, 0) / arms;
    const centred = next.map((one) => one - middle);
    const moved = centred.reduce((most, one, a) => Math.max(most, Math.abs(one - logs[a]!)), 0);
    logs = centred;
    if (moved < PRECISION) break;
  }
  return [...logs];
}

/** How often an arm met the others, each by what the two are worth together. */
function met(
  wins: ArrayLike<number>,
  { arms, a, logs }: { readonly arms: number; readonly a: number; readonly logs: Float64Array },
): number {
  let sum = 0;
  for (let b = 0; b < arms; b++) {
    if (b === a) continue;
    const times = wins[a * arms + b]! + wins[b * arms + a]!;
    sum += times / (Math.exp(logs[a]!) + Math.exp(logs[b]!));
  }
  return sum;
}

/** L. R. Ford, American Mathematical Monthly 64 (1957): each arm has to be beaten by each other, if by way of others. */
function isConnected(wins: ArrayLike<number>, arms: number): boolean {
  const reached = (at: (a: number, b: number) => number): number => {
    const seen = new Set([0]);
    const open = [0];
    for (let a = open.pop(); a !== undefined; a = open.pop()) {
      for (let b = 0; b < arms; b++) {
        if (at(a, b) === 0 || seen.has(b)) continue;
        seen.add(b);
        open.push(b);
      }
    }
    return seen.size;
  };
  return reached((a, b) => wins[a * arms + b]!) === arms && reached((a, b) => wins[b * arms + a]!) === arms;
}
