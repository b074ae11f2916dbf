// What a cell of CSV says: it is text, and becomes something else only where nothing is lost by it (docs/formats.md).
import type { Json } from '../../core/json.ts';
import type { JsonSyntaxError } from '../../core/json-scan.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { readStrictJson } from '../../core/strict-json.ts';

/**
 * Of a cell of `expect`. A list or a map in JSON is that; a JSON text in quotes is the text inside; `true`, `false` and a
 * number that reads exactly as it is written are those. 1.10, 007, +1, 1e5 and null stay the text that they are.
 */
export function cellValue(cell: string): Result<Json, JsonSyntaxError> {
  if (cell === 'true' || cell === 'false') return ok(cell === 'true');
  if (isExactNumber(cell)) return ok(Number(cell));
  if (!/^\s*[{["]/.test(cell)) return ok(cell);
  const read = readStrictJson(cell);
  if (read.kind === 'ok') return ok(read.value as Json);
  // `[sic]` is text; what begins as a map or a list of JSON does, or was read and refused, was meant to be one.
  const isMeant = /^\s*(?:\{\s*"|\[\s*[{[])/.test(cell) || read.error.code !== 'json-syntax';
  return isMeant ? err(read.error) : ok(cell);
}

/** Of a cell that can be nothing but a list or a map: `tools`, `tool_results`. A path to tools is text. */
export function cellJson(cell: string): Result<Json, JsonSyntaxError> {
  if (!/^\s*[{[]/.test(cell)) return ok(cell);
  const read = readStrictJson(cell);
  return read.kind === 'ok' ? ok(read.value as Json) : read;
}

export function cellTags(cell: string): readonly string[] {
  return cell
    .split(';')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function isExactNumber(cell: string): boolean {
  return (
    /^-?\d+(?:\.\d+)?$/.test(cell) &&
    String(Number(cell)) === cell &&
    (cell.includes('.') || Number.isSafeInteger(Number(cell)))
  );
}
