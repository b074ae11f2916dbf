// JSONL scenario files: one scenario a line, read in blocks, so that a large file costs the memory of its scenarios only.

import { closeSync, openSync, readSync } from 'node:fs';
import { MAX_DEPTH } from '../../core/canonical-input.ts';
import { scanJson } from '../../core/json-scan.ts';
import { parseJson } from '../../core/json-text.ts';
import { readStrictJson } from '../../core/strict-json.ts';
import { reportRead } from '../documents/document.ts';
import { findTarget } from '../documents/json-document.ts';
import type { ScenarioList, ScenarioSource } from '../documents/origin.ts';
import { checkFile, decode, showBytes, unreadable } from '../documents/read.ts';
import { bareLocation, locationAt } from '../errors/place.ts';
import { reportEmpty } from './empty.ts';
import { type Row, readEntries } from './entry.ts';

const MAX_BYTES = 256_000_000;
const BLOCK_BYTES = 4_000_000;
/** A scenario that is longer is a file that is no JSONL. */
const MAX_LINE_BYTES = 10_000_000;

export function readJsonl(source: ScenarioSource): ScenarioList | null {
  const opening = { ...source, maxBytes: MAX_BYTES };
  source.findings.reads(source.file);
  const checked = checkFile(opening);
  if (checked.kind === 'err') {
    reportRead(opening, checked.error);
    return null;
  }
  const found: Found = { places: [], lines: 0 };
  let list: ScenarioList;
  try {
    list = readEntries(source, {
      rows: rowsOf(source, found),
      placeOf: (index) => {
        const { line, ...bytes } = found.places[index]!;
        const text = lineAt(source.file, bytes);
        return { value: parseJson(text), locate: inLine({ file: source.file, text, line }) };
      },
    });
  } catch (error) {
    reportRead(opening, unreadable(error));
    return null;
  }
  if (found.lines > 0) return list;
  reportEmpty(source, 'is empty: JSONL is one scenario a line');
  return null;
}

type Found = {
  /** Where each row's line lies in the file, in bytes: it is read again where there is something to show. */
  readonly places: { readonly offset: number; readonly length: number; readonly line: number }[];
  /** Lines with something on them. */
  lines: number;
};

function* rowsOf(source: ScenarioSource, found: Found): Generator<Row> {
  let line = 1;
  for (const block of blocksOf(source.file)) {
    if (block.kind === 'line-too-long') {
      found.lines++;
      const message = `${source.shown} has a line of more than ${showBytes(MAX_LINE_BYTES)}`;
      const location = bareLocation(source.file, line);
      const hint = 'JSONL is one scenario a line';
      source.findings.add(source.file, () => ({ code: 'too-large', message, hint, location }));
      return;
    }
    const { bytes, offset } = block;
    const text = decode({ file: source.file, bytes, line, offset });
    if (text.kind === 'err') {
      found.lines++;
      reportRead({ ...source, maxBytes: MAX_BYTES }, text.error);
      return;
    }
    for (const one of linesOf(text.value, block)) {
      if (one.text.trim() !== '') {
        found.lines++;
        const row = rowOf(source, { text: one.text, line });
        if (row !== null) {
          found.places.push({ offset: one.offset, length: one.length, line });
          yield row;
        }
      }
      line++;
    }
  }
}

type Line = {
  readonly text: string;
  /** In the file, in bytes. */
  readonly offset: number;
  readonly length: number;
};

function* linesOf(
  text: string,
  { bytes, offset }: { readonly bytes: Buffer; readonly offset: number },
): Generator<Line> {
  // Offsets in the file are bytes; where the block is all ASCII they are the string's own.
  const isAscii = text.length === bytes.length;
  let start = 0;
  let byteAt = offset + (isAscii ? 0 : bytes.length - Buffer.byteLength(text));
  while (start < text.length) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const content = text.slice(start, end);
    const length = isAscii ? content.length : Buffer.byteLength(content);
    yield { text: content, offset: byteAt, length };
    byteAt += length + 1;
    start = end + 1;
  }
}

/** null: it is no JSON, which was said. */
function rowOf(
  source: ScenarioSource,
  { text, line }: { readonly text: string; readonly line: number },
): Row | null {
  const { file, findings } = source;
  const read = readStrictJson(text);
  if (read.kind === 'ok')
    return { value: read.value, line, locate: inLine({ file, text, line }), cells: false };
  const { code, message, hint, ...spot } = read.error;
  findings.add(file, () => ({
    code,
    message,
    hint,
    location: { ...locationAt({ file, text, spot }), line },
  }));
  return null;
}

function inLine({ file, text, line }: { file: string; text: string; line: number }): Row['locate'] {
  return (target) => {
    const scanned = scanJson(text, { keepDepth: MAX_DEPTH });
    const spot =
      scanned.kind === 'ok'
        ? findTarget(text, { root: scanned.value, target })
        : { offset: 0, length: text.length };
    return { ...locationAt({ file, text, spot }), line };
  };
}

type Block =
  | { readonly kind: 'lines'; readonly bytes: Buffer; readonly offset: number }
  | { readonly kind: 'line-too-long' };

/** The file in pieces that end at line ends. */
function* blocksOf(file: string): Generator<Block> {
  const handle = openSync(file, 'r');
  try {
    let rest = Buffer.alloc(0);
    let offset = 0;
    for (;;) {
      const block = Buffer.allocUnsafe(BLOCK_BYTES);
      const size = readSync(handle, block);
      const bytes =
        rest.length === 0 ? block.subarray(0, size) : Buffer.concat([rest, block.subarray(0, size)]);
      const end = size === 0 ? bytes.length : bytes.lastIndexOf(10) + 1;
      if (end > 0) yield { kind: 'lines', bytes: bytes.subarray(0, end), offset };
      if (size === 0) return;
      offset += end;
      rest = bytes.subarray(end);
      if (rest.length > MAX_LINE_BYTES) {
        yield { kind: 'line-too-long' };
        return;
      }
    }
  } finally {
    closeSync(handle);
  }
}

function lineAt(file: string, input: { readonly offset: number; readonly length: number }): string {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(input.length);
    readSync(handle, bytes, { position: input.offset });
    return bytes.toString('utf8');
  } finally {
    closeSync(handle);
  }
}
