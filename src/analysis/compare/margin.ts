// Not worse, or the same: whether arms are within a margin of each other, which no "not found" can say. Pure.
import { formatCount } from '../../text/format.ts';
import { clusterUnits } from '../statistics/clusters.ts';
import type { ArmValues } from '../statistics/compare.ts';
import { holm } from '../statistics/effects.ts';
import { meanOf } from '../statistics/intervals.ts';
import { type MarginTest, marginTest, NOT_WORSE_LEVEL, SAME_LEVEL } from '../statistics/margin.ts';
import type { Metric } from './input.ts';
import { formatDifference, formatInterval, formatMetric, formatPWords } from './numbers.ts';
import type { ComparedMargin, ComparedPair, MarginP, MarginVerdict } from './result.ts';

type At = {
  readonly metric: Metric;
  /** Of each pair. */
  readonly values: readonly (readonly [ArmValues, ArmValues])[];
  readonly margin: number | null;
  readonly clusterOf: ((scenario: string) => string) | null;
};

/** Of fewer tokens, of less time and of less money there is nothing worse. */
export function isLowerBetter(metric: Metric): boolean {
  return metric === 'tokens' || metric === 'latency' || metric === 'cost';
}

export function withMargin(pairs: readonly ComparedPair[], input: At): readonly ComparedPair[] {
  const { margin, metric } = input;
  if (margin === null) return pairs;
  const lowerIsBetter = isLowerBetter(metric);
  const tested = pairs.map((pair, i) => testOf(pair, { ...input, values: input.values[i]!, margin }));
  const there = tested.flatMap((one) => (one?.interval ? one : []));
  const adjusted = (p: (context: MarginTest) => number | null): ReadonlyMap<MarginTest, MarginP> => {
    const ps = there.map((one) => p(one) ?? 1);
    const after = holm(ps);
    return new Map(there.map((one, i) => [one, { p: ps[i]!, adjusted: after[i]! }]));
  };
  const [same, notWorse, worse] = [
    adjusted((of) => of.same),
    adjusted((of) => of.notWorse),
    adjusted((of) => of.worse),
  ];
  return pairs.map((pair, i) => {
    const one = tested[i];
    if (!one) return pair;
    const common = { margin, lowerIsBetter, tests: there.length };
    if (one.interval === null) return { ...pair, margin: { ...common, verdict: 'not-shown', shown: null } };
    const shown = {
      interval: one.interval,
      same: same.get(one)!,
      notWorse: notWorse.get(one)!,
      worse: worse.get(one)!,
    };
    return { ...pair, margin: { ...common, verdict: verdictOf(shown), shown } };
  });
}

function testOf(
  { difference }: ComparedPair,
  input: Omit<At, 'values' | 'margin'> & {
    readonly values: readonly [ArmValues, ArmValues];
    readonly margin: number;
  },
): MarginTest | null {
  if (difference === null) return null;
  const { values, metric, margin, clusterOf } = input;
  const [a, b] = values;
  const names = [...a.keys()].filter((name) => b.has(name));
  const isIn = (name: string, is: (value: number) => boolean): boolean =>
    a.get(name)!.every(is) && b.get(name)!.every(is);
  const isShare = metric === 'score' || metric === 'pass';
  const isPass = isShare && names.every((name) => isIn(name, (value) => value === 0 || value === 1));
  const isBounded = isShare && names.every((name) => isIn(name, (value) => value >= 0 && value <= 1));
  const differences = names.map((name) => meanOf(b.get(name)!) - meanOf(a.get(name)!));
  return marginTest(clusterOf ? clusterUnits(differences, names.map(clusterOf)) : differences, {
    margin,
    lowerIsBetter: isLowerBetter(metric),
    values: isPass ? 'pass' : isBounded ? 'bounded' : 'amount',
  });
}

function verdictOf({ same, notWorse, worse }: NonNullable<ComparedMargin['shown']>): MarginVerdict {
  if (same.adjusted < SAME_LEVEL) return 'same';
  if (notWorse.adjusted < NOT_WORSE_LEVEL) return 'not-worse';
  return worse.adjusted < NOT_WORSE_LEVEL ? 'worse' : 'not-shown';
}

type Words = { readonly can: readonly string[]; readonly cannot: readonly string[] };

export function marginWords(
  pair: ComparedPair,
  about: {
    readonly metric: Metric;
    readonly names: { readonly first: string; readonly second: string };
    readonly signs: string;
  },
): Words {
  const { margin: of, difference } = pair;
  if (of === null || difference === null) return { can: [], cannot: [] };
  const { metric, names, signs } = about;
  const margin = formatMetric(metric, of.margin);
  if (of.shown === null) {
    return {
      can: [],
      cannot: [
        `Whether ${names.first} and ${names.second} are within ${margin} of each other cannot be told: nothing varied.`,
      ],
    };
  }
  const { interval, same, notWorse, worse } = of.shown;
  const signed = (value: number): string => formatDifference(metric, value);
  const p = ({ adjusted }: MarginP): string =>
    `${formatPWords(adjusted)}${of.tests > 1 ? `, corrected for ${formatCount(of.tests)} tests` : ''}`;
  const ci = `90 % CI ${formatInterval(interval, signed)}`;
  const isSame = `${names.first} and ${names.second} are the same up to ${margin}`;
  const isNotWorse = `${names.second} is not worse than ${names.first} by more than ${margin}`;
  switch (of.verdict) {
    case 'same':
      return {
        can: [
          `${isSame}: ${signed(difference.comparison.difference)} (${ci}, two one-sided tests, ${p(same)})${signs}.`,
        ],
        cannot: [],
      };
    case 'not-worse':
      return {
        can: [`${isNotWorse} (one-sided, ${p(notWorse)}, held against 0.025)${signs}.`],
        cannot: [`That ${isSame} is not shown (${ci}, ${p(same)})${signs}.`],
      };
    case 'worse':
      return {
        can: [
          `${names.second} is worse than ${names.first} by more than ${margin} (one-sided, ${p(worse)}, held against 0.025)${signs}.`,
        ],
        cannot: [],
      };
    case 'not-shown':
      return {
        can: [],
        cannot: [
          `Neither is shown: that ${isNotWorse} (one-sided, ${p(notWorse)}, held against 0.025), nor that ${isSame} (${ci}, ${p(same)})${signs}.${causeWords(of)}`,
        ],
      };
  }
}

/** Where it is the correction, it is not the data. */
function causeWords({ shown, tests }: ComparedMargin): string {
  const isAlone = tests > 1 && (shown!.same.p < SAME_LEVEL || shown!.notWorse.p < NOT_WORSE_LEVEL);
  return isAlone ? ` It is the correction for ${formatCount(tests)} tests: uncorrected, one would be.` : '';
}
