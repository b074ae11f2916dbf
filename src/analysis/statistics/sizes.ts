// How many scenarios, or runs of those that there are, would find a true difference. Pure.
import { type AnswersModel, reachOf } from './answers-model.ts';
import { type Design, evenDesign } from './draw-answers.ts';
import { detectable, MOST_PAIRS, pairsNeeded } from './power.ts';
import { simulatePower, spreadOf, type Wish } from './power-simulated.ts';
import { normalQuantile } from './special.ts';

type Asked = {
  readonly model: AnswersModel;
  readonly difference: number;
  readonly wish: Wish;
  readonly level: number;
  readonly power: number;
  readonly seed: number;
  /** Scenarios to be drawn in all, for each power that is asked for. */
  readonly draws: number;
  /** Above so many scenarios the noncentral t is enough: the test is no coarser than Student's there. */
  readonly exactUpTo: number;
};

/** So few experiments tell a power of 80 % to 2 points, so many to half a point. */
const LEAST = 400;
export const MOST_EXPERIMENTS = 6_000;

export function experimentsFor(
  draws: number,
  { scenarios, runs }: { scenarios: number; runs: number },
): number {
  const size = scenarios * Math.max(1, runs / USUAL_RUNS);
  return Math.min(MOST_EXPERIMENTS, Math.max(LEAST, Math.round(draws / size)));
}

const USUAL_RUNS = 3;

function powerWith(asked: Asked, design: Design): number {
  const experiments = experimentsFor(asked.draws, { scenarios: design.length, runs: design[0]![1] });
  return simulatePower({ ...asked, design, experiments }).powerAt(asked.difference);
}

/** Where a guess is so far off, no number of scenarios does. */
const FAR_BEYOND = 4;

/** The fewest scenarios of so many runs; null = none do, or more than ten million. */
export function scenariosNeeded(asked: Asked & { readonly runs: number }): number | null {
  const { runs } = asked;
  if (!isPossible(asked)) return null;
  const deviation = spreadFor(asked, runs);
  const guess = guessOf(asked, deviation);
  if (guess === null || guess > asked.exactUpTo) return guess;
  const isEnough = (scenarios: number): boolean =>
    powerWith(asked, evenDesign(scenarios, runs)) >= asked.power;
  let high = Math.max(2, guess);
  let low = 1;
  while (!isEnough(high)) {
    if (high > FAR_BEYOND * asked.exactUpTo) return null;
    low = high;
    high = Math.ceil(high * 1.15) + 1;
  }
  for (let step = Math.ceil(high * 0.15) + 1; high - low > 1 && low === 1; step *= 2) {
    const fewer = Math.max(2, high - step);
    if (isEnough(fewer)) high = fewer;
    else low = fewer;
    if (fewer === 2) break;
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function spreadFor({ model, seed, difference, draws }: Asked, runs: number): number {
  const scenarios = Math.min(20_000, draws);
  return spreadOf({ model, design: evenDesign(1, runs), seed, scenarios })(difference);
}

function isPossible({ model, difference, wish }: Asked): boolean {
  const reach = reachOf(model);
  if (difference > reach.up || -difference > reach.down) return false;
  if (wish.kind === 'differs') return difference !== 0;
  if (wish.asks !== 'below' && difference <= -wish.margin) return false;
  return wish.asks === 'above' || difference < wish.margin;
}

function guessOf({ difference, wish, level, power }: Asked, deviation: number): number | null {
  if (wish.kind === 'differs') return pairsNeeded({ difference, deviation, level, power });
  // Of two tests each has to be passed: half of what may go wrong is for each where they are alike.
  const isBoth = wish.asks === 'same' && difference === 0;
  const room =
    wish.asks === 'above'
      ? wish.margin + difference
      : wish.asks === 'below'
        ? wish.margin - difference
        : wish.margin - Math.abs(difference);
  const z = normalQuantile(1 - level) + normalQuantile(isBoth ? (1 + power) / 2 : power);
  const scenarios = Math.ceil(((z * deviation) / room) ** 2);
  return scenarios > MOST_PAIRS ? null : Math.max(2, scenarios);
}

/** `runs` of each scenario in each arm. `out-of-reach`: with these scenarios no number of runs would do. */
export type MoreRuns =
  | { readonly kind: 'runs'; readonly runs: number }
  | { readonly kind: 'out-of-reach' }
  /** Nothing was seen, or it takes two runs of a scenario to know how answers vary. */
  | { readonly kind: 'unknown' };

/** Nobody draws so many, and a simulation of them says no more than their variance does. */
const MOST_DRAWN = 40;

/**
 * More runs average out how an answer varies; how scenarios vary stays. The variance of a difference is b² + w²/r: two numbers of
 * runs tell both (G. Snedecor and W. Cochran, "Statistical Methods", chapter 13).
 */
export function runsNeeded(asked: Asked & { readonly scenarios: number }): MoreRuns {
  const { model, scenarios, difference, level, power } = asked;
  if (!model.isSplit || scenarios < 2 || difference === 0 || !isPossible(asked)) return { kind: 'unknown' };
  const variance = (runs: number): number => spreadFor(asked, runs) ** 2;
  const [once, often] = [variance(1), variance(8)];
  const ofRuns = Math.max(0, (once - often) / (1 - 1 / 8));
  const between = Math.max(0, once - ofRuns);
  const allowed = (difference / detectable({ deviation: 1, pairs: scenarios, level, power })) ** 2;
  if (!(allowed > between)) return { kind: 'out-of-reach' };
  let runs = Math.max(1, Math.ceil(ofRuns / (allowed - between)));
  // The test over few scenarios is coarser than Student's: the number is held against it.
  if (scenarios > asked.exactUpTo || runs > MOST_DRAWN) return { kind: 'runs', runs };
  for (let n = 0; n < CORRECTIONS; n++) {
    if (powerWith(asked, evenDesign(scenarios, runs)) >= power) return { kind: 'runs', runs };
    runs = Math.ceil(runs * 1.3);
  }
  return { kind: 'out-of-reach' };
}

/** Then it is nearly three times as many, and it is not for want of runs. */
const CORRECTIONS = 4;
