// The numbers of a line of the gate, by the methods of `compare`: scenarios are the units, or what they
// belong to where the manifest says so (`cluster:`); intervals are of 95 %. Pure.
import {
  type GateAt,
  type GateCondition,
  type GateLine,
  type GateSubject,
  isMoreBetter,
} from '../../core/gate-line.ts';
import { withBound } from '../compare/compare.ts';
import { SEED } from '../compare/seed.ts';
import { type ArmValues, comparePaired, meanDifference, summarizeArm } from '../statistics/compare.ts';
import { type Interval, meanOf, quantileOf } from '../statistics/intervals.ts';
import { exactSum } from '../statistics/sums.ts';
import type { ClusterOf, GateCell } from './gate-evidence.ts';

/** A cell that counts. */
export type Counted = GateCell & { readonly value: number };

export type Measured = {
  readonly value: number;
  /** null = it is not asked for, or has no width: how far the truth may be cannot be told. */
  readonly interval: Interval | null;
  readonly cells: number;
  readonly scenarios: number;
};

export type Held = {
  /** Measured minus what it is held against. */
  readonly difference: number;
  readonly interval: Interval | null;
  readonly own: number;
  readonly other: number;
  readonly scenarios: number;
};

export function measure(
  cells: readonly Counted[],
  { subject, condition }: Pick<GateLine, 'subject' | 'condition'>,
  clusterOf: ClusterOf,
): Measured {
  const values = byScenario(cells);
  const common = { cells: cells.length, scenarios: values.size };
  if (subject.sum !== 'mean') return { ...common, value: summed(cells, subject.sum), interval: null };
  if (condition.at === 'seen') return { ...common, value: meanOfMeans(values), interval: null };
  const isShare = subject.measure === 'pass' || subject.measure === 'score';
  const summary = summarizeArm(values, SEED, { isShare, clusterOf })!;
  const { mean, interval } = isShare ? withBound(summary, 'pass')! : summary;
  return { ...common, value: mean, interval: interval.low < interval.high ? interval : null };
}

/**
 * Over what both have: scenarios, and for totals runs of them. null = nothing.
 * @param isArm another variant: elsewhere each variant is held against itself
 */
export function holdAgainst(input: {
  readonly own: readonly Counted[];
  readonly other: readonly Counted[];
  readonly sum: GateSubject['sum'];
  readonly isArm: boolean;
  /** Of values from 0 to 1. */
  readonly isShare?: boolean;
  readonly at: GateAt;
  readonly clusterOf: ClusterOf;
}): Held | null {
  const { sum, isArm } = input;
  const unit = ({ variant, scenario, run }: Counted): string =>
    JSON.stringify([isArm ? null : variant, scenario, sum === 'total' ? run : null]);
  const others = new Set(input.other.map(unit));
  const own = input.own.filter((cell) => others.has(unit(cell)));
  const owns = new Set(own.map(unit));
  const other = input.other.filter((cell) => owns.has(unit(cell)));
  if (own.length === 0) return null;
  const values = { own: byScenario(own), other: byScenario(other) };
  const scenarios = values.own.size;
  if (sum !== 'mean') {
    const sums = { own: summed(own, sum), other: summed(other, sum) };
    return { ...sums, difference: sums.own - sums.other, interval: null, scenarios };
  }
  if (input.at === 'seen') {
    const means = { own: meanOfMeans(values.own), other: meanOfMeans(values.other) };
    return { ...means, difference: meanDifference(values.other, values.own), interval: null, scenarios };
  }
  const isShare = input.isShare ?? false;
  const { difference, interval } = comparePaired(values.other, values.own, SEED, {
    isShare,
    clusterOf: input.clusterOf,
  })!;
  const before = meanOfMeans(values.other);
  return {
    difference,
    own: before + difference,
    other: before,
    scenarios,
    interval: interval.low < interval.high ? interval : null,
  };
}

/** Sums of thousandths differ in their last bits from what they are held against: of its size, for costs are as small as that. */
const TIE = 1e-9;

/** null = it is the interval that has to hold, and there is none. */
export function holdsNumber(
  { value, interval }: Pick<Measured, 'value' | 'interval'>,
  { sign, value: limit, at }: Extract<GateCondition, { kind: 'number' }>,
): { readonly holds: boolean; readonly number: number } | null {
  if (at === 'bound' && interval === null) return null;
  const isFloor = sign === '>=' || sign === '>';
  const number = at === 'seen' ? value : isFloor ? interval!.low : interval!.high;
  const tie = TIE * Math.max(Math.abs(number), Math.abs(limit));
  switch (sign) {
    case '>=':
      return { number, holds: number >= limit - tie };
    case '<=':
      return { number, holds: number <= limit + tie };
    case '>':
      return { number, holds: number > limit + tie };
    case '<':
      return { number, holds: number < limit - tie };
    case '==':
      return { number, holds: Math.abs(number - limit) <= tie };
  }
}

export function holdsDifference(
  held: Held,
  input: {
    readonly subject: GateSubject;
    readonly condition: Extract<GateCondition, { kind: 'no-worse' | 'better' }>;
  },
): { readonly holds: boolean; readonly number: number } | null {
  const { subject, condition } = input;
  if (condition.at === 'bound' && held.interval === null) return null;
  const isUp = isMoreBetter(subject.measure) !== false;
  const number = condition.at === 'seen' ? held.difference : isUp ? held.interval!.low : held.interval!.high;
  const gain = isUp ? number : -number;
  const { by } = condition;
  const margin = by === null ? 0 : by.kind === 'amount' ? by.value : by.value * Math.abs(held.other);
  const tie = TIE * Math.max(Math.abs(held.own), Math.abs(held.other));
  if (condition.kind === 'no-worse') return { number, holds: gain >= -margin - tie };
  return { number, holds: by === null ? gain > tie : gain >= margin - tie };
}

/** Resampling and permutations take their time, and only the bound of an interval needs them. */
function meanOfMeans(values: ArmValues): number {
  return meanOf([...values.values()].map(meanOf));
}

function byScenario(cells: readonly Counted[]): ArmValues {
  const values = new Map<string, number[]>();
  for (const { scenario, value } of cells) {
    const known = values.get(scenario);
    if (known) known.push(value);
    else values.set(scenario, [value]);
  }
  // Sorted, as for compare: neither the order of a file nor of time moves a resampled number.
  return new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function summed(cells: readonly Counted[], sum: Exclude<GateSubject['sum'], 'mean'>): number {
  const values = Float64Array.from(cells, ({ value }) => value);
  switch (sum) {
    case 'total':
      return exactSum(values);
    case 'max':
      return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    case 'p50':
      return quantileOf(values.sort(), 0.5);
    case 'p95':
      return quantileOf(values.sort(), 0.95);
  }
}
