// One line of somebody's file made fit to print: cut around the place, nothing that a terminal would obey, marks aligned.
import { displayWidth } from '../core/text.ts';

export type Excerpt = {
  readonly text: string;
  /** Terminal columns before the marked part. */
  readonly indent: number;
  /** Terminal columns of the marked part; at least 1. */
  readonly marks: number;
};

/** Shown characters of a long line: it fits beside the gutter in a window of 100 columns. */
const MAX_CHARS = 88;
/** What stands before the place helps to find it; more is shown after it. */
const CHARS_BEFORE = 30;

/** `column` counts from 1 in UTF-16 units, as in a Location. */
export function excerpt(input: {
  readonly line: string;
  readonly column: number;
  readonly length: number;
}): Excerpt {
  const from = Math.min(Math.max(0, input.column - 1), input.line.length);
  const start =
    input.line.length <= MAX_CHARS ? 0 : wholeCharacter(input.line, Math.max(0, from - CHARS_BEFORE));
  const end = wholeCharacter(input.line, Math.min(input.line.length, start + MAX_CHARS));
  const to = Math.min(end, from + Math.max(1, input.length));
  const before = show(input.line.slice(start, from));
  const marked = show(input.line.slice(from, to));
  const lead = start > 0 ? '…' : '';
  const tail = end < input.line.length ? '…' : '';
  return {
    text: `${lead}${before}${marked}${show(input.line.slice(to, end))}${tail}`.trimEnd(),
    indent: lead.length + displayWidth(before),
    marks: Math.max(1, displayWidth(marked)),
  };
}

/**
 * Control characters (line ends included), invisible direction marks and lone surrogates as `\u001b`:
 * a file's text cannot move the cursor, change colours or reorder what is read.
 */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

function show(text: string): string {
  return escapeControls(text.replaceAll('\t', '    '));
}

/** Never between the halves of a surrogate pair. */
function wholeCharacter(line: string, index: number): number {
  const code = line.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff && index > 0 ? index - 1 : index;
}
