// The history index on node:sqlite: where each record stands and what planning needs of it. Derived: deleting it loses
// nothing. Bodies are never in it.
import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { err, ok, type Result } from '../../core/result.ts';
import type { BlobRef } from '../disk/bodies.ts';
import { fileState } from '../disk/disk-read.ts';
import { makeOwnFile } from '../disk/durable.ts';
import {
  SQLITE_BUSY,
  SQLITE_CANTOPEN,
  SQLITE_FULL,
  SQLITE_IOERR,
  SQLITE_READONLY,
  sqliteKind,
} from '../disk/sqlite-kind.ts';
import type { RecordRow } from '../rows.ts';
import { INDEX_VERSION, TABLES, WALKS } from './index-tables.ts';
import { insertRecord } from './insert.ts';
import { makeTexts } from './texts.ts';

/** Made by another expgraph: not damaged, but of no use here. */
export class IndexVersionError extends Error {
  override readonly name = 'IndexVersionError';
}

export type IndexDb = Disposable & {
  readonly database: DatabaseSync;
  /** A prepared statement, prepared once. */
  statement(sql: string): StatementSync;
  transaction<Value>(action: () => Value): Value;
  addFile(file: {
    readonly path: string;
    readonly size: number;
    readonly mtimeMs: number;
    readonly n: number;
  }): number;
  updateFile(file: {
    readonly id: number;
    readonly size: number;
    readonly mtimeMs: number;
    readonly n: number;
  }): void;
  /** Returns the record's id. What stands at the head of its key and its cell is found when it is asked for. */
  addRecord(row: Omit<RecordRow, 'id'>): number;
  /** False for one that lives in memory, or that is only read: what saves the next command work is of no use there. */
  readonly keepsHeads: boolean;
  /** The number of a text that records have in common. */
  textId(text: string): number;
  /** Key and generation where the line still says them: they are not given out again. */
  addDamage(damage: {
    readonly place: { readonly file: number; readonly offset: number; readonly length: number };
    readonly why: string;
    readonly record: { readonly key: string; readonly generation: number } | null;
  }): void;
  /** Of any record of the key, archived and damaged ones included; 0 where there is none. */
  lastGeneration(key: string): number;
  addBlobRef(ref: { readonly file: number; readonly offset: number } & BlobRef): void;
  meta(name: string): string | null;
  setMeta(name: string, value: string): void;
};

/** Opens or makes an index; `:memory:` for one that lives as long as this process. Throws what SQLite throws. */
export function openIndexDb(file: string): IndexDb {
  // SQLite gives its side files the modes of the file.
  if (file !== ':memory:') makeOwnFile(file);
  const database = new DatabaseSync(file);
  try {
    const version = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version.user_version !== 0 && version.user_version !== INDEX_VERSION) {
      throw new IndexVersionError(otherVersion(version.user_version));
    }
    if (file !== ':memory:') checkPages(database, file);
    // NORMAL loses at most the last transactions at a power cut: the files are ahead then, and are read again.
    // Keys are hashes, so each group of records touches pages all over: those that fit into memory are read once.
    // Checkpoints stop the loop for as long as the disk takes: one each 16 MB, not each 4.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA busy_timeout = 2000; PRAGMA cache_size = -8000;',
    );
    database.exec(TABLES);
    // Last, and once: setting it writes, also to what it is already.
    if (version.user_version === 0) database.exec(`PRAGMA user_version = ${INDEX_VERSION};`);
  } catch (cause) {
    database.close();
    throw cause;
  }
  return wrap(database, file !== ':memory:');
}

/** Why an index is not used, and what helps. */
export type Unused = {
  readonly kind: 'missing' | 'locked' | 'closed' | 'other';
  /** Follows its name. */
  readonly why: string;
  readonly hint: string;
};

/** Opens an index for reading only. Where it cannot, the caller reads the history itself. */
export function openIndexForReading(file: string): Result<IndexDb, Unused> {
  let database: DatabaseSync | null = null;
  try {
    if (!existsSync(file)) return err({ kind: 'missing', why: 'is missing', hint: REINDEX });
    if (fileState(file) === null) return err({ kind: 'other', why: 'is no file', hint: REINDEX });
    database = new DatabaseSync(file, { readOnly: true });
    database.exec('PRAGMA busy_timeout = 2000;');
    const version = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version.user_version !== INDEX_VERSION)
      throw new IndexVersionError(otherVersion(version.user_version));
    checkPages(database, file);
    // Another table of that name shows here, and not in the middle of a command.
    database
      .prepare('SELECT key, own_key, variant, origin, archive, part_engine, said FROM kept LIMIT 1')
      .get();
    return ok(wrap(database, false));
  } catch (cause) {
    database?.close();
    return err(unused(cause));
  }
}

const REINDEX = 'npx expgraph reindex makes it anew; so does the next run';
/** The disk did not do what it was asked: it is full, may not be written, or fails. */
const OF_THE_DISK: readonly (number | null)[] = [SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL];

/** What SQLite says of an index, or we do. */
export function unused(cause: unknown): Unused {
  const { message } = cause as Error;
  const kind = sqliteKind(cause);
  if (kind === SQLITE_BUSY) {
    const hint = 'close the program that has it open (a database browser, a backup): nothing is lost';
    return { kind: 'locked', why: 'is locked by another program', hint };
  }
  // SQLite wants to make its side files beside it.
  if (kind === SQLITE_CANTOPEN) {
    const hint = 'where the folder cannot be written it takes longer, and nothing else is different';
    return { kind: 'closed', why: 'cannot be opened here', hint };
  }
  if (OF_THE_DISK.includes(kind)) {
    const hint = 'see to the disk: it may be full, or fail; nothing is lost by that';
    return { kind: 'closed', why: `cannot be read now (${message})`, hint };
  }
  if (cause instanceof IndexVersionError)
    return { kind: 'other', why: 'is of another version', hint: REINDEX };
  return { kind: 'other', why: `is damaged (${message})`, hint: REINDEX };
}

function otherVersion(version: number): string {
  return `it is of version ${version}, and this expgraph makes version ${INDEX_VERSION}`;
}

/**
 * Of a file that ends inside a page SQLite takes the rest as zeros, and three bytes of a page read as an empty one: its rows were
 * gone without a word, and the first write found it malformed. Pages are written whole.
 */
function checkPages(database: DatabaseSync, file: string): void {
  const size = Number(database.prepare('PRAGMA page_size').get()?.page_size);
  if ((fileState(file)?.size ?? 0) % size !== 0) throw new Error('it ends in the middle of a page');
}

/**
 * Walks tables and their indexes, so that a damaged page shows now, while the index can still be made anew, and not in
 * the middle of a run. 25 ms at 100,000 records; SQLite's own quick_check takes 2 s for the same.
 * @throws what SQLite throws.
 */
export function touchEveryPage(index: IndexDb): void {
  for (const sql of WALKS) index.database.prepare(sql).get();
  const newest = Number(index.database.prepare('SELECT max(id) AS id FROM files').get()?.id ?? 0);
  for (const [table, column] of [
    ['kept', 'length'],
    ['parts', 'length'],
    ['damage', 'length'],
    ['blob_refs', 'bytes'],
  ]) {
    const row = index.database.prepare(`SELECT sum(${column}), max(file) AS file FROM ${table}`).get();
    // The log of an older state was applied to a newer one: each page is sound, together they are not.
    if (Number(row?.file ?? 0) > newest) throw new Error('it has rows of files that it does not know');
  }
}

function wrap(database: DatabaseSync, keepsHeads: boolean): IndexDb {
  const statements = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    let prepared = statements.get(sql);
    if (!prepared) {
      prepared = database.prepare(sql);
      statements.set(sql, prepared);
    }
    return prepared;
  };
  const texts = makeTexts(statement);
  return {
    database,
    statement,
    textId: texts.idOf,
    keepsHeads,
    transaction(action) {
      database.exec('BEGIN');
      try {
        const value = action();
        database.exec('COMMIT');
        return value;
      } catch (cause) {
        // A full disk has rolled back by itself; the first reason is the one to show.
        if (database.isTransaction) database.exec('ROLLBACK');
        texts.forget();
        throw cause;
      }
    },
    addFile(file) {
      const done = statement('INSERT INTO files(path, size, mtime_ms, n) VALUES (?, ?, ?, ?)').run(
        file.path,
        file.size,
        file.mtimeMs,
        file.n,
      );
      return Number(done.lastInsertRowid);
    },
    updateFile(file) {
      statement('UPDATE files SET size = ?, mtime_ms = ?, n = ? WHERE id = ?').run(
        file.size,
        file.mtimeMs,
        file.n,
        file.id,
      );
    },
    addRecord: (row) => insertRecord(statement, texts.idOf, row),
    addDamage({ place, why, record }) {
      statement(
        'INSERT OR REPLACE INTO damage(file, offset, length, why, key, generation) VALUES (?, ?, ?, ?, ?, ?)',
      ).run(place.file, place.offset, place.length, why, record?.key ?? null, record?.generation ?? null);
    },
    lastGeneration: (key) =>
      Number(
        statement(
          `SELECT max(coalesce((SELECT max(generation) FROM kept WHERE key = unhex(?1)), 0),
             coalesce((SELECT max(generation) FROM damage WHERE key = ?1), 0)) AS last`,
        ).get(key)?.last ?? 0,
      ),
    addBlobRef(ref) {
      statement('INSERT OR REPLACE INTO blob_refs(file, offset, sha256, bytes) VALUES (?, ?, ?, ?)').run(
        ref.file,
        ref.offset,
        ref.sha256,
        ref.bytes,
      );
    },
    meta: (name) =>
      (statement('SELECT value FROM meta WHERE name = ?').get(name) as { readonly value: string } | undefined)
        ?.value ?? null,
    setMeta: (name, value) => {
      statement('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(name, value);
    },
    [Symbol.dispose]: () => database.close(),
  };
}
