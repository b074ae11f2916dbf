// JSONL scenario files: one scenario a line, read in blocks, so that a large file costs the memory of its scenarios only.
import { closeSync, openSync, readSync } from 'node:fs';
import { MAX_DEPTH } from '../../core/canonical-input.ts';
import type { Location } from '../../core/diagnostic.ts';
import { scanJson } from '../../core/json-scan.ts';
import { readStrictJson } from '../../core/strict-json.ts';
import { reportRead } from '../documents/document.ts';
import { findTarget } from '../documents/json-document.ts';
import type { ScenarioEntry, ScenarioList, ScenarioSource } from '../documents/origin.ts';
import { checkFile, decode, showBytes, unreadable } from '../documents/read.ts';
import { bareLocation, locationAt, type Target } from '../errors/place.ts';
import { reportEmpty } from './empty.ts';
import { locateMapped, readEntry } from './entry.ts';

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
  const found: Found = { scenarios: [], offsets: [], lengths: [], lines: 0 };
  try {
    readBlocks(source, found);
  } catch (error) {
    reportRead(opening, unreadable(error));
    return null;
  }
  if (found.lines === 0) {
    reportEmpty(source, 'is empty: JSONL is one scenario a line');
    return null;
  }
  const locate = (index: number, target: Target) => {
    const text = lineAt(source.file, { offset: found.offsets[index]!, length: found.lengths[index]! });
    const { line } = found.scenarios[index]!.scenario.source;
    const inLine = (at: Target) => locateInLine({ file: source.file, text, line, target: at });
    if (source.mapping === null) return inLine(target);
    return locateMapped(source, { value: JSON.parse(text), locate: inLine })(target);
  };
  return { scenarios: found.scenarios, locate };
}

/** Where each scenario's line lies in the file: it is read again where there is something to show. */
type Found = {
  readonly scenarios: ScenarioList['scenarios'][number][];
  readonly offsets: number[];
  readonly lengths: number[];
  /** Lines with something on them. */
  lines: number;
};

function readBlocks(source: ScenarioSource, found: Found): void {
  let line = 1;
  for (const block of blocksOf(source.file)) {
    if (block.kind === 'line-too-long') {
      found.lines++;
      const message = `${source.shown} has a line of more than ${showBytes(MAX_LINE_BYTES)}`;
      const location = bareLocation(source.file, line);
      source.findings.add(source.file, () => ({
        code: 'too-large',
        message,
        hint: 'JSONL is one scenario a line',
        location,
      }));
      return;
    }
    const text = decode({ file: source.file, bytes: block.bytes, line, offset: block.offset });
    if (text.kind === 'err') {
      found.lines++;
      reportRead({ ...source, maxBytes: MAX_BYTES }, text.error);
      return;
    }
    line = readLines({ source, found, text: text.value, line, offset: block.offset, bytes: block.bytes });
  }
}

type Lines = {
  readonly source: ScenarioSource;
  readonly found: Found;
  /** Whole lines. */
  readonly text: string;
  readonly bytes: Buffer;
  readonly line: number;
  readonly offset: number;
};

/** Gives the number of the line after the last. */
function readLines(lines: Lines): number {
  const { text, bytes, found } = lines;
  let { line } = lines;
  // Offsets in the file are bytes; where the block is all ASCII they are the string's own.
  const isAscii = text.length === bytes.length;
  let start = 0;
  let byteAt = lines.offset + (isAscii ? 0 : bytes.length - Buffer.byteLength(text));
  while (start < text.length) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const content = text.slice(start, end);
    const length = isAscii ? content.length : Buffer.byteLength(content);
    const isBlank = content.trim() === '';
    if (!isBlank) found.lines++;
    const scenario = isBlank ? null : readLine({ source: lines.source, content, line });
    if (scenario) {
      found.scenarios.push({ ...scenario, index: found.offsets.length });
      found.offsets.push(byteAt);
      found.lengths.push(length);
    }
    byteAt += length + 1;
    start = end + 1;
    line++;
  }
  return line;
}

function readLine(at: {
  source: ScenarioSource;
  content: string;
  line: number;
}): Omit<ScenarioEntry, 'index'> | null {
  const { source, content, line } = at;
  const { file, findings } = source;
  const locate = (target: Target) => locateInLine({ file, text: content, line, target });
  const read = readStrictJson(content);
  if (read.kind === 'err') {
    const { code, message, hint, ...spot } = read.error;
    findings.add(file, () => ({
      ...{ code, message, hint },
      location: { ...locationAt({ file, text: content, spot }), line },
    }));
    return null;
  }
  return readEntry(source, { value: read.value, line, locate, cells: false });
}

function locateInLine(at: { file: string; text: string; line: number; target: Target }): Location {
  const { file, text, line, target } = at;
  const scanned = scanJson(text, { keepDepth: MAX_DEPTH });
  const spot =
    scanned.kind === 'ok'
      ? findTarget(text, { root: scanned.value, target })
      : { offset: 0, length: text.length };
  return { ...locationAt({ file, text, spot }), line };
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

function lineAt(file: string, at: { readonly offset: number; readonly length: number }): string {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(at.length);
    readSync(handle, bytes, { position: at.offset });
    return bytes.toString('utf8');
  } finally {
    closeSync(handle);
  }
}
