// What plain data must be so that it has one canonical form, and so a key: finite, well-formed, not too deep.
/** The way from the root of a value to a part of it: member names and list indexes. */
export type JsonPath = readonly (string | number)[];

/** Half of what canonical JSON takes: the manifest wraps a few levels around what is checked here. */
export const MAX_DEPTH = 100;

export type PlainProblem = { readonly code: string; readonly message: string };

export type LostNumber = PlainProblem & { readonly hint: string | null };

/** A number as written of which a double keeps another value: whole and beyond 2^53 - 1, or beyond all numbers, or below. */
export function lostNumber(written: string): LostNumber | null {
  const value = Number(written);
  if (!Number.isFinite(value)) return { ...NOT_FINITE, hint: null };
  const isWhole = /^[-+]?\d+$/.test(written);
  if (isWhole ? Number.isSafeInteger(value) : value !== 0 || !/^[-+]?[\d.]*[1-9]/.test(written)) return null;
  return {
    code: 'bad-number',
    message: isWhole
      ? 'a whole number with more digits than numbers keep'
      : 'a number so small that it would be kept as 0',
    hint: `in quotes it is text and keeps every digit: "${written.slice(0, 40)}"`,
  };
}

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
