// JSON that people write or other tools leave, read by one set of rules wherever it stands: a file, a line, a cell (the
// table of docs/formats.md). What JSON.parse takes in silence and loses is a mistake with its place. Pure.

import { plainProblem } from './canonical-input.ts';
import { findInJson, type JsonSyntaxError, scanJson } from './json-scan.ts';
import { hasEachMember, mayLoseNumbers, parseJson } from './json-text.ts';
import { err, ok, type Result } from './result.ts';

/**
 * Refused: a member that is twice (in Unicode NFC), a whole number beyond 2^53 - 1, a number that would be kept as 0 or
 * as infinity, half a character, more than 100 levels, and what is no JSON. `offset` and `length` are UTF-16 units of `text`.
 */
export function readStrictJson(text: string): Result<unknown, JsonSyntaxError> {
  const value = parseJson(text);
  if (value === undefined) {
    const scanned = scanJson(text, { keepDepth: 0 });
    if (scanned.kind === 'err') return scanned;
    const whole = { offset: 0, length: text.length };
    return err({ code: 'json-syntax', message: 'not valid JSON', hint: null, ...whole });
  }
  // Most texts are sound, and this is several times faster than the scan that has places for what is not.
  if (mayLoseNumbers(text) || !hasEachMember(text, value)) {
    const scanned = scanJson(text, { keepDepth: 0 });
    if (scanned.kind === 'err') return scanned;
  }
  const problem = plainProblem(value);
  if (problem === null) return ok(value);
  const root = scanJson(text, { keepDepth: 0 });
  if (root.kind === 'err') return root;
  const spot = findInJson(text, { root: root.value, path: problem.path, part: 'value' });
  return err({ code: problem.code, message: problem.message, hint: null, ...spot });
}
