// How often the test that `compare` uses would find a true difference: experiments are drawn from a model of the answers, and
// the test decides on each. The same draws serve every difference, so power rises smoothly with it. Pure.
import { type AnswersModel, reachOf } from './answers-model.ts';
import { type Design, differencesUnder, drawAll, stepOf } from './draw-answers.ts';
import { makeFlipDecision } from './flip-decision.ts';
import { makeMarginDecision } from './margin.ts';
import { powerOf } from './power.ts';
import { normalCdf, normalQuantile } from './special.ts';

export type Simulated = {
  /** 0..1, of a true mean difference, second minus first. */
  readonly powerAt: (difference: number) => number;
  readonly model: AnswersModel;
  /** The same experiments, decided at another level. */
  readonly atLevel: (level: number) => Simulated;
};

/** What is to come out: a difference found, or one shown to be within a margin. */
export type Wish =
  | { readonly kind: 'differs' }
  | { readonly kind: 'within'; readonly margin: number; readonly asks: 'same' | 'above' | 'below' };

type Asked = {
  readonly model: AnswersModel;
  readonly design: Design;
  readonly wish: Wish;
  /** p has to be below it: 0.05 over the number of tests, which is the most that Holm's correction may ask. */
  readonly level: number;
  readonly seed: number;
  /** Experiments. The standard error of a power of 80 % is 0.9 points with 2,000 of them. */
  readonly experiments: number;
};

/** Above this many scenarios a mean is normal to within what a simulation can tell, and only its variance is simulated. */
export const MOST_SIMULATED = 300;
/** Runs of one experiment: the mean of so many is normal as well. */
const MOST_RUNS = 20_000;
/** Values that are kept at once: 64 MB of them. */
const MOST_VALUES = 8_000_000;
const LEAST = 400;
/** Scenarios whose differences tell that variance: it is off by 1.4 % then. */
const FOR_VARIANCE = 10_000;

export function simulatePower(asked: Asked): Simulated {
  const { model, design } = asked;
  const runs = design.reduce((sum, [one, other]) => sum + one + other, 0);
  if (design.length > MOST_SIMULATED || runs > MOST_RUNS) return normalPower(asked);
  const experiments = Math.min(asked.experiments, Math.max(LEAST, Math.floor(MOST_VALUES / runs)));
  const draws = drawAll({ ...asked, experiments });
  const differences = new Float64Array(design.length);
  const atLevel = (level: number): Simulated => {
    const decide = decisionOf({ ...asked, level });
    const powerAt = (difference: number): number => {
      const moved = differencesUnder(draws, difference);
      let found = 0;
      for (let e = 0; e < experiments; e++) {
        moved(e, differences);
        if (decide(differences)) found++;
      }
      return found / experiments;
    };
    return { model, powerAt, atLevel };
  };
  return atLevel(asked.level);
}

function decisionOf({ model, design, wish, level }: Asked): (differences: Float64Array) => boolean {
  const count = design.length;
  if (wish.kind === 'within') return makeMarginDecision({ ...wish, count, level, isPass: isPass(model) });
  const decide = makeFlipDecision(count);
  const step = stepOf(model, design);
  return (differences) => decide({ differences, count, level, step });
}

export function isPass({ values, shift }: AnswersModel): boolean {
  return shift === 'threshold' && values.length === 2;
}

/** By the noncentral t, or Student's for a margin, from the variance of simulated scenarios. */
function normalPower(asked: Asked): Simulated {
  const { model, design, wish } = asked;
  const spread = spreadOf(asked);
  const pairs = design.length;
  const atLevel = (level: number): Simulated => ({
    model,
    atLevel,
    powerAt: (difference) => {
      const deviation = spread(difference);
      if (wish.kind === 'differs') return powerOf({ difference, deviation, pairs, level });
      const error = Math.hypot(deviation, isPass(model) ? Math.sqrt(4 / pairs) : 0) / Math.sqrt(pairs);
      const critical = normalQuantile(1 - level);
      const above = (wish.margin + difference) / error - critical;
      const below = (wish.margin - difference) / error - critical;
      if (wish.asks === 'above') return normalCdf(above);
      if (wish.asks === 'below') return normalCdf(below);
      return Math.max(0, normalCdf(above) + normalCdf(below) - 1);
    },
  });
  return atLevel(asked.level);
}

/** The standard deviation of a scenario's difference under a true mean difference. */
export function spreadOf(
  asked: Pick<Asked, 'model' | 'design' | 'seed'> & { readonly scenarios?: number },
): (difference: number) => number {
  const [one, other] = asked.design[0]!;
  const most = Math.max(100, Math.floor(MOST_VALUES / (one + other)));
  const scenarios = Math.min(asked.scenarios ?? FOR_VARIANCE, most);
  const design = Array.from({ length: scenarios }, (_, i) => asked.design[i % asked.design.length]!);
  const draws = drawAll({ ...asked, design, experiments: 1 });
  const differences = new Float64Array(scenarios);
  return (difference) => {
    differencesUnder(draws, difference)(0, differences);
    let sum = 0;
    let squares = 0;
    for (const one of differences) {
      sum += one;
      squares += one * one;
    }
    return Math.sqrt(Math.max(0, squares / scenarios - (sum / scenarios) ** 2));
  };
}

export type Detectable = {
  /** The smallest true difference in this direction that is found with the power asked for; null = none that can be. */
  readonly up: number | null;
  readonly down: number | null;
  /** Where one is null: one near to the bound may be found all the same, for the mean is not known so well. */
  readonly isNearBound: boolean;
};

/** Differences are searched to this share of themselves. */
const PRECISION = 0.01;
const STEPS = 14;
/** At the bound itself a threshold is without end. */
const ALL_BUT = 0.999;

/**
 * @param slack how far the mean may be from what was seen: no difference is promised that takes it beyond a bound then
 */
export function detectableOf(
  simulated: Simulated,
  { power = 0.8, slack = 0 }: { readonly power?: number; readonly slack?: number } = {},
): Detectable {
  const reach = reachOf(simulated.model);
  const [up, down] = [
    leastOf(simulated, Math.max(0, reach.up - slack), power),
    leastOf(simulated, -Math.max(0, reach.down - slack), power),
  ];
  const isFound = (at: number): boolean => at !== 0 && simulated.powerAt(ALL_BUT * at) >= power;
  const isNearBound =
    slack > 0 && ((up === null && isFound(reach.up)) || (down === null && isFound(-reach.down)));
  return { up, down, isNearBound };
}

/** Power rises with the difference, so the smallest that is found often enough is bracketed; false position on the probit scale. */
function leastOf({ powerAt }: Simulated, furthest: number, power: number): number | null {
  const far = furthest * ALL_BUT;
  if (far === 0) return null;
  const target = normalQuantile(power);
  const probit = (at: number): number =>
    normalQuantile(Math.min(1 - 1e-4, Math.max(1e-4, powerAt(at)))) - target;
  let high = Math.abs(far);
  const sign = Math.sign(far);
  if (probit(far) < 0) return null;
  let low = 0;
  let below = -target - 2;
  // Begin near: most differences that are found are far from the bound, and power saturates there.
  while (high > 1e-6 * Math.abs(far)) {
    const value = probit((sign * high) / 2);
    if (value < 0) {
      low = high / 2;
      below = value;
      break;
    }
    high /= 2;
  }
  let above = Math.max(1e-3, probit(sign * high));
  for (let n = 0; n < STEPS && high - low > PRECISION * high; n++) {
    const share = Math.min(0.9, Math.max(0.1, -below / (above - below)));
    const middle = low + share * (high - low);
    const value = probit(sign * middle);
    if (value < 0) {
      low = middle;
      below = value;
    } else {
      high = middle;
      above = Math.max(1e-3, value);
    }
  }
  return high;
}
