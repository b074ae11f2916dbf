// What `diff` prints: two states of the history, cell by cell. Pure.

import { isAnotherAnswer } from '../../analysis/compare/moved.ts';
import type { Cell } from '../../core/task.ts';
import { cutText, displayWidth, sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { excerptPair } from '../../text/excerpt.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { commandLines, quoteWord, type ScopeWords, WHOLE_SCOPE } from '../../text/next.ts';
import type { TextOptions, Tone } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';
import { flipOf } from './history.ts';

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

/** What the moments are, or what they are called. */
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

/** What both moments hold, then what changed: each cell on a line of its own, as `show` and `history` take it. */
export function diffTable(
  rows: readonly DiffRow[],
  given: TextOptions & { readonly called: DiffLabels; readonly scope?: ScopeWords },
): string {
  const colors = makeColors(given.colors);
  const { place } = given.scope ?? WHOLE_SCOPE;
  const [before, after] = [given.called.before, given.called.after].map(sanitizeLine);
  const title = wrapWords(`${before} -> ${after}: ${countsSentence(rows.map(diffKind))}`, {
    columns: given.columns,
    indent: '  ',
  });
  const changed = rows.filter((row) => diffKind(row) !== 'same').toSorted((a, b) => rankOf(a) - rankOf(b));
  if (changed.length === 0) return `${title}\n`;
  const more = notes(rows).map((note) => `${wrapWords(note, { columns: given.columns, indent: '  ' })}\n`);
  const example = changed.find(({ after }) => after !== null) ?? changed[0]!;
  const cell = quoteWord(sanitizeLine(cellName(example)));
  const next = commandLines(
    [
      { command: `npx expgraph history ${cell}${place}`, does: 'every record of that cell' },
      { command: `npx expgraph show ${cell}${place}`, does: 'its answer in full' },
    ],
    given,
  );
  const bold = title.split('\n').map(colors.bold).join('\n');
  return `${bold}\n${more.join('')}\n${changed.map((row) => cellText(row, given)).join('')}\n${next}`;
}

/** Verdicts that flipped first, then other states, answers, and what only one of them has. */
function rankOf(row: DiffRow): number {
  if (flipOf(row.before, row.after) !== null) return 0;
  return ['status-changed', 'output-changed', 'new', 'gone'].indexOf(diffKind(row)) + 1;
}

function cellText(row: DiffRow, { columns, colors: isColored }: TextOptions): string {
  const kind = diffKind(row);
  const paint = painter(TONES[kind], isColored);
  const name = sanitizeLine(cellName(row));
  const facts = [verdictWords(row), contentWords(row)].filter((fact) => fact !== '');
  const beside = facts.length === 0 ? '' : `  (${facts.join(', ')})`;
  // A name is never cut: it is there to be pasted. What does not fit beside it stands below.
  const fits = displayWidth(name) + displayWidth(beside) + 2 <= columns;
  const lines = [paint(`${MARKS[kind]} ${name}${fits ? beside : ''}`), ...(fits ? [] : [`  ${beside}`])];
  const line = (label: string, text: string): string =>
    cutText(`    ${label}  ${text}`, { width: columns, from: 'end' });
  const [before, after] = answers(row, columns - 12);
  if (kind === 'output-changed' || kind === 'status-changed') {
    lines.push(line('before', before!), line('after ', after!));
  } else if (kind === 'new') lines.push(line('now   ', after!));
  else lines.push(line('was   ', before!));
  return `${lines.join('\n')}\n`;
}

function painter(tone: Tone, isColored: boolean): (text: string) => string {
  const { good, error, bold } = makeColors(isColored);
  return { plain: bold, strong: bold, good, bad: error, weak: String }[tone];
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

function cellName({ variant, scenario, run }: Cell): string {
  return `${variant}/${scenario}/${run}`;
}

/** Whether the two records answer the same question, and who answered. */
function contentWords({ before, after }: DiffRow): string {
  if (before === null || after === null) return '';
  if (before.key !== after.key) return 'asked otherwise';
  return before.servedModel === after.servedModel ? 'same input' : 'same input, other model';
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

/** Of two long answers the places where they begin to differ. */
function answers({ before, after }: DiffRow, width: number): readonly [string, string] {
  const failed = (side: DiffSide): string =>
    side.excerpt === '' ? 'failed' : sanitizeLine(`failed: ${side.excerpt}`);
  if (before?.status === 'completed' && after?.status === 'completed') {
    const { from, to } = excerptPair({ from: before.excerpt, to: after.excerpt, width });
    return [from, to];
  }
  const [first, second] = [before, after].map((side) => {
    if (side === null) return '';
    return side.status === 'failed'
      ? failed(side)
      : excerptPair({ from: side.excerpt, to: undefined, width }).from;
  });
  return [first!, second!];
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
