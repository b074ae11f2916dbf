// The tables of the history index. Texts that many records have in common stand once; keys and digests of answers are 32 bytes.
/** Bumped when the tables change: an index of another version is rebuilt, never migrated. */
export const INDEX_VERSION = 10;

const FILES = `
CREATE TABLE IF NOT EXISTS files(
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, mtime_ms REAL NOT NULL, n INTEGER NOT NULL);`;

// What is a number here and a text in a row stands in `texts`. own_key is NULL where the record counts under the key that it was made with.
const KEPT = `
CREATE TABLE IF NOT EXISTS texts(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS kept(
  id INTEGER PRIMARY KEY, key BLOB NOT NULL, own_key BLOB, unadopted TEXT, generation INTEGER NOT NULL, sequence INTEGER NOT NULL, stamp INTEGER NOT NULL,
  origin INTEGER NOT NULL, variant INTEGER NOT NULL, scenario INTEGER NOT NULL, category INTEGER, run INTEGER NOT NULL, completed INTEGER NOT NULL,
  file INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
  output_digest BLOB, tested INTEGER, ending INTEGER, started_at TEXT NOT NULL, latency_ms REAL, input_tokens INTEGER, output_tokens INTEGER,
  cost_usd REAL, attempts INTEGER NOT NULL, served_model INTEGER,
  part_variant INTEGER NOT NULL, part_scenario INTEGER NOT NULL, part_engine INTEGER NOT NULL, archive INTEGER,
  is_score INTEGER NOT NULL, score REAL, passed INTEGER, label TEXT, said INTEGER);
CREATE INDEX IF NOT EXISTS kept_by_key ON kept(key);
CREATE INDEX IF NOT EXISTS kept_by_own_key ON kept(own_key) WHERE own_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS kept_by_cell ON kept(scenario, variant, run);`;

const text = (column: string): string => `(SELECT text FROM texts WHERE id = ${column}) AS ${column}`;

/** A record as rowFromSql (cache/rows.ts) takes it. What of it is not asked for costs nothing. */
const RECORDS = `
CREATE VIEW IF NOT EXISTS records AS SELECT
  id, lower(hex(key)) AS key, lower(hex(coalesce(own_key, key))) AS own_key, unadopted, generation, sequence, stamp, origin,
  ${text('variant')}, ${text('scenario')}, ${text('category')}, run, iif(completed, 'completed', 'failed') AS status, file, offset, length,
  CASE WHEN output_digest IS NOT NULL THEN lower(hex(output_digest)) END AS output_digest, ${text('tested')}, ${text('ending')},
  started_at, latency_ms, input_tokens, output_tokens, cost_usd, attempts, ${text('served_model')},
  ${text('part_variant')}, ${text('part_scenario')}, ${text('part_engine')}, ${text('archive')}, is_score, score, passed, label, said
FROM kept;`;

/** What core/counting.ts says, as SQL: a completed one before any failed one, then the newest. An archived one is no head. */
export const COUNTS_FIRST = 'completed DESC, sequence DESC, stamp DESC, origin DESC, id DESC';

const head = (name: string, group: string): string => `
CREATE VIEW IF NOT EXISTS ${name} AS SELECT * FROM records WHERE id IN (
  SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY ${group} ORDER BY ${COUNTS_FIRST}) AS place
    FROM kept WHERE archive IS NULL) WHERE place = 1);`;

// The table of heads (cache/index/head-table.ts) says what stands at the head of each key among the records up to number
// `upto`. Records behind that one are looked at besides; whoever touches one before it ends the table.
const HEAD_TABLE = `
CREATE TABLE IF NOT EXISTS head_table(name TEXT PRIMARY KEY, upto INTEGER NOT NULL, sum INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
${['DELETE', 'UPDATE']
  .map(
    (change) => `
CREATE TRIGGER IF NOT EXISTS head_table_ends_at_${change.toLowerCase()} AFTER ${change} ON kept
WHEN old.id <= coalesce((SELECT max(upto) FROM head_table), 0) BEGIN DELETE FROM head_table; END;`,
  )
  .join('')}`;

const OTHERS = `
CREATE TABLE IF NOT EXISTS adopted_parts(digest TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parts(
  digest TEXT NOT NULL, file INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
  PRIMARY KEY(digest, file)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blob_refs(
  file INTEGER NOT NULL, offset INTEGER NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY(file, offset, sha256)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempts(
  file INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, key TEXT NOT NULL,
  sequence INTEGER NOT NULL, stamp INTEGER NOT NULL, origin INTEGER NOT NULL,
  PRIMARY KEY(file, offset)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS attempts_by_key ON attempts(key);
CREATE TABLE IF NOT EXISTS damage(
  file INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, why TEXT NOT NULL,
  key TEXT, generation INTEGER, PRIMARY KEY(file, offset)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS damage_by_key ON damage(key) WHERE key IS NOT NULL;
CREATE TABLE IF NOT EXISTS views(path TEXT PRIMARY KEY, digest TEXT NOT NULL, size INTEGER NOT NULL, mtime_ms REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`;

export const TABLES = `${FILES}${KEPT}${RECORDS}${head('key_heads', 'key')}${head('cell_heads', 'variant, scenario, run')}
${HEAD_TABLE}${OTHERS}`;

/** What a copy of an index is made of; views, digests of what is shown, belong to the one on disk. */
export const COPIED = [
  'files',
  'texts',
  'kept',
  'parts',
  'adopted_parts',
  'blob_refs',
  'attempts',
  'damage',
] as const;

/** Walked when an index is opened: each page of each of them. */
export const WALKS = [
  'SELECT count(*) FROM kept INDEXED BY kept_by_key WHERE key IS NOT NULL',
  'SELECT count(*), max(own_key) FROM kept INDEXED BY kept_by_own_key WHERE own_key IS NOT NULL',
  'SELECT count(*) FROM kept INDEXED BY kept_by_cell WHERE scenario IS NOT NULL',
  'SELECT sum(length(text)) FROM texts',
  "SELECT count(*), max(text) FROM texts INDEXED BY sqlite_autoindex_texts_1 WHERE text > ''",
  'SELECT sum(size) FROM files',
  "SELECT count(*), max(path) FROM files INDEXED BY sqlite_autoindex_files_1 WHERE path > ''",
  'SELECT count(*), max(key) FROM damage INDEXED BY damage_by_key WHERE key IS NOT NULL',
  'SELECT sum(length) FROM attempts',
  "SELECT count(*), max(key) FROM attempts INDEXED BY attempts_by_key WHERE key > ''",
  'SELECT sum(size) FROM views',
  'SELECT sum(length(value)) FROM meta',
  'SELECT sum(length(content)) FROM adopted_parts',
  "SELECT count(*) FROM head_table WHERE bytes > x''",
] as const;
