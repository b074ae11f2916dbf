// What `history` prints of many cells: each moment once, what changed then, and how many cells it touched. Pure.
import { runsWords } from '../../core/run-list.ts';
import type { Change } from '../../core/task.ts';
import { cutText, sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { excerptPair } from '../../text/excerpt.ts';
import { formatAmount, formatCount, formatMoney, formatTime } from '../../text/format.ts';
import type { ScopeWords } from '../../text/next.ts';
import type { TextOptions } from '../../text/table.ts';
import { indentWords, wrapWords } from '../../text/wrap.ts';
import { partName } from '../words/explain.ts';
import { calledOf, flipOf, type HistoryRow, historyEnd } from './history.ts';

export type HistoryGroup = {
  readonly invocation: string;
  /** The first of its records. */
  readonly startedAt: string;
  /** null = first records of their cells; empty = the same content, drawn again. */
  readonly changed: readonly Change[] | null;
  readonly rows: readonly HistoryRow[];
  readonly failed: number;
  /** Against the record of the cell before it. */
  readonly another: number;
  readonly same: number;
  readonly moved: number;
  readonly toPass: number;
  readonly toFail: number;
  /** null = of one it is unknown. */
  readonly costUsd: number | null;
};

/** In the order of the invocations; within one the largest change first. Rows of one cell stand together, oldest first. */
export function historyGroups(rows: readonly HistoryRow[]): readonly HistoryGroup[] {
  const groups = new Map<string, { readonly row: HistoryRow; readonly previous: HistoryRow | null }[]>();
  // Equal changes come as one list for all the cells that they touch.
  const signatures = new Map<readonly Change[], string>();
  let before: HistoryRow | null = null;
  for (const row of rows) {
    const isSame = before !== null && cellText(before) === cellText(row);
    const id = `${row.invocation} ${signatureOf(row.changed, signatures)}`;
    const group = groups.get(id) ?? [];
    groups.set(id, group);
    group.push({ row, previous: isSame ? before : null });
    before = row;
  }
  return [...groups.values()].map(groupOf).sort(byInvocation);
}

/** Of many cells: what changed when, and how to see each of them. */
export function changesText(
  rows: readonly HistoryRow[],
  options: TextOptions & { readonly scope?: ScopeWords },
): string {
  const end = historyEnd(rows, { ...options, isGrouped: true });
  return `${historyGroupsText(historyGroups(rows), options)}\n${end}`;
}

export function historyGroupsText(groups: readonly HistoryGroup[], options: TextOptions): string {
  return groups.map((group) => groupText(group, { ...options, number: calledOf(group.rows[0]!) })).join('');
}

/** `60 cells of applike, runs 1-3`: one line of it, without its changes. */
export function cellsWords(rows: readonly HistoryRow[]): string {
  const byVariant = countBy(rows, ({ variant }) => variant);
  const scenarios = [...new Set(rows.map(({ scenario }) => scenario))];
  const named = byVariant
    .slice(0, MAX_VARIANTS)
    .map(([name, count]) => (byVariant.length === 1 ? name : `${formatCount(count)} of ${name}`));
  const more = byVariant.length > MAX_VARIANTS ? ` and ${byVariant.length - MAX_VARIANTS} more variants` : '';
  const cells = formatAmount(rows.length, 'cell');
  const of = byVariant.length === 1 ? `${cells} of ${named[0]}` : `${cells}: ${named.join(', ')}${more}`;
  const what = scenarios.length === 1 ? scenarios[0]! : formatAmount(scenarios.length, 'scenario');
  return `${of}, ${runsOf(rows)}, ${what}`;
}

const MAX_VARIANTS = 4;
const MAX_CHANGES = 3;
const INDENT = '      ';

type Member = { readonly row: HistoryRow; readonly previous: HistoryRow | null };

function runsOf(rows: readonly HistoryRow[]): string {
  const runs = [...new Set(rows.map(({ run }) => run))].sort((a, b) => a - b);
  return `${runs.length === 1 ? 'run' : 'runs'} ${runsWords(runs)}`;
}

function groupOf(members: readonly Member[]): HistoryGroup {
  const rows = members.map(({ row }) => row);
  const answered = members.filter(
    ({ row, previous }) => row.outputDigest !== null && previous !== null && previous.outputDigest !== null,
  );
  const flips = members.map(({ row, previous }) => flipOf(previous, row));
  const same = answered.filter(({ row, previous }) => row.outputDigest === previous!.outputDigest).length;
  return {
    invocation: rows[0]!.invocation,
    changed: rows[0]!.changed,
    rows,
    startedAt: rows.reduce(
      (first, { startedAt }) => (startedAt < first ? startedAt : first),
      rows[0]!.startedAt,
    ),
    failed: rows.filter(({ status }) => status === 'failed').length,
    same,
    another: answered.length - same,
    moved: rows.filter(({ moved }) => moved).length,
    toPass: flips.filter((flip) => flip === 'to-pass').length,
    toFail: flips.filter((flip) => flip === 'to-fail').length,
    costUsd: rows.reduce<number | null>(
      (sum, { costUsd }) => (sum === null || costUsd === null ? null : sum + costUsd),
      0,
    ),
  };
}

function groupText(group: HistoryGroup, options: TextOptions & { readonly number: string }): string {
  const colors = makeColors(options.colors);
  const head = `${options.number}  ${formatTime(group.startedAt).slice(0, 16)} UTC  ${headWords(group)}`;
  const [first, ...rest] = wrapWords(head, { columns: options.columns, indent: INDENT }).split('\n');
  const lines = [
    colors.bold(first!),
    ...rest.map(colors.bold),
    ...changeLines(group.changed ?? [], options),
    ...indentWords(sanitizeLine(cellsWords(group.rows)), { columns: options.columns, indent: INDENT }).map(
      (line) => cutText(line, { width: options.columns, from: 'end' }),
    ),
    ...indentWords(outcomeWords(group), { columns: options.columns, indent: INDENT }).map(colors.dim),
  ];
  return `${lines.join('\n')}\n`;
}

function headWords({ changed, rows }: HistoryGroup): string {
  if (changed === null) return 'first records';
  if (changed.length === 0)
    return rows.every(({ moved }) => moved) ? 'drawn again: the answers moved' : 'drawn again';
  const names = changed.map(({ part }) => partName(part));
  const named = names.slice(0, MAX_CHANGES).join(', ');
  const more = names.length > MAX_CHANGES ? ` and ${names.length - MAX_CHANGES} more` : '';
  return `${named}${more} changed`;
}

function changeLines(changed: readonly Change[], options: TextOptions): readonly string[] {
  const colors = makeColors(options.colors);
  return changed.slice(0, MAX_CHANGES).flatMap(({ part, from, to }) => {
    if (from === undefined && to === undefined) return [];
    const shown = excerptPair({ from, to, width: options.columns - INDENT.length - 5 });
    const named = changed.length > 1 ? [`${INDENT}${partName(part)}`] : [];
    return [...named, `${INDENT}from ${colors.error(shown.from)}`, `${INDENT}to   ${colors.good(shown.to)}`];
  });
}

function outcomeWords(group: HistoryGroup): string {
  const { rows, failed, same, another, toPass, toFail } = group;
  const flips = [...(toFail > 0 ? [`${toFail} to fail`] : []), ...(toPass > 0 ? [`${toPass} to pass`] : [])];
  const current = rows.filter(({ standing }) => standing === 'current').length;
  const parts = [
    ...(another + same > 0
      ? [`${formatCount(another)} answered otherwise, ${formatCount(same)} the same`]
      : []),
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(flips.length > 0 ? [`verdicts: ${flips.join(', ')}`] : []),
    current === rows.length ? 'all count now' : `${formatCount(current)} count now`,
    group.costUsd === null ? 'cost unknown' : formatMoney(group.costUsd),
  ];
  return parts.join(' · ');
}

function signatureOf(changed: readonly Change[] | null, known: Map<readonly Change[], string>): string {
  if (changed === null) return 'first';
  if (changed.length === 0) return 'again';
  let signature = known.get(changed);
  if (signature === undefined) {
    signature = JSON.stringify(changed);
    known.set(changed, signature);
  }
  return signature;
}

function byInvocation(a: HistoryGroup, b: HistoryGroup): number {
  const [first, second] = [a, b].map(({ invocation }) => Number.parseInt(invocation, 10));
  if (first !== second) return first! - second!;
  if (a.invocation !== b.invocation) return a.invocation < b.invocation ? -1 : 1;
  return b.rows.length - a.rows.length;
}

function countBy<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return [...counts];
}

function cellText({ variant, scenario, run }: HistoryRow): string {
  return JSON.stringify([variant, scenario, run]);
}
