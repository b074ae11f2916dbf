// Rates of each arm and category, with an interval as if all runs were independent and one that knows that they are not, and the
// tests of their differences. The statistics are those of `compare`. Pure.
import { designOf } from '../../analysis/compare/cluster.ts';
import { type Arm, type ArmCell, armName, type CompareInput, counts } from '../../analysis/compare/input.ts';
import {
  formatDifference,
  formatInterval,
  formatP,
  hasWidth,
  markSigns,
} from '../../analysis/compare/numbers.ts';
import { type Compared, pairName } from '../../analysis/compare/result.ts';
import { summarizeArm } from '../../analysis/statistics/compare.ts';
import { wilson } from '../../analysis/statistics/intervals.ts';
import { formatCount } from '../../text/format.ts';
import type { Column, Row } from '../../text/layout.ts';
import { groupName } from '../compare/words.ts';
import type { DocumentBlock } from './document.ts';

type Cells = Pick<CompareInput, 'arms' | 'groupsOf' | 'cluster'>;

const NUMBER = { align: 'right' } as const;
const COLUMNS: readonly Column[] = [
  { head: 'arm' },
  { head: 'category' },
  { head: 'passed', ...NUMBER },
  { head: 'rate', ...NUMBER },
  { head: '95 % CI, Wilson', ...NUMBER },
  { head: '95 % CI, clustered', ...NUMBER },
];

/** @param pass a comparison of passes by category */
export function rateBlocks(pass: Compared, cells: Cells): readonly DocumentBlock[] {
  const rows = pass.arms.flatMap((compared) => {
    const arm = cells.arms.find((one) => armName(one) === armName(compared));
    if (arm === undefined) return [];
    const counted = arm.cells.filter(counts);
    const groups = [...new Set(counted.flatMap(({ scenario }) => cells.groupsOf(scenario)))].sort(byName);
    const signs = markSigns(compared.marks);
    const rowOf = (name: string, of: readonly ArmCell[], tone: 'strong' | 'plain'): Row => ({
      kind: 'cells',
      cells: [
        tone === 'strong' ? compared.name : '',
        name,
        ...rateCells(of, { signs, cluster: cells.cluster ?? null }),
      ],
      tone,
    });
    return [
      rowOf('all', counted, 'strong'),
      ...(pass.by === null || groups.length < 2
        ? []
        : groups.map((group) =>
            rowOf(
              groupName(group),
              counted.filter(({ scenario }) => cells.groupsOf(scenario).includes(group)),
              'plain',
            ),
          )),
    ];
  });
  const words =
    'Wilson counts every run as a trial of its own; clustered counts scenarios, because runs of one scenario are alike. Where they differ, believe the second.';
  return [
    { kind: 'table', head: 'Passed', columns: COLUMNS, rows },
    { kind: 'sentences', head: null, tone: 'weak', sentences: [words] },
  ];
}

function rateCells(
  cells: readonly Arm['cells'][number][],
  { signs, cluster }: { readonly signs: string; readonly cluster: NonNullable<Cells['cluster']> | null },
): readonly string[] {
  if (cells.length === 0) return ['0 of 0', '-', '-', '-'];
  const values = new Map(
    [...Map.groupBy(cells, ({ scenario }) => scenario)].map(([name, own]) => [
      name,
      own.map(({ value }) => value!),
    ]),
  );
  // Of shares no sample is drawn: the seed counts for nothing.
  const { mean, interval } = summarizeArm(values, 0, designOf({ metric: 'pass', cluster }))!;
  const passed = cells.filter(({ value }) => value === 1).length;
  const share = (value: number): string => value.toFixed(3);
  return [
    `${formatCount(passed)} of ${formatCount(cells.length)}${signs}`,
    // Over scenarios, as compare has it: a scenario with more runs does not weigh more.
    share(mean) + signs,
    formatInterval(wilson(passed, cells.length), share) + signs,
    (hasWidth(interval) ? formatInterval(interval, share) : '-') + signs,
  ];
}

function byName(a: string | null, b: string | null): number {
  return groupName(a) < groupName(b) ? -1 : 1;
}

const TESTS: readonly Column[] = [
  { head: 'difference' },
  { head: 'in passes', ...NUMBER },
  { head: '95 % CI, corrected', ...NUMBER },
  { head: 'permutation p', ...NUMBER },
  { head: 'Holm', ...NUMBER },
  { head: 'Fisher p', ...NUMBER },
  { head: 'McNemar p', ...NUMBER },
];

export function testBlocks(pass: Compared): readonly DocumentBlock[] {
  const signed = (value: number): string => formatDifference('pass', value);
  const rows = pass.pairs.flatMap((pair) => {
    const signs = markSigns(pair.marks);
    const lines = [
      { name: pairName(pair, pass), difference: pair.difference, tone: 'strong' as const },
      ...pair.groups.map(({ name, difference }) => ({
        name: `  ${groupName(name)}`,
        difference,
        tone: 'plain' as const,
      })),
    ];
    return lines.flatMap(({ name, difference, tone }): readonly Row[] => {
      if (difference === null) return [];
      const { comparison, adjustedInterval, adjustedP, passTests } = difference;
      const cells = [
        signed(comparison.difference),
        hasWidth(adjustedInterval) ? formatInterval(adjustedInterval, signed) : '-',
        formatP(comparison.permutation.p),
        formatP(adjustedP),
        passTests === null ? '-' : formatP(passTests.fisher.p),
        passTests === null ? '-' : formatP(passTests.mcnemar.p),
      ].map((cell) => (cell === '-' ? cell : cell + signs));
      return [{ kind: 'cells', cells: [name, ...cells], tone }];
    });
  });
  if (rows.length === 0) return [];
  const words =
    'Permutation: over scenarios, paired. Holm: the same, corrected for all tests beside it. Fisher: scenarios passed in more than half of their runs, as if the arms had other scenarios. McNemar: the same, paired.';
  return [
    { kind: 'table', head: `Tests${from(pass)}`, columns: TESTS, rows },
    { kind: 'sentences', head: null, tone: 'weak', sentences: [words] },
  ];
}

function from({ pairs, arms, between }: Compared): string {
  const [pair] = pairs;
  return between === 'moments' || pair === undefined ? '' : ` of differences from ${arms[pair.first]!.name}`;
}
