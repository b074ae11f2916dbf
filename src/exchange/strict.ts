// JSON of a file by the rules that scenario files have, but for what programs write into theirs without meaning harm.
import { parseJson } from '../answers/values.ts';
import type { Json } from '../core/json.ts';
import { parseJson as parseText } from '../core/json-text.ts';
import { err, type Result } from '../core/result.ts';
import { readStrictJson } from '../core/strict-json.ts';

/**
 * A member that is twice and a number that loses digits are refused: what is kept would not be what is written. NaN and
 * infinities, which Python writes, are null; half a character, which a model may have said, is U+FFFD.
 */
export function parseStrictly(text: string): Result<Json, string> {
  const lost = lossOf(text);
  return lost === null ? parseJson(text) : err(lost.words);
}

/** The same of a whole file, which has many lines: what is wrong comes with its place. */
export function parseDocument(text: string): Result<Json, string> {
  const lost = lossOf(text);
  if (lost === null) return parseJson(text);
  const before = text.slice(0, lost.offset).split(/\r\n|\n|\r/);
  const place = `line ${before.length} column ${before.at(-1)!.length + 1}`;
  return err(`holds a mistake in ${place}: ${lost.words}`);
}

/** null = none, or it is no JSON at all: the other reader says why, or that it is NaN. */
function lossOf(text: string): { readonly words: string; readonly offset: number } | null {
  const strict = readStrictJson(text);
  if (strict.kind === 'ok' || FORGIVEN.has(strict.error.code) || parseText(text) === undefined) return null;
  const { message, hint, offset } = strict.error;
  return { words: `${message}${hint === null ? '' : ` (${hint})`}`, offset };
}

const FORGIVEN = new Set(['bad-text']);
