// Hostile JSON made plain: bounded in depth, texts that have a UTF-8 form, values by dotted paths.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { parseJson as parseText, withoutOddNumbers } from '../core/json-text.ts';
import { err, ok, type Result } from '../core/result.ts';
import { mend } from '../core/untrusted-json.ts';
import { writtenTime } from '../core/written-time.ts';

/** NaN and infinities, which Python writes into its JSON, are null. */
export function parseJson(text: string): Result<Json, string> {
  const parsed = parseText(text) ?? parseText(withoutOddNumbers(text));
  if (parsed === undefined) return err(`is no JSON: ${complaintOf(text)}`);
  const whole = mend(parsed);
  if (whole.kind === 'err') return whole;
  if (typeof whole.value === 'string' && typeof parsed !== 'string') {
    return err('has two names that differ only in how their accents are encoded (Unicode NFC)');
  }
  return ok(/[^\x00-\x7f]|\\u/.test(text) ? inNfc(whole.value) : whole.value);
}

/** In the words of JSON.parse, which refuses it. */
function complaintOf(text: string): string {
  try {
    JSON.parse(text);
  } catch (cause) {
    return (cause as Error).message.slice(0, 200);
  }
  return '';
}

/** Names as in every key: no two of one object are one then, for such an object is text by now. */
function inNfc(value: Json): Json {
  if (Array.isArray(value)) return value.map(inNfc);
  if (!isJsonObject(value)) return value;
  // fromEntries defines a member even where it is named __proto__.
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name.normalize('NFC'), inNfc(item ?? null)]),
  );
}

/**
 * `usage.in`, `traj[-1].content`, `choices[0].message`, `choices.0.message`; [-1] is the last. A member that has dots or
 * brackets in its own name comes first, at every step.
 */
export function valueAt(object: JsonObject, path: string): Json | undefined {
  return valueBelow(object, path);
}

function valueBelow(value: Json | undefined, path: string): Json | undefined {
  if (path === '') return value;
  const index = /^\[(-?\d{1,9})\](?:\.|(?=\[|$))/.exec(path);
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    if (index) return valueBelow(list.at(Number(index[1])), path.slice(index[0].length));
    const plain = /^(-?\d{1,9})(?:\.|(?=\[|$))/.exec(path);
    return plain ? valueBelow(list.at(Number(plain[1])), path.slice(plain[0].length)) : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  for (const step of path.matchAll(/\.|\[/g)) {
    const name = path.slice(0, step.index);
    if (name === '' || !Object.hasOwn(value, name)) continue;
    const found = valueBelow(value[name], path.slice(step[0] === '.' ? step.index + 1 : step.index));
    if (found !== undefined) return found;
  }
  return undefined;
}

export function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Not negative. */
export function amountOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

export function countOf(value: unknown): number | null {
  const amount = amountOf(value);
  return amount !== null && Number.isSafeInteger(amount) ? amount : null;
}

/** ISO 8601, UTC; a time without an offset is taken as UTC. Numbers are seconds, or milliseconds, since 1970. */
export function timeOf(value: unknown): string | null {
  if (typeof value === 'number') return isoOf(value < 1e11 ? value * 1000 : value);
  const written = typeof value === 'string' ? writtenTime(value) : null;
  return written === null ? null : isoOf(written);
}

function isoOf(ms: number): string | null {
  const date = new Date(ms);
  // Four digits of a year, or the form is not ours.
  if (Number.isNaN(date.getTime())) return null;
  const text = date.toISOString();
  return text.length === 24 ? text : null;
}
