// A file of results from elsewhere, read item by item, as often as it is asked: JSONL line by line, logs sample by sample.
import { closeSync, createReadStream, openSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { listOf, parseJson } from '../answers/values.ts';
import type { Json } from '../core/json.ts';
import { err } from '../core/result.ts';
import type { ImportFormat, Item, Mapping } from '../exchange/imported.ts';
import { type InspectHeader, isInspectLog, readHeader, readSample } from '../exchange/read-inspect.ts';
import { readLine } from '../exchange/read-line.ts';
import { isPromptfoo, readPromptfoo } from '../exchange/read-promptfoo.ts';
import { type ZipEntry, ZipError, zipEntries } from '../exchange/zip.ts';
import { CommandError } from './exit.ts';

/** A document has to be in memory as a whole; a line and a sample as well. */
const MAX_DOCUMENT_BYTES = 256 << 20;
const MAX_LINE_BYTES = 64 << 20;

export type Source = { readonly format: ImportFormat; items(): AsyncIterable<Item> };

/** @throws CommandError where the file is of no format that is known, or cannot be read. */
export function openSource(at: {
  /** Absolute. */
  readonly file: string;
  readonly format: ImportFormat | null;
  readonly mapping: Mapping;
}): Source {
  const { file, mapping } = at;
  const shown = path.basename(file);
  if (isZip(file, shown)) {
    if (at.format !== null && at.format !== 'inspect')
      throw new CommandError(`${shown} is a zip file: only Inspect writes its logs so`);
    return { format: 'inspect', items: () => evalItems(file, shown, mapping) };
  }
  if (at.format === 'jsonl') return { format: 'jsonl', items: () => lineItems(file, shown, mapping) };
  const isLines = at.format === null && !looksLikeDocument(file);
  if (isLines) return { format: 'jsonl', items: () => lineItems(file, shown, mapping) };
  const value = documentOf(file, shown);
  if (at.format !== 'promptfoo' && isInspectLog(value)) {
    const header = readHeader(value, mapping);
    return {
      format: 'inspect',
      async *items() {
        for (const [i, sample] of listOf(value.samples).entries()) {
          yield { place: `${shown}: sample ${i + 1}`, result: readSample({ header, sample, mapping }) };
        }
      },
    };
  }
  if (at.format !== 'inspect' && isPromptfoo(value)) {
    return {
      format: 'promptfoo',
      async *items() {
        let n = 0;
        for (const result of readPromptfoo(value, mapping))
          yield { place: `${shown}: result ${++n}`, result };
      },
    };
  }
  const wanted =
    at.format === null ? 'no log of Inspect and no output of promptfoo' : `no ${at.format} document`;
  throw new CommandError(`${shown} is ${wanted}; --format jsonl reads one result a line`);
}

function isZip(file: string, shown: string): boolean {
  try {
    return beginningOf(file, 4).toString('latin1').startsWith('PK');
  } catch (cause) {
    throw new CommandError(`cannot read ${shown}: ${(cause as Error).message}`);
  }
}

function beginningOf(file: string, bytes: number): Buffer {
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(handle, buffer, 0, bytes, 0));
  } finally {
    closeSync(handle);
  }
}

/** JSONL has a whole object in its first line; a document of ours has its end elsewhere, or says what it is. */
function looksLikeDocument(file: string): boolean {
  if (/\.(jsonl|ndjson)$/i.test(file)) return false;
  const text = beginningOf(file, 1 << 16)
    .toString('utf8')
    .trimStart();
  const [first = ''] = text.split('\n', 1);
  if (parseJson(first).kind === 'err') return text.startsWith('{');
  return /"(?:eval|results)"\s*:\s*[{[]/.test(first);
}

function documentOf(file: string, shown: string): Json {
  const { size } = statSync(file);
  if (size > MAX_DOCUMENT_BYTES) {
    throw new CommandError(
      `${shown} has ${size >> 20} MB; a JSON document may have ${MAX_DOCUMENT_BYTES >> 20} MB (JSONL and .eval may be larger)`,
    );
  }
  const parsed = parseJson(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
  if (parsed.kind === 'err') throw new CommandError(`${shown} ${parsed.error}`);
  return parsed.value;
}

async function* lineItems(file: string, shown: string, mapping: Mapping): AsyncGenerator<Item> {
  let number = 0;
  for await (const line of linesOf(file)) {
    number++;
    const place = `${shown}:${number}`;
    if (line === null) yield { place, result: err([`is longer than ${MAX_LINE_BYTES >> 20} MB`]) };
    else if (line.trim() !== '')
      yield { place, result: readLine(number === 1 ? line.replace(/^\ufeff/, '') : line, mapping) };
  }
}

/** null = too long; its rest is passed over. */
async function* linesOf(file: string): AsyncGenerator<string | null> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  const take = (): string | null => {
    const line = bytes > MAX_LINE_BYTES ? null : Buffer.concat(pieces).toString('utf8');
    pieces = [];
    bytes = 0;
    return line;
  };
  const add = (piece: Buffer): void => {
    bytes += piece.length;
    if (bytes > MAX_LINE_BYTES) pieces = [];
    else pieces.push(piece);
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      add(chunk.subarray(from, end));
      from = end + 1;
      yield take();
    }
    add(chunk.subarray(from));
  }
  if (bytes > 0) yield take();
}

async function* evalItems(file: string, shown: string, mapping: Mapping): AsyncGenerator<Item> {
  try {
    const header = await headerOf(file, shown, mapping);
    for await (const entry of zipEntries(file, MAX_DOCUMENT_BYTES)) {
      if (!/^samples\/.+\.json$/s.test(entry.name)) continue;
      const place = `${shown}: ${entry.name}`;
      const sample = parseJson(await entry.text());
      if (sample.kind === 'err') yield { place, result: err([sample.error]) };
      else yield { place, result: readSample({ header, sample: sample.value, mapping }) };
    }
  } catch (cause) {
    if (cause instanceof ZipError) throw new CommandError(`${shown} ${cause.message}`);
    throw cause;
  }
}

/** A log that is still being written, or was stopped, has only the beginning of its journal. */
async function headerOf(file: string, shown: string, mapping: Mapping): Promise<InspectHeader> {
  let found: ZipEntry | null = null;
  for await (const entry of zipEntries(file, MAX_DOCUMENT_BYTES)) {
    if (entry.name !== 'header.json' && entry.name !== '_journal/start.json') continue;
    found = entry;
    const value = parseJson(await entry.text());
    if (value.kind === 'ok' && isInspectLog(value.value)) return readHeader(value.value, mapping);
  }
  throw new CommandError(
    `${shown} is a zip file but no log of Inspect: ${found ? 'its header is damaged' : 'it has no header.json'}`,
  );
}
