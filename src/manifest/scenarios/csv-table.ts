// The text of a CSV file -> its header and rows, with the place of each.
import type { Location } from '../../core/diagnostic.ts';
import { openText } from '../documents/document.ts';
import type { ScenarioSource } from '../documents/origin.ts';
import { bareLocation, lineIn, locationAt } from '../errors/place.ts';
import { dialectOf } from './csv-dialect.ts';
import { csvParser } from './csv-parser.ts';

/** The parser holds the file and its records at once. */
const MAX_BYTES = 64_000_000;

export type CsvRow = { readonly cells: readonly string[]; readonly line: number; readonly text: string };
export type Table = { readonly header: CsvRow; readonly rows: readonly CsvRow[]; readonly delimiter: string };

/** null: what is wrong is among the findings. */
export async function readTable(source: ScenarioSource): Promise<Table | null> {
  const text = openText({ ...source, maxBytes: MAX_BYTES });
  if (text === null) return null;
  const parse = await csvParser();
  const dialect = dialectOf(text, { file: source.file });
  const bytes = Buffer.from(text);
  const body = bytes.subarray(dialect.skip);
  try {
    const records = parse(body, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      delimiter: dialect.delimiter,
    }) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: { readonly bytes: number };
    }[];
    const [header, ...rows] = placeRows(records, { bytes: body, line: dialect.skip > 0 ? 2 : 1 });
    if (header) return { header, rows, delimiter: dialect.delimiter };
    const location = bareLocation(source.file);
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
    const line = lines + (dialect.skip > 0 ? 1 : 0);
    source.findings.add(source.file, () => ({
      code: 'csv',
      message: CSV_ERRORS[code] ?? `not valid CSV: ${message.slice(0, 200)}`,
      location: lineIn(text, { file: source.file, line, column: 1 }),
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
  input: { readonly bytes: Buffer; readonly line: number },
): readonly CsvRow[] {
  const { bytes } = input;
  let { line } = input;
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

/** The cell by its text, where it is written as it reads; otherwise the row. */
export function locateText(
  source: ScenarioSource,
  input: { readonly row: CsvRow; readonly needle: string },
): Location {
  const { row, needle } = input;
  const found = needle === '' ? -1 : row.text.indexOf(needle);
  const spot = found < 0 ? { offset: 0, length: row.text.length } : { offset: found, length: needle.length };
  const location = locationAt({ file: source.file, text: row.text, spot });
  return { ...location, line: row.line + location.line - 1 };
}
