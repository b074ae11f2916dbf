// A line that is indented deeper than the one before it, which holds a value already. The library points at the value, and
// says that a colon is missing there; who reads that looks at the wrong line.
import type { Spot } from '../errors/place.ts';

const CODES: ReadonlySet<string> = new Set(['BLOCK_AS_IMPLICIT_KEY', 'MULTILINE_IMPLICIT_KEY']);

export const DEEPER = {
  message: 'not valid YAML: this line is indented deeper than the one above it, which has its value already',
  hint: 'begin it where the line above begins, or write the value above on lines of its own',
};

/** Where the deeper line begins to speak; null = it is another mistake. */
export function deeperLine(
  text: string,
  at: { readonly code: string; readonly offset: number },
): Spot | null {
  if (!CODES.has(at.code)) return null;
  const start = text.lastIndexOf('\n', at.offset - 1) + 1;
  const end = text.indexOf('\n', at.offset);
  if (end < 0) return null;
  const own = /^( *)[^\s#:][^:\n]*: +\S/.exec(text.slice(start, end));
  const next = /^( *)(?=[^\s#:-][^:\n]*:(?:\s|$))/.exec(text.slice(end + 1));
  if (own === null || next === null || next[1]!.length <= own[1]!.length) return null;
  const from = end + 1 + next[1]!.length;
  const to = text.indexOf('\n', from);
  return { offset: from, length: (to < 0 ? text.length : to) - from };
}
