// Rows of a data set, whatever form it has: a table, lines of JSON, a list. The first ones are enough to tell what its columns are.
import { statSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { readStrictJson } from '../../core/strict-json.ts';
import { formOf } from '../../manifest/scenarios/form.ts';
import { CommandError } from '../open/command-error.ts';
import { openSource, type Reach, textOf } from './source.ts';
import { wholeTable } from './whole-table.ts';

export type RowsFile = {
  /** Absolute. */
  readonly file: string;
  readonly reach: Pick<Reach, 'cwd'>;
};

export type Rows = {
  readonly rows: readonly JsonObject[];
  /** Cells of a table are text whatever they look like. */
  readonly isTable: boolean;
  /** Where a row stands, `cases.jsonl:12:1`; rows count from 0. */
  at(row: number): string;
};

const MAX_BYTES = 256_000_000;

/** @throws CommandError where there is no such file or none of its forms is known, ManifestError where it cannot be read */
export async function readRows({ file, reach }: RowsFile): Promise<Rows> {
  const shown = path.relative(reach.cwd, file) || file;
  const kind = statSync(file, { throwIfNoEntry: false });
  if (!kind?.isFile()) throw new CommandError(`there is no file ${shown}`);
  if (kind.size > MAX_BYTES) throw new CommandError(`${shown} is larger than ${MAX_BYTES / 1e6} MB`);
  const extension = path.extname(file).toLowerCase();
  if (extension === '.csv' || extension === '.tsv') return tableRows(file, shown);
  if (/^\.(?:jsonl|ndjson)$/.test(extension) && formOf(file) !== 'document') return lineRows(file, shown);
  if (extension === '.json' && formOf(file) === 'lines') return lineRows(file, shown);
  if (/^\.(?:json|jsonl|ndjson|ya?ml)$/.test(extension)) return documentRows(file, reach);
  throw new CommandError(`${shown} is no data set of a form that is read: CSV, TSV, JSON, JSONL or YAML`);
}

async function tableRows(file: string, shown: string): Promise<Rows> {
  const table = await wholeTable(file, shown);
  const header = table.header.cells;
  const rows = table.rows.map(({ cells }) =>
    Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''] as const)),
  );
  return { rows, isTable: true, at: (row) => `${shown}:${table.rows[row]?.line ?? 1}:1` };
}

function lineRows(file: string, shown: string): Rows {
  const lines = textOf(file).split('\n');
  const found = lines.flatMap((text, i) => (text.trim() === '' ? [] : [{ text, line: i + 1 }]));
  const rows = found.map(({ text, line }) => {
    const read = readStrictJson(text);
    if (read.kind === 'err')
      throw new CommandError(
        `${shown}:${line}:${read.error.offset + 1}: ${read.error.message}; nothing was written`,
      );
    if (!isJsonObject(read.value))
      throw new CommandError(`${shown}:${line}:1: the line is no JSON object; nothing was written`);
    return read.value;
  });
  return { rows, isTable: false, at: (row) => `${shown}:${found[row]?.line ?? 1}:1` };
}

/** A list, or the list in a map: `{"rows": [...]}`. */
function documentRows(file: string, reach: Pick<Reach, 'cwd'>): Rows {
  const source = openSource(file, reach);
  const list = listIn(source.value);
  if (list === null) throw new CommandError(`${source.shown} holds no list of rows`);
  const rows = list.list.map((row, i) => {
    if (!isJsonObject(row))
      throw new CommandError(`${source.at([...list.path, i])}: the row is no map; nothing was written`);
    return row;
  });
  return { rows, isTable: false, at: (row) => source.at([...list.path, row]) };
}

function listIn(value: Json): { readonly list: readonly Json[]; readonly path: readonly string[] } | null {
  if (Array.isArray(value)) return { list: value as readonly Json[], path: [] };
  if (!isJsonObject(value)) return null;
  const lists = Object.entries(value).filter(([, held]) => Array.isArray(held));
  const [only] = lists;
  return lists.length === 1 ? { list: only![1] as readonly Json[], path: [only![0]] } : null;
}
