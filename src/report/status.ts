// What `status` prints: which cells are there, per variant x run. Pure.
import type { StatusSummary } from '../core/summary.ts';
import { sanitizeLine } from '../core/text.ts';
import { makeColors } from '../progress/colors.ts';
import { formatAmount, formatCount } from '../progress/format.ts';
import type { Interleaving } from './interleaving.ts';
import { commandLines } from './next.ts';
import { playedSentence } from './played.ts';
import { type Column, type Row, renderTable, type TextOptions } from './table.ts';
import { wrapWords } from './wrap.ts';

type StatusRow = StatusSummary['rows'][number];

export function statusTable(
  status: StatusSummary,
  options: TextOptions & { readonly interleaving?: Interleaving | null },
): string {
  const total = totalOf(status.rows);
  if (total.scenarios === 0) return `No cell is in scope.\n${importedText(status, options)}`;
  const rows: Row[] = status.rows.map((row) => ({
    kind: 'cells',
    cells: [row.variant, String(row.run), ...numbersOf(row)],
    tone: row.failed > 0 ? 'bad' : row.completed === row.scenarios ? 'good' : 'plain',
  }));
  rows.push({ kind: 'rule' }, { kind: 'cells', cells: ['total', '', ...numbersOf(total)], tone: 'strong' });
  const blocks = [
    renderTable({ columns: COLUMNS, rows }, options),
    `${sentence({ status, total, options })}\n${playedText(status, options)}${importedText(status, options)}${interleavingText(options)}`,
  ];
  const pending = total.scenarios - total.completed;
  if (pending > 0) {
    const steps = [
      { command: 'npx expgraph plan --explain', does: 'why they have to run' },
      { command: 'npx expgraph run', does: `draw the ${formatCount(pending)} that are not complete` },
    ];
    blocks.push(commandLines(steps, options));
  }
  return blocks.join('\n');
}

/** By what the records say of themselves. */
function playedText({ played }: StatusSummary, options: TextOptions): string {
  return played === 0 ? '' : `${makeColors(options.colors).warning(playedSentence(played, 'record'))}\n`;
}

/** They count for no cell: who just imported wonders where they are. */
function importedText({ imported }: StatusSummary, options: TextOptions): string {
  if (imported === 0) return '';
  const stand = imported === 1 ? 'answer stands' : 'answers stand';
  const words = `${formatCount(imported)} imported ${stand} beside these cells: score and compare take them for what is not drawn.`;
  return `${wrapWords(words, { columns: options.columns, indent: '  ' })}\n`;
}

/** Who compares arms wants to know whether a bad hour of the provider hit one of them alone. */
function interleavingText(options: TextOptions & { readonly interleaving?: Interleaving | null }): string {
  const told = options.interleaving;
  if (!told) return '';
  const { dim } = makeColors(options.colors);
  const ranked = [...told.arms].sort((a, b) => a.mean_rank - b.mean_rank);
  const [first, last] = [ranked[0]!, ranked.at(-1)!];
  const place = (arm: Interleaving['arms'][number]): string =>
    `${sanitizeLine(arm.variant)} ${arm.mean_rank.toFixed(2)}`;
  const words = `Newest invocation ${told.invocation}: mean place of ${formatAmount(told.calls, 'start')} from ${place(first)} to ${place(last)} (0.50 = arms side by side), largest gap ${told.distance.toFixed(2)}.`;
  const lines = wrapWords(words, { columns: options.columns, indent: '  ' }).split('\n');
  return `${lines.map(dim).join('\n')}\n`;
}

const COLUMNS: readonly Column[] = [
  { head: 'variant', shrinksTo: 20, cut: 'names' },
  ...['run', 'scenarios', 'completed', 'stale', 'failed', 'missing'].map(
    (head): Column => ({ head, align: 'right' }),
  ),
];

function numbersOf(row: Omit<StatusRow, 'variant' | 'run'>): readonly string[] {
  const { scenarios, completed, stale, failed, missing } = row;
  return [scenarios, completed, stale, failed, missing].map((number) =>
    number === 0 ? '.' : formatCount(number),
  );
}

function totalOf(rows: readonly StatusRow[]): Omit<StatusRow, 'variant' | 'run'> {
  const sum = (pick: (row: StatusRow) => number): number => rows.reduce((total, row) => total + pick(row), 0);
  return {
    scenarios: sum((row) => row.scenarios),
    completed: sum((row) => row.completed),
    stale: sum((row) => row.stale),
    failed: sum((row) => row.failed),
    missing: sum((row) => row.missing),
  };
}

function sentence(at: {
  readonly status: StatusSummary;
  readonly total: Omit<StatusRow, 'variant' | 'run'>;
  readonly options: TextOptions;
}): string {
  const { status, total } = at;
  const colors = makeColors(at.options.colors);
  const cells = formatAmount(total.scenarios, 'cell');
  if (status.complete) return colors.good(`Complete: ${cells}, each with a current record.`);
  const lacking = [
    ...(total.stale > 0 ? [`${formatCount(total.stale)} stale`] : []),
    ...(total.failed > 0 ? [`${formatCount(total.failed)} failed`] : []),
    ...(total.missing > 0 ? [`${formatCount(total.missing)} missing`] : []),
  ];
  return colors.warning(`Incomplete: ${formatCount(total.completed)} of ${cells}; ${lacking.join(', ')}.`);
}
