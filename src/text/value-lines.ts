// A value as lines that a person reads: names, a colon, values below each other, nothing escaped that need not be. Pure.

import { isJsonObject } from '../core/json.ts';
import { parseJson } from '../core/json-text.ts';

/** Deeper than this it is one line of JSON: the lines would be all indentation. */
const MAX_DEPTH = 12;

/** Of an object or a list; of anything else its own lines. Text of others: whoever prints it makes it harmless. */
export function valueLines(value: unknown, depth = 0): readonly string[] {
  const inner = depth < MAX_DEPTH ? entriesOf(value) : null;
  if (inner === null) return scalarLines(value);
  return inner.flatMap(({ head, value: one }) => {
    const nested = depth + 1 < MAX_DEPTH && entriesOf(one) !== null;
    const lines = valueLines(one, depth + 1);
    // A list's entry begins where its dash is; what is named stands below its name.
    if (nested) return head === '-' ? dashed(lines) : [head, ...lines.map(indented)];
    return lines.length === 1 ? [`${head} ${lines[0]}`] : [`${head} |`, ...lines.map(indented)];
  });
}

type Entry = { readonly head: string; readonly value: unknown };

/** null = it is written on one line, as what is empty is. */
function entriesOf(value: unknown): readonly Entry[] | null {
  if (Array.isArray(value))
    return value.length === 0 ? null : value.map((one) => ({ head: '-', value: one }));
  if (!isJsonObject(value)) return null;
  const entries = Object.entries(value);
  return entries.length === 0
    ? null
    : entries.map(([name, one]) => ({ head: `${nameWords(name)}:`, value: one }));
}

function dashed([first = '', ...rest]: readonly string[]): readonly string[] {
  return [`- ${first}`, ...rest.map(indented)];
}

const indented = (line: string): string => `  ${line}`;

function nameWords(name: string): string {
  return /^[^\s:#"'{}[\],]+$/.test(name) ? name : JSON.stringify(name);
}

function scalarLines(value: unknown): readonly string[] {
  if (typeof value !== 'string') return [jsonOf(value)];
  if (/[\r\n]/.test(value)) return value.split(/\r\n|[\r\n]/);
  // Text that would be taken for something else is quoted: "2" is no number, and "" is not nothing.
  return [isMistakable(value) ? JSON.stringify(value) : value];
}

/** A model may nest its arguments as deep as it likes. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'undefined';
  } catch {
    return '(nested too deep to be shown)';
  }
}

function isMistakable(text: string): boolean {
  return (
    text.trim() !== text ||
    /^(?:|null|true|false|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|[[{"'].*|-|\|)$/s.test(text)
  );
}

/** Of text that is an object or a list in JSON its lines; null where it is text. */
export function jsonLines(text: string): readonly string[] | null {
  if (!/^\s*[[{]/.test(text)) return null;
  const value = parseJson(text);
  return entriesOf(value) === null ? null : valueLines(value);
}
