// A table of results (CSV, TSV) -> objects by its header, row by row. A cell is text; where a number is meant it is one.
import { createReadStream } from 'node:fs';
import { COUNTS, USUAL } from '../../answers/names.ts';
import { parseJson } from '../../answers/values.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { readUtf8 } from '../../core/utf8.ts';
import { parseStrictly } from '../../exchange/strict.ts';
import { dialectOf } from '../../manifest/scenarios/csv-dialect.ts';
import { csvRows } from '../../manifest/scenarios/csv-parser.ts';
import { beginningOf, MAX_LINE_BYTES } from './import-text.ts';

type Columns = {
  readonly header: readonly string[];
  readonly numbers: ReadonlySet<string>;
  /** An export of ours. */
  readonly isOwn: boolean;
};

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
  let isOwn = false;
  let isSound: boolean | null = null;
  const source = createReadStream(file, { start: skip });
  try {
    for await (const { cells, line } of csvRows(source, {
      delimiter,
      firstLine: skip > 0 ? 2 : 1,
      maxRowBytes: MAX_LINE_BYTES,
    })) {
      if (header === null) {
        header = cells.map((name) => name.trim().normalize('NFC'));
        isOwn = ['experiment', 'standing', 'key'].every((name) => header!.includes(name));
        const twin = header.find((name, i) => name !== '' && header!.indexOf(name) !== i);
        if (twin === undefined) continue;
        yield { line, row: err(`has two columns ${JSON.stringify(twin)}`) };
        return;
      }
      // The parser puts U+FFFD where bytes are no UTF-8, and a model may have said it: the file's bytes tell which it is.
      const broken = cells.findIndex((cell) => cell.includes('\ufffd'));
      if (broken >= 0) isSound ??= await isUtf8(file, skip);
      yield broken >= 0 && isSound === false
        ? { line, row: err(`is not UTF-8 in column ${JSON.stringify(header[broken] ?? '')}`) }
        : { line, row: rowOf({ header, cells, numbers, isOwn }) };
    }
  } catch (cause) {
    const { code, message, lines } = cause as { code?: string; message: string; lines?: number };
    if (code === undefined) throw cause;
    yield { line: lines ?? 1, row: err(`is no CSV: ${message.slice(0, 200)}`) };
  } finally {
    source.destroy();
  }
}

function rowOf(input: Columns & { readonly cells: readonly string[] }): Result<JsonObject, string> {
  const { header, cells } = input;
  if (cells.length !== header.length)
    return err(`has ${cells.length} cells, the header has ${header.length}`);
  const members: [string, Json][] = [];
  const nested = new Map<string, [string, Json][]>();
  for (const [i, name] of header.entries()) {
    const cell = cells[i]!;
    if (name === '' || cell === '') continue;
    const read = cellOf(name, cell, input);
    if (read.kind === 'err') return err(`has a column ${JSON.stringify(name)} that ${read.error}`);
    const { value } = read;
    members.push([name, value]);
    const [, outer, inner] = /^([A-Za-z]\w*)\.([A-Za-z]\w*)$/.exec(name) ?? [];
    if (outer !== undefined && inner !== undefined && !header.includes(outer))
      nested.set(outer, [...(nested.get(outer) ?? []), [inner, value]]);
  }
  for (const [outer, inside] of nested) members.push([outer, Object.fromEntries(inside)]);
  return ok(Object.fromEntries(members));
}

/** JSON in cells of these is read as JSON; the text of an answer stays a text whatever it looks like. */
const OBJECTS = new Set([...USUAL.usage, ...USUAL.properties, 'inputs', 'outputs', 'extra', 'unknown']);

/** JSON as well, which the reader of answers takes out of a text: what it would lose in silence is refused here. */
const TEXTS = new Set<string>([...USUAL.tool_calls, ...USUAL.messages, ...USUAL.output_messages]);

function cellOf(name: string, cell: string, { numbers, isOwn }: Columns): Result<Json, string> {
  if (numbers.has(name) || numbers.has(name.replace(/^.*\./, ''))) return ok(numberOf(cell));
  const isObject = OBJECTS.has(name);
  if (!(isObject || TEXTS.has(name)) || !/^\s*[{[]/.test(cell)) return ok(cell);
  const parsed = parseJson(cell);
  if (parsed.kind === 'err') return ok(cell);
  // What we wrote ourselves says exactly what was kept.
  const strict = isOwn ? parsed : parseStrictly(cell);
  return strict.kind === 'err' || isObject ? strict : ok(cell);
}

/** A number where nothing of it is lost; else the text, which the reader refuses where a number is meant. */
function numberOf(cell: string): Json {
  if (!/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(cell)) return cell;
  const number = Number(cell);
  const isKept = /^-?\d+$/.test(cell) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return isKept ? number : cell;
}

function numberColumns(fields: { readonly [ours: string]: string }): ReadonlySet<string> {
  const ours = ['run', 'cost_usd', 'temperature', 'seed', 'latency_ms', 'latency_s'] as const;
  return new Set([
    ...Object.values(COUNTS).flatMap(({ flat }) => [...flat]),
    ...ours.flatMap((name) => [...USUAL[name], ...(fields[name] === undefined ? [] : [fields[name]])]),
    ...Object.keys(COUNTS).flatMap((name) => fields[name] ?? []),
  ]);
}

async function isUtf8(file: string, start: number): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of createReadStream(file, { start }) as AsyncIterable<Buffer>)
      decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch (cause) {
    if (cause instanceof TypeError) return false;
    throw cause;
  }
}

/** A header: no JSON, and more than one name on its first line. */
export function looksLikeTable(file: string): boolean {
  if (/\.(csv|tsv)$/i.test(file)) return true;
  const text = readUtf8(beginningOf(file, 1 << 12));
  const [first = ''] = (text.kind === 'ok' ? text.value : '').split('\n', 1);
  return /^\s*"?[A-Za-z_][^{}[\]]*[,;\t]/.test(first);
}
