// What `diff` prints: two states of the history, cell by cell. Pure.
import type { Cell } from '../core/task.ts';
import { cutText, sanitizeLine } from '../core/text.ts';
import { makeColors } from '../progress/colors.ts';
import { formatAmount, formatCount } from '../progress/format.ts';
import { isAnotherAnswer } from './compare-moved.ts';
import { flipOf } from './history.ts';
import { type Column, type Row, renderTable, type TextOptions, type Tone } from './table.ts';
import { wrapWords } from './wrap.ts';

/** The record that counted for a cell at one of the two moments. */
export type DiffSide = {
  readonly key: string;
  readonly status: 'completed' | 'failed';
  readonly outputDigest: string | null;
  readonly servedModel: string | null;
  /** What the scorers say of the answer; null = nothing. */
  readonly score: number | null;
  readonly passed: boolean | null;
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

/** The same input, another answer: nothing was edited, so the provider moved, or chance did. */
export function hasMoved({ before, after }: Pick<DiffRow, 'before' | 'after'>): boolean {
  return before !== null && after !== null && isAnotherAnswer(before, after);
}

export function diffTable(
  rows: readonly DiffRow[],
  given: TextOptions & { readonly labels: DiffLabels },
): string {
  const colors = makeColors(given.colors);
  const kinds = rows.map(diffKind);
  const isJudged = rows.some(({ before, after }) => flipOf(before, after) !== null);
  const lines = rows.flatMap((row, i): Row[] => {
    const kind = kinds[i]!;
    if (kind === 'same') return [];
    const verdict = isJudged ? [verdictWords(row)] : [];
    return [
      {
        kind: 'cells',
        cells: [MARKS[kind], cellName(row), contentWords(row), ...verdict, ...answers(row)],
        tone: TONES[kind],
      },
    ];
  });
  const { before, after } = given.labels;
  const title = `${sanitizeLine(before)} -> ${sanitizeLine(after)}: ${countsSentence(kinds)}`;
  const more = notes(rows).map((note) => `${wrapWords(note, { columns: given.columns, indent: '  ' })}\n`);
  if (lines.length === 0) return `${title}\n`;
  const table = renderTable({ columns: columnsFor(given.columns, isJudged), rows: lines }, given);
  return `${colors.bold(title)}\n${more.join('')}\n${table}`;
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

function columnsFor(width: number, isJudged: boolean): readonly Column[] {
  const answer = Math.max(MIN_ANSWER, Math.floor(width / 4));
  return [
    { head: '' },
    { head: 'cell', shrinksTo: 20, cut: 'names' },
    { head: 'content' },
    ...(isJudged ? [{ head: 'verdict' }] : []),
    { head: 'before', shrinksTo: answer },
    { head: 'after', shrinksTo: answer },
  ];
}

function cellName({ variant, scenario, run }: Cell): string {
  return `${variant}/${scenario}/${run}`;
}

/** Whether the two records answer the same question, and who answered. */
function contentWords({ before, after }: DiffRow): string {
  if (before === null || after === null) return '';
  if (before.key !== after.key) return 'changed';
  return before.servedModel === after.servedModel ? 'same' : 'same (other model)';
}

function verdictWords({ before, after }: DiffRow): string {
  const flip = flipOf(before, after);
  return flip === null ? '' : flip === 'to-pass' ? 'fail -> pass' : 'pass -> fail';
}

/** What no edit explains, and what it did to the scores. */
function notes(rows: readonly DiffRow[]): readonly string[] {
  const { moved, toPass, toFail } = movesOf(rows);
  const lines: string[] = [];
  if (moved > 0) {
    lines.push(
      `${formatAmount(moved, 'cell')} with another answer to the same input: the provider moved, or chance did.`,
    );
  }
  if (toPass + toFail > 0) {
    lines.push(`${formatAmount(toPass + toFail, 'verdict')} flipped: ${toFail} to fail, ${toPass} to pass.`);
  }
  return lines;
}

export function movesOf(rows: readonly DiffRow[]): {
  readonly moved: number;
  readonly toPass: number;
  readonly toFail: number;
} {
  const flips = rows.map(({ before, after }) => flipOf(before, after));
  return {
    moved: rows.filter(hasMoved).length,
    toPass: flips.filter((flip) => flip === 'to-pass').length,
    toFail: flips.filter((flip) => flip === 'to-fail').length,
  };
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
