// Sentences on lines: broken between words, never within one. Pure.
import { displayWidth } from '../core/text.ts';

/** Lines after the first begin with `indent`. A word that is wider than the line stands alone and sticks out. */
export function wrapWords(
  text: string,
  options: { readonly columns: number; readonly indent: string },
): string {
  const lines: string[] = [];
  let line = '';
  for (const word of wordsOf(text, options.columns - options.indent.length)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line.trim() === '' || displayWidth(longer) <= options.columns) {
      line = line.trim() === '' ? `${line}${word}` : longer;
      continue;
    }
    lines.push(line);
    line = `${options.indent}${word}`;
  }
  return [...lines, line].join('\n');
}

/** What stands between backticks is a command to be copied: one word, where it fits on a line. */
function wordsOf(text: string, columns: number): readonly string[] {
  const words: string[] = [];
  let open: string[] = [];
  for (const word of text.split(' ')) {
    const ticks = word.split('`').length - 1;
    if (open.length === 0 && ticks % 2 === 0) words.push(word);
    else if (open.length === 0 || ticks % 2 === 0) open.push(word);
    else {
      const whole = [...open, word].join(' ');
      words.push(...(displayWidth(whole) <= columns ? [whole] : [...open, word]));
      open = [];
    }
  }
  return [...words, ...open];
}

/** A line is broken between its parts, never within a number. */
export function wrapParts(text: string, columns: number): string {
  const [first = '', ...rest] = text.split(SEPARATOR);
  let wrapped = first;
  let width = first.length;
  for (const part of rest) {
    const fits = width + SEPARATOR.length + part.length <= columns;
    wrapped += `${fits ? SEPARATOR : '\n'}${part}`;
    width = fits ? width + SEPARATOR.length + part.length : part.length;
  }
  return wrapped;
}

export const SEPARATOR = ' · ';

/** Every line of it begins with `indent`. @returns its lines */
export function indentWords(
  text: string,
  { columns, indent }: { readonly columns: number; readonly indent: string },
): readonly string[] {
  return wrapWords(text, { columns: columns - indent.length, indent: '' })
    .split('\n')
    .map((line) => indent + line);
}
