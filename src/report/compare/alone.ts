// One arm alone: what it comes to, with nothing held against it. Pure.

import { formatInterval, formatMetric, hasWidth, markSigns } from '../../analysis/compare/numbers.ts';
import { type Compared, isAlone } from '../../analysis/compare/result.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import type { Row } from '../../text/layout.ts';
import type { Block } from '../../text/sheet.ts';

export function aloneWords(
  { arms, metric }: Compared,
  input: { readonly name: string; readonly noun: string },
): { readonly can: readonly string[]; readonly cannot: readonly string[] } {
  const { summary, marks, runs } = arms[0]!;
  if (summary === null) return { can: [`${input.name} has no number to be told.`], cannot: [] };
  const value = (number: number): string => formatMetric(metric, number);
  const size = `${formatAmount(runs, 'run')} x ${formatAmount(summary.scenarios, 'scenario')}`;
  const width = hasWidth(summary.interval)
    ? `95 % CI ${formatInterval(summary.interval, value)}`
    : 'how far the truth may be from it cannot be told';
  return {
    can: [
      `${input.name}: ${input.noun} ${value(summary.mean)}${markSigns(marks)} (${width}) over ${size}. Nothing is held against it.`,
    ],
    cannot: [
      ...(runs <= 1
        ? ['With one run of each scenario, how much an answer changes from run to run is not known.']
        : []),
      'All of this is about these scenarios and inputs like them, and the model as it was when these answers were drawn.',
    ],
  };
}

/** By category or tag. */
export function aloneTable(compared: Compared, groupName: (name: string | null) => string): readonly Block[] {
  const [arm] = compared.arms;
  if (!isAlone(compared) || !arm || arm.groups.length === 0) return [];
  const value = (number: number): string => formatMetric(compared.metric, number);
  const signs = markSigns(arm.marks);
  const rows = arm.groups.map(
    ({ name, summary }): Row => ({
      kind: 'cells',
      cells: [
        groupName(name),
        summary ? formatCount(summary.scenarios) + signs : '0',
        summary ? formatCount(summary.values) + signs : '0',
        summary ? value(summary.mean) + signs : '-',
        summary && hasWidth(summary.interval) ? formatInterval(summary.interval, value) + signs : '-',
      ],
    }),
  );
  return [
    {
      kind: 'table',
      head: null,
      rows,
      columns: [
        { head: compared.by ?? '', shrinksTo: 16, cut: 'names' },
        { head: 'scenarios', shortHead: 'scen.', align: 'right' },
        { head: 'cells', align: 'right' },
        { head: 'mean', align: 'right' },
        { head: '95 % CI', align: 'right' },
      ],
    },
  ];
}
