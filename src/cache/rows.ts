// The index's rows as plain data, and how a line of the history becomes one.
import { asDigest, asKey, type Digest, type Key } from '../core/brand.ts';
import type { ScenarioResult } from '../core/record.ts';
import type { PartDigests } from '../core/task.ts';

/** One record, without its body. */
export type RecordRow = {
  readonly id: number;
  readonly key: Key;
  /** 1 for the first record of its key. */
  readonly generation: number;
  /** Of its invocation: the order in time. */
  readonly sequence: number;
  readonly variant: string;
  readonly scenario: string;
  readonly category: string | null;
  readonly run: number;
  readonly status: 'completed' | 'failed';
  /** Where it stands: file (a number in the index), first byte, bytes without the line end. */
  readonly file: number;
  readonly offset: number;
  readonly length: number;
  readonly outputDigest: Digest | null;
  readonly startedAt: string;
  readonly latencyMs: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  readonly attempts: number;
  readonly servedModel: string | null;
  readonly parts: PartDigests;
};

export type Place = { readonly file: number; readonly offset: number; readonly length: number };

/** @throws Error where a field of the record is not of its type: the line is damage, whatever its checksum says. */
export function rowOf(
  record: ScenarioResult,
  at: Place & { readonly sequence: number },
): Omit<RecordRow, 'id'> {
  const last = record.attempts[record.attempts.length - 1];
  return {
    key: asKey(record.key),
    generation: record.generation ?? 1,
    sequence: at.sequence,
    variant: record.variant,
    scenario: record.scenario,
    category: record.category,
    run: record.run,
    status: record.status,
    file: at.file,
    offset: at.offset,
    length: at.length,
    outputDigest: record.output_digest === null ? null : asDigest(record.output_digest),
    startedAt: record.started_at,
    latencyMs: record.status === 'completed' && last ? last.duration_ms : null,
    inputTokens: record.usage?.input_tokens ?? null,
    outputTokens: record.usage?.output_tokens ?? null,
    costUsd: record.cost_usd,
    attempts: record.attempts.length,
    servedModel: record.served_model,
    parts: {
      variant: asDigest(record.parts.variant),
      scenario: asDigest(record.parts.scenario),
      engine: asDigest(record.parts.engine),
    },
  };
}

/** A row as node:sqlite returns it. */
export function rowFromSql(sql: Record<string, unknown>): RecordRow {
  const row = sql as { readonly [name: string]: never };
  return {
    id: row.id!,
    key: row.key!,
    generation: row.generation!,
    sequence: row.sequence!,
    variant: row.variant!,
    scenario: row.scenario!,
    category: row.category!,
    run: row.run!,
    status: row.status!,
    file: row.file!,
    offset: row.offset!,
    length: row.length!,
    outputDigest: row.output_digest!,
    startedAt: row.started_at!,
    latencyMs: row.latency_ms!,
    inputTokens: row.input_tokens!,
    outputTokens: row.output_tokens!,
    costUsd: row.cost_usd!,
    attempts: row.attempts!,
    servedModel: row.served_model!,
    parts: { variant: row.part_variant!, scenario: row.part_scenario!, engine: row.part_engine! },
  };
}
