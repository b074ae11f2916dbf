// The text of JSON that others wrote: what JSON.parse makes of it, and what that loses in silence. Every reader of such text
// begins here; tests/core/json-readers.test.ts names the few that read what this program wrote itself. Pure.
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { thrownMessage } from './thrown.ts';

/** @returns undefined: it is no JSON */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Why text is no JSON, in the words of its parser; "" where it is. */
export function jsonProblem(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return thrownMessage(error);
  }
}

/** @returns null: it is no object in JSON */
export function parseObject(text: string): JsonObject | null {
  const value = parseJson(text);
  return isJsonObject(value) ? value : null;
}

/** What may still be written as text where it is refused as data: far from the end of any stack. */
export const MAX_WRITTEN_LEVELS = 1_000;

/**
 * As parseJson, but a number that would lose its value stays its text (`JSON.rawJSON`): JSON.stringify writes it as it came.
 * For values that go through the door, where it is told or mended; nobody else knows what to do with one.
 */
export function parseTold(text: string): unknown {
  const plain = parseJson(text);
  if (!mayLoseNumbers(text) || isDeeper(plain, MAX_WRITTEN_LEVELS)) return plain;
  return parseNumbers(text, (written, value) => (losesValue(written) ? withSources.rawJSON(written) : value));
}

/** Each number as `read` has it, by the way it is written; everything else as JSON.parse. @throws as JSON.parse */
export function parseNumbers(text: string, read: (written: string, value: number) => unknown): unknown {
  return withSources.parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined ? read(source, value) : value,
  );
}

/** What a reader wants in the place of a long number: a BigInt, its digits as text, or JSON that is written as it came. */
export type ForDigits = (digits: string) => unknown;

/**
 * Whole numbers that JavaScript cannot hold as `forDigits` has them: `2e22` and `10000000000000000` are held; of
 * `9007199254740993` the last digit is not. @throws as JSON.parse
 */
export function readDigits(text: string, forDigits: ForDigits): unknown {
  return parseNumbers(text, (written, value) =>
    isWhole(written) && Number.isFinite(value) && losesValue(written) ? forDigits(written) : value,
  );
}

/** As JSON.stringify, also in what it throws; a BigInt is written as the number that it is. */
export function writeDigits(value: unknown): string | undefined {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? unread(String(member)) : member,
  );
}

/** For JSON.stringify alone, which writes it as it came. Whoever looks at it asks `rawNumber`. */
export function unread(digits: string): unknown {
  return withSources.rawJSON(digits);
}

/** Digits or an exponent that a number may lose; they may as well stand in a text. */
export function mayLoseNumbers(text: string): boolean {
  return /\d{16}|[eE][+-]?\d{2}/.test(text);
}

/** In Node since 22; the types of the library do not know it yet. https://github.com/tc39/proposal-json-parse-with-source */
const withSources = JSON as unknown as {
  parse(
    text: string,
    reviver: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
};

/** The text of a number that parseTold left as it came; null = it is none. */
export function rawNumber(value: unknown): string | null {
  return withSources.isRawJSON(value) ? (value as { readonly rawJSON: string }).rawJSON : null;
}

/** Whether lists and objects are nested deeper; ends on circles as well. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const member of Object.values(value)) if (isDeeper(member, levels - 1)) return true;
  return false;
}

/** What JSON.parse loses in silence: digits of a number, the first of two members of a name. */
export function lossIn(
  text: string,
  value: JsonObject,
  which: 'all' | 'but-whole-numbers' = 'all',
): string | null {
  for (const { start, end } of numbersOf(text)) {
    const number = text.slice(start, end);
    if (losesValue(number) && (which === 'all' || !isWhole(number))) return numberWords(number);
  }
  return hasEachMember(text, value) ? null : 'name a member twice';
}

function* numbersOf(text: string): Generator<{ readonly start: number; readonly end: number }> {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(text, at);
      yield { start: at, end };
      at = end - 1;
    }
  }
}

/** Whether no member of a name was replaced by a second one: as many members as colons. */
export function hasEachMember(text: string, value: unknown): boolean {
  const members = membersOf(value, 0);
  // A colon of a member stands behind a quote. Where there are not more of that kind, none was replaced, and nothing is scanned.
  if (quotedColons(text) === members) return true;
  let colons = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) colons++;
  }
  return colons === members;
}

/** Colons of members, and what in a text looks like one: colons behind a quote, with white space between them or none. */
function quotedColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    let before = at - 1;
    while (SPACES.has(text.charCodeAt(before))) before--;
    if (text.charCodeAt(before) === QUOTE) count++;
  }
  return count;
}

/** White space of JSON. */
const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Deeper than may be kept is told by others; it ends here so that no stack does. */
const MAX_COUNTED = 200;

function membersOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > MAX_COUNTED) return 0;
  const members = Object.values(value);
  let count = Array.isArray(value) ? 0 : members.length;
  for (const member of members) if (typeof member === 'object') count += membersOf(member, depth + 1);
  return count;
}

/** NaN, Infinity and -Infinity, which Python writes where a number is none, as null. What stands in a text stays. */
export function withoutOddNumbers(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') at = endOfString(text, at);
    else if (character === 'N' || character === 'I' || character === '-') {
      const word = ODD_NUMBERS.find((one) => text.startsWith(one, at));
      if (word === undefined) continue;
      pieces.push(text.slice(from, at), 'null');
      from = at + word.length;
      at = from - 1;
    }
  }
  pieces.push(text.slice(from));
  return pieces.join('');
}

const ODD_NUMBERS = ['NaN', '-NaN', 'Infinity', '-Infinity'];

const [QUOTE, BACKSLASH, COLON, MINUS, ZERO, NINE] = [0x22, 0x5c, 0x3a, 0x2d, 0x30, 0x39];

/** By hand: a text of megabytes must not fill the stack of a matcher. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && /[\d.eE+-]/.test(text[end]!)) end++;
  return end;
}

/** No double has more digits than these before its point. */
const MAX_DIGITS = 310;

/** A whole number is held or not; of a fraction the nearest that there is, is what was meant. */
function losesValue(number: string): boolean {
  const value = Number(number);
  if (!Number.isFinite(value)) return true;
  if (value === 0) return /^-?[\d.]*[1-9]/.test(number);
  if (Number.isSafeInteger(value) || !isWhole(number)) return false;
  return number.length > MAX_DIGITS || BigInt(number) !== BigInt(value);
}

function isWhole(number: string): boolean {
  return /^-?\d+$/.test(number);
}

/** To be read after "the arguments". */
export function numberWords(number: string): string {
  const shown = number.length > 40 ? `${number.slice(0, 40)}...` : number;
  return `hold the number ${shown}, which cannot be held exactly`;
}
