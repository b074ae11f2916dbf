// A table of results (CSV, TSV) -> objects by its header, row by row. A cell is text; where a number is meant it is one.
import { createReadStream } from 'node:fs';
import { COUNTS, USUAL } from '../answers/names.ts';
import { parseJson } from '../answers/values.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import { readUtf8 } from '../core/utf8.ts';
import { dialectOf } from '../manifest/csv-dialect.ts';
import { csvRows } from '../manifest/csv-parser.ts';
import { beginningOf, MAX_LINE_BYTES } from './import-text.ts';

export type TableRow = { readonly line: number; readonly row: Result<JsonObject, string> };

export async function* tableRows(
  file: string,
  fields: { readonly [ours: string]: string },
): AsyncGenerator<TableRow> {
  const head = beginningOf(file, 1 << 16)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const { delimiter, skip } = dialectOf(head, { file });
  const numbers = numberColumns(fields);
  let header: readonly string[] | null = null;
  const source = createReadStream(file, { start: skip });
  try {
    for await (const { cells, line } of csvRows(source, {
      ...{ delimiter, firstLine: skip > 0 ? 2 : 1, maxRowBytes: MAX_LINE_BYTES },
    })) {
      if (header === null) {
        header = cells.map((name) => name.trim().normalize('NFC'));
        const twin = header.find((name, i) => name !== '' && header!.indexOf(name) !== i);
        if (twin === undefined) continue;
        yield { line, row: err(`has two columns ${JSON.stringify(twin)}`) };
        return;
      }
      yield { line, row: rowOf({ header, cells, numbers }) };
    }
  } catch (cause) {
    const { code, message, lines } = cause as { code?: string; message: string; lines?: number };
    if (code === undefined) throw cause;
    yield { line: lines ?? 1, row: err(`is no CSV: ${message.slice(0, 200)}`) };
  } finally {
    source.destroy();
  }
}

function rowOf(of: {
  readonly header: readonly string[];
  readonly cells: readonly string[];
  readonly numbers: ReadonlySet<string>;
}): Result<JsonObject, string> {
  const { header, cells, numbers } = of;
  if (cells.length !== header.length)
    return err(`has ${cells.length} cells, the header has ${header.length}`);
  // The parser puts U+FFFD where bytes are no UTF-8: what stands there really is not known any more.
  const broken = cells.findIndex((cell) => cell.includes('\ufffd'));
  if (broken >= 0) return err(`is not UTF-8 in column ${JSON.stringify(header[broken])}`);
  const members: [string, Json][] = [];
  const nested = new Map<string, [string, Json][]>();
  for (const [i, name] of header.entries()) {
    const cell = cells[i]!;
    if (name === '' || cell === '') continue;
    const value = cellOf(name, cell, numbers);
    members.push([name, value]);
    const [, outer, inner] = /^([A-Za-z]\w*)\.([A-Za-z]\w*)$/.exec(name) ?? [];
    if (outer !== undefined && inner !== undefined && !header.includes(outer))
      nested.set(outer, [...(nested.get(outer) ?? []), [inner, value]]);
  }
  for (const [outer, inside] of nested) members.push([outer, Object.fromEntries(inside)]);
  return ok(Object.fromEntries(members));
}

/** Objects of these are objects; the text of an answer stays a text whatever it looks like. */
const OBJECTS = new Set([...USUAL.usage, ...USUAL.properties, 'inputs', 'outputs', 'extra', 'unknown']);

function cellOf(name: string, cell: string, numbers: ReadonlySet<string>): Json {
  if (
    (numbers.has(name) || numbers.has(name.replace(/^.*\./, ''))) &&
    /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(cell)
  )
    return Number(cell);
  if (!OBJECTS.has(name) || !/^\s*[{[]/.test(cell)) return cell;
  const parsed = parseJson(cell);
  return parsed.kind === 'ok' && (isJsonObject(parsed.value) || Array.isArray(parsed.value))
    ? parsed.value
    : cell;
}

function numberColumns(fields: { readonly [ours: string]: string }): ReadonlySet<string> {
  const ours = ['run', 'cost_usd', 'temperature', 'seed', 'latency_ms', 'latency_s'] as const;
  return new Set([
    ...Object.values(COUNTS).flatMap(({ flat }) => [...flat]),
    ...ours.flatMap((name) => [...USUAL[name], ...(fields[name] === undefined ? [] : [fields[name]])]),
    ...Object.keys(COUNTS).flatMap((name) => fields[name] ?? []),
  ]);
}

/** A header: no JSON, and more than one name on its first line. */
export function looksLikeTable(file: string): boolean {
  if (/\.(csv|tsv)$/i.test(file)) return true;
  const text = readUtf8(beginningOf(file, 1 << 12));
  const [first = ''] = (text.kind === 'ok' ? text.value : '').split('\n', 1);
  return /^\s*"?[A-Za-z_][^{}[\]]*[,;\t]/.test(first);
}
