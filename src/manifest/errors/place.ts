// Where something stands in a text: offsets become lines and columns only when there is something to say about them.

import type { JsonPath } from '../../core/canonical-input.ts';
import type { Location } from '../../core/diagnostic.ts';
import type { Spot } from '../../core/json-scan.ts';

export type { JsonPath } from '../../core/canonical-input.ts';
export type { Spot } from '../../core/json-scan.ts';

export type Target = {
  readonly path: JsonPath;
  /** `key`: the member's name is meant, not what it holds. */
  readonly part: 'key' | 'value';
  /** Text inside the value to point at, where it is written as it is. */
  readonly needle?: string;
};

/** A file as plain data that still knows where each value came from. */
export type ParsedDocument = {
  readonly file: string;
  readonly value: unknown;
  /** The place of the target, or of its nearest ancestor that exists. */
  locate(target: Target): Location;
  /** The line alone, at a price that can be paid for each scenario. */
  lineOf(path: JsonPath): number;
};

export function locationAt(input: {
  readonly file: string;
  readonly text: string;
  readonly spot: Spot;
}): Location {
  const { file, text } = input;
  const offset = Math.min(Math.max(0, input.spot.offset), text.length);
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const sourceLine = lineFrom(text, start);
  const column = Math.min(offset - start, sourceLine.length) + 1;
  const length = Math.max(1, Math.min(input.spot.length, sourceLine.length - column + 1));
  return { file, line: lineOf(text, offset), column, length, sourceLine };
}

/** Where a text stands inside a place, where it is written as it is. */
export function needleIn(text: string, within: Spot, needle: string | undefined): Spot | null {
  if (needle === undefined) return null;
  const found = text.slice(within.offset, within.offset + within.length).indexOf(needle);
  return found < 0 ? null : { offset: within.offset + found, length: needle.length };
}

/** A line and a column of a text that somebody else read; columns from 1. */
export function lineIn(
  text: string,
  input: { readonly file: string; readonly line: number; readonly column: number },
): Location {
  const { file, line } = input;
  const sourceLine = text.split(/\r?\n/)[line - 1] ?? '';
  const column = Math.min(input.column, sourceLine.length + 1);
  return { file, line, column, length: 1, sourceLine };
}

/** A place in a file whose text cannot be shown. */
export function bareLocation(file: string, line = 1): Location {
  return { file, line, column: 1, length: 1, sourceLine: null };
}

/** Offset -> line, counted from 1. The table of line ends is made at the first call. */
export function lineFinder(text: string): (offset: number) => number {
  let ends: number[] | null = null;
  return (offset) => {
    ends ??= lineEnds(text);
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ends[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

function lineEnds(text: string): number[] {
  const ends: number[] = [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) ends.push(at);
  return ends;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

function lineFrom(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end < 0 ? undefined : end);
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
