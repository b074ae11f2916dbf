// What readers said who did not know the arm: the mean of each dimension, over scenarios. Pure.
import { formatInterval, hasWidth } from '../../analysis/compare/numbers.ts';
import { meanOf, studentMean } from '../../analysis/statistics/intervals.ts';
import { formatCount } from '../../text/format.ts';
import type { Row } from '../../text/layout.ts';
import { isHuman } from './differing.ts';
import type { DocumentBlock } from './document.ts';
import { hasAnswer, type ScenarioFacts } from './facts.ts';

export function humanBlocks(scenarios: readonly ScenarioFacts[]): readonly DocumentBlock[] {
  const said = scenarios.flatMap(({ scenario, arms }) =>
    arms.flatMap(({ variant, runs }) =>
      runs
        .filter(hasAnswer)
        .flatMap(({ scores }) =>
          scores.flatMap(({ scorer, score }) =>
            isHuman(scorer) && score !== null ? [{ scenario, variant, scorer, score }] : [],
          ),
        ),
    ),
  );
  if (said.length === 0) return [];
  const names = [...new Set(said.map(({ scorer }) => scorer))];
  const variants = [...new Set(said.map(({ variant }) => variant))];
  const rows = variants.flatMap((variant) =>
    names.map((name, i): Row => {
      const own = said.filter((one) => one.variant === variant && one.scorer === name);
      const means = [...Map.groupBy(own, ({ scenario }) => scenario).values()].map((ones) =>
        meanOf(ones.map(({ score }) => score)),
      );
      const interval = studentMean(means);
      const share = (value: number): string => Math.min(1, Math.max(0, value)).toFixed(3);
      return {
        kind: 'cells',
        cells: [
          i === 0 ? variant : '',
          name,
          formatCount(own.length),
          formatCount(means.length),
          means.length === 0 ? '-' : share(meanOf(means)),
          means.length > 1 && hasWidth(interval) ? formatInterval(interval, share) : '-',
        ],
      };
    }),
  );
  return [
    {
      kind: 'table',
      head: 'Rubric, by readers who did not know the arm (0 = the worst label, 1 = the best)',
      columns: [
        { head: 'arm' },
        { head: 'dimension' },
        { head: 'answers', align: 'right' },
        { head: 'scenarios', align: 'right' },
        { head: 'mean', align: 'right' },
        { head: '95 % CI', align: 'right' },
      ],
      rows,
    },
  ];
}
