// Text on lines that fit: broken between words where there are some, the rest of a line below where its words began. Pure.
import { displayWidth } from '../core/text.ts';

/** Lines that fit stay as they are. The text is harmless already. */
export function wrapBlock(text: string, columns: number): string {
  const width = Math.max(10, columns);
  return text
    .split('\n')
    .flatMap((line) => (line.length <= width && displayWidth(line) <= width ? [line] : wrapLine(line, width)))
    .join('\n');
}

function wrapLine(line: string, columns: number): readonly string[] {
  const indent = /^ */.exec(line)![0].length;
  // What is indented by half of the line and more is not kept so: no room would be left.
  const hang = ' '.repeat(Math.min(indent, Math.floor(columns / 2)));
  const lines: string[] = [];
  let current = hang;
  for (const word of line.trimStart().split(' ')) {
    const isFirst = current === hang;
    const longer = isFirst ? `${hang}${word}` : `${current} ${word}`;
    if (displayWidth(longer) <= columns) {
      current = longer;
      continue;
    }
    if (!isFirst) lines.push(current);
    const pieces = piecesOf(word, columns - hang.length);
    lines.push(...pieces.slice(0, -1).map((piece) => `${hang}${piece}`));
    current = `${hang}${pieces.at(-1) ?? ''}`;
  }
  return [...lines, current];
}

/** A word that is wider than a line, in pieces of a line each. */
function piecesOf(word: string, width: number): readonly string[] {
  if (displayWidth(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  let taken = 0;
  for (const mark of word) {
    const more = displayWidth(mark);
    if (taken + more > width && piece !== '') {
      pieces.push(piece);
      [piece, taken] = ['', 0];
    }
    piece += mark;
    taken += more;
  }
  return [...pieces, piece];
}
