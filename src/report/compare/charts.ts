// The two pictures of `compare`: intervals of arms, and of differences around zero. Pure.

import {
  formatDifference,
  formatInterval,
  formatMetric,
  hasWidth,
  markSigns,
} from '../../analysis/compare/numbers.ts';
import { type Compared, pairName } from '../../analysis/compare/result.ts';
import type { Interval } from '../../analysis/statistics/intervals.ts';
import { fitNames } from '../../core/names.ts';
import type { Block, Chart } from '../../text/sheet.ts';
import { groupName, type Names, NOUNS } from './words.ts';

const CHART_NAME = 30;

export function armsChart({ arms, metric, between }: Compared, shown: readonly number[]): Chart {
  const names = fitNames(
    shown.map((at) => arms[at]!.name),
    CHART_NAME,
  );
  const format = (value: number): string => formatMetric(metric, value);
  const rows = shown.flatMap((at) => {
    const { summary, marks } = arms[at]!;
    if (!summary) return [];
    const text = `${withInterval({ middle: summary.mean, interval: summary.interval, format })}${markSigns(marks)}`;
    return { name: names.get(arms[at]!.name)!, ...summary.interval, middle: summary.mean, text };
  });
  const noun = NOUNS[metric];
  return {
    head: `${noun.charAt(0).toUpperCase() + noun.slice(1)} of each arm${between === 'moments' ? ' at each moment' : ''}, 95 % intervals`,
    rows,
    zero: null,
    format,
  };
}

export function differencesChart(compared: Compared, nameOf: Names): readonly Block[] {
  if (compared.pairs.length === 0) return [];
  const format = (value: number): string => formatDifference(compared.metric, value);
  const rows = compared.pairs.flatMap((pair) => {
    const all = [
      { name: pairName(pair, compared), difference: pair.difference },
      ...pair.groups.map(({ name, difference }) => ({ name: `· ${groupName(name)}`, difference })),
    ];
    return all.flatMap(({ name, difference }) => {
      if (!difference) return [];
      const { difference: middle } = difference.comparison;
      const interval = difference.adjustedInterval;
      const text = `${withInterval({ middle, interval, format })}${markSigns(pair.marks)}`;
      return { name: fitNames([name], CHART_NAME).get(name)!, ...interval, middle, text };
    });
  });
  const from = compared.between === 'moments' ? '' : ` from ${nameOf(compared.pairs[0]!.first)}`;
  const head = `Differences${from} in ${NOUNS[compared.metric]}, 95 % intervals`;
  return rows.length === 0 ? [] : [{ kind: 'chart', chart: { head, rows, zero: 0, format } }];
}

function withInterval(input: {
  readonly middle: number;
  readonly interval: Interval;
  readonly format: Chart['format'];
}): string {
  const { middle, interval, format } = input;
  return hasWidth(interval) ? `${format(middle)} (${formatInterval(interval, format)})` : format(middle);
}
