// CSV scenario files with a header.

import type { Location } from '../../core/diagnostic.ts';
import type { ScenarioMap } from '../../core/generated/experiment.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { JsonSyntaxError } from '../../core/json-scan.ts';
import { openText } from '../documents/document.ts';
import type { ScenarioEntry, ScenarioList, ScenarioSource } from '../documents/origin.ts';
import { didYouMean } from '../errors/nearest.ts';
import { locationAt, type Target } from '../errors/place.ts';
import { cellJson, cellTags, cellValue } from './cell.ts';
import { dialectOf } from './csv-dialect.ts';
import { csvParser } from './csv-parser.ts';
import { reportEmpty } from './empty.ts';
import { locateMapped, readEntry, reportForeign } from './entry.ts';
import { fieldsOf } from './map.ts';
import { isPromptfoo, promptfooClash, promptfooPath, readPromptfooRow, tellNotes } from './promptfoo.ts';

/** The parser holds the file and its records at once. */
const MAX_BYTES = 64_000_000;
const COLUMNS = ['id', 'input', 'category', 'tags', 'description', 'expect', 'tools', 'tool_results'];

export async function readCsv(source: ScenarioSource): Promise<ScenarioList | null> {
  const text = openText({ ...source, maxBytes: MAX_BYTES });
  if (text === null) return null;
  const table = await parseTable(source, text);
  if (table === null) return null;
  const { header, rows } = table;
  if (!isSoundHeader(source, table)) return null;
  if (rows.length === 0) {
    reportEmpty(source, 'has a header and no rows');
    return null;
  }
  const scenarios = rows.flatMap((row, index) => {
    const entry = readRow({ source, header: header.cells, row });
    return entry ? [{ ...entry, index }] : [];
  });
  const locate = (index: number, target: Target) => {
    const at = { source, header: header.cells, row: rows[index]! };
    const inRow = (of: Target) => locateInRow({ ...at, target: of });
    if (isTheirs(source, header.cells)) return inRow(inTheirs(header.cells, target));
    if (source.mapping === null) return inRow(target);
    return locateMapped(source, { value: cellsOf(at), locate: inRow })(target);
  };
  return { scenarios, locate, isPromptfoo: isTheirs(source, header.cells) };
}

function isTheirs(source: ScenarioSource, header: readonly string[]): boolean {
  return source.mapping === null && isPromptfoo(header);
}

function inTheirs(header: readonly string[], target: Target): Target {
  return { ...target, path: promptfooPath(header, target.path) };
}

type Row = { readonly cells: readonly string[]; readonly line: number; readonly text: string };
type Table = { readonly header: Row; readonly rows: readonly Row[]; readonly delimiter: string };

async function parseTable(source: ScenarioSource, text: string): Promise<Table | null> {
  const parse = await csvParser();
  const dialect = dialectOf(text, { file: source.file });
  const bytes = Buffer.from(text);
  const body = bytes.subarray(dialect.skip);
  try {
    const records = parse(body, {
      ...{ info: true, relax_column_count: true, skip_empty_lines: true },
      delimiter: dialect.delimiter,
    }) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: { readonly bytes: number };
    }[];
    const [header, ...rows] = placeRows(records, { bytes: body, line: dialect.skip > 0 ? 2 : 1 });
    if (header) return { header, rows, delimiter: dialect.delimiter };
    const location = { file: source.file, line: 1, column: 1, length: 1, sourceLine: null };
    source.findings.add(source.file, () => ({
      code: 'csv',
      message: 'the file is empty',
      hint: 'its first line is a header: id,input',
      location,
    }));
  } catch (error) {
    const { code, message, lines } = error as {
      readonly code?: string;
      readonly message: string;
      readonly lines?: number;
    };
    // Errors of the parser carry a code of its own; anything else is a bug.
    if (code === undefined || lines === undefined) throw error;
    source.findings.add(source.file, () => ({
      ...{ code: 'csv', message: CSV_ERRORS[code] ?? `not valid CSV: ${message.slice(0, 200)}` },
      location: {
        ...locationAt({
          file: source.file,
          text: text.split('\n')[lines - 1 + (dialect.skip > 0 ? 1 : 0)] ?? '',
          spot: { offset: 0, length: 1 },
        }),
        line: lines + (dialect.skip > 0 ? 1 : 0),
      },
      hint: 'a cell that holds a comma, a quote or a line end stands in double quotes; a quote inside is doubled: ""',
    }));
  }
  return null;
}

const CSV_ERRORS: { readonly [code: string]: string | undefined } = {
  CSV_QUOTE_NOT_CLOSED: 'not valid CSV: the double quote of a cell is never closed',
  INVALID_OPENING_QUOTE: 'not valid CSV: a double quote stands inside a cell that does not begin with one',
  CSV_INVALID_CLOSING_QUOTE: 'not valid CSV: text follows the closing double quote of a cell',
};

/** The parser's own line numbers go wrong after a CRLF inside a cell; its byte offsets do not. */
function placeRows(
  records: readonly { readonly record: readonly string[]; readonly info: { readonly bytes: number } }[],
  at: { readonly bytes: Buffer; readonly line: number },
): readonly Row[] {
  const { bytes } = at;
  let { line } = at;
  let offset = 0;
  return records.map(({ record, info }) => {
    const written = bytes.toString('utf8', offset, info.bytes);
    const text = written.replace(/^[\r\n]+/, '');
    const first = line + newlines(written.slice(0, written.length - text.length));
    line += newlines(written);
    offset = info.bytes;
    return { cells: record, line: first, text };
  });
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function isSoundHeader(source: ScenarioSource, { header, rows, delimiter }: Table): boolean {
  let sound = true;
  const wrong = (
    name: string,
    said: { readonly code: string; readonly message: string; readonly hint: string | null },
  ) => {
    sound = false;
    source.findings.add(source.file, () => ({
      ...said,
      location: locateText(source, { row: header, needle: name }),
    }));
  };
  if (isTheirs(source, header.cells)) {
    const clash = promptfooClash(header.cells);
    if (clash === null) return true;
    wrong(clash[0], {
      code: 'duplicate-key',
      message: `the columns ${JSON.stringify(clash[0])} and ${JSON.stringify(clash[1])} say one thing`,
      hint: 'leave one of them out: a table with "__expected" is read as promptfoo reads it',
    });
    return false;
  }
  const single = header.cells.find((name) => /^_(?:expected\d*|description)$/.test(name));
  if (source.mapping === null && single !== undefined) {
    const said = { code: 'unknown-key', message: `unknown column ${JSON.stringify(single)}` };
    wrong(single, { ...said, hint: `did you mean "_${single}", promptfoo's, with two underscores?` });
    return false;
  }
  const location = () => locateText(source, { row: header, needle: '' });
  const first = cellsOf({ header: header.cells, row: rows[0] ?? { ...header, cells: [] } });
  if (source.mapping === null && header.cells.some((name) => !isKnown(name))) {
    if (reportForeign(source, { row: first, location, isTable: true })) return false;
  }
  const rule = header.cells.find((name) => name.startsWith('expect.'));
  if (source.mapping === null && rule !== undefined && header.cells.includes('expect'))
    wrong(rule, {
      code: 'duplicate-key',
      message: `the column "expect" is all that is expected, and ${JSON.stringify(rule)} a part of it`,
      hint: 'leave one of them out: the whole as JSON, or a column a rule',
    });
  const seen = new Set<string>();
  for (const name of header.cells) {
    const isMapped = source.mapping !== null;
    if (!isMapped && !isKnown(name)) {
      const hint =
        didYouMean(name, COLUMNS) ??
        otherDelimiter(name, delimiter) ??
        `a variable of the template is a column "vars.${name.trim() || 'x'}", a rule of what is expected "expect.contains"; known columns: ${COLUMNS.join(', ')}; columns of other names are mapped: scenarios: { files: ${JSON.stringify(source.shown)}, map: { input: ... } }`;
      wrong(name, { code: 'unknown-key', message: `unknown column ${JSON.stringify(name)}`, hint });
    }
    // Tables of others have nameless columns, and columns that nobody reads.
    if (seen.has(name) && (!isMapped || columnsOf(source.mapping!.map).has(name)))
      wrong(name, {
        code: 'duplicate-key',
        message: `two columns are named ${JSON.stringify(name)}`,
        hint: null,
      });
    seen.add(name);
  }
  return sound;
}

function isKnown(name: string): boolean {
  return COLUMNS.includes(name) || /^(?:vars|expect)\../s.test(name);
}

function columnsOf(map: ScenarioMap): ReadonlySet<string> {
  return new Set(fieldsOf(map).map(({ column }) => column));
}

/** A header that is one column of many words was written with something else between them. */
function otherDelimiter(name: string, delimiter: string): string | null {
  const other = [';', '\t', '|', ','].find((one) => one !== delimiter && name.includes(one));
  if (other === undefined) return null;
  const shown = other === '\t' ? 'a tab' : JSON.stringify(other);
  return `are the columns separated by ${shown}? Say so in the first line: sep=${other === '\t' ? '<tab>' : other}`;
}

type RowAt = { readonly source: ScenarioSource; readonly header: readonly string[]; readonly row: Row };

function readRow(at: RowAt): Omit<ScenarioEntry, 'index'> | null {
  const { source, header, row } = at;
  const { file, findings } = source;
  if (row.cells.length !== header.length) {
    const message = `this row has ${row.cells.length} cells, the header has ${header.length}`;
    const hint = 'a cell that holds a comma stands in double quotes';
    findings.add(
      file,
      () => ({ code: 'csv', message, hint, location: locateText(source, { row, needle: '' }) }),
      message,
    );
    return null;
  }
  const locate = (target: Target) => locateInRow({ ...at, target });
  if (source.mapping !== null)
    return readEntry(source, { value: cellsOf(at), line: row.line, locate, cells: true });
  if (isTheirs(source, header)) return readTheirs(at);
  const { raw, problems } = rawOf(header, row.cells);
  for (const { column, error } of problems)
    findings.add(
      file,
      () => ({
        ...{ code: error.code, message: `the cell of ${JSON.stringify(column)}: ${error.message}` },
        ...{ hint: error.hint, location: locate({ path: [column], part: 'value' }) },
      }),
      `${column} ${error.message}`,
    );
  return problems.length > 0 ? null : readEntry(source, { value: raw, line: row.line, locate, cells: true });
}

function readTheirs({ source, header, row }: RowAt): Omit<ScenarioEntry, 'index'> | null {
  const at = { source, header, row };
  const { raw, told } = readPromptfooRow(header, row.cells);
  tellNotes(source, {
    notes: told,
    locate: (column) => locateInRow({ ...at, target: { path: [column], part: 'value' } }),
  });
  if (told.some(({ severity }) => severity === 'error')) return null;
  const locate = (target: Target) => locateInRow({ ...at, target: inTheirs(header, target) });
  return readEntry(source, { value: raw, line: row.line, locate, cells: true });
}

/** fromEntries defines members and assigns none: `__proto__` is a name like any other. */
function cellsOf({ header, row }: Pick<RowAt, 'header' | 'row'>): JsonObject {
  return Object.fromEntries(header.map((name, i) => [name, row.cells[i] ?? '']));
}

type Problem = { readonly column: string; readonly error: JsonSyntaxError };

/** An empty cell says nothing, except for a variable, where it is empty text: the template reads it in every row. */
function rawOf(
  header: readonly string[],
  cells: readonly string[],
): { readonly raw: JsonObject; readonly problems: readonly Problem[] } {
  const fields: { [name: string]: Json } = {};
  const vars: [string, string][] = [];
  const rules: [string, Json][] = [];
  const problems: Problem[] = [];
  for (const [i, name] of header.entries()) {
    const cell = cells[i]!;
    if (name.startsWith('vars.')) vars.push([name.slice('vars.'.length), cell]);
    else if (cell === '') continue;
    else if (name.startsWith('expect.')) {
      const read = cellValue(cell);
      if (read.kind === 'ok') rules.push([name.slice('expect.'.length), read.value]);
      else problems.push({ column: name, error: read.error });
    } else if (name === 'tags') fields.tags = cellTags(cell);
    else {
      const read = READ[name]?.(cell) ?? { kind: 'ok' as const, value: cell };
      if (read.kind === 'ok') fields[name] = read.value;
      else problems.push({ column: name, error: read.error });
    }
  }
  // fromEntries defines members and assigns none: `vars.__proto__` is a name like any other.
  if (rules.length > 0) fields.expect = Object.fromEntries(rules) as JsonObject;
  if (vars.length > 0) fields.vars = Object.fromEntries(vars) as JsonObject;
  return { raw: fields, problems };
}

const READ: { readonly [column: string]: typeof cellValue | undefined } = {
  expect: cellValue,
  tools: cellJson,
  tool_results: cellJson,
};

function locateInRow(at: RowAt & { readonly target: Target }): Location {
  const { path } = at.target;
  // The longest beginning of the path that is a column: `vars.city`, `a.b`, or `messages` of `messages[0]`.
  const ends = [...path.keys()].map((i) => path.slice(0, path.length - i).join('.'));
  const column =
    ends.map((name) => at.header.indexOf(name)).find((i) => i >= 0) ?? (path.length === 0 ? -1 : 0);
  return locateText(at.source, { row: at.row, needle: at.target.needle ?? at.row.cells[column] ?? '' });
}

/** The cell by its text, where it is written as it reads; otherwise the row. */
function locateText(source: ScenarioSource, at: { readonly row: Row; readonly needle: string }): Location {
  const { row, needle } = at;
  const found = needle === '' ? -1 : row.text.indexOf(needle);
  const spot = found < 0 ? { offset: 0, length: row.text.length } : { offset: found, length: needle.length };
  const location = locationAt({ file: source.file, text: row.text, spot });
  return { ...location, line: row.line + location.line - 1 };
}
