// The table of pass@k and pass^k, arm by arm and k by k, and how the arms differ in them. Pure.

import {
  formatDifference,
  formatInterval,
  formatP,
  hasWidth,
  markSigns,
} from '../../analysis/compare/numbers.ts';
import { shownK } from '../../analysis/compare/pass-k.ts';
import { type Compared, type ComparedArm, pairName } from '../../analysis/compare/result.ts';
import { formatCount } from '../../text/format.ts';
import type { Column, Row } from '../../text/layout.ts';
import type { Block } from '../../text/sheet.ts';
import type { Names } from './words.ts';

/** The most runs that all of these arms have of some scenario: beyond, there is nothing to be held against. */
function commonK(arms: readonly ComparedArm[]): number {
  const most = arms.flatMap(({ passK }) => (passK === null || passK.length === 0 ? [] : [passK.length]));
  return most.length === 0 ? 0 : Math.min(...most);
}

/** The largest k at which no scenario of these arms is left out. */
export function wholeK(arms: readonly ComparedArm[]): number {
  const whole = arms.flatMap(({ passK }) =>
    passK === null || passK.length === 0
      ? []
      : [passK.filter(({ scenarios, of }) => scenarios === of).length],
  );
  return whole.length === 0 ? 0 : Math.min(...whole);
}

const NUMBER = { align: 'right' } as const;
const OVER: Column = { head: 'over\nscenarios', ...NUMBER };

export function passKBlocks(
  compared: Compared,
  { shown, nameOf }: { readonly shown: readonly number[]; readonly nameOf: Names },
): readonly Block[] {
  const arms = shown.map((at) => compared.arms[at]!);
  const most = commonK(arms);
  if (most < 2) return [];
  const rows = shown.flatMap((at) =>
    shownK(most).map((k, i) => armRow(compared.arms[at]!, { k, name: i === 0 ? nameOf(at) : '' })),
  );
  const columns: readonly Column[] = [
    { head: 'arm', shrinksTo: 16, cut: 'names' },
    { head: 'k', ...NUMBER },
    { head: 'pass@k', ...NUMBER },
    { head: '95 % CI', ...NUMBER },
    { head: 'pass^k', ...NUMBER },
    { head: '95 % CI', ...NUMBER },
    OVER,
  ];
  return [
    { kind: 'table', head: null, columns, rows },
    ...differences(compared, nameOf),
    ...told(arms, { most, shown, nameOf }),
  ];
}

function armRow(
  { passK, marks }: ComparedArm,
  { k, name }: { readonly k: number; readonly name: string },
): Row {
  const line = passK![k - 1]!;
  const signs = markSigns(marks);
  const interval = (input: typeof line.atInterval): string =>
    hasWidth(input) ? formatInterval(input, (value) => value.toFixed(3)) + signs : '-';
  return {
    kind: 'cells',
    cells: [
      name,
      String(k),
      line.at.toFixed(3) + signs,
      interval(line.atInterval),
      line.hat.toFixed(3) + signs,
      interval(line.hatInterval),
      overWords(line) + signs,
    ],
  };
}

/** Fewer than all is said, for it is another question. */
function overWords({ scenarios, of }: { readonly scenarios: number; readonly of: number }): string {
  return scenarios === of ? formatCount(of) : `${formatCount(scenarios)} of ${formatCount(of)}`;
}

function differences(compared: Compared, nameOf: Names): readonly Block[] {
  const signed = (value: number): string => formatDifference('pass', value);
  const rows = compared.pairs.flatMap((pair) =>
    (pair.passK ?? []).map((line, i): Row => {
      const { kind, k, difference, interval, adjustedP } = line;
      const signs = markSigns(pair.marks);
      return {
        kind: 'cells',
        cells: [
          i === 0 ? pairName(pair, compared) : '',
          `${kind === 'at' ? 'pass@' : 'pass^'}${k}`,
          signed(difference) + signs,
          hasWidth(interval) ? formatInterval(interval, signed) + signs : '-',
          formatP(adjustedP) + signs,
          overWords(line) + signs,
        ],
      };
    }),
  );
  const [pair] = compared.pairs;
  if (rows.length === 0 || !pair) return [];
  const from = compared.between === 'moments' ? '' : ` from\n${nameOf(pair.first)}`;
  const columns: readonly Column[] = [
    { head: `difference${from}`, shrinksTo: 16, cut: 'names' },
    { head: 'of' },
    { head: 'mean', ...NUMBER },
    { head: '95 % CI', ...NUMBER },
    { head: 'p', ...NUMBER },
    OVER,
  ];
  return [{ kind: 'table', head: null, columns, rows }];
}

function told(
  arms: readonly ComparedArm[],
  {
    most,
    shown,
    nameOf,
  }: { readonly most: number; readonly shown: readonly number[]; readonly nameOf: Names },
): readonly Block[] {
  const whole = wholeK(arms);
  const sentences = [
    ...(new Set(arms.map(({ runs }) => runs)).size > 1
      ? [
          `Runs of a scenario: ${shown.map((at, i) => `${nameOf(at)} ${arms[i]!.runs}`).join(', ')}. Means take all of them, which makes none larger or smaller; pass@k and pass^k go up to the k that all have, ${most}.`,
        ]
      : []),
    ...(whole < most
      ? [
          `Above k = ${whole} some scenarios have too few runs and are left out, as the last column says: such a line is about other scenarios than the one above it.`,
        ]
      : []),
    ...(arms.length > 1
      ? [
          'k = 1 is the difference itself. The others are looks at the same runs: their p and their intervals are corrected among them.',
        ]
      : []),
  ];
  return sentences.length === 0
    ? []
    : [{ kind: 'sentences', head: 'Several tries', tone: 'plain', sentences }];
}
