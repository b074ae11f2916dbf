// The two tables of `compare`: arms, and differences with their groups. Pure.

import {
  formatDifference,
  formatEffect,
  formatInterval,
  formatMetric,
  formatP,
  hasWidth,
  markSigns,
} from '../../analysis/compare/numbers.ts';
import {
  type Compared,
  type ComparedArm,
  type Difference,
  type Mark,
  pairName,
} from '../../analysis/compare/result.ts';
import { fitNames } from '../../core/names.ts';
import { ODD_ENDINGS } from '../../core/record-ending.ts';
import { formatCount } from '../../text/format.ts';
import type { Column, Row } from '../../text/layout.ts';
import type { Block } from '../../text/sheet.ts';
import { wholeK } from './pass-k-table.ts';
import { detectableCell } from './power-words.ts';
import { groupName, type Names } from './words.ts';

export function armsTable(compared: Compared, shown: readonly number[]): Block {
  const { metric } = compared;
  const arms = shown.map((at) => compared.arms[at]!);
  const hasPassK = arms.some(({ passK }) => (passK?.length ?? 0) > 1);
  const hasOdd = arms.some(({ endings }) => ODD_ENDINGS.some((ending) => endings[ending] > 0));
  const k = wholeK(arms);
  const isLacking = arms.some((arm) => leftOut(arm) > 0);
  const columns: Column[] = [
    { head: 'arm', shrinksTo: 16, cut: 'names' },
    { head: 'scenarios', shortHead: 'scen.', align: 'right' },
    { head: 'cells', align: 'right' },
    ...(isLacking ? [{ head: 'left\nout', align: 'right' } as const] : []),
    ...(hasOdd ? [{ head: 'odd\nends' } as const] : []),
    { head: 'mean', align: 'right' },
    { head: '95 % CI', align: 'right' },
    { head: 'same answer\nin every run', shortHead: 'same\nanswer', align: 'right' },
    ...(hasPassK
      ? ([
          { head: 'pass@k', align: 'right' },
          { head: 'pass^k', align: 'right' },
        ] as const)
      : []),
  ];
  const rows = arms.map((arm): Row => {
    const { summary, answeredAlike, passK } = arm;
    const signs = markSigns(arm.marks);
    const value = (number: number): string => formatMetric(metric, number);
    const last = passK?.[k - 1];
    const cells = [
      arm.name,
      summary ? formatCount(summary.scenarios) + signs : '0',
      summary ? formatCount(summary.values) + signs : '0',
      ...(isLacking ? [formatCount(leftOut(arm))] : []),
      ...(hasOdd ? [oddWords(arm)] : []),
      summary ? value(summary.mean) + signs : '-',
      summary && hasWidth(summary.interval) ? formatInterval(summary.interval, value) + signs : '-',
      answeredAlike.of === 0
        ? '-'
        : `${formatCount(answeredAlike.alike)} of ${formatCount(answeredAlike.of)}${signs}`,
      ...(hasPassK
        ? [
            last ? `${last.at.toFixed(3)} k=${last.k}${signs}` : '-',
            last ? `${last.hat.toFixed(3)} k=${last.k}${signs}` : '-',
          ]
        : []),
    ];
    return { kind: 'cells', cells };
  });
  return { kind: 'table', head: null, columns, rows };
}

/** `refused 3`, a line each. */
function oddWords({ endings }: ComparedArm): string {
  const words = ODD_ENDINGS.flatMap((ending) =>
    endings[ending] > 0 ? `${ending} ${formatCount(endings[ending])}` : [],
  );
  return words.length === 0 ? '-' : words.join(', ');
}

function leftOut({ cells, summary }: ComparedArm): number {
  return cells - (summary?.values ?? 0);
}

const INTERVAL = '95 % CI';

const DIFFERENCES: readonly Column[] = [
  { head: 'scenarios', shortHead: 'scen.', align: 'right' },
  { head: 'mean', align: 'right' },
  { head: INTERVAL, align: 'right' },
  { head: 'p', align: 'right' },
  { head: 'effect', align: 'right' },
  { head: 'up/down/\nsame', align: 'right' },
  { head: 'could\nfind', align: 'right' },
];

export function differencesTable(compared: Compared, nameOf: Names): Block {
  const [pair] = compared.pairs;
  const head =
    compared.between === 'moments' || !pair
      ? 'difference'
      : `difference from\n${fitNames([nameOf(pair.first)], 24).get(nameOf(pair.first))}`;
  const name: Column = { head, shrinksTo: 16, cut: 'names' };
  const rows = compared.pairs.flatMap((pair): readonly Row[] => {
    const name = pairName(pair, compared);
    const overall = differenceRow(pair.difference, { name, compared, marks: pair.marks, tone: 'strong' });
    const groups = pair.groups.map(({ name: group, difference }) =>
      differenceRow(difference, {
        name: `  ${groupName(group)}`,
        compared,
        marks: pair.marks,
        tone: 'plain',
      }),
    );
    return [overall, ...groups];
  });
  const columns = DIFFERENCES.map((column) =>
    column.head === INTERVAL && isCorrected(compared) ? { ...column, head: '95 % CI,\ncorrected' } : column,
  );
  return { kind: 'table', head: null, columns: [name, ...columns], rows };
}

/** Several tests stand beside each other, and each interval is as wide as p is corrected. */
function isCorrected({ pairs }: Compared): boolean {
  return pairs.some(({ difference, groups }) =>
    [difference, ...groups.map((group) => group.difference)].some((one) => (one?.tests ?? 0) > 1),
  );
}

function differenceRow(
  difference: Difference | null,
  input: {
    readonly name: string;
    readonly compared: Compared;
    readonly marks: readonly Mark[];
    readonly tone: 'strong' | 'plain';
  },
): Row {
  if (difference === null)
    return { kind: 'cells', cells: [input.name, '0', ...DIFFERENCES.slice(1).map(() => '-')], tone: 'weak' };
  const { comparison, adjustedP, adjustedInterval } = difference;
  const { metric } = input.compared;
  const signs = markSigns(input.marks);
  const signed = (value: number): string => formatDifference(metric, value);
  const { better, worse, same } = comparison.signs;
  const cells = [
    formatCount(comparison.pairs),
    signed(comparison.difference),
    hasWidth(adjustedInterval) ? formatInterval(adjustedInterval, signed) : '-',
    formatP(adjustedP),
    formatEffect(comparison.effect),
    `${better}/${worse}/${same}`,
    detectableCell(metric, difference.power),
  ];
  return {
    kind: 'cells',
    cells: [input.name, ...cells.map((cell) => (cell === '-' ? cell : cell + signs))],
    tone: input.tone,
  };
}
