// A file of verdicts from elsewhere -> its lines as plain objects: what a page that works from disk gives back, the log of
// another machine, or a table that a person filled in.
import { Readable } from 'node:stream';
import { readText } from '../../cache/disk/disk-read.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { readStrictJson } from '../../core/strict-json.ts';
import { dialectOf } from '../../manifest/scenarios/csv-dialect.ts';
import { csvRows } from '../../manifest/scenarios/csv-parser.ts';

export type FileLine = { readonly line: number; readonly said: Result<JsonObject, string> };

/** Of a verdict; far more than a note may have. */
const MAX_LINE_CHARS = 1 << 20;

/** null = there is no such file. @param dimensions names of columns that are labels */
export async function readVerdictLines(
  file: string,
  dimensions: readonly string[],
  /** Columns that a table has to have. */
  needs: readonly string[] = ['card', 'reviewer', ...dimensions],
): Promise<readonly FileLine[] | null> {
  const text = readText(file);
  if (text === null) return null;
  const plain = text.replace(/^\ufeff/, '');
  return /^\s*\{/.test(plain) ? jsonLines(plain) : await tableLines(file, { text: plain, dimensions, needs });
}

function jsonLines(text: string): readonly FileLine[] {
  return text.split('\n').flatMap((line, at): readonly FileLine[] => {
    if (line.trim() === '') return [];
    return [{ line: at + 1, said: jsonLine(line) }];
  });
}

function jsonLine(text: string): Result<JsonObject, string> {
  if (text.length > MAX_LINE_CHARS) return err('is too long for a verdict');
  const read = readStrictJson(text);
  if (read.kind === 'err') return err(`is no JSON: ${read.error.message}`);
  return isJsonObject(read.value) ? ok(read.value) : err('is no object');
}

/** A row a verdict: card, reviewer, a column a dimension; note, flags, tells, guess, look, answer and review where there are some. */
async function tableLines(
  file: string,
  input: {
    readonly text: string;
    readonly dimensions: readonly string[];
    readonly needs: readonly string[];
  },
): Promise<readonly FileLine[]> {
  const { delimiter, skip } = dialectOf(input.text.slice(0, 1 << 16), { file });
  const lines: FileLine[] = [];
  let header: readonly string[] | null = null;
  try {
    for await (const { cells, line } of csvRows(Readable.from([input.text.slice(skip)]), {
      ...{ delimiter, firstLine: skip > 0 ? 2 : 1, maxRowBytes: MAX_LINE_CHARS },
    })) {
      if (header !== null) {
        lines.push({ line, said: rowOf({ header, cells, dimensions: input.dimensions }) });
        continue;
      }
      header = cells.map((name) => name.trim());
      const lacking = input.needs.filter((name) => !header!.includes(name));
      if (lacking.length > 0) return [{ line, said: err(`has no column ${lacking.join(', ')}`) }];
    }
  } catch (cause) {
    const { code, message, lines: at } = cause as { code?: string; message: string; lines?: number };
    if (code === undefined) throw cause;
    lines.push({ line: at ?? 1, said: err(`is no CSV: ${message.slice(0, 200)}`) });
  }
  return lines;
}

function rowOf(input: {
  readonly header: readonly string[];
  readonly cells: readonly string[];
  readonly dimensions: readonly string[];
}): Result<JsonObject, string> {
  const { header, cells, dimensions } = input;
  if (cells.length !== header.length)
    return err(`has ${cells.length} cells, the header has ${header.length}`);
  const cell = (name: string): string => (cells[header.indexOf(name)] ?? '').trim();
  const told = (name: string): JsonObject => (cell(name) === '' ? {} : { [name]: cell(name) });
  const number = (name: string): JsonObject =>
    /^\d+$/.test(cell(name)) ? { [name]: Number(cell(name)) } : told(name);
  const flags = cell('flags')
    .split(/[;|]/)
    .flatMap((flag) => flag.trim() || []);
  return ok({
    ...{ ...told('card'), ...told('reviewer'), ...told('review'), ...told('rubric'), ...told('answer') },
    labels: Object.fromEntries(dimensions.map((name) => [name, cell(name)])),
    ...{ note: cell('note') || null, flags, tells: /^(?:true|yes|1|x)$/i.test(cell('tells')) },
    ...{ guess: cell('guess') || null, ...told('at'), ...number('look'), ...number('took_ms') },
  });
}
