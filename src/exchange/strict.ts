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
  const strict = readStrictJson(text);
  if (strict.kind === 'ok' || FORGIVEN.has(strict.error.code)) return parseJson(text);
  // Of what is no JSON, the other reader says why, or that it is NaN.
  if (parseText(text) === undefined) return parseJson(text);
  const { message, hint } = strict.error;
  return err(`${message}${hint === null ? '' : ` (${hint})`}`);
}

const FORGIVEN = new Set(['bad-text']);
