// One record into the index: what of it is shared by its number, keys and digests as bytes.
import type { StatementSync } from 'node:sqlite';
import type { RecordRow } from '../rows.ts';

const PLAIN = '?';
const BYTES = 'unhex(?)';

/** In the order of `valuesOf`. */
const COLUMNS = {
  key: BYTES,
  own_key: BYTES,
  unadopted: PLAIN,
  generation: PLAIN,
  sequence: PLAIN,
  stamp: PLAIN,
  origin: PLAIN,
  variant: PLAIN,
  scenario: PLAIN,
  category: PLAIN,
  run: PLAIN,
  completed: PLAIN,
  file: PLAIN,
  offset: PLAIN,
  length: PLAIN,
  output_digest: BYTES,
  tested: PLAIN,
  ending: PLAIN,
  started_at: PLAIN,
  latency_ms: PLAIN,
  input_tokens: PLAIN,
  output_tokens: PLAIN,
  cost_usd: PLAIN,
  attempts: PLAIN,
  served_model: PLAIN,
  part_variant: PLAIN,
  part_scenario: PLAIN,
  part_engine: PLAIN,
  archive: PLAIN,
  is_score: PLAIN,
  score: PLAIN,
  passed: PLAIN,
  label: PLAIN,
  said: PLAIN,
} as const;

const INSERT = `INSERT INTO kept(${Object.keys(COLUMNS).join(', ')}) VALUES (${Object.values(COLUMNS).join(', ')})`;

/** @returns the record's number. @param idOf a text's number (texts.ts) */
export function insertRecord(
  statement: (sql: string) => StatementSync,
  idOf: (text: string) => number,
  row: Omit<RecordRow, 'id'>,
): number {
  return Number(statement(INSERT).run(...valuesOf(row, idOf)).lastInsertRowid);
}

/** A row as node:sqlite takes it. */
function valuesOf(
  row: Omit<RecordRow, 'id'>,
  idOf: (text: string) => number,
): readonly (string | number | null)[] {
  const maybe = (text: string | null): number | null => (text === null ? null : idOf(text));
  return [
    row.key,
    row.ownKey === row.key ? null : row.ownKey,
    row.unadopted,
    row.generation,
    row.sequence,
    row.stamp,
    row.origin,
    idOf(row.variant),
    idOf(row.scenario),
    maybe(row.category),
    row.run,
    row.status === 'completed' ? 1 : 0,
    row.file,
    row.offset,
    row.length,
    row.outputDigest,
    maybe(row.tested),
    maybe(row.ending),
    row.startedAt,
    row.latencyMs,
    row.inputTokens,
    row.outputTokens,
    row.costUsd,
    row.attempts,
    maybe(row.servedModel),
    idOf(row.parts.variant),
    idOf(row.parts.scenario),
    idOf(row.parts.engine),
    maybe(row.archive),
    row.verdict === null ? 0 : 1,
    row.verdict?.score ?? null,
    row.verdict?.passed == null ? null : Number(row.verdict.passed),
    row.verdict?.label ?? null,
    row.verdict?.said == null ? null : Number(row.verdict.said),
  ];
}
