// From two arms as they were drawn to a model of such answers, by moments. Pure.
import { type AnswersModel, covarianceOf, makeModel, type Shift, type Weighted } from './answers-model.ts';
import { deviationOf, meanOf } from './intervals.ts';
import { noiseOf } from './rounding.ts';

type Runs = readonly number[];

/** Scenarios that both arms have, and where they have none in common those of one. */
export type Drawn = { readonly first: readonly Runs[]; readonly second: readonly Runs[] };

/** Scores with no more values than this are steps, and stay so. */
const MOST_STEPS = 12;

/**
 * The variance of a scenario's difference is that of its runs and what is beyond it (one-way random effects; G. Snedecor and
 * W. Cochran, "Statistical Methods", chapter 13). Where runs alone would give more than was seen, both are one estimate (REML).
 * null = nothing varied, or there is one scenario: then nothing tells how other answers would be.
 * @param isBounded scores and passes: 0..1
 */
export function fitModel({ first, second }: Drawn, isBounded: boolean): AnswersModel | null {
  const scenarios = first.length;
  if (scenarios < 2) return null;
  const differences = first.map((runs, i) => meanOf(second[i]!) - meanOf(runs));
  // What rounding leaves is no variation.
  const noise = noiseOf(...first, ...second);
  const spread = deviationOf(differences);
  const varied = spread <= noise ? 0 : spread ** 2;
  const runs = withinOf([...first, ...second]);
  if (varied === 0 && Math.sqrt(runs.variance ?? 0) <= noise) return null;
  const values = [first, second].flatMap((arm) =>
    arm.flatMap((of) => of.map((value): Weighted => ({ value, weight: 1 / of.length }))),
  );
  const shift = shiftOf(values, isBounded);
  const steps = makeModel({ values: reaching(values, shift), shift, shared: 0, own: 0, isSplit: false });
  const { variance, correlationFor } = covarianceOf(steps);
  const isSplit = runs.variance !== null;
  const share = meanOf(first.map((of, i) => 1 / of.length + 1 / second[i]!.length));
  const { ofRuns, beyond } = isSplit
    ? splitOf({ varied, within: runs.variance!, share, degrees: [scenarios - 1, runs.degrees] })
    : { ofRuns: varied / share, beyond: 0 };
  const same = correlationFor(variance - ofRuns);
  const shared = correlationFor(variance - ofRuns - beyond / 2);
  return { ...steps, shared, own: same - shared, isSplit };
}

/** One arm alone: how arms take scenarios cannot be seen, and is taken to be alike. */
export function fitOneArm(arm: readonly Runs[], isBounded: boolean): AnswersModel | null {
  const values = arm.flatMap((of) => of.map((value): Weighted => ({ value, weight: 1 / of.length })));
  const shift = shiftOf(values, isBounded);
  const steps = makeModel({ values: reaching(values, shift), shift, shared: 0, own: 0, isSplit: false });
  const { variance, correlationFor } = covarianceOf(steps);
  if (arm.length < 2 || variance === 0) return null;
  const within = withinOf(arm).variance;
  // Of one run each, what is the scenario and what the run cannot be told: half and half, as without any answer.
  const shared = within === null ? ASSUMED_SHARED : correlationFor(variance - within);
  return { ...steps, shared, own: 0, isSplit: within !== null };
}

/** Of one run each: as much of a value is the scenario as the run. Chances of passes are uniform then, at one half. */
const ASSUMED_SHARED = 0.5;

function shiftOf(values: readonly Weighted[], isBounded: boolean): Shift {
  const isWithin = values.every(({ value }) => value >= 0 && (!isBounded || value <= 1));
  if (!isWithin) return 'added';
  if (!isBounded) return 'scaled';
  return new Set(values.map(({ value }) => value)).size <= MOST_STEPS ? 'threshold' : 'clipped';
}

/** A step of a scale that nobody reached can be reached: each bound counts as half an answer that was seen. */
function reaching(values: readonly Weighted[], shift: Shift): readonly Weighted[] {
  if (shift !== 'threshold') return values;
  const all = values.reduce((sum, { weight }) => sum + weight, 0);
  const missing = [0, 1].filter((bound) => !values.some(({ value }) => value === bound));
  return [...values, ...missing.map((value) => ({ value, weight: (all / values.length) * BARELY }))];
}

const BARELY = 0.01;

function withinOf(scenarios: readonly Runs[]): {
  /** null = nothing was drawn twice. */
  readonly variance: number | null;
  readonly degrees: number;
} {
  let squares = 0;
  let degrees = 0;
  for (const runs of scenarios) {
    squares += deviationOf(runs) ** 2 * (runs.length - 1);
    degrees += runs.length - 1;
  }
  return { variance: degrees === 0 ? null : squares / degrees, degrees };
}

function splitOf(input: {
  readonly varied: number;
  readonly within: number;
  /** Of the variance of a run, what is in a difference. */
  readonly share: number;
  readonly degrees: readonly [between: number, within: number];
}): { readonly ofRuns: number; readonly beyond: number } {
  const { varied, within, share } = input;
  const beyond = varied - within * share;
  if (beyond >= 0) return { ofRuns: within, beyond };
  const [between, inside] = input.degrees;
  return { ofRuns: (between * (varied / share) + inside * within) / (between + inside), beyond: 0 };
}
