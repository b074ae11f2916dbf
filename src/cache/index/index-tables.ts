// The tables of the history index, and which record of a key and of a cell stands at its head.
/** Bumped when the tables change: an index of another version is rebuilt, never migrated. */
export const INDEX_VERSION = 8;

export const TABLES = `
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

// What core/counting.ts says, as SQL: a completed one before any failed one, then the newest. An archived one is no head.
const KEY_HEAD =
  "key, id, status = 'completed', sequence, stamp, latency_ms, input_tokens, output_tokens, cost_usd, file";
const CELL_HEAD = `variant, scenario, run, id, status = 'completed', sequence, stamp, key, input_tokens, output_tokens,
  part_variant, part_scenario, part_engine, unadopted, file`;

const KEY_HEAD_WINS = `
ON CONFLICT(key) DO UPDATE SET id = excluded.id, completed = excluded.completed, sequence = excluded.sequence,
  stamp = excluded.stamp, latency_ms = excluded.latency_ms, input_tokens = excluded.input_tokens,
  output_tokens = excluded.output_tokens, cost_usd = excluded.cost_usd, file = excluded.file
WHERE (excluded.completed, excluded.sequence, excluded.stamp, excluded.id)
  > (key_heads.completed, key_heads.sequence, key_heads.stamp, key_heads.id)`;
export const KEY_HEAD_UPSERT = `INSERT INTO key_heads SELECT ${KEY_HEAD} FROM records WHERE id = ? ${KEY_HEAD_WINS}`;
/** Of all records behind one. */
export const KEY_HEADS_SINCE = `INSERT INTO key_heads SELECT ${KEY_HEAD} FROM records WHERE id > ? AND archive IS NULL ${KEY_HEAD_WINS}`;

const CELL_HEAD_WINS = `
ON CONFLICT(variant, scenario, run) DO UPDATE SET id = excluded.id, completed = excluded.completed,
  sequence = excluded.sequence, stamp = excluded.stamp, key = excluded.key, input_tokens = excluded.input_tokens,
  output_tokens = excluded.output_tokens, part_variant = excluded.part_variant, part_scenario = excluded.part_scenario,
  part_engine = excluded.part_engine, unadopted = excluded.unadopted, file = excluded.file
WHERE (excluded.completed, excluded.sequence, excluded.stamp, excluded.id)
  > (cell_heads.completed, cell_heads.sequence, cell_heads.stamp, cell_heads.id)`;
export const CELL_HEAD_UPSERT = `INSERT INTO cell_heads SELECT ${CELL_HEAD} FROM records WHERE id = ? ${CELL_HEAD_WINS}`;
export const CELL_HEADS_SINCE = `INSERT INTO cell_heads SELECT ${CELL_HEAD} FROM records WHERE id > ? AND archive IS NULL ${CELL_HEAD_WINS}`;

// On a partial rebuild the same order is asked of the whole table: the last row of each group wins.
export const HEADS_REBUILD = `
DELETE FROM key_heads;
INSERT OR REPLACE INTO key_heads SELECT ${KEY_HEAD} FROM records WHERE archive IS NULL
  ORDER BY key, status = 'completed', sequence, stamp, id;
DELETE FROM cell_heads;
INSERT OR REPLACE INTO cell_heads SELECT ${CELL_HEAD} FROM records WHERE archive IS NULL
  ORDER BY variant, scenario, run, status = 'completed', sequence, stamp, id;`;

/** In the order of `valuesOf` (cache/rows.ts). */
const RECORD_COLUMNS = `key, own_key, unadopted, generation, sequence, stamp, variant, scenario, category, run, status, file,
  offset, length, output_digest, tested, ending, started_at, latency_ms, input_tokens, output_tokens,
  cost_usd, attempts, served_model, part_variant, part_scenario, part_engine, archive, is_score, score,
  passed, label, said`;

export const RECORD_INSERT = `INSERT INTO records(${RECORD_COLUMNS})
  VALUES (${RECORD_COLUMNS.replace(/\w+/g, '?')})`;
