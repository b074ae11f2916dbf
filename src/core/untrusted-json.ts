// The door of all JSON that others wrote: models, programs, own code, servers, files. What went through it has one canonical
// form, crosses threads and is written as UTF-8; what cannot be so is an error in words, never a throw. Two ways in:
//
//   exactly   as it stands, or not at all: arguments of tool calls, schemas; whoever refuses keeps the text
//   mended    half a character is U+FFFD, a number that JSON has not is null, an object whose names are one is its JSON text
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import {
  type ForDigits,
  isDeeper,
  lossIn,
  MAX_WRITTEN_LEVELS,
  numberWords,
  parseJson,
  parseTold,
  rawNumber,
  readDigits,
} from './json-text.ts';
import { err, ok, type Result } from './result.ts';
import { thrownMessage } from './thrown.ts';

export { isDeeper, parseTold } from './json-text.ts';

declare const door: unique symbol;
/** An object that came through the door. Made here and nowhere else. */
export type Outside = JsonObject & { readonly [door]: 'open' };

/** Half of what canonical JSON takes: a record wraps a few levels around it, and rules judge no more. */
export const MAX_LEVELS = 100;
/** Of a value of own code as JSON; what comes over a wire is bounded there. */
const MAX_CHARS = 64 * 1024 * 1024;

/** @returns err: what is wrong, to be read after "the arguments": `hold half a character` */
export function exactObject(value: unknown): Result<Outside, string> {
  if (!isJsonObject(value)) return err(NO_OBJECT);
  const problem = exactProblem(value, MAX_LEVELS);
  return problem === null ? ok(value as Outside) : err(problem);
}

/** As exactObject; a member that is twice and a number that loses digits are seen as well. */
export function parseExactObject(text: string): Result<Outside, string> {
  const value = parseJson(text);
  if (!isJsonObject(value)) return err(NO_OBJECT);
  const exact = exactObject(value);
  if (exact.kind === 'err') return exact;
  const problem = lossIn(text, value);
  return problem === null ? exact : err(problem);
}

/**
 * Arguments that are kept as text for their long whole numbers alone, with each of these as its reader wants it.
 * @returns err: what else is wrong with them
 */
export function parseLongNumbers(text: string, forDigits: ForDigits): Result<JsonObject, string> {
  const value = parseJson(text);
  if (!isJsonObject(value)) return err(NO_OBJECT);
  const exact = exactObject(value);
  if (exact.kind === 'err') return exact;
  const problem = lossIn(text, value, 'but-whole-numbers');
  return problem === null ? ok(readDigits(text, forDigits) as JsonObject) : err(problem);
}

/** Why text is kept in the place of arguments. */
export function argumentsProblem(text: string): string {
  const read = parseExactObject(text);
  return read.kind === 'err' ? read.error : NO_OBJECT;
}

export const NO_OBJECT = 'are not a JSON object';

/** Arguments as an API or a program hands them over: text of a model, or already an object. */
export function takeArguments(given: unknown): {
  readonly arguments: Outside;
  /** null = they are an object that is held exactly. */
  readonly argumentsText: string | null;
} {
  if (isNoArguments(given)) return { arguments: NOTHING, argumentsText: null };
  const read = typeof given === 'string' ? parseExactObject(given) : exactObject(given);
  if (read.kind === 'ok') return { arguments: read.value, argumentsText: null };
  return { arguments: NOTHING, argumentsText: textOf(given) };
}

const NOTHING = {} as Outside;

/** A tool without parameters is called with {}; what many models and servers write for it is "", "null" or nothing at all. */
export function isNoArguments(given: unknown): given is string | null | undefined {
  if (typeof given !== 'string') return given === undefined || given === null;
  return given.length <= MOST_BLANKS && /^\s*(null)?\s*$/.test(given);
}

/** A text of blanks alone may be as long as an answer, and the pattern would try every way to divide it. */
const MOST_BLANKS = 100;

function textOf(given: unknown): string {
  if (typeof given === 'string') return escapeHalves(given);
  // Well-formed by itself: JSON writes half a character as its escape.
  if (isDeeper(given, MAX_WRITTEN_LEVELS))
    return `[left out: nested deeper than ${MAX_WRITTEN_LEVELS} levels]`;
  return JSON.stringify(given) ?? '';
}

/** @param value of JSON.parse @returns err: it is nested too deep, to be read after "it" */
export function mend(value: unknown): Result<Json, string> {
  return isDeeper(value, MAX_LEVELS) ? err(tooDeep(MAX_LEVELS)) : ok(mended(value as Json));
}

function tooDeep(levels: number): string {
  return `is nested deeper than ${levels} levels`;
}

/** @returns err: why it is no JSON that can be kept, to be read after "it" */
export function parseMended(text: string): Result<Json, string> {
  const value = parseJson(text);
  return value === undefined ? err('is no JSON') : mend(value);
}

/** An object whose own names are one becomes `{json: its text}`. */
export function mendObject(value: JsonObject): Result<Outside, string> {
  const read = mend(value);
  if (read.kind === 'err') return read;
  return ok((isJsonObject(read.value) ? read.value : { json: read.value }) as Outside);
}

/** Anything that code hands over, as JSON would carry it: no function, no class, no circle. Deep or odd it may still be. @returns err: as mend */
export function plainJson(value: unknown): Result<Json, string> {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    // The stack is full, or the text would be longer than texts can be.
    if (error instanceof RangeError) return err('is nested too deep or too long to be written as JSON');
    return err(`cannot be written as JSON: ${thrownMessage(error)}`);
  }
  if (text === undefined) return err(`is no JSON but a ${typeof value}`);
  if (text.length > MAX_CHARS) return err(`is larger than ${MAX_CHARS >> 20} MB`);
  const plain = parseTold(text) as Json;
  return isDeeper(plain, MAX_WRITTEN_LEVELS) ? err(tooDeep(MAX_WRITTEN_LEVELS)) : ok(plain);
}

/** Half a character as JSON writes it, `\ud83d`: within JSON text it is the same, within other text it can be read. */
export function escapeHalves(text: string): string {
  if (text.isWellFormed()) return text;
  return text.replace(HALF, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

/** With the flag u a pair is one character, so what is found has no other half. */
const HALF = /[\ud800-\udfff]/gu;

function exactProblem(value: unknown, levels: number): string | null {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? null : HALF_CHARACTER;
    case 'number':
      return Number.isFinite(value) ? null : 'hold a number that is not finite';
    case 'boolean':
      return null;
    case 'object':
      return value === null ? null : exactProblemOf(value, levels);
    default:
      return `hold a ${typeof value}, which is no JSON`;
  }
}

const HALF_CHARACTER = 'hold half a character (a lone surrogate)';

function exactProblemOf(value: object, levels: number): string | null {
  const number = rawNumber(value);
  if (number !== null) return numberWords(number);
  if (levels === 0) return `are nested deeper than ${MAX_LEVELS} levels`;
  const prototype = Object.getPrototypeOf(value) as unknown;
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    return 'hold what is no plain data';
  }
  const names = Array.isArray(value) ? [] : Object.keys(value);
  if (!names.every((name) => name.isWellFormed())) return HALF_CHARACTER;
  if (hasTwins(names))
    return 'hold two names that differ only in how their accents are encoded (Unicode NFC)';
  for (const member of Object.values(value) as readonly unknown[]) {
    // Absent and undefined are one thing, as in canonical JSON.
    const isAbsent = member === undefined && !Array.isArray(value);
    const problem = isAbsent ? null : exactProblem(member, levels - 1);
    if (problem !== null) return problem;
  }
  return null;
}

function hasTwins(names: readonly string[]): boolean {
  if (names.every((name) => /^[\x00-\x7f]*$/.test(name))) return false;
  return new Set(names.map((name) => name.toWellFormed().normalize('NFC'))).size < names.length;
}

function mended(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(mended);
  const number = rawNumber(value);
  if (number !== null) return mended(Number(number));
  if (hasTwins(Object.keys(value))) return JSON.stringify(value);
  // fromEntries defines members and assigns none: `__proto__` is a name.
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), mended(member ?? null)]),
  );
}
