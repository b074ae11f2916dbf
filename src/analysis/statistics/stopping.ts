// One look at what was drawn so far: whether a goal is reached, and if not, whether more runs of these scenarios can reach it. Pure.
import {
  type ArmValues,
  comparePaired,
  type Designed,
  pairedDifferences,
  summarizeArm,
  unitsOf,
} from './compare.ts';
import { deviationOf, type Interval, meanOf } from './intervals.ts';
import { type Looks, levelPerLook } from './sequential.ts';
import { studentQuantile } from './special.ts';

/** `half-width`: an interval is no wider than twice this. `decided`: a difference is found, or shown to be smaller than this. */
export type Goal = { readonly kind: 'half-width' | 'decided'; readonly size: number };

export type LookState =
  /** The goal is reached: its interval is narrow enough; a difference was found; it was shown to be smaller. */
  | { readonly kind: 'narrow' | 'found' | 'smaller' }
  /** More runs may reach it. */
  | { readonly kind: 'open' }
  /** All runs that were planned are there. */
  | { readonly kind: 'last' }
  /** Scenarios vary too much for any number of runs; null = no number of scenarios can be told. */
  | { readonly kind: 'scenarios-vary'; readonly scenarios: number | null }
  /** Some number of runs would do, and it is beyond the last one that was planned. */
  | { readonly kind: 'runs-short'; readonly runs: number };

export type LookAt = {
  readonly first: ArmValues;
  /** null = there is one arm. */
  readonly second: ArmValues | null;
  /** Runs of each scenario that are there. */
  readonly runs: number;
  readonly looks: Looks;
  readonly goal: Goal;
  /** Questions that are asked at once: a difference is found, or shown to be smaller, at 5 % over all of them (Bonferroni). */
  readonly questions: number;
  readonly seed: number;
  /** As the comparison of these arms has it; its level is that of the look. */
  readonly design: Designed;
};

export type Look = {
  /** Scenarios that all arms of the question have. */
  readonly scenarios: number;
  readonly estimate: number;
  /** Holds the truth in 95 % over all looks; of `decided` over all questions as well. */
  readonly interval: Interval;
  readonly halfWidth: number;
  /** Of this look alone, by sign flips; null = there is one arm. */
  readonly p: number | null;
  /** What that p may be at most, so that all looks at all questions come to 5 %. */
  readonly level: number;
  readonly state: LookState;
};

const LEVEL = 0.05;

/**
 * The numbers are those of a comparison at the level of one look: all looks together hold the truth in 95 %, and so does the one at
 * which one stops (repeated confidence intervals: C. Jennison and B. Turnbull, JRSS B 51, 1989).
 * @returns null where the arms have no scenario in common
 */
export function lookAt(input: LookAt): Look | null {
  const { looks, goal, questions } = input;
  const level = levelPerLook(looks, goal.kind === 'decided' ? LEVEL / questions : LEVEL);
  const seen = seenAt(input, level);
  if (seen === null) return null;
  const look = { ...seen, level, halfWidth: (seen.interval.high - seen.interval.low) / 2 };
  const reached = reachedBy(look, goal);
  if (reached !== null) return { ...look, state: { kind: reached } };
  if (input.runs >= looks.last) return { ...look, state: { kind: 'last' } };
  return { ...look, state: aheadOf({ ...input, look, level, ...spreadOf(input) }) };
}

function seenAt(
  { first, second, seed, design }: LookAt,
  level: number,
): Pick<Look, 'scenarios' | 'estimate' | 'interval' | 'p'> | null {
  const of = { ...design, level: 1 - level };
  if (second === null) {
    const arm = summarizeArm(first, seed, of);
    return arm && { scenarios: arm.scenarios, estimate: arm.mean, interval: arm.interval, p: null };
  }
  const pair = comparePaired(first, second, seed, of);
  if (pair === null) return null;
  const { pairs, difference, interval, permutation } = pair;
  return { scenarios: pairs, estimate: difference, interval, p: permutation.p };
}

function reachedBy(
  { interval, halfWidth, p, level }: Omit<Look, 'state'>,
  { kind, size }: Goal,
): 'narrow' | 'found' | 'smaller' | null {
  // One scenario, or scores that are all alike, have an interval that says nothing.
  const isTold = halfWidth > 0;
  if (kind === 'half-width') return isTold && halfWidth <= size ? 'narrow' : null;
  if (p !== null && p <= level) return 'found';
  return isTold && interval.low >= -size && interval.high <= size ? 'smaller' : null;
}

/**
 * What varies between scenarios (or what they belong to), and how much of that is the noise of their runs; null = it takes two
 * runs to know.
 */
function spreadOf({ first, second, design }: LookAt): {
  readonly differences: readonly number[];
  readonly ofRuns: number | null;
} {
  const names = second === null ? [...first.keys()] : pairedDifferences(first, second).names;
  const arms = second === null ? [first] : [first, second];
  const runs = names.map((name) => arms.map((arm) => arm.get(name)!));
  const means =
    second === null ? runs.map(([one]) => meanOf(one!)) : pairedDifferences(first, second).differences;
  const units = unitsOf(means, { names, design });
  const isKnown = runs.every((of) => of.every((one) => one.length > 1));
  const noise = meanOf(runs.map((of) => of.reduce((sum, one) => sum + ofMean(one), 0)));
  return { differences: units, ofRuns: isKnown ? (noise * units.length) / names.length : null };
}

function ofMean(runs: readonly number[]): number {
  return runs.length < 2 ? 0 : deviationOf(runs) ** 2 / runs.length;
}

/**
 * The variance of a scenario's mean is taken apart into that between scenarios and that of runs (one-way random effects; G.
 * Snedecor and W. Cochran, "Statistical Methods", chapter 13): more runs shrink only the second. It is given up where the
 * first is too much even at the lower end of what it may be. Giving up early finds less, never more: it costs nothing of the
 * promise.
 */
function aheadOf(
  input: LookAt & {
    readonly look: Omit<Look, 'state'>;
    readonly level: number;
    readonly differences: readonly number[];
    readonly ofRuns: number | null;
  },
): LookState {
  const { level, differences, ofRuns, runs, looks, goal } = input;
  const n = differences.length;
  const now = deviationOf(differences) ** 2;
  // It takes two runs to know what they vary; differences that are all alike so far tell nothing to go by.
  if (ofRuns === null || n < 2 || now === 0) return { kind: 'open' };
  const between = Math.max(0, now - ofRuns);
  const least = Math.max(0, between - SURE * errorOf({ between, ofRuns, runs, scenarios: n }));
  const quantile = studentQuantile(1 - level / 2, n - 1);
  const halfAfter = (k: number, of: number): number => quantile * Math.sqrt((of + (ofRuns * runs) / k) / n);
  const wanted = goal.kind === 'half-width' ? goal.size : wantedHalf(input);
  if (halfAfter(looks.last, least) <= wanted) return { kind: 'open' };
  const allowed = (wanted / quantile) ** 2 * n;
  if (allowed > between)
    return { kind: 'runs-short', runs: Math.ceil((ofRuns * runs) / (allowed - between)) };
  const there = input.look.scenarios;
  const scenarios = Math.ceil(there * (halfAfter(looks.last, between) / wanted) ** 2);
  return { kind: 'scenarios-vary', scenarios: scenarios <= there ? null : scenarios };
}

/** Standard errors within which what is estimated is taken to be. */
const SURE = 2;

/** Of the variance between these scenarios: what is left of the noise of runs, and what noise and scenarios have in common. */
function errorOf(input: {
  readonly between: number;
  readonly ofRuns: number;
  readonly runs: number;
  readonly scenarios: number;
}): number {
  const { between, ofRuns, runs, scenarios } = input;
  const ofMeans = (2 * ofRuns ** 2 + 4 * between * ofRuns) / (scenarios - 1);
  const ofNoise = (2 * ofRuns ** 2) / (scenarios * Math.max(1, runs - 1));
  return Math.sqrt(ofMeans + ofNoise);
}

/** Half the width that decides: of an interval that leaves out 0, or that stays within the margin, as the mean may yet move. */
function wantedHalf(input: {
  readonly look: Omit<Look, 'state'>;
  readonly goal: Goal;
  readonly ofRuns: number | null;
  readonly differences: readonly number[];
  readonly runs: number;
  readonly looks: Looks;
}): number {
  const { look, goal, runs, looks } = input;
  const rest = (input.ofRuns! * (1 - runs / looks.last)) / input.differences.length;
  const moves = MOVES * Math.sqrt(rest);
  const seen = Math.abs(look.estimate);
  return Math.max(seen + moves, goal.size - Math.max(0, seen - moves));
}

/** Standard deviations by which further runs move a mean: 95 % of the time by no more. */
const MOVES = 2;
