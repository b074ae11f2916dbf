// The history index on node:sqlite: where each record stands and what planning needs of it. Derived: deleting it loses
// nothing. Bodies are never in it.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { BlobRef } from '../disk/bodies.ts';
import { makeOwnFile } from '../disk/durable.ts';
import type { RecordRow } from '../rows.ts';

/** Bumped when the tables change: an index of another version is rebuilt, never migrated. */
export const INDEX_VERSION = 8;

const TABLES = `
CREATE TABLE IF NOT EXISTS files(
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, mtime_ms REAL NOT NULL, n INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS records(
  id INTEGER PRIMARY KEY, key TEXT NOT NULL, own_key TEXT NOT NULL, unadopted TEXT, generation INTEGER NOT NULL, sequence INTEGER NOT NULL, stamp INTEGER NOT NULL,
  variant TEXT NOT NULL, scenario TEXT NOT NULL, category TEXT, run INTEGER NOT NULL, status TEXT NOT NULL,
  file INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
  output_digest TEXT, tested TEXT, ending TEXT, started_at TEXT NOT NULL, latency_ms REAL, input_tokens INTEGER, output_tokens INTEGER,
  cost_usd REAL, attempts INTEGER NOT NULL, served_model TEXT,
  part_variant TEXT NOT NULL, part_scenario TEXT NOT NULL, part_engine TEXT NOT NULL, archive TEXT,
  is_score INTEGER NOT NULL, score REAL, passed INTEGER, label TEXT, said INTEGER);
CREATE INDEX IF NOT EXISTS records_by_key ON records(key);
CREATE INDEX IF NOT EXISTS records_by_own_key ON records(own_key) WHERE own_key <> key;
CREATE TABLE IF NOT EXISTS adopted_parts(digest TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS key_heads(
  key TEXT PRIMARY KEY, id INTEGER NOT NULL, completed INTEGER NOT NULL, sequence INTEGER NOT NULL, stamp INTEGER NOT NULL,
  latency_ms REAL, input_tokens INTEGER, output_tokens INTEGER, cost_usd REAL, file INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cell_heads(
  variant TEXT NOT NULL, scenario TEXT NOT NULL, run INTEGER NOT NULL, id INTEGER NOT NULL, completed INTEGER NOT NULL,
  sequence INTEGER NOT NULL, stamp INTEGER NOT NULL, key TEXT NOT NULL, input_tokens INTEGER, output_tokens INTEGER,
  part_variant TEXT NOT NULL, part_scenario TEXT NOT NULL, part_engine TEXT NOT NULL, unadopted TEXT, file INTEGER NOT NULL,
  PRIMARY KEY(variant, scenario, run)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parts(
  digest TEXT NOT NULL, file INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
  PRIMARY KEY(digest, file)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blob_refs(
  file INTEGER NOT NULL, offset INTEGER NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY(file, offset, sha256)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempts(
  file INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, key TEXT NOT NULL,
  sequence INTEGER NOT NULL, stamp INTEGER NOT NULL, PRIMARY KEY(file, offset)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS attempts_by_key ON attempts(key);
CREATE TABLE IF NOT EXISTS damage(
  file INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, why TEXT NOT NULL,
  key TEXT, generation INTEGER, PRIMARY KEY(file, offset)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS damage_by_key ON damage(key) WHERE key IS NOT NULL;
CREATE TABLE IF NOT EXISTS views(path TEXT PRIMARY KEY, digest TEXT NOT NULL, size INTEGER NOT NULL, mtime_ms REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = ${INDEX_VERSION};
`;

// A newer record outranks an older one, a completed one any failed one. An archived one counts for nothing.
const KEY_HEAD =
  "key, id, status = 'completed', sequence, stamp, latency_ms, input_tokens, output_tokens, cost_usd, file";
const CELL_HEAD = `variant, scenario, run, id, status = 'completed', sequence, stamp, key, input_tokens, output_tokens,
  part_variant, part_scenario, part_engine, unadopted, file`;

const KEY_HEAD_UPSERT = `
INSERT INTO key_heads SELECT ${KEY_HEAD} FROM records WHERE id = ?
ON CONFLICT(key) DO UPDATE SET id = excluded.id, completed = excluded.completed, sequence = excluded.sequence,
  stamp = excluded.stamp, latency_ms = excluded.latency_ms, input_tokens = excluded.input_tokens,
  output_tokens = excluded.output_tokens, cost_usd = excluded.cost_usd, file = excluded.file
WHERE (excluded.completed, excluded.sequence, excluded.stamp, excluded.id)
  > (key_heads.completed, key_heads.sequence, key_heads.stamp, key_heads.id)`;

const CELL_HEAD_UPSERT = `
INSERT INTO cell_heads SELECT ${CELL_HEAD} FROM records WHERE id = ?
ON CONFLICT(variant, scenario, run) DO UPDATE SET id = excluded.id, completed = excluded.completed,
  sequence = excluded.sequence, stamp = excluded.stamp, key = excluded.key, input_tokens = excluded.input_tokens,
  output_tokens = excluded.output_tokens, part_variant = excluded.part_variant, part_scenario = excluded.part_scenario,
  part_engine = excluded.part_engine, unadopted = excluded.unadopted, file = excluded.file
WHERE (excluded.completed, excluded.sequence, excluded.stamp, excluded.id)
  > (cell_heads.completed, cell_heads.sequence, cell_heads.stamp, cell_heads.id)`;

// On a partial rebuild the same order is asked of the whole table: the last row of each group wins.
const HEADS_REBUILD = `
DELETE FROM key_heads;
INSERT OR REPLACE INTO key_heads SELECT ${KEY_HEAD} FROM records WHERE archive IS NULL
  ORDER BY key, status = 'completed', sequence, stamp, id;
DELETE FROM cell_heads;
INSERT OR REPLACE INTO cell_heads SELECT ${CELL_HEAD} FROM records WHERE archive IS NULL
  ORDER BY variant, scenario, run, status = 'completed', sequence, stamp, id;`;

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
  /** Returns the record's id. Heads follow at once unless `rebuildHeads` will be called. */
  addRecord(row: Omit<RecordRow, 'id'>, heads: 'update-heads' | 'heads-later'): number;
  rebuildHeads(): void;
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
      throw new IndexVersionError(
        `it is of version ${version.user_version}, and this expgraph makes version ${INDEX_VERSION}`,
      );
    }
    // NORMAL loses at most the last transactions at a power cut: the files are ahead then, and are read again.
    // Checkpoints stop the loop for as long as the disk takes: one each 16 MB, not each 4.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA busy_timeout = 2000;',
    );
    database.exec(TABLES);
  } catch (cause) {
    database.close();
    throw cause;
  }
  return wrap(database);
}

/** Opens an index for reading only; null if there is none, or it is not of this version, or it cannot be read. */
export function openIndexForReading(file: string): IndexDb | null {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    database.exec('PRAGMA busy_timeout = 2000;');
    const version = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version.user_version === INDEX_VERSION) {
      // Another table of that name shows here, and not in the middle of a command.
      database
        .prepare('SELECT key, own_key, variant, stamp, archive, part_engine, said FROM records LIMIT 1')
        .get();
      return wrap(database);
    }
  } catch {
    // Not there, damaged, or in a folder where SQLite may not make its side files: the caller reads the history itself.
  }
  database?.close();
  return null;
}

/**
 * Walks tables and their indexes, so that a damaged page shows now, while the index can still be made anew, and not in
 * the middle of a run. 70 ms at 100,000 records; SQLite's own quick_check takes 2 s for the same.
 * @throws what SQLite throws.
 */
export function touchEveryPage(index: IndexDb): void {
  for (const sql of [
    "SELECT count(*), max(key) FROM records INDEXED BY records_by_key WHERE key > ''",
    'SELECT sum(size) FROM files',
    "SELECT count(*), max(path) FROM files INDEXED BY sqlite_autoindex_files_1 WHERE path > ''",
    'SELECT count(*), max(key) FROM damage INDEXED BY damage_by_key WHERE key IS NOT NULL',
    'SELECT sum(length) FROM attempts',
    "SELECT count(*), max(key) FROM attempts INDEXED BY attempts_by_key WHERE key > ''",
    'SELECT sum(id) FROM cell_heads',
    'SELECT sum(id) FROM key_heads',
    'SELECT sum(size) FROM views',
    'SELECT count(value) FROM meta',
  ]) {
    index.database.prepare(sql).get();
  }
  const newest = Number(index.database.prepare('SELECT max(id) AS id FROM files').get()?.id ?? 0);
  for (const [table, column] of [
    ['records', 'length'],
    ['parts', 'length'],
    ['damage', 'length'],
    ['blob_refs', 'bytes'],
  ]) {
    const row = index.database.prepare(`SELECT sum(${column}), max(file) AS file FROM ${table}`).get();
    // The log of an older state was applied to a newer one: each page is sound, together they are not.
    if (Number(row?.file ?? 0) > newest) throw new Error('it has rows of files that it does not know');
  }
}

function wrap(database: DatabaseSync): IndexDb {
  const statements = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    let prepared = statements.get(sql);
    if (!prepared) {
      prepared = database.prepare(sql);
      statements.set(sql, prepared);
    }
    return prepared;
  };
  return {
    database,
    statement,
    transaction(action) {
      database.exec('BEGIN');
      try {
        const value = action();
        database.exec('COMMIT');
        return value;
      } catch (cause) {
        // A full disk has rolled back by itself; the first reason is the one to show.
        if (database.isTransaction) database.exec('ROLLBACK');
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
    addRecord(row, heads) {
      const done = statement(
        `INSERT INTO records(key, own_key, unadopted, generation, sequence, stamp, variant, scenario, category, run, status, file, offset, length,
           output_digest, tested, ending, started_at, latency_ms, input_tokens, output_tokens, cost_usd, attempts, served_model,
           part_variant, part_scenario, part_engine, archive, is_score, score, passed, label, said)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        row.key,
        row.ownKey,
        row.unadopted,
        row.generation,
        row.sequence,
        row.stamp,
        row.variant,
        row.scenario,
        row.category,
        row.run,
        row.status,
        row.file,
        row.offset,
        row.length,
        row.outputDigest,
        row.tested,
        row.ending,
        row.startedAt,
        row.latencyMs,
        row.inputTokens,
        row.outputTokens,
        row.costUsd,
        row.attempts,
        row.servedModel,
        row.parts.variant,
        row.parts.scenario,
        row.parts.engine,
        row.archive,
        row.verdict === null ? 0 : 1,
        row.verdict?.score ?? null,
        row.verdict?.passed == null ? null : Number(row.verdict.passed),
        row.verdict?.label ?? null,
        row.verdict?.said == null ? null : Number(row.verdict.said),
      );
      const id = Number(done.lastInsertRowid);
      if (heads === 'update-heads') {
        statement(KEY_HEAD_UPSERT).run(id);
        statement(CELL_HEAD_UPSERT).run(id);
      }
      return id;
    },
    rebuildHeads: () => database.exec(HEADS_REBUILD),
    addDamage({ place, why, record }) {
      statement(
        'INSERT OR REPLACE INTO damage(file, offset, length, why, key, generation) VALUES (?, ?, ?, ?, ?, ?)',
      ).run(place.file, place.offset, place.length, why, record?.key ?? null, record?.generation ?? null);
    },
    lastGeneration: (key) =>
      Number(
        statement(
          `SELECT max(coalesce((SELECT max(generation) FROM records WHERE key = ?1), 0),
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
