// Experiments drawn from a model of the answers, kept so that every true difference is tried on the same draws. Pure.
import { type AnswersModel, shiftFor } from './answers-model.ts';
import { makeRandom, type Random } from './random.ts';
import { normalQuantile } from './special.ts';

/** Runs of each scenario in the first and the second arm. */
export type Design = readonly (readonly [first: number, second: number])[];

export function evenDesign(scenarios: number, runs: number): Design {
  return Array.from({ length: scenarios }, () => [runs, runs] as const);
}

export type Draws = {
  readonly model: AnswersModel;
  readonly design: Design;
  /** Means of the first arm, by experiment and scenario. */
  readonly first: Float64Array;
  /** Of each run of the second arm: z, or where only values move its value. */
  readonly second: Float64Array;
  readonly runsOfSecond: number;
};

export function drawAll(input: {
  readonly model: AnswersModel;
  readonly design: Design;
  readonly seed: number;
  readonly experiments: number;
}): Draws {
  const { model, design, experiments } = input;
  const normal = makeNormal(makeRandom(input.seed));
  const [shared, own, rest] = [model.shared, model.own, 1 - model.shared - model.own].map((share) =>
    Math.sqrt(Math.max(0, share)),
  ) as [number, number, number];
  const quantile = makeValue(model);
  const runsOfSecond = design.reduce((sum, [, runs]) => sum + runs, 0);
  const first = new Float64Array(experiments * design.length);
  const second = new Float64Array(experiments * runsOfSecond);
  const isZ = model.shift === 'threshold';
  let at = 0;
  let next = 0;
  for (let e = 0; e < experiments; e++) {
    for (const [before, after] of design) {
      const scenario = shared * normal();
      const one = scenario + own * normal();
      const other = scenario + own * normal();
      let sum = 0;
      for (let r = 0; r < before; r++) sum += quantile(one + rest * normal());
      first[at++] = sum / before;
      for (let r = 0; r < after; r++) {
        const z = other + rest * normal();
        second[next++] = isZ ? z : quantile(z);
      }
    }
  }
  return { model, design, first, second, runsOfSecond };
}

/** What moves the second arm moves the draws that are there: power rises smoothly with the difference. */
export function differencesUnder(
  { model, design, first, second, runsOfSecond }: Draws,
  difference: number,
): (experiment: number, into: Float64Array) => void {
  const of = makeMoved(model, shiftFor(model, difference));
  return (experiment, into) => {
    let at = experiment * design.length;
    let next = experiment * runsOfSecond;
    for (let i = 0; i < design.length; i++) {
      const runs = design[i]![1];
      let sum = 0;
      for (let r = 0; r < runs; r++) sum += of(second[next++]!);
      into[i] = sum / runs - first[at++]!;
    }
  };
}

function makeMoved(model: AnswersModel, moved: number): (drawn: number) => number {
  switch (model.shift) {
    case 'threshold': {
      const quantile = makeValue(model);
      if (model.values.length !== 2) return (drawn) => quantile(drawn + moved);
      const [low, high] = [model.values[0]!, model.values[1]!];
      const threshold = model.thresholds[0]! - moved;
      return (drawn) => (drawn > threshold ? high : low);
    }
    case 'clipped':
      return (drawn) => Math.min(1, Math.max(0, drawn + moved));
    case 'scaled':
      return (drawn) => drawn * moved;
    case 'added':
      return (drawn) => drawn + moved;
  }
}

function makeValue({ values, thresholds }: AnswersModel): (z: number) => number {
  const bounds = Float64Array.from(thresholds);
  const of = Float64Array.from(values);
  return (z) => {
    let low = 0;
    let high = bounds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (z > bounds[middle]!) low = middle + 1;
      else high = middle;
    }
    return of[low]!;
  };
}

const BITS = 14;
/** Middles of as many equal shares: sums of these are what is drawn, and they are told apart by far more than a table. */
let table: Float64Array | null = null;

function makeNormal(random: Random): () => number {
  const size = 2 ** BITS;
  table ??= Float64Array.from({ length: size }, (_, i) => normalQuantile((i + 0.5) / size));
  const quantiles = table;
  let kept = -1;
  return () => {
    if (kept >= 0) {
      const z = quantiles[kept]!;
      kept = -1;
      return z;
    }
    const bits = random.bits();
    kept = (bits >>> BITS) & (size - 1);
    return quantiles[bits & (size - 1)]!;
  };
}

/** Finer steps than this are as good as none. */
const FINEST = 400;

/** What every difference is a multiple of, where values are few steps: then many of them are equal, and a test is coarse. */
export function stepOf({ values, shift }: AnswersModel, design: Design): number | null {
  if (shift !== 'threshold') return null;
  let parts = 1;
  for (const value of values) {
    const of = Array.from({ length: 60 }, (_, i) => i + 1).find(
      (q) => Math.abs(value * q - Math.round(value * q)) < 1e-9,
    );
    if (of === undefined) return null;
    parts = leastCommon(parts, of);
    if (parts > FINEST) return null;
  }
  let whole = parts;
  for (const runs of design.flat()) {
    whole = leastCommon(whole, parts * runs);
    if (whole > FINEST) return null;
  }
  return 1 / whole;
}

function leastCommon(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
