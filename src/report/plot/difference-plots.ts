// Paired differences as pictures: each pair with its categories and the scenarios that they are made of, then scenario by
// scenario how far the runs lie apart. Pure.
import { type Arm, type CompareInput, counts } from '../../analysis/compare/input.ts';
import { formatDifference, formatInterval, hasWidth, markSigns } from '../../analysis/compare/numbers.ts';
import {
  type Compared,
  type ComparedPair,
  type Difference,
  pairName,
} from '../../analysis/compare/result.ts';
import { meanOf } from '../../analysis/statistics/intervals.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { groupName, NOUNS } from '../compare/words.ts';
import type { IntervalRow, Plot } from './plot.ts';
import { NUMBER } from './words.ts';

type Input = { readonly compared: Compared; readonly cells: Pick<CompareInput, 'arms' | 'groupsOf'> };

export function differencePlots({ compared, cells }: Input): readonly Plot[] {
  const pairs = compared.pairs.map((pair) => ({
    pair,
    apart: scenariosApart(cells.arms[pair.first]!, cells.arms[pair.second]!),
  }));
  return [
    ...differencesPlot(pairs, { compared, cells }),
    ...pairs.flatMap(({ pair, apart }, i) => scenariosPlot(apart, { compared, pair, number: i + 1 })),
  ];
}

/** Second minus first of one scenario, and the least and the most of its runs where both arms have them. */
type Apart = {
  readonly scenario: string;
  readonly middle: number;
  readonly low: number;
  readonly high: number;
};

function scenariosApart(first: Arm, second: Arm): readonly Apart[] {
  const [before, after] = [valuesOf(first), valuesOf(second)];
  return [...before].flatMap(([scenario, runs]) => {
    const others = after.get(scenario);
    if (others === undefined) return [];
    const middle = meanOf([...others.values()]) - meanOf([...runs.values()]);
    const both = [...runs].flatMap(([run, value]) => (others.has(run) ? [others.get(run)! - value] : []));
    return [{ scenario, middle, low: Math.min(middle, ...both), high: Math.max(middle, ...both) }];
  });
}

function valuesOf({ cells }: Arm): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const values = new Map<string, Map<number, number>>();
  for (const cell of cells) {
    if (!counts(cell)) continue;
    const runs = values.get(cell.scenario) ?? new Map<number, number>();
    values.set(cell.scenario, runs.set(cell.run, cell.value!));
  }
  return values;
}

type Pairs = readonly { readonly pair: ComparedPair; readonly apart: readonly Apart[] }[];

function differencesPlot(pairs: Pairs, { compared, cells }: Input): readonly Plot[] {
  const { metric } = compared;
  const signed = (value: number): string => formatDifference(metric, value);
  const rows = pairs.flatMap(({ pair, apart }) => {
    const signs = markSigns(pair.marks);
    const rowOf = (
      difference: Difference | null,
      {
        name,
        isPart,
        of,
      }: { readonly name: string; readonly isPart: boolean; readonly of: readonly Apart[] },
    ): readonly (IntervalRow & { readonly scenarios: number })[] => {
      if (difference === null) return [];
      const { adjustedInterval: interval, comparison } = difference;
      const middle = comparison.difference;
      const text = `${hasWidth(interval) ? `${signed(middle)} (${formatInterval(interval, signed)})` : signed(middle)}${signs}`;
      const dots = shownDots(of).map(({ scenario, middle: at }) => ({
        at,
        scenario,
        words: `${scenario}: ${signed(at)}`,
      }));
      const words = `${name}: ${text}`;
      return [{ name, isPart, ...interval, middle, text, words, scenario: null, dots, scenarios: of.length }];
    };
    return [
      ...rowOf(pair.difference, { name: pairName(pair, compared), isPart: false, of: apart }),
      ...pair.groups.flatMap(({ name, difference }) =>
        rowOf(difference, {
          name: groupName(name),
          isPart: true,
          of: apart.filter(({ scenario }) => cells.groupsOf(scenario).includes(name)),
        }),
      ),
    ];
  });
  if (rows.length === 0) return [];
  const from = compared.between === 'moments' ? '' : ` from ${compared.arms[compared.pairs[0]!.first]!.name}`;
  const title = `Differences${from} in ${NOUNS[metric]}`;
  return [
    {
      id: 'differences',
      title: `${title}, 95 % intervals; a dot is a scenario`,
      words: `${title}: ${rows.map(({ words }) => words).join('; ')}.`,
      figure: { kind: 'intervals', x: { name: title, unit: metric, isChange: true }, zero: 0, rows },
      columns: [
        { head: 'difference' },
        { head: 'scenarios', ...NUMBER },
        { head: 'mean and 95 % CI', ...NUMBER },
      ],
      rows: rows.map(({ name, isPart, text, scenarios }) => ({
        kind: 'cells',
        cells: [isPart ? `  ${name}` : name, formatCount(scenarios), text],
        tone: isPart ? 'plain' : 'strong',
      })),
    },
  ];
}

/** More of them are a bar, and those that are alike lie on each other anyway. */
const MOST_DOTS = 1_000;

function shownDots(of: readonly Apart[]): readonly Apart[] {
  if (of.length <= MOST_DOTS) return of;
  return of.filter(({ middle }) => middle !== 0).slice(0, MOST_DOTS);
}

/** A picture that is longer than a few screens is read by nobody; its table is as long as it has to be. */
const MOST_SCENARIOS = 40;

function scenariosPlot(
  apart: readonly Apart[],
  {
    compared,
    pair,
    number,
  }: { readonly compared: Compared; readonly pair: ComparedPair; readonly number: number },
): readonly Plot[] {
  const { metric } = compared;
  const signed = (value: number): string => formatDifference(metric, value);
  const differ = apart
    .filter(({ low, high }) => low !== 0 || high !== 0)
    .toSorted((a, b) => Math.abs(b.middle) - Math.abs(a.middle) || (a.scenario < b.scenario ? -1 : 1));
  if (differ.length === 0) return [];
  const signs = markSigns(pair.marks);
  const rows = differ.slice(0, MOST_SCENARIOS).map((one): IntervalRow => {
    const text = `${one.low < one.high ? `${signed(one.middle)} (${formatInterval(one, signed)})` : signed(one.middle)}${signs}`;
    return { name: one.scenario, isPart: true, ...one, text, words: `${one.scenario}: ${text}`, dots: [] };
  });
  const title = `${pairName(pair, compared)}: difference in ${NOUNS[metric]} by scenario`;
  const alike = apart.length - differ.length;
  const left = differ.length - rows.length;
  return [
    {
      id: `scenarios-${number}`,
      title: `${title}; a line is from the least to the most of its runs`,
      words: `${title}. ${formatAmount(differ.length, 'scenario')} of ${apart.length} differ${alike === 0 ? '' : `, ${alike} are alike in every run`}; most of all ${rows
        .slice(0, 3)
        .map(({ words }) => words)
        .join('; ')}.${left === 0 ? '' : ` ${left} more are in the table.`}`,
      figure: {
        kind: 'intervals',
        x: { name: `difference in ${NOUNS[metric]}`, unit: metric, isChange: true },
        zero: 0,
        rows,
      },
      columns: [
        { head: 'scenario' },
        { head: 'difference', ...NUMBER },
        { head: 'least of its runs', ...NUMBER },
        { head: 'most', ...NUMBER },
      ],
      rows: differ.map(({ scenario, middle, low, high }) => ({
        kind: 'cells',
        cells: [scenario, signed(middle) + signs, signed(low), signed(high)],
      })),
    },
  ];
}
