// JSON as some servers send it: behind comments that keep a connection alive, and with numbers that JSON has not. Pure.
import { withoutOddNumbers } from '../core/json-text.ts';

/** For text that JSON.parse refuses; what is no JSON for another reason stays so. */
export function mendJson(text: string): string {
  return withoutOddNumbers(withoutTail(withoutComments(text)));
}

/** Signs of life that went on behind the answer, and what fills a buffer of fixed length. */
function withoutTail(text: string): string {
  let end = text.length;
  for (;;) {
    while (end > 0 && TAIL.has(text[end - 1]!)) end--;
    const line = text.lastIndexOf('\n', end - 1) + 1;
    if (line === 0 || text[line] !== ':') return end === text.length ? text : text.slice(0, end);
    end = line;
  }
}

/** DeepSeek and OpenRouter keep a connection alive with blank lines and with comments of event streams. */
function withoutComments(text: string): string {
  let at = 0;
  for (;;) {
    const start = skipBlanks(text, at);
    if (text[start] !== ':') return at === 0 ? text : text.slice(start);
    const end = text.indexOf('\n', start);
    if (end < 0) return text;
    at = end + 1;
  }
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && BLANKS.has(text[at]!)) at++;
  return at;
}

const BLANKS = new Set([' ', '\t', '\r', '\n', '\ufeff']);
const TAIL = new Set([...BLANKS, '\0']);
