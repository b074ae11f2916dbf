// runs/*.jsonl: the newest record of every cell. A pure function of the selected records, with stable bytes.
import path from 'node:path';
import { sha256, sha256Of } from '../core/canonical.ts';
import type { CellHead } from '../core/history.ts';
import type { RunMetadata } from '../core/record.ts';
import { ok, type Result } from '../core/result.ts';
import { cellId } from '../core/task.ts';
import { fileState, openSlices, removeFile, replaceFile, type Slices } from './durable.ts';
import type { IndexDb } from './index-db.ts';
import type { Layout } from './layout.ts';
import { openLine } from './lines.ts';
import { readBody } from './reader.ts';
import { type RecordRow, rowFromSql } from './rows.ts';
import { scanLines } from './scan.ts';
import type { ViewCell } from './store.ts';

/** One line to be: which record, under which names, in what standing. */
type ViewLine = {
  readonly id: number;
  readonly variant: string;
  readonly scenario: string;
  readonly category: string | null;
  readonly standing: 'current' | 'stale' | 'out-of-scope';
};
type ViewFile = { readonly name: string; readonly variant: string; readonly lines: ViewLine[] };

export type ViewInput = {
  readonly index: IndexDb;
  readonly layout: Layout;
  /** Walked more than once, never held: an object a cell would be the largest thing in a null run. */
  readonly cells: Iterable<ViewCell>;
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

/** Everything that the view depends on, in one digest: 100,000 unchanged cells cost one hash. */
function stateDigest(input: ViewInput): string {
  const newest = input.index
    .statement('SELECT count(*) AS count, coalesce(max(id), 0) AS id FROM records')
    .get();
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

/** Decides what stands where: today's cells by key, else by name as stale; cells out of today's scope by name. */
export function layOut(input: Pick<ViewInput, 'index' | 'cells'>): readonly ViewFile[] {
  const files = new Map<string, ViewFile>();
  const fileOf = (name: string, variant: string): ViewFile => {
    let file = files.get(name);
    if (!file) {
      file = { name, variant, lines: [] };
      files.set(name, file);
    }
    return file;
  };
  const byName = cellsByName(input.index);
  const byKey = input.index.statement('SELECT id FROM key_heads WHERE key = ?');
  for (const cell of input.cells) {
    const id = cellId(cell);
    const before = byName.get(id);
    byName.delete(id);
    const current = byKey.get(cell.key) as { readonly id: number } | undefined;
    const { variant, scenario, category } = cell;
    const name = `${cell.slug}_run${cell.run}.jsonl`;
    if (current) {
      fileOf(name, variant).lines.push({
        id: current.id,
        variant,
        scenario,
        category,
        standing: 'current',
      });
    } else if (before) {
      fileOf(name, variant).lines.push({ id: before.id, variant, scenario, category, standing: 'stale' });
    }
  }
  for (const gone of byName.values()) {
    const { variant, scenario, category } = gone;
    fileOf(gone.name, variant).lines.push({
      id: gone.id,
      variant,
      scenario,
      category,
      standing: 'out-of-scope',
    });
  }
  return [...files.values()]
    .map((file) => ({ ...file, lines: file.lines.sort(byScenario) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** By UTF-16 code units, not by locale: the same bytes on every machine. */
function byScenario(a: ViewLine, b: ViewLine): number {
  if (a.scenario !== b.scenario) return a.scenario < b.scenario ? -1 : 1;
  return a.id - b.id;
}

type NamedCell = Pick<CellHead, 'id'> & {
  readonly variant: string;
  readonly scenario: string;
  readonly category: string | null;
  readonly name: string;
};

function cellsByName(index: IndexDb): Map<string, NamedCell> {
  const rows = index
    .statement(
      `SELECT c.variant, c.scenario, c.run, c.id, r.category, f.path FROM cell_heads c
       JOIN records r ON r.id = c.id JOIN files f ON f.id = c.file`,
    )
    .iterate() as unknown as Iterable<{
    readonly variant: string;
    readonly scenario: string;
    readonly run: number;
    readonly id: number;
    readonly category: string | null;
    readonly path: string;
  }>;
  const cells = new Map<string, NamedCell>();
  for (const row of rows) cells.set(cellId(row), { ...row, name: path.posix.basename(row.path) });
  return cells;
}

/** @returns what was damaged and therefore left out; then the file is to be written again. */
function writeFile(input: ViewInput, file: ViewFile): readonly Damaged[] {
  const { index } = input;
  const target = path.join(input.layout.runs, file.name);
  const digest = sha256(JSON.stringify(file));
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

/** The file's text, line by line: a view of 100,000 records is never in memory as a whole. */
export function* viewLines(
  input: Pick<ViewInput, 'index' | 'layout'> & { readonly damaged: Damaged[] },
  file: ViewFile,
): Generator<string> {
  const rows = file.lines.map((line) =>
    rowFromSql(input.index.statement('SELECT * FROM records WHERE id = ?').get(line.id)!),
  );
  yield metadataLine(input, { file, rows });
  using slices = openSlices();
  for (let i = 0; i < rows.length; i++) {
    const text = viewLine({ ...input, slices, row: rows[i]!, line: file.lines[i]! });
    if (text.kind === 'ok') yield text.value;
    else input.damaged.push({ row: rows[i]!, why: text.error });
  }
}

const MARKS = { current: '', stale: ',"stale":true', 'out-of-scope': ',"in_scope":false' } as const;

/** The record's own text without its number and its seal, under today's names, with its mark. */
function viewLine(at: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly slices: Slices;
  readonly row: RecordRow;
  readonly line: ViewLine;
}): Result<string, string> {
  const { row, line } = at;
  const body = readBody(at);
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
function metadataLine(
  input: Pick<ViewInput, 'index' | 'layout'>,
  at: { readonly file: ViewFile; readonly rows: readonly RecordRow[] },
): string {
  const newestFirst = [...new Map(at.rows.map((row) => [row.file, row])).values()].sort(
    (a, b) => b.sequence - a.sequence || b.id - a.id,
  );
  for (const row of newestFirst) {
    const place = input.index.statement('SELECT path FROM files WHERE id = ?').get(row.file) as {
      readonly path: string;
    };
    for (const line of scanLines(path.join(input.layout.history, place.path))) {
      const opened = line.kind === 'line' ? openLine(line.bytes) : null;
      if (opened?.kind !== 'whole') break;
      const { n: _n, c: _c, ...metadata } = opened.data as unknown as RunMetadata;
      return `${JSON.stringify({ ...metadata, variant: at.file.variant, scenarios: at.rows.length })}\n`;
    }
  }
  // Every metadata line is damaged: the records are still worth more than their heading.
  return '';
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
