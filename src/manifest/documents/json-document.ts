// JSON -> plain data that knows its places, through JSON.parse and one scan.

import { plainProblem } from '../../core/canonical-input.ts';
import { findInJson, type JsonSpan, type JsonSyntaxError, scanJson } from '../../core/json-scan.ts';
import { parseJson as parseText } from '../../core/json-text.ts';
import { err, ok, type Result } from '../../core/result.ts';
import {
  type JsonPath,
  lineFinder,
  locationAt,
  type ParsedDocument,
  type Spot,
  type Target,
} from '../errors/place.ts';

/** A scenario of a file `{scenarios: [...]}` stands two levels below the root. */
const KEEP_DEPTH = 2;

export function parseJson(source: {
  readonly file: string;
  readonly text: string;
}): Result<ParsedDocument, JsonSyntaxError> {
  const { text } = source;
  const scanned = scanJson(text, { keepDepth: KEEP_DEPTH });
  if (scanned.kind === 'err') return scanned;
  const span = scanned.value;
  const value = parseText(text);
  const problem = plainProblem(value);
  if (problem) {
    const spot = findInJson(text, { root: span, path: problem.path, part: 'value' });
    return err({ code: problem.code, message: problem.message, hint: null, ...spot });
  }
  const locate = (target: Target) =>
    locationAt({ ...source, spot: findTarget(text, { root: span, target }) });
  const lineAt = lineFinder(text);
  const lineOf = (path: JsonPath) => lineAt(findInJson(text, { root: span, path, part: 'value' }).offset);
  return ok({ file: source.file, value, locate, lineOf });
}

/** The place of a target, or of the needle inside it where it is written as it is. */
export function findTarget(text: string, input: { readonly root: JsonSpan; readonly target: Target }): Spot {
  const { path, part, needle } = input.target;
  const spot = findInJson(text, { root: input.root, path, part });
  if (needle === undefined) return spot;
  const found = text.slice(spot.offset, spot.offset + spot.length).indexOf(needle);
  return found < 0 ? spot : { offset: spot.offset + found, length: needle.length };
}
