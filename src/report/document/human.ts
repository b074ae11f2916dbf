// What readers said who did not know the arm: each dimension of the rubric, by the statistics of `compare`. Pure.
import {
  formatDifference,
  formatInterval,
  formatMetric,
  formatP,
  hasWidth,
  markSigns,
} from '../../analysis/compare/numbers.ts';
import { type Compared, isRefused, pairName } from '../../analysis/compare/result.ts';
import { formatCount } from '../../text/format.ts';
import type { Column, Row } from '../../text/layout.ts';
import type { DocumentBlock } from './document.ts';
import type { ReportFacts } from './facts.ts';

const NUMBER = { align: 'right' } as const;

export function humanBlocks({ humans }: Pick<ReportFacts, 'humans'>): readonly DocumentBlock[] {
  const told = humans.filter(({ compared }) => !isRefused(compared));
  const means = told.flatMap(({ dimension, compared }) => meanRows(dimension, compared));
  if (means.length === 0) return [];
  const differences = told.flatMap(({ dimension, compared }) => differenceRows(dimension, compared));
  const marked = told.some(({ compared }) => compared.arms.some(({ marks }) => marks.length > 0));
  return [
    {
      kind: 'table',
      head: 'Rubric, by readers who did not know the arm (0 = the worst label, 1 = the best)',
      columns: MEANS,
      rows: means,
    },
    ...(differences.length === 0
      ? []
      : [
          {
            kind: 'table',
            head: 'Differences in the rubric',
            columns: DIFFERENCES,
            rows: differences,
          } as const,
        ]),
    ...(marked ? [{ kind: 'sentences', head: null, tone: 'weak', sentences: [UNREAD] } as const] : []),
  ];
}

const UNREAD = '* Not every answer was read, or not all of them are there: the number is of those that were.';

const MEANS: readonly Column[] = [
  { head: 'dimension' },
  { head: 'arm' },
  { head: 'scenarios', ...NUMBER },
  { head: 'answers', ...NUMBER },
  { head: 'mean', ...NUMBER },
  { head: '95 % CI', ...NUMBER },
];

function meanRows(dimension: string, { arms, metric }: Compared): readonly Row[] {
  const format = (value: number): string => formatMetric(metric, value);
  return arms.map(({ name, summary, marks }, i) => {
    const signs = markSigns(marks);
    const numbers =
      summary === null
        ? ['0', '0', '-', '-']
        : [
            formatCount(summary.scenarios) + signs,
            formatCount(summary.values) + signs,
            format(summary.mean) + signs,
            hasWidth(summary.interval) ? formatInterval(summary.interval, format) + signs : '-',
          ];
    return { kind: 'cells', cells: [i === 0 ? dimension : '', name, ...numbers] };
  });
}

const DIFFERENCES: readonly Column[] = [
  { head: 'dimension' },
  { head: 'difference' },
  { head: 'scenarios', ...NUMBER },
  { head: 'mean', ...NUMBER },
  { head: '95 % CI, corrected', ...NUMBER },
  { head: 'permutation p', ...NUMBER },
  { head: 'Holm over dimensions', ...NUMBER },
];

function differenceRows(dimension: string, compared: Compared): readonly Row[] {
  const signed = (value: number): string => formatDifference(compared.metric, value);
  return compared.pairs.flatMap((pair): readonly Row[] => {
    if (pair.difference === null) return [];
    const { comparison, adjustedP, adjustedInterval } = pair.difference;
    const signs = markSigns(pair.marks);
    const numbers = [
      formatCount(comparison.pairs),
      signed(comparison.difference),
      hasWidth(adjustedInterval) ? formatInterval(adjustedInterval, signed) : '-',
      formatP(comparison.permutation.p),
      formatP(adjustedP),
    ].map((cell) => (cell === '-' ? cell : cell + signs));
    return [{ kind: 'cells', cells: [dimension, pairName(pair, compared), ...numbers] }];
  });
}
