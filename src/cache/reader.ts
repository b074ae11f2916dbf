// Reading a store through its index: shared by the writer's store and by readers that take no lock.
import path from 'node:path';
import type { Key } from '../core/brand.ts';
import { digestOf } from '../core/canonical.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { History } from '../core/history.ts';
import type { JsonObject } from '../core/json.ts';
import type { InvocationRecord, PartLine, ScenarioResult } from '../core/record.ts';
import { err, ok, type Result } from '../core/result.ts';
import { catchUp, isCurrent } from './catch-up.ts';
import { readSlice, readText, type Slices } from './durable.ts';
import { makeHistory } from './heads.ts';
import { type IndexDb, openIndexDb, openIndexForReading } from './index-db.ts';
import { checkVersion, invocationFolders, type Layout, layoutOf } from './layout.ts';
import { checkSeal, openLine } from './lines.ts';
import { type Place, type RecordRow, rowFromSql } from './rows.ts';
import type { StoreReader } from './store.ts';

/** Opens a store for reading. A store that does not exist yet reads as empty. */
export function openReader(root: string): StoreReader {
  const layout = layoutOf(root);
  checkVersion(layout);
  const { index, diagnostics } = openCurrentIndex(layout);
  return { ...makeReader({ index, layout, diagnostics }), [Symbol.dispose]: () => index[Symbol.dispose]() };
}

/**
 * An index that says what the files say. One that lags (a run is going on, or was killed) is copied into memory and
 * brought up to date there: a reader writes nothing.
 */
function openCurrentIndex(layout: Layout): {
  readonly index: IndexDb;
  readonly diagnostics: readonly Diagnostic[];
} {
  const onDisk = openIndexForReading(layout.index);
  try {
    if (onDisk && isCurrent(onDisk, layout)) {
      makeHistory(onDisk).byKey('' as Key);
      return { index: onDisk, diagnostics: [] };
    }
  } catch {
    // A damaged index says so only when it is asked; it is not needed.
  }
  onDisk?.[Symbol.dispose]();
  const copied = onDisk ? copyIntoMemory(layout) : null;
  const index = copied ?? openIndexDb(':memory:');
  return { index, diagnostics: catchUp({ index, layout, role: 'reader' }) };
}

function copyIntoMemory(layout: Layout): IndexDb | null {
  const index = openIndexDb(':memory:');
  try {
    index.database.prepare('ATTACH DATABASE ? AS disk').run(layout.index);
    index.transaction(() => {
      for (const table of ['files', 'records', 'key_heads', 'cell_heads', 'parts', 'damage']) {
        index.database.exec(`INSERT INTO main.${table} SELECT * FROM disk.${table}`);
      }
    });
    index.database.exec('DETACH DATABASE disk');
    return index;
  } catch {
    index[Symbol.dispose]();
    return null;
  }
}

export function makeReader(at: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly diagnostics: readonly Diagnostic[];
}): Omit<StoreReader, typeof Symbol.dispose> {
  const { index, layout } = at;
  let history: { readonly value: History; readonly version: number } | null = null;
  return {
    diagnostics: at.diagnostics,
    get history() {
      // A snapshot for planning, taken anew when anything was added or forgotten since.
      const version = Number(index.statement('SELECT total_changes() AS version').get()?.version);
      if (history?.version !== version) history = { value: makeHistory(index), version };
      return history.value;
    },
    part(digest) {
      const place = index.statement('SELECT file, offset, length FROM parts WHERE digest = ?').get(digest);
      const data = place ? lineAt({ index, layout, place: place as unknown as Place }) : null;
      if (data?.kind !== 'ok') return undefined;
      const part = data.value as unknown as PartLine;
      const content = part.content as JsonObject;
      return part.redacted || digestOf(content) === digest ? content : undefined;
    },
    *records() {
      for (const row of index.statement('SELECT * FROM records ORDER BY sequence, id').iterate()) {
        yield rowFromSql(row as Record<string, unknown>);
      }
    },
    row(id) {
      const row = index.statement('SELECT * FROM records WHERE id = ?').get(id);
      return row ? rowFromSql(row) : undefined;
    },
    read: (row) => readRecord({ index, layout, row }),
    invocations: () => readInvocations(layout),
  };
}

/** A record is served only if its line is whole and is the one that the index meant. */
export function readRecord(at: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly row: RecordRow;
}): Result<ScenarioResult, string> {
  const data = lineAt({ index: at.index, layout: at.layout, place: at.row });
  if (data.kind === 'err') return data;
  const record = data.value as unknown as ScenarioResult;
  if (record.type !== 'scenario_result' || record.key !== at.row.key) return err(ANOTHER_RECORD);
  return ok(record);
}

const ANOTHER_RECORD = 'another record stands where the index says; run expgraph reindex';

/** The text of a record's line up to its checksum, without a closing brace, checked but not parsed. */
export function readBody(at: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly slices: Slices;
  readonly row: RecordRow;
}): Result<string, string> {
  const full = fileOf({ ...at, place: at.row });
  const bytes = full === null ? null : at.slices.read(full, at.row);
  if (!bytes) return err(`${full ?? 'its history file'} is gone`);
  const body = checkSeal(bytes);
  if (body.kind === 'damaged') return err(damageAt({ full: full!, place: at.row, why: body.why }));
  // The writer puts type, version and key first.
  const head = `{"type":"scenario_result","v":1,"key":"${at.row.key}"`;
  return body.text.startsWith(head) ? ok(body.text) : err(ANOTHER_RECORD);
}

function lineAt(at: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly place: Place;
}): Result<Record<string, unknown>, string> {
  const full = fileOf(at);
  const bytes = full === null ? null : readSlice(full, at.place);
  if (!bytes) return err(`${full ?? 'its history file'} is gone`);
  const opened = openLine(bytes);
  if (opened.kind === 'damaged') return err(damageAt({ full: full!, place: at.place, why: opened.why }));
  return ok(opened.data);
}

function fileOf(at: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly place: Place;
}): string | null {
  const file = at.index.statement('SELECT path FROM files WHERE id = ?').get(at.place.file);
  return file ? path.join(at.layout.history, String(file.path)) : null;
}

function damageAt(at: { readonly full: string; readonly place: Place; readonly why: string }): string {
  return `${at.full}: the line at byte ${at.place.offset} ${at.why}`;
}

export function readInvocations(layout: Layout): readonly InvocationRecord[] {
  return invocationFolders(layout).flatMap(({ name }) => {
    try {
      const text = readText(path.join(layout.history, name, 'invocation.json'));
      const data = text === null ? null : (JSON.parse(text) as InvocationRecord);
      return data?.type === 'invocation' ? [data] : [];
    } catch {
      return [];
    }
  });
}
