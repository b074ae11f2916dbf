// Arms that `until:` drew further: whoever looked after each run and stopped when it was enough has looked often. What is
// concluded of them is corrected for all looks that were planned, and says so. Pure.
import { type PlannedLooks, plannedLooks } from '../../core/until.ts';
import { formatAmount } from '../../text/format.ts';
import type { Block } from '../../text/sheet.ts';
import { type ArmValues, type Comparison, type Designed, differenceInterval } from '../statistics/compare.ts';
import { levelPerLook, overLooks } from '../statistics/sequential.ts';
import type { Arm, CompareInput } from './input.ts';
import { formatP } from './numbers.ts';
import type { Compared, ComparedPair, ComparedUntil, Difference } from './result.ts';

/** Of a pair; null = it was not drawn by looks, or it is about another time. */
export function looksOf(
  { arms, until }: Pick<CompareInput, 'arms' | 'until'>,
  pair: readonly [number, number],
): PlannedLooks | null {
  const [first, second] = [arms[pair[0]]!, arms[pair[1]]!];
  if (first.at !== null || second.at !== null) return null;
  return plannedLooks(until, [first.variant, second.variant]);
}

/** The same comparison with the interval and the p that are true whenever, and for whatever reason, one stopped. */
export function overAllLooks(
  comparison: Comparison,
  input: {
    readonly first: ArmValues;
    readonly second: ArmValues;
    readonly design: Designed;
    readonly looks: PlannedLooks | null;
  },
): Comparison {
  const { first, second, design, looks } = input;
  if (looks === null) return comparison;
  const { permutation, method } = comparison;
  const interval = differenceInterval(first, second, { ...design, level: 1 - levelPerLook(looks) });
  return {
    ...comparison,
    // Where nothing says how sure a mean is, nothing says it of the looks either.
    ...(method === 'none' || interval === null ? {} : { interval }),
    permutation: {
      ...permutation,
      p: overLooks(permutation.p, looks),
      midP: overLooks(permutation.midP, looks),
    },
  };
}

/** What one look may be wrong by, at one of so many questions (Bonferroni); of what was drawn once, all of it. */
export function levelOf(looks: PlannedLooks | null, questions = 1): number {
  return looks === null ? LEVEL / questions : levelPerLook(looks, LEVEL / questions);
}

const LEVEL = 0.05;

/** What became of the goal, by the numbers that are shown; null = it is about something else. */
export function untilOf(
  { first, second, difference }: Pick<ComparedPair, 'first' | 'second' | 'difference'>,
  input: CompareInput,
): ComparedUntil | null {
  const { until, metric, arms } = input;
  if (until === undefined || until.metric !== metric || difference === null) return null;
  if (looksOf(input, [first, second]) === null) return null;
  const [a, b] = [mostRun(arms[first]!), mostRun(arms[second]!)];
  const { goal } = until;
  return { goal, runs: Math.min(a, b), isCut: a !== b, state: stateOf(difference, goal) };
}

function stateOf(
  { comparison, adjustedP, adjustedInterval }: Difference,
  { kind, size }: ComparedUntil['goal'],
): ComparedUntil['state'] {
  // Of a width it is that of each interval; what is decided holds over all pairs at once.
  const { low, high } = kind === 'half-width' ? comparison.interval : adjustedInterval;
  const isTold = low < high;
  if (kind === 'half-width') return isTold && (high - low) / 2 <= size ? 'narrow' : 'open';
  if (adjustedP <= LEVEL) return 'found';
  return isTold && low >= -size && high <= size ? 'smaller' : 'open';
}

/** Said beside the numbers that it changed. */
export function looksBlocks(
  { looks, pairs }: Pick<Compared, 'looks' | 'pairs'>,
  nameOf: (arm: number) => string,
): readonly Block[] {
  if (!looks) return [];
  const count = formatAmount(looks.last - looks.first + 1, 'look');
  const sentence = `Runs were drawn until it was enough: after each of them from ${looks.first} to ${looks.last} there is a look. p and intervals of differences are corrected for all ${count}, each of which is held to p <= ${formatP(levelPerLook(looks))} (docs/until.md).`;
  const states = pairs.flatMap((pair) => (pair.until ? goalWords(pair, pair.until, nameOf) : []));
  return [{ kind: 'sentences', head: null, tone: 'weak', sentences: [sentence, ...states] }];
}

function goalWords(
  { first, second }: ComparedPair,
  { goal, runs, isCut, state }: ComparedUntil,
  nameOf: (arm: number) => string,
): string {
  const cut = isCut
    ? '; that many both have, and what the longer arm has beyond them is in its own line only'
    : '';
  return `${nameOf(second)} - ${nameOf(first)} after ${formatAmount(runs, 'run')}: ${STATES[state](goal.size)}${cut}.`;
}

const STATES: { readonly [state in ComparedUntil['state']]: (size: number) => string } = {
  narrow: (size) => `narrow enough, +-${size} or less`,
  found: () => 'decided, a difference is found',
  smaller: (size) => `decided, the difference is smaller than ${size}`,
  open: () => 'the goal is not reached',
};

/** Runs that are asked for. */
export function mostRun({ cells }: Pick<Arm, 'cells'>): number {
  return cells.reduce((most, { run }) => Math.max(most, run), 0);
}
