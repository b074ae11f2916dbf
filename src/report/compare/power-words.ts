// What could have been found, what it would take, and what stood in the way: scenarios, the correction, or the bounds. Pure.

import type { Metric } from '../../analysis/compare/input.ts';
import { formatDifference, formatMetric, formatPWords, hasWidth } from '../../analysis/compare/numbers.ts';
import { LEVEL } from '../../analysis/compare/power.ts';
import type { Difference } from '../../analysis/compare/result.ts';
import type { Interval } from '../../analysis/statistics/intervals.ts';
import type { Detectable } from '../../analysis/statistics/power-simulated.ts';
import type { MoreRuns } from '../../analysis/statistics/sizes.ts';
import { formatAmount, formatCount } from '../../text/format.ts';

type About = { readonly metric: Metric; readonly signs: string };

/** Of a table: one number where both directions take about as much. */
export function detectableCell(metric: Metric, { detectable }: Difference['power']): string {
  if (detectable === null) return '-';
  const { up, down } = detectable;
  if (up === null && down === null) return 'none';
  if (up !== null && down !== null) return formatMetric(metric, Math.max(up, down));
  return formatDifference(metric, up ?? -down!);
}

/** `a true difference of 0.2`, `a true rise of 0.2 or fall of 0.3`; null = none that there can be. */
function sizesWords({ up, down }: Detectable, { metric, signs }: About): string | null {
  const size = (value: number): string => formatMetric(metric, value) + signs;
  if (up !== null && down !== null) {
    const isAlike = Math.max(up, down) <= ABOUT * Math.min(up, down);
    return isAlike
      ? `a true difference of ${size(Math.max(up, down))}`
      : `a true rise of ${size(up)} or a true fall of ${size(down)}`;
  }
  if (up !== null) return `a true rise of ${size(up)}`;
  return down === null ? null : `a true fall of ${size(down)}`;
}

/** What is simulated is no more exact than that. */
const ABOUT = 1.15;

export function couldHaveFound(
  difference: Difference,
  { metric, both, signs, isSame }: About & { readonly both: string; readonly isSame: boolean },
): string {
  const { power, tests } = difference;
  const begin = isSame
    ? `Within that margin ${both} may differ:`
    : `That is no evidence that ${both} are alike:`;
  if (power.isClustered) return `${begin} what could have been found over clusters is not told.`;
  if (power.detectable === null)
    return `${begin} nothing varied, so how far apart they are elsewhere cannot be told from these.`;
  const least = sizesWords(power.detectable, { metric, signs });
  const corrected = tests > 1 ? `, after the correction for ${formatCount(tests)} tests` : '';
  if (least === null && power.detectable.isNearBound)
    return `${begin} only one near to the largest that there can be would be found four times out of five here${corrected}, if any.${toFindIt(difference, signs)}`;
  if (least === null) {
    const alone = power.alone && sizesWords(power.alone, { metric, signs });
    const cause =
      alone === null || tests === 1
        ? 'too few scenarios'
        : `it is the correction for ${formatCount(tests)} tests, for alone ${alone} would`;
    return `${begin} no difference, not even the largest possible, would be found four times out of five here: ${cause}.${toFindIt(difference, signs)}`;
  }
  return `${begin} ${least} would be found four times out of five here${corrected}, a smaller one less often.${oneWay(power.detectable, metric)}${toFindIt(difference, signs)}`;
}

function oneWay({ up, down, isNearBound }: Detectable, metric: Metric): string {
  if (up !== null && down !== null) return '';
  if (isNearBound)
    return up === null
      ? ' A rise would be found only near to its bound, if at all.'
      : ' A fall would be found only near to its bound, if at all.';
  const isBounded = metric === 'score' || metric === 'pass';
  if (up === null)
    return isBounded
      ? ' No rise would: there is too little room up to 1.'
      : ' No rise would be, however large.';
  return ' No fall would: there is too little room down to 0.';
}

function toFindIt({ power, comparison }: Difference, signs: string): string {
  if (comparison.difference === 0) return '';
  const needed = power.scenariosNeeded;
  if (needed === null || needed > OUT_OF_REACH) return ' One as small as the one seen is out of reach.';
  if (needed <= comparison.pairs) return '';
  const scenarios = `${formatAmount(roughly(needed), 'scenario')}${signs} like these`;
  return ` To find one as large as the one seen takes some ${scenarios}${orRuns(power.moreRuns, signs)}.`;
}

/** Nobody writes so many, and nothing so small matters. */
const OUT_OF_REACH = 100_000;

function orRuns(moreRuns: MoreRuns, signs: string): string {
  if (moreRuns.kind === 'unknown') return '';
  if (moreRuns.kind === 'out-of-reach' || moreRuns.runs > MOST_RUNS)
    return '; more runs of the ones that are there would not do';
  return `, or some ${formatAmount(roughly(moreRuns.runs), 'run')}${signs} of the ones that are there`;
}

/** As many as a manifest may ask for. */
const MOST_RUNS = 1_000;

/** Two digits: more would claim to know the future. */
export function roughly(count: number): number {
  return count < 100 ? count : Number(count.toPrecision(2));
}

/** With n scenarios of one sign the permutation test gives 2^(1-n), and Holm's method takes that times the tests at most. */
export function leastScenarios(tests: number): number {
  let scenarios = 1;
  while (2 ** (1 - scenarios) * tests >= LEVEL) scenarios++;
  return scenarios;
}

/** Whatever the answers had been, nothing could have been found: for want of scenarios, or because of the correction. */
export function tooFewWords({ power, tests }: Difference): string {
  const { corrected, alone } = power.leastP;
  const p = corrected.toPrecision(2);
  const least = formatCount(leastScenarios(tests));
  if (alone < LEVEL)
    return `Even if every scenario spoke for the same arm, p could not be below ${p}: not for want of scenarios, but because it is corrected for ${formatCount(tests)} tests. Alone it could be ${alone.toPrecision(2)}; with that many tests it takes ${least} scenarios.`;
  const also = tests > 1 ? `, and ${least} with the correction for ${formatCount(tests)} tests` : '';
  return `Even if every scenario spoke for the same arm, p could not be below ${p}: it takes at least ${formatCount(leastScenarios(1))} scenarios to find anything${also}.`;
}

/**
 * Where interval and test say different things: that is the correction where p would be small enough without it, for the
 * interval knows none; else neither should be leaned on.
 */
export function disagreement(
  { comparison, adjustedInterval, adjustedP, tests }: Difference,
  metric: Metric,
): readonly string[] {
  const { interval, permutation } = comparison;
  if (!hasWidth(interval)) return [];
  const isFound = adjustedP < LEVEL;
  const isApart = (input: Interval): boolean => input.low > 0 || input.high < 0;
  const isCorrection = tests > 1 && !isFound && isApart(interval) && permutation.p < LEVEL;
  if (!isCorrection && isApart(adjustedInterval) === isFound) return [];
  return [
    isCorrection
      ? `It is the correction for ${formatCount(tests)} tests that keeps ${formatDifference(metric, comparison.difference)} from being found: uncorrected ${formatPWords(permutation.p)}, and an interval of 95 % that knows no other tests leaves out 0. A comparison named before the answers were seen, and made alone, needs no correction.`
      : 'Interval and test disagree here: it is a close call, to be decided by more scenarios and not by this table.',
  ];
}
