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

/** `guarded`: texts that a spreadsheet would run begin with a single quote. Numbers are never touched. */
export function* csvLines(
  rows: Iterable<Flat>,
  of: { readonly columns: readonly string[]; readonly formulas: 'guarded' | 'raw' },
): Generator<string> {
  const guard = (value: Flat[string]): Flat[string] =>
    of.formulas === 'guarded' && typeof value === 'string' && FORMULA.test(value) ? `'${value}` : value;
  yield lineOf(of.columns.map(guard));
  for (const row of rows) yield lineOf(of.columns.map((column) => guard(row[column] ?? null)));
}

function lineOf(cells: readonly Flat[string][]): string {
  return stringify([[...cells]], {
    record_delimiter: '\r\n',
    quoted_match: QUOTED,
    cast: { boolean: String },
  });
}
