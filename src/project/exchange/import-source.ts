// A file of results from elsewhere, read item by item, as often as it is asked: JSONL line by line, logs sample by sample.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readAnswer } from '../../answers/answer.ts';
import { conversationOf } from '../../answers/messages.ts';
import { metadataIn, metadataOfName } from '../../answers/metadata.ts';
import { listOf, parseJson } from '../../answers/values.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { readUtf8 } from '../../core/utf8.ts';
import { type Imported, type ImportFormat, type Item, inNfc, type Mapping } from '../../exchange/imported.ts';
import { isInspectLog, readHeader, readSample } from '../../exchange/read-inspect.ts';
import { isPromptfoo, isPromptfooLine, readPromptfoo } from '../../exchange/read-promptfoo.ts';
import { isTestCase } from '../../exchange/read-row.ts';
import { parseDocument } from '../../exchange/strict.ts';
import { CommandError } from '../open/command-error.ts';
import { evalItems } from './import-eval.ts';
import type { ImportFile } from './import-files.ts';
import { makeRows, type Rows } from './import-rows.ts';
import { looksLikeTable, tableRows } from './import-table.ts';
import { beginningOf, checkKind, linesOf } from './import-text.ts';

/** A document has to be in memory as a whole. */
const MAX_DOCUMENT_BYTES = 256 << 20;

/** What is larger has results in it, or is told as a mistake. */
const MAX_SUMMARY_BYTES = 4 << 20;

export type Source = { readonly format: ImportFormat; items(): AsyncIterable<Item> };

export type OpenedAs = {
  readonly format: ImportFormat | null;
  readonly mapping: Mapping;
  /** Requests of a batch by their ids. */
  readonly requests: ReadonlyMap<string, JsonObject>;
};

/**
 * null = what a folder holds beside its results, as a summary of them.
 * @throws CommandError where the file is of no format that is known, or cannot be read.
 */
export function openSource(file: ImportFile, as: OpenedAs): Source | null {
  const source = sourceOf(file, as);
  if (source === null) return null;
  return {
    ...source,
    async *items() {
      for await (const { place, result } of source.items())
        yield { place, result: result.kind === 'ok' ? ok(inNfc(result.value)) : result };
    },
  };
}

function sourceOf({ file, shown, isFound }: ImportFile, as: OpenedAs): Source | null {
  const { mapping, format } = as;
  if (checkKind(file, shown).isZip) {
    if (format !== null && format !== 'inspect')
      throw new CommandError(`${shown} is a zip file: only Inspect writes its logs so`);
    if (!/\.eval$/i.test(file) && /\.(xlsx|zip|docx)$/i.test(file))
      throw new CommandError(
        `${shown} is a zip archive, or a spreadsheet; unpack it, or save the sheet as CSV (UTF-8)`,
      );
    return {
      format: 'inspect',
      items: () => evalItems({ file, shown, mapping, maxBytes: MAX_DOCUMENT_BYTES }),
    };
  }
  const about = metadataOf(file, mapping.known);
  const rows = (): Rows => makeRows({ file, about, ...as });
  const kind = format === 'jsonl' ? 'lines' : format === 'csv' ? 'table' : kindOf(file, shown);
  if (isFound && kind !== 'table' && isNoResult(file, mapping)) return null;
  if (kind === 'table')
    return { format: 'csv', items: () => tableItems({ file, shown, rows: rows(), mapping }) };
  if (kind === 'lines') {
    const { isOwn, isPrompts } = firstLine(file);
    const told: ImportFormat = isOwn ? 'expgraph' : isPrompts ? 'promptfoo' : 'jsonl';
    return { format: told, items: () => lineItems({ file, shown, rows: rows() }) };
  }
  const value = documentOf(file, shown);
  const document = openDocument({ value, shown, mapping, rows, wanted: format });
  if (document !== null) return document;
  throw new CommandError(
    format === null || format === 'json'
      ? `${shown} is no list of results, no log of Inspect and no output of promptfoo; --format jsonl reads one result a line`
      : `${shown} is no ${format} document; --format jsonl reads one result a line`,
  );
}

function metadataOf(file: string, known: ReadonlySet<string>): JsonObject {
  const name = path.basename(file).normalize('NFC');
  const told = metadataOfName(name, known);
  // `applike_run2.jsonl` names its variant, whether the manifest has it or not.
  return told.variant === undefined && told.run !== undefined
    ? { ...metadataOfName(name, new Set()), ...told }
    : told;
}

function kindOf(file: string, shown: string): 'table' | 'lines' | 'document' {
  const bytes = beginningOf(file, 1 << 16);
  const text = bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  if (/^sep=.\r?\n/i.test(text)) return 'table';
  if (text.startsWith('[')) return 'document';
  if (!text.startsWith('{')) {
    if (looksLikeTable(file)) return 'table';
    if (/\.(jsonl|ndjson)$/i.test(file)) return 'lines';
    throw new CommandError(
      `${shown} is neither JSON nor a table: it begins with ${JSON.stringify(text.slice(0, 40))}`,
    );
  }
  const [first = ''] = text.split('\n', 1);
  const parsed = parseJson(first);
  if (parsed.kind === 'ok') {
    const { value } = parsed;
    const isDocument =
      isInspectLog(value) || isPromptfoo(value) || (isJsonObject(value) && listIn(value) !== null);
    return isDocument ? 'document' : 'lines';
  }
  const isCut = !text.includes('\n') && bytes.length === 1 << 16;
  if (isCut)
    return /^\{\s*"(?:version|status|eval|evalId|results|testCases)"/.test(text) ? 'document' : 'lines';
  // The first line of a document that is written over many is an opening brace; one with more is a line that is broken.
  return /^\{\s*$/.test(first) || !/\.(jsonl|ndjson)$/i.test(file) ? 'document' : 'lines';
}

function firstLine(file: string): { readonly isOwn: boolean; readonly isPrompts: boolean } {
  const [first = ''] = beginningOf(file, 1 << 16)
    .toString('utf8')
    .split('\n', 1);
  const isOwn = /^\{"type":"(?:run_metadata|scenario_result)","v":1,/.test(first);
  const parsed = isOwn ? null : parseJson(first.replace(/^\ufeff/, ''));
  return { isOwn, isPrompts: parsed?.kind === 'ok' && isPromptfooLine(parsed.value) };
}

function documentOf(file: string, shown: string): Json {
  const { size } = statSync(file);
  if (size > MAX_DOCUMENT_BYTES) {
    throw new CommandError(
      `${shown} has ${size >> 20} MB; a JSON document may have ${MAX_DOCUMENT_BYTES >> 20} MB (JSONL and .eval may be larger)`,
    );
  }
  const text = readUtf8(readFileSync(file));
  if (text.kind === 'err') throw new CommandError(`${shown} ${text.error.message}`);
  const parsed = parseDocument(text.value);
  if (parsed.kind === 'err') throw new CommandError(`${shown} ${parsed.error}`);
  return parsed.value;
}

/** One object that answers nothing, and is no list of what does: short, and named as JSON. */
function isNoResult(file: string, { fields }: Mapping): boolean {
  if (!/\.json$/i.test(file) || statSync(file).size > MAX_SUMMARY_BYTES) return false;
  const parsed = parseJson(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
  if (parsed.kind === 'err' || !isJsonObject(parsed.value)) return false;
  const { value } = parsed;
  if (isInspectLog(value) || isPromptfoo(value) || listIn(value) !== null) return false;
  const { text, toolCalls, error, mistakes } = readAnswer(value, { fields, setting: () => '' });
  return text === null && toolCalls.length === 0 && error === null && mistakes.length === 0;
}

/** Results among other things: of deepeval, of LangSmith, of whoever calls them so. */
function listIn(value: JsonObject): readonly Json[] | null {
  for (const name of [
    'testCases',
    'test_cases',
    'results',
    'runs',
    'rows',
    'records',
    'examples',
    'samples',
    'items',
    'data',
  ]) {
    const list = value[name];
    if (Array.isArray(list) && list.length > 0 && (list as readonly Json[]).every(isJsonObject)) return list;
  }
  return null;
}

function openDocument(input: {
  readonly value: Json;
  readonly shown: string;
  readonly mapping: Mapping;
  readonly rows: () => Rows;
  readonly wanted: ImportFormat | null;
}): Source | null {
  const { value, shown, mapping, wanted } = input;
  const items = (what: string, read: () => Iterable<Result<Imported, readonly string[]>>): Source['items'] =>
    async function* () {
      let n = 0;
      for (const result of read()) yield { place: `${shown}: ${what} ${++n}`, result };
    };
  if (isInspectLog(value) && (wanted === null || wanted === 'inspect')) {
    const header = readHeader(value, mapping);
    const read = () => listOf(value.samples).map((sample) => readSample({ header, sample, mapping }));
    return { format: 'inspect', items: items('sample', read) };
  }
  if (isPromptfoo(value) && (wanted === null || wanted === 'promptfoo'))
    return { format: 'promptfoo', items: items('result', () => readPromptfoo(value, mapping)) };
  if (wanted !== null && wanted !== 'json') return null;
  const conversation = conversationOf(value);
  const list =
    conversation !== null ? [{ messages: value }] : isJsonObject(value) ? listIn(value) : listOf(value);
  const isOne = list === null && isJsonObject(value);
  if (list?.length === 0 || (list === null && !isOne)) return null;
  const beside =
    isJsonObject(value) && list !== null ? metadataIn({ type: 'metadata', ...value }, mapping.fields) : null;
  return {
    format: 'json',
    items: items('result', function* () {
      const rows = input.rows();
      if (beside !== null && !(list ?? []).some((one) => isJsonObject(one) && isTestCase(one)))
        rows.tell(beside);
      rows.prepare(list ?? [value]);
      for (const one of list ?? [value]) {
        const read = rows.read(one);
        if (read !== null) yield read;
      }
    }),
  };
}

async function* tableItems(input: {
  readonly file: string;
  readonly shown: string;
  readonly rows: Rows;
  readonly mapping: Mapping;
}): AsyncGenerator<Item> {
  for await (const { line, row } of tableRows(input.file, input.mapping.fields)) {
    const place = `${input.shown}:${line}`;
    if (row.kind === 'err') yield { place, result: err([row.error]) };
    else {
      const result = input.rows.readCells(row.value);
      if (result !== null) yield { place, result };
    }
  }
}

async function* lineItems(input: {
  readonly file: string;
  readonly shown: string;
  readonly rows: Rows;
}): AsyncGenerator<Item> {
  const { file, shown, rows } = input;
  if (firstLine(file).isPrompts) {
    // What a description is worth is known when all lines were seen.
    for await (const line of linesOf(file)) {
      const parsed = line.kind === 'ok' && line.value.trim() !== '' ? parseJson(line.value) : null;
      if (parsed?.kind === 'ok') rows.prepare([parsed.value]);
    }
  }
  let number = 0;
  for await (const line of linesOf(file)) {
    number++;
    const place = `${shown}:${number}`;
    if (line.kind === 'err') yield { place, result: err([line.error]) };
    else if (line.value.trim() !== '') {
      const result = rows.readText(line.value);
      if (result !== null) yield { place, result };
    }
  }
}
