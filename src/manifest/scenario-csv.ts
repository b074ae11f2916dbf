// CSV scenario files with a header. The only file that imports csv-parse; it is loaded where a CSV file is there.
import type { Location } from '../core/diagnostic.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Scenario } from '../core/manifest.ts';
import { plainProblem } from '../core/plain.ts';
import { openText } from './document.ts';
import { didYouMean } from './nearest.ts';
import type { ScenarioList, ScenarioSource } from './origin.ts';
import { locationAt, type Target } from './place.ts';
import { fieldProblems, makeScenario, type RawScenario } from './scenario.ts';
import { mistakesOf } from './validate.ts';

/** The parser holds the file and its records at once. */
const MAX_BYTES = 64_000_000;
const COLUMNS = ['id', 'input', 'category', 'tags', 'description', 'expect'];

export async function readCsv(source: ScenarioSource): Promise<ScenarioList | null> {
  const text = openText({ ...source, maxBytes: MAX_BYTES });
  if (text === null) return null;
  const table = await parseTable(source, text);
  if (table === null) return null;
  const { header, rows } = table;
  if (!isSoundHeader(source, header)) return null;
  const scenarios = rows.flatMap((row, index) => {
    const scenario = readRow({ source, header: header.cells, row });
    return scenario ? [{ ...scenario, index, intents: [] }] : [];
  });
  const locate = (index: number, target: Target) =>
    locateInRow({ source, header: header.cells, row: rows[index]!, target });
  return { scenarios, locate };
}

type Row = { readonly cells: readonly string[]; readonly line: number; readonly text: string };
type Table = { readonly header: Row; readonly rows: readonly Row[] };

async function parseTable(source: ScenarioSource, text: string): Promise<Table | null> {
  const { parse } = await import('csv-parse/sync');
  const bytes = Buffer.from(text);
  try {
    const records = parse(bytes, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: { readonly bytes: number };
    }[];
    const [header, ...rows] = placeRows(records, bytes);
    if (header) return { header, rows };
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
          text: text.split('\n')[lines - 1] ?? '',
          spot: { offset: 0, length: 1 },
        }),
        line: lines,
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
  bytes: Buffer,
): readonly Row[] {
  let line = 1;
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

function isSoundHeader(source: ScenarioSource, header: Row): boolean {
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
  const seen = new Set<string>();
  for (const name of header.cells) {
    if (!COLUMNS.includes(name) && !/^vars\.\S+$/.test(name)) {
      const hint =
        didYouMean(name, COLUMNS) ??
        `a variable of the template is a column "vars.${name.trim() || 'x'}"; known columns: ${COLUMNS.join(', ')}`;
      wrong(name, { code: 'unknown-key', message: `unknown column ${JSON.stringify(name)}`, hint });
    }
    if (seen.has(name))
      wrong(name, {
        code: 'duplicate-key',
        message: `two columns are named ${JSON.stringify(name)}`,
        hint: null,
      });
    seen.add(name);
  }
  if (!seen.has('id'))
    wrong('', {
      code: 'missing-key',
      message: 'the header has no column "id"',
      hint: 'for example: id,input,category',
    });
  return sound;
}

type RowAt = { readonly source: ScenarioSource; readonly header: readonly string[]; readonly row: Row };

function readRow(at: RowAt): { readonly scenario: Scenario; readonly hasInput: boolean } | null {
  const { source, header, row } = at;
  const { file, findings } = source;
  if (row.cells.length !== header.length) {
    const message = `this row has ${row.cells.length} cells, the header has ${header.length}`;
    const hint = 'a cell that holds a comma stands in double quotes';
    findings.add(file, () => ({
      code: 'csv',
      message,
      hint,
      location: locateText(source, { row, needle: '' }),
    }));
    return null;
  }
  const raw = rawOf(header, row.cells);
  const problems = [
    ...mistakesOf('scenario', raw).map(({ path, part, say }) => ({ path, part, say })),
    ...[plainProblem(raw)].flatMap((problem) =>
      problem
        ? [{ path: problem.path, part: 'value' as const, say: () => ({ ...problem, hint: null }) }]
        : [],
    ),
  ];
  const named = problems.length > 0 ? [] : fieldProblems(raw);
  for (const { path, part, say } of problems) {
    findings.add(file, () => {
      const { code, message, hint } = say();
      return { code, message, hint, location: locateInRow({ ...at, target: { path, part } }) };
    });
  }
  for (const { path, message, hint } of named) {
    findings.add(file, () => ({
      code: 'bad-name',
      message,
      hint,
      location: locateInRow({ ...at, target: { path, part: 'value' } }),
    }));
  }
  if (problems.length + named.length > 0) return null;
  return {
    scenario: makeScenario({ raw, defaults: {}, file, line: row.line }),
    hasInput: raw.input !== undefined,
  };
}

/** An empty cell says nothing, except for a variable, where it is empty text: the template reads it in every row. */
function rawOf(header: readonly string[], cells: readonly string[]): RawScenario {
  const fields: { [name: string]: Json } = {};
  const vars: [string, string][] = [];
  for (const [i, name] of header.entries()) {
    const cell = cells[i]!;
    if (name.startsWith('vars.')) vars.push([name.slice('vars.'.length), cell]);
    else if (cell === '') continue;
    else if (name === 'tags')
      fields.tags = cell
        .split(';')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== '');
    else if (name === 'expect') fields.expect = jsonOrText(cell);
    else fields[name] = cell;
  }
  // fromEntries defines members and assigns none: `vars.__proto__` is a name like any other.
  if (vars.length > 0) fields.vars = Object.fromEntries(vars) as JsonObject;
  return fields as unknown as RawScenario;
}

function jsonOrText(cell: string): Json {
  try {
    return JSON.parse(cell) as Json;
  } catch {
    return cell;
  }
}

function locateInRow(at: RowAt & { readonly target: Target }): Location {
  const [field, variable] = at.target.path;
  const column = at.header.indexOf(
    field === 'vars' && variable !== undefined ? `vars.${variable}` : String(field ?? 'id'),
  );
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
