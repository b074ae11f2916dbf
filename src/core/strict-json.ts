// JSON that people write or other tools leave, read by one set of rules wherever it stands: a file, a line, a cell (the
// table of docs/formats.md). What JSON.parse takes in silence and loses is a mistake with its place. Pure.

import { plainProblem } from './canonical-input.ts';
import { findInJson, type JsonSyntaxError, scanJson } from './json-scan.ts';
import { err, ok, type Result } from './result.ts';

/**
 * Refused: a member that is twice (in Unicode NFC), a whole number beyond 2^53 - 1, a number that would be kept as 0 or
 * as infinity, half a character, more than 100 levels, and what is no JSON. `offset` and `length` are UTF-16 units of `text`.
 */
export function readStrictJson(text: string): Result<unknown, JsonSyntaxError> {
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    const scanned = scanJson(text, { keepDepth: 0 });
    if (scanned.kind === 'err') return scanned;
    return err({
      code: 'json-syntax',
      message: 'not valid JSON',
      hint: null,
      offset: 0,
      length: text.length,
    });
  }
  // Most texts are sound, and this is several times faster than the scan that has places for what is not.
  if (MAY_LOSE.test(text) || !hasEachMember(text, value)) {
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

/** Digits or an exponent that a number may lose; they may as well stand in a text. */
const MAY_LOSE = /\d{16}|[eE][+-]?\d{2}/;

/** Whether no member of a name was replaced by a second one: as many members as colons. */
function hasEachMember(text: string, value: unknown): boolean {
  return colonsOf(text) === membersOf(value, 0);
}

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];

/** By hand: a text of megabytes must not fill the stack of a matcher. */
function colonsOf(text: string): number {
  let colons = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isText = !isText;
    else if (isText && code === BACKSLASH) at++;
    else if (!isText && code === COLON) colons++;
  }
  return colons;
}

/** Deeper than may be kept is told by others; it ends here so that no stack does. */
const MAX_COUNTED = 200;

function membersOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > MAX_COUNTED) return 0;
  const members = Object.values(value);
  let count = Array.isArray(value) ? 0 : members.length;
  for (const member of members) if (typeof member === 'object') count += membersOf(member, depth + 1);
  return count;
}
