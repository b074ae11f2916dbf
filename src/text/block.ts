// A rule with a name, and text of others below it: harmless, indented so that it cannot pass for a rule, wrapped where a
// terminal's width is known, cut in its middle where many are read one after another. Pure.
import { sanitizeBlock, sanitizeLine } from '../core/text.ts';
import { makeColors } from './colors.ts';
import { formatCount } from './format.ts';
import type { TextOptions } from './table.ts';
import { wrapBlock } from './wrap-block.ts';

export type BlockOptions = TextOptions & {
  /** Whether lines are broken to fit: in a file or a pipe they stay whole, for whoever searches them. */
  readonly lines: 'wrapped' | 'whole';
  /** Of a text what is shown at most; null = all. */
  readonly cut: { readonly chars: number; readonly lines: number } | null;
  /** The command that shows all of it. */
  readonly whole: string;
};

/** Text of others. */
export function saidBlock(name: string, text: string, options: BlockOptions): string {
  const shown = cutMiddle(text.replace(/\r\n?/g, '\n'), options);
  const pieces = shown.map((piece) =>
    piece.kind === 'said'
      ? sayLines(sanitizeBlock(piece.text), options)
      : sayLines(piece.text, options).split('\n').map(makeColors(options.colors).warning).join('\n'),
  );
  return `${ruleOf(name, options)}\n${pieces.join('\n')}`;
}

/** Lines of ours. */
export function ownBlock(name: string, lines: readonly string[], options: BlockOptions): string {
  const harmless = lines.map(sanitizeLine);
  const shown =
    options.lines === 'whole' ? harmless : harmless.map((line) => wrapHanging(line, options.columns));
  return `${ruleOf(name, options)}\n${shown.join('\n')}`;
}

function wrapHanging(line: string, columns: number): string {
  const [first = '', ...rest] = wrapBlock(line, columns - INDENT.length).split('\n');
  return [first, ...rest.map((more) => `${INDENT}${more}`)].join('\n');
}

const MAX_RULE = 60;
const INDENT = '  ';

export function ruleOf(name: string, options: TextOptions): string {
  const title = `── ${sanitizeLine(name)} `;
  return makeColors(options.colors).note(title.padEnd(Math.min(options.columns, MAX_RULE), '─'));
}

/** White space at both ends is no line. */
function sayLines(text: string, options: BlockOptions): string {
  const trimmed = text.replace(/^\n+|\s+$/g, '');
  const wrapped = options.lines === 'whole' ? trimmed : wrapBlock(trimmed, options.columns - INDENT.length);
  return wrapped
    .split('\n')
    .map((line) => (line === '' ? '' : `${INDENT}${line}`))
    .join('\n');
}

type Piece = { readonly kind: 'said' | 'left out'; readonly text: string };

/** Both ends of what is too long: a transcript's end says more than its middle. */
function cutMiddle(text: string, { cut, whole }: BlockOptions): readonly Piece[] {
  const all = text.split('\n');
  if (cut === null || (text.length <= cut.chars && all.length <= cut.lines)) return [{ kind: 'said', text }];
  const half = Math.floor(cut.lines / 2);
  const first = all
    .slice(0, half)
    .join('\n')
    .slice(0, Math.floor(cut.chars / 2));
  const from = Math.max(first.length, text.length - Math.floor(cut.chars / 2));
  const end = text.slice(from).split('\n').slice(-half).join('\n');
  const left = text.length - first.length - end.length;
  return [
    { kind: 'said', text: first },
    { kind: 'left out', text: `… ${formatCount(left)} characters are left out here; all of it: ${whole}` },
    { kind: 'said', text: end },
  ];
}
