// Flat rows as CSV (RFC 4180) and as JSON lines that DuckDB and Parquet writers take as they are.
import { stringify } from 'csv-stringify/sync';
import type { Flat } from './exported.ts';

export function* jsonLines(rows: Iterable<Flat>): Generator<string> {
  for (const row of rows) yield `${JSON.stringify(row)}\n`;
}

/** What spreadsheets take for a formula when they open a file. */
const FORMULA = /^[=+\-@\t\r]/;

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
  return stringify([[...cells]], { record_delimiter: '\r\n', cast: { boolean: String } });
}
