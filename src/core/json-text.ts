// The text of JSON: what JSON.parse makes of it, and what that loses in silence. Pure.
import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** @returns undefined: it is no JSON */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** What may still be written as text where it is refused as data: far from the end of any stack. */
export const MAX_WRITTEN_LEVELS = 1_000;

/**
 * As parseJson, but a number that would lose its value stays its text (`JSON.rawJSON`): JSON.stringify writes it as it came.
 * For values that go through the door, where it is told or mended; nobody else knows what to do with one.
 */
export function parseTold(text: string): unknown {
  const plain = parseJson(text);
  if (!MAY_LOSE.test(text) || isDeeper(plain, MAX_WRITTEN_LEVELS)) return plain;
  return withSources.parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && losesValue(source)
      ? withSources.rawJSON(source)
      : value,
  );
}

const MAY_LOSE = /\d{16}|[eE][+-]?\d{2}/;

/** In Node since 22; the types of the library do not know it yet. https://github.com/tc39/proposal-json-parse-with-source */
export const withSources = JSON as unknown as {
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

/** What JSON.parse loses in silence: the first of two members of a name, digits of a number. */
export function lossIn(
  text: string,
  value: JsonObject,
  of: 'all' | 'but-whole-numbers' = 'all',
): string | null {
  let colons = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) colons++;
    else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(text, at);
      const number = text.slice(at, end);
      if (losesValue(number) && (of === 'all' || !isWhole(number))) return numberWords(number);
      at = end - 1;
    }
  }
  return colons === countMembers(value) ? null : 'name a member twice';
}

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

function countMembers(value: Json | undefined): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members = Object.values(value) as readonly (Json | undefined)[];
  return members.reduce<number>(
    (sum, member) => sum + countMembers(member),
    isJsonObject(value) ? members.length : 0,
  );
}
