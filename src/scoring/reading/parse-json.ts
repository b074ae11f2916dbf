// The JSON that an answer is, or that stands in it: in a fenced block, or between words. Anybody's text: bounded work.
import type { Json } from '../../core/json.ts';
import { mayLoseNumbers, parseJson } from '../../core/json-text.ts';
import { measureJson } from './bounds.ts';
import { equal } from './equal.ts';
import { parseDigits } from './long-digits.ts';
import { CannotJudge } from './match-result.ts';

/** `exact`: long whole numbers as the text of their digits. */
export type JsonRead = { readonly value: Json; readonly exact: Json };

/** undefined: there is none; of several that differ the last. */
export function jsonOf(text: string): Json | undefined {
  return jsonValues(text).at(-1);
}

export function jsonValues(text: string): readonly Json[] {
  return readJsonValues(text).map(({ value }) => value);
}

/** The whole text; else what its fences hold; else objects and lists between its words. Equal ones once. */
export function readJsonValues(written: string): readonly JsonRead[] {
  const text = written.replace(/^\ufeff+/, '');
  const whole = parsed(text);
  if (whole !== undefined) return [whole];
  const fenced = distinct(fencesOf(text).flatMap(inFence));
  return fenced.length > 0 ? fenced : distinct(betweenWords(text));
}

function distinct(values: readonly JsonRead[]): readonly JsonRead[] {
  const found: JsonRead[] = [];
  for (const value of values) {
    if (found.length === MAX_VALUES)
      throw new CannotJudge(`the answer holds more than ${MAX_VALUES} JSON values`);
    if (!found.some((other) => equal(other.exact, value.exact))) found.push(value);
  }
  return found;
}

/** More are a log, and no answer. */
const MAX_VALUES = 100;

const FENCE = /`{3,}|~{3,}/g;

function fencesOf(text: string): readonly string[] {
  const found: string[] = [];
  let open: { readonly mark: string; readonly from: number } | null = null;
  for (const { 0: mark, index } of text.matchAll(FENCE)) {
    if (open === null) open = { mark, from: index + mark.length };
    else if (mark[0] === open.mark[0] && mark.length >= open.mark.length) {
      found.push(text.slice(open.from, index));
      open = null;
    }
  }
  // Cut off before it was closed.
  if (open !== null) found.push(text.slice(open.from));
  return found;
}

/** Behind the word for its language, on its line or alone. */
function inFence(block: string): readonly JsonRead[] {
  const value =
    parsed(block) ?? parsed(block.replace(/^[^\s{["]{0,40}[^\S\n]*/, '')) ?? parsed(behindLine(block));
  return value === undefined ? [] : [value];
}

function behindLine(block: string): string {
  const end = block.indexOf('\n');
  return end < 0 ? '' : block.slice(end);
}

/** What is looked at in vain, in lengths of the text: a text of nothing but brackets ends nobody's day. */
const MAX_ROUNDS = 20;
const MAX_DEPTH = 101;

function betweenWords(text: string): readonly JsonRead[] {
  const found: JsonRead[] = [];
  const opener = /[{[]/g;
  let left = text.length * MAX_ROUNDS + 10_000;
  for (let match = opener.exec(text); match; match = opener.exec(text)) {
    const start = match.index;
    const { end, isClosed } = endOf(text, start);
    left -= end - start;
    if (left < 0) throw new CannotJudge('the answer has too many brackets to tell where JSON begins');
    const value = isClosed ? parsed(text.slice(start, end)) : undefined;
    if (value === undefined || isMark(value.value, text.slice(Math.max(0, start - 3), start))) continue;
    found.push(value);
    opener.lastIndex = end;
  }
  return found;
}

/** `[1]` behind a word is a footnote, behind a colon or on a line of its own a list. */
function isMark(value: Json, before: string): boolean {
  const isShort = Array.isArray(value) && value.every((item) => typeof item === 'number');
  return isShort && !/(?:^|[:\n：=])\s*$/.test(before);
}

/** Where the bracket closes that opens at `start`. A string ends with its line: JSON's do. */
function endOf(text: string, start: number): { readonly end: number; readonly isClosed: boolean } {
  let depth = 0;
  let isString = false;
  for (let at = start; at < text.length; at++) {
    const mark = text[at]!;
    if (isString) {
      if (mark === '\\') at++;
      else if (mark === '"' || mark === '\n') isString = false;
    } else if (mark === '"') isString = true;
    else if (mark === '{' || mark === '[') {
      if (++depth > MAX_DEPTH) return { end: at, isClosed: false };
    } else if ((mark === '}' || mark === ']') && --depth === 0) return { end: at + 1, isClosed: true };
  }
  return { end: text.length, isClosed: false };
}

function parsed(text: string): JsonRead | undefined {
  const value = parseJson(text);
  if (value === undefined) return undefined;
  const problem = measureJson(value);
  if (problem !== null) throw new CannotJudge(`the JSON of the answer ${problem}`);
  return { value, exact: mayLoseNumbers(text) ? parseDigits(text) : value };
}
