// Flat rows as CSV (RFC 4180) and as JSON lines that DuckDB and Parquet writers take as they are.
import { stringify } from 'csv-stringify/sync';
import { jsonLine } from '../core/text.ts';
import type { Flat } from './exported.ts';

export function* jsonLines(rows: Iterable<Flat>): Generator<string> {
  for (const row of rows) yield jsonLine(row);
}

/**
 * What spreadsheets take for a formula when they open a file, as OWASP lists it (CSV Injection): a sign, plain or of full
 * width, whatever a program may strip before it, and the characters that begin another cell or line.
 */
const FORMULA = /^(?:[\s\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/u;

/** Quoted are all that RFC 4180 names and more: some readers end a line at any of these, others trim. */
const QUOTED = /[\n\v\f\r\x85\u2028\u2029]|^\s|\s$/;

/** Excel takes a file for UTF-8 by this mark alone; other readers may take it for a part of the first column's name. */
const BYTE_ORDER_MARK = '\ufeff';

export type CsvForm = {
  readonly columns: readonly string[];
  /** `guarded`: texts that a spreadsheet would run begin with a single quote. Numbers are never touched. */
  readonly formulas: 'guarded' | 'raw';
  /** One character between the fields of a line. */
  readonly delimiter: string;
  readonly mark: 'bom' | 'none';
};

export function* csvLines(rows: Iterable<Flat>, form: CsvForm): Generator<string> {
  const guard = (value: Flat[string]): Flat[string] =>
    form.formulas === 'guarded' && typeof value === 'string' && FORMULA.test(value) ? `'${value}` : value;
  const mark = form.mark === 'bom' ? BYTE_ORDER_MARK : '';
  yield mark + lineOf(form.columns.map(guard), form);
  for (const row of rows)
    yield lineOf(
      form.columns.map((column) => guard(row[column] ?? null)),
      form,
    );
}

function lineOf(cells: readonly Flat[string][], { delimiter }: CsvForm): string {
  return stringify([[...cells]], {
    delimiter,
    record_delimiter: '\r\n',
    quoted_match: QUOTED,
    cast: { boolean: String },
  });
}
