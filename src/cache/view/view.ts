// runs/*.jsonl: the newest record of every cell. A pure function of the selected records, with stable bytes.
import path from 'node:path';
import { sha256, sha256Of } from '../../core/canonical.ts';
import { compareNames } from '../../core/invocation-id.ts';
import type { RunMetadata } from '../../core/record.ts';
import { ok, type Result } from '../../core/result.ts';
import { fileState } from '../disk/disk-read.ts';
import { removeFile, replaceFile } from '../disk/durable.ts';
import type { Layout } from '../disk/layout.ts';
import { openLine } from '../disk/lines.ts';
import { scanLines } from '../disk/scan.ts';
import type { IndexDb } from '../index/index-db.ts';
import { readBody } from '../index/reader.ts';
import { type OpenFiles, openFiles } from '../index/reading.ts';
import { type RecordRow, rowFromSql } from '../rows.ts';
import type { ViewCell, ViewCells } from '../store.ts';
import { digestOfLayout, layOut, type ViewFile, type ViewLine } from './view-layout.ts';

export type ViewInput = {
  readonly index: IndexDb;
  readonly layout: Layout;
  /** Walked more than once, never held: an object a cell would be the largest thing in a null run. */
  readonly cells: ViewCells;
  /** Called once for all records that turned out to be damaged; they must not be selected again. */
  readonly forget: (damaged: readonly Damaged[]) => void;
};

/** @returns paths of the view's files, sorted. Files that would not change are not touched. */
export function refreshView(input: ViewInput): readonly string[] {
  const state = stateDigest(input);
  if (input.index.meta('view') === state) {
    const files = untouchedFiles(input);
    if (files) return files;
  }
  for (;;) {
    const files = layOut(input);
    const damaged = files.flatMap((file) => writeFile(input, file));
    if (damaged.length === 0) {
      forgetOthers(input, files);
      input.index.setMeta('view', stateDigest(input));
      return files.map((file) => path.join(input.layout.runs, file.name));
    }
    // Damaged records leave the selection: lay out again with what is left.
    input.forget(damaged);
  }
}

/** Everything that the view depends on, in one digest: unchanged cells cost one hash. */
function stateDigest(input: ViewInput): string {
  const newest = input.index
    .statement('SELECT count(*) AS count, coalesce(max(id), 0) AS id FROM kept')
    .get();
  const known = input.cells.digest?.();
  if (known !== undefined) return sha256(`${JSON.stringify(newest)}\n${known}`);
  return sha256Of(cellTexts(input.cells, JSON.stringify(newest)));
}

/** A thousand cells a piece. Names hold no control character, so NUL keeps them apart; null is not the text "null". */
function* cellTexts(cells: Iterable<ViewCell>, head: string): Generator<string> {
  let text = head;
  let count = 0;
  for (const { key, slug, run, variant, scenario, category } of cells) {
    const group = category === null ? '' : `\0${category}`;
    text += `\n${key} ${slug} ${run}\0${variant}\0${scenario}${group}`;
    if (++count % 1000 > 0) continue;
    yield text;
    text = '';
  }
  yield text;
}

function untouchedFiles(input: ViewInput): readonly string[] | null {
  const rows = input.index
    .statement('SELECT path, size, mtime_ms FROM views ORDER BY path')
    .all() as unknown as {
    readonly path: string;
    readonly size: number;
    readonly mtime_ms: number;
  }[];
  const files: string[] = [];
  for (const row of rows) {
    const file = path.join(input.layout.runs, row.path);
    const state = fileState(file);
    if (!state || state.size !== row.size || state.mtimeMs !== row.mtime_ms) return null;
    files.push(file);
  }
  return files;
}

/** @returns what was damaged and therefore left out; then the file is to be written again. */
function writeFile(input: ViewInput, file: ViewFile): readonly Damaged[] {
  const { index } = input;
  const target = path.join(input.layout.runs, file.name);
  const digest = digestOfLayout(file);
  const known = index
    .statement('SELECT digest, size, mtime_ms FROM views WHERE path = ?')
    .get(file.name) as unknown as
    | { readonly digest: string; readonly size: number; readonly mtime_ms: number }
    | undefined;
  const state = fileState(target);
  if (known && state && known.digest === digest && known.size === state.size) {
    if (known.mtime_ms === state.mtimeMs) return [];
  }
  const damaged: Damaged[] = [];
  replaceFile(target, viewLines({ ...input, damaged }, file));
  if (damaged.length > 0) return damaged;
  const written = fileState(target);
  index
    .statement('INSERT OR REPLACE INTO views(path, digest, size, mtime_ms) VALUES (?, ?, ?, ?)')
    .run(file.name, digest, written?.size ?? 0, written?.mtimeMs ?? 0);
  return [];
}

export type Damaged = { readonly row: RecordRow; readonly why: string };

/** The file's text, line by line, each record fetched when its turn comes: a view is never in memory as a whole. */
export function* viewLines(
  input: Pick<ViewInput, 'index' | 'layout'> & { readonly damaged: Damaged[] },
  file: ViewFile,
): Generator<string> {
  yield metadataLine(input, file);
  using open = openFiles();
  const byId = input.index.statement('SELECT * FROM records WHERE id = ?');
  for (const line of file.lines) {
    const row = rowFromSql(byId.get(line.id)!);
    const text = viewLine({ ...input, open, row, line });
    if (text.kind === 'ok') yield text.value;
    else input.damaged.push({ row, why: text.error });
  }
}

const MARKS = { current: '', stale: ',"stale":true', 'out-of-scope': ',"in_scope":false' } as const;

/** The record's own text without its number and its seal, under today's names, with its mark. */
function viewLine(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly open: OpenFiles;
  readonly row: RecordRow;
  readonly line: ViewLine;
}): Result<string, string> {
  const { row, line } = input;
  const body = readBody(input);
  if (body.kind === 'err') return body;
  const text = body.value.replace(/,"n":\d+$/, '');
  const isNamedSo = row.variant === line.variant && row.scenario === line.scenario;
  if (isNamedSo && row.category === line.category) return ok(`${text}${MARKS[line.standing]}}\n`);
  // Renamed since: the same members in the same order, other names.
  const { variant, scenario, category } = line;
  const renamed = JSON.stringify({ ...JSON.parse(`${text}}`), variant, scenario, category });
  return ok(`${renamed.slice(0, -1)}${MARKS[line.standing]}}\n`);
}

/** The metadata of the newest history file that the view's file draws from. */
function metadataLine(input: Pick<ViewInput, 'index' | 'layout'>, file: ViewFile): string {
  for (const name of newestFirst(input.index, file)) {
    for (const line of scanLines(path.join(input.layout.history, name))) {
      const opened = line.kind === 'line' ? openLine(line.bytes) : null;
      if (opened?.kind !== 'whole') break;
      const { n: _n, c: _c, ...metadata } = opened.data as unknown as RunMetadata;
      return `${JSON.stringify({ ...metadata, variant: file.variant, scenarios: file.lines.length })}\n`;
    }
  }
  // Every metadata line is damaged: the records are still worth more than their heading.
  return '';
}

/** History files that the lines come from: by their invocations, then the one with the newest record. */
function newestFirst(index: IndexDb, file: ViewFile): readonly string[] {
  const newest = new Map<number, number>();
  for (const line of file.lines) newest.set(line.file, Math.max(line.id, newest.get(line.file) ?? 0));
  const pathOf = index.statement('SELECT path FROM files WHERE id = ?');
  return [...newest]
    .map(([id, record]) => {
      const name = String(pathOf.get(id)?.path);
      return { name, record, invocation: name.slice(0, name.indexOf('/')) };
    })
    .sort((a, b) => compareNames(b.invocation, a.invocation) || b.record - a.record)
    .map(({ name }) => name);
}

/**
 * A file that was written before and that no cell belongs to any more: its variant only ever showed another one's draws
 * and has left the manifest. The records stand under the name that drew them.
 */
function forgetOthers(input: ViewInput, files: readonly ViewFile[]): void {
  const names = new Set(files.map((file) => file.name));
  const rows = input.index.statement('SELECT path FROM views').all() as unknown as {
    readonly path: string;
  }[];
  for (const row of rows) {
    if (names.has(row.path)) continue;
    // The index may be damaged: its word is never a way out of runs/.
    if (path.basename(row.path) === row.path) removeFile(path.join(input.layout.runs, row.path));
    input.index.statement('DELETE FROM views WHERE path = ?').run(row.path);
  }
}
