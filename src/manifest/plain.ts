// What plain data must be so that it has one canonical form, and so a key: finite, well-formed, not too deep.
import type { JsonPath } from './place.ts';

/** Half of what canonical JSON takes: the manifest wraps a few levels around what is checked here. */
export const MAX_DEPTH = 100;

export type PlainProblem = { readonly code: string; readonly message: string };

/** A single value; lists and maps are fine here. */
export function textProblem(value: unknown): PlainProblem | null {
  if (typeof value === 'string' && !value.isWellFormed()) return HALF_CHARACTER;
  if (typeof value === 'number' && !Number.isFinite(value)) return NOT_FINITE;
  return null;
}

/** The first problem in data of JSON, with its path; null = none. */
export function plainProblem(
  value: unknown,
  path: JsonPath = [],
): (PlainProblem & { readonly path: JsonPath }) | null {
  if (typeof value !== 'object' || value === null) {
    const problem = textProblem(value);
    return problem && { ...problem, path };
  }
  if (path.length > MAX_DEPTH) {
    return { code: 'too-deep', message: `nested deeper than ${MAX_DEPTH} levels`, path };
  }
  if (Array.isArray(value)) return problemOfList(value, path);
  const names = Object.keys(value);
  if (!areDistinct(names)) return { ...TWINS, path };
  for (const name of names) {
    if (!name.isWellFormed()) return { ...HALF_CHARACTER, path };
    const member = (value as { readonly [name: string]: unknown })[name];
    // Most members are simple: no path is built for those.
    if (typeof member === 'object' || textProblem(member)) {
      const problem = plainProblem(member, [...path, name]);
      if (problem) return problem;
    }
  }
  return null;
}

function problemOfList(list: readonly unknown[], path: JsonPath): ReturnType<typeof plainProblem> {
  for (let i = 0; i < list.length; i++) {
    if (typeof list[i] !== 'object' && !textProblem(list[i])) continue;
    const problem = plainProblem(list[i], [...path, i]);
    if (problem) return problem;
  }
  return null;
}

const HALF_CHARACTER = { code: 'bad-text', message: 'text with half a character (a lone surrogate)' };
const NOT_FINITE = {
  code: 'bad-number',
  message: 'a number must be finite: infinity and NaN have no JSON form',
};
const TWINS = {
  code: 'duplicate-key',
  message: 'two members differ only in how their accents are encoded (Unicode NFC)',
};

function areDistinct(names: readonly string[]): boolean {
  if (names.every((name) => /^[\x00-\x7f]*$/.test(name))) return true;
  return new Set(names.map((name) => name.normalize('NFC'))).size === names.length;
}
