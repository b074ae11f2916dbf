// CSV scenario files with a header: each row as a scenario is written elsewhere.
import type { Location } from '../../core/diagnostic.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { JsonSyntaxError } from '../../core/json-scan.ts';
import type { ScenarioList, ScenarioSource } from '../documents/origin.ts';
import type { Target } from '../errors/place.ts';
import { cellJson, cellTags, cellValue } from './cell.ts';
import { cellsOf, isSoundHeader, isTheirs } from './csv-header.ts';
import { type CsvRow, locateText, readTable } from './csv-table.ts';
import { reportEmpty } from './empty.ts';
import { type Place, type Row, readEntries } from './entry.ts';
import { promptfooPath, readPromptfooRow, tellNotes } from './promptfoo.ts';

export async function readCsv(source: ScenarioSource): Promise<ScenarioList | null> {
  const table = await readTable(source);
  if (table === null || !isSoundHeader(source, table)) return null;
  if (table.rows.length === 0) {
    reportEmpty(source, 'has a header and no rows');
    return null;
  }
  const header = table.header.cells;
  const read: CsvRow[] = [];
  const list = readEntries(source, {
    rows: rowsOf({ source, header }, { rows: table.rows, read }),
    placeOf: (index) => placeOf({ source, header, row: read[index]! }),
  });
  return { ...list, isPromptfoo: isTheirs(source, header) };
}

type TableAt = { readonly source: ScenarioSource; readonly header: readonly string[] };
type RowAt = TableAt & { readonly row: CsvRow };

/** @param of.read each row that is handed on, for whoever looks for its place */
function* rowsOf(
  table: TableAt,
  input: { readonly rows: readonly CsvRow[]; readonly read: CsvRow[] },
): Generator<Row> {
  for (const row of input.rows) {
    const value = readRow({ ...table, row });
    if (value === null) continue;
    input.read.push(row);
    const { locate } = placeOf({ ...table, row });
    yield { value, line: row.line, locate, cells: true };
  }
}

function placeOf(input: RowAt): Place {
  const { source, header, row } = input;
  const theirs = isTheirs(source, header);
  return {
    value: cellsOf(header, row.cells),
    locate: (target) =>
      locateInRow({
        ...input,
        target: theirs ? { ...target, path: promptfooPath(header, target.path) } : target,
      }),
  };
}

/** null: it is no row, which was said. */
function readRow(input: RowAt): JsonObject | null {
  const { source, header, row } = input;
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
  const locate = (column: string): Location =>
    locateInRow({ ...input, target: { path: [column], part: 'value' } });
  if (source.mapping !== null) return cellsOf(header, row.cells);
  if (isTheirs(source, header)) {
    const { raw, told } = readPromptfooRow(header, row.cells);
    tellNotes(source, { notes: told, locate });
    return told.some(({ severity }) => severity === 'error') ? null : raw;
  }
  const { raw, problems } = rawOf(header, row.cells);
  for (const { column, error } of problems)
    findings.add(
      file,
      () => ({
        code: error.code,
        message: `the cell of ${JSON.stringify(column)}: ${error.message}`,
        hint: error.hint,
        location: locate(column),
      }),
      `${column} ${error.message}`,
    );
  return problems.length > 0 ? null : raw;
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

function locateInRow(input: RowAt & { readonly target: Target }): Location {
  const { path } = input.target;
  // The longest beginning of the path that is a column: `vars.city`, `a.b`, or `messages` of `messages[0]`.
  const ends = [...path.keys()].map((i) => path.slice(0, path.length - i).join('.'));
  const column =
    ends.map((name) => input.header.indexOf(name)).find((i) => i >= 0) ?? (path.length === 0 ? -1 : 0);
  return locateText(input.source, {
    row: input.row,
    needle: input.target.needle ?? input.row.cells[column] ?? '',
  });
}
