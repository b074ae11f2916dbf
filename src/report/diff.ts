// What `diff` prints: two states of the history, cell by cell. Pure.
import type { Cell } from '../core/task.ts';
import { cutText, sanitizeLine } from '../core/text.ts';
import { makeColors } from '../progress/colors.ts';
import { formatAmount, formatCount } from '../progress/format.ts';
import { type Column, type Row, renderTable, type TextOptions, type Tone } from './table.ts';

/** The record that counted for a cell at one of the two moments. */
export type DiffSide = {
  readonly key: string;
  readonly status: 'completed' | 'failed';
  readonly outputDigest: string | null;
  /** What the answer begins with: text, or the call of a tool. */
  readonly excerpt: string;
};

/** null = the cell had no record then. */
export type DiffRow = Cell & { readonly before: DiffSide | null; readonly after: DiffSide | null };

export type DiffKind = 'same' | 'output-changed' | 'status-changed' | 'new' | 'gone';

export type DiffLabels = { readonly before: string; readonly after: string };

export function diffKind({ before, after }: Pick<DiffRow, 'before' | 'after'>): DiffKind {
  if (before === null) return after === null ? 'same' : 'new';
  if (after === null) return 'gone';
  if (before.status !== after.status) return 'status-changed';
  return before.outputDigest === after.outputDigest ? 'same' : 'output-changed';
}

export function diffTable(
  rows: readonly DiffRow[],
  given: TextOptions & { readonly labels: DiffLabels },
): string {
  const colors = makeColors(given.colors);
  const kinds = rows.map(diffKind);
  const lines = rows.flatMap((row, i): Row[] => {
    const kind = kinds[i]!;
    if (kind === 'same') return [];
    return [
      {
        kind: 'cells',
        cells: [MARKS[kind], cellName(row), contentWords(row), ...answers(row)],
        tone: TONES[kind],
      },
    ];
  });
  const { before, after } = given.labels;
  const title = `${sanitizeLine(before)} -> ${sanitizeLine(after)}: ${countsSentence(kinds)}`;
  if (lines.length === 0) return `${title}\n`;
  const table = renderTable({ columns: columnsFor(given.columns), rows: lines }, given);
  return `${colors.bold(title)}\n\n${table}`;
}

export function countsOf(kinds: readonly DiffKind[]): { readonly [kind in DiffKind]: number } {
  const counts = { same: 0, 'output-changed': 0, 'status-changed': 0, new: 0, gone: 0 };
  for (const kind of kinds) counts[kind]++;
  return counts;
}

const MARKS: { readonly [kind in DiffKind]: string } = {
  same: '=',
  'output-changed': '~',
  'status-changed': '!',
  new: '+',
  gone: '-',
};

const TONES: { readonly [kind in DiffKind]: Tone } = {
  same: 'weak',
  'output-changed': 'plain',
  'status-changed': 'strong',
  new: 'good',
  gone: 'bad',
};

/** Answers get what the names leave; below this much they say nothing. */
const MIN_ANSWER = 12;

function columnsFor(width: number): readonly Column[] {
  const answer = Math.max(MIN_ANSWER, Math.floor(width / 4));
  return [
    { head: '' },
    { head: 'cell', shrinksTo: 20, cut: 'names' },
    { head: 'content' },
    { head: 'before', shrinksTo: answer },
    { head: 'after', shrinksTo: answer },
  ];
}

function cellName({ variant, scenario, run }: Cell): string {
  return `${variant}/${scenario}/${run}`;
}

/** Whether the two records answer the same question. */
function contentWords({ before, after }: DiffRow): string {
  if (before === null || after === null) return '';
  return before.key === after.key ? 'same' : 'changed';
}

/** No excerpt is longer than any table needs. */
const MAX_EXCERPT = 200;

function answers({ before, after }: DiffRow): readonly string[] {
  return [before, after].map((side) => {
    if (side === null) return '';
    if (side.status === 'failed') return 'failed';
    return cutText(sanitizeLine(side.excerpt.slice(0, MAX_EXCERPT * 4)), { width: MAX_EXCERPT, from: 'end' });
  });
}

function countsSentence(kinds: readonly DiffKind[]): string {
  const counts = countsOf(kinds);
  const parts = [
    `${formatCount(counts.same)} same`,
    `${formatCount(counts['output-changed'])} with another answer`,
    `${formatCount(counts['status-changed'])} with another status`,
    `${formatCount(counts.new)} new`,
    `${formatCount(counts.gone)} gone`,
  ];
  if (kinds.length === 0) return 'no cell is in either';
  return `${formatAmount(kinds.length, 'cell')}: ${parts.filter((part) => !part.startsWith('0 ')).join(', ')}`;
}
