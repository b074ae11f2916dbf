// The only file that imports csv-parse; it is loaded where a CSV file is there.
import type { Readable } from 'node:stream';

export async function csvParser(): Promise<typeof import('csv-parse/sync').parse> {
  return (await import('csv-parse/sync')).parse;
}

export type CsvRow = { readonly cells: readonly string[]; readonly line: number };

/** Row by row, however long the file is. @throws Error with `code` and `lines` where it is no CSV */
export async function* csvRows(
  source: Readable,
  input: { readonly delimiter: string; readonly firstLine: number; readonly maxRowBytes: number },
): AsyncGenerator<CsvRow> {
  const { parse } = await import('csv-parse');
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    bom: true,
    delimiter: input.delimiter,
    max_record_size: input.maxRowBytes,
  });
  source.on('error', (cause) => parser.destroy(cause));
  source.pipe(parser);
  let line = input.firstLine;
  for await (const row of parser as AsyncIterable<{
    readonly record: readonly string[];
    readonly info: { readonly lines: number };
  }>) {
    yield { cells: row.record, line };
    line = input.firstLine + row.info.lines;
  }
}
