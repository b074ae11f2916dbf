// The index's rows as plain data, and how a line of the history becomes one.
import { asDigest, asKey, type Digest, type Key } from '../core/brand.ts';
import { asInvocationId, type InvocationOrder } from '../core/invocation-id.ts';
import { keyedPassAt, saidPassed, type Told } from '../core/meaning.ts';
import { precomputedOf } from '../core/precomputed.ts';
import type { KeptResult, ScoreRecord, Tombstone } from '../core/record.ts';
import { oddEndingOf } from '../core/record-ending.ts';
import type { ScorerKind } from '../core/scoring.ts';
import type { PartDigests } from '../core/task.ts';
import { saidIn } from '../core/test-statements.ts';
import { testedOf } from '../core/tested.ts';
import { precomputedExpectation, testedExpectation } from '../scoring/content.ts';

/** One record, without its body. Of a score `variant` is the scorer's name and `run` the vote. */
export type RecordRow = {
  readonly id: number;
  /** Under which it counts today; its own, unless it was adopted (cache/index/adopt.ts). */
  readonly key: Key;
  /** As its line has it. */
  readonly ownKey: Key;
  /** What version 1 of keys did not hold, so that what it answers is unknown; null = it is known. */
  readonly unadopted: string | null;
  /** 1 for the first record of its key. */
  readonly generation: number;
  /** Of its invocation: the order in time, then the rest of its name. */
  readonly sequence: number;
  readonly stamp: number;
  readonly origin: number;
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
  /** Digest of how the test ended that gave it; null = no test did. */
  readonly tested: string | null;
  /** An odd end of a completed draw (core/record-ending.ts), or why a failed one failed; null = an ordinary end, or not known. */
  readonly ending: string | null;
  readonly startedAt: string;
  readonly latencyMs: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  readonly attempts: number;
  readonly servedModel: string | null;
  readonly parts: PartDigests;
  /** The archive that gc moved the record to; null = it is in the history. */
  readonly archive: string | null;
  /** Of scores only. */
  readonly verdict: RowVerdict | null;
};

export type RowVerdict = Told;

export type KeyVerdict = {
  readonly key: string;
  readonly status: 'completed' | 'failed';
  readonly verdict: RowVerdict | null;
};

/** By key the verdict that counts; each once, in no order. */
export type KeyVerdicts = Iterable<KeyVerdict> & { of(key: string): KeyVerdict | undefined };

/** `output`: itself, or what of it the index has to know where a blob holds it. */
type KeptDraw = Omit<KeptResult, 'input' | 'output'> & { readonly output?: unknown };
export type KeptRecord = KeptDraw | ScoreRecord;

/** Records of one invocation and variant, archived ones included; of scores, of one scorer. */
export type Drawn = {
  readonly sequence: number;
  readonly stamp: number;
  readonly origin: number;
  readonly variant: string;
  readonly executed: number;
  readonly failed: number;
};

/** What a comparison counts of a record. */
export type MeasuredRow = Pick<
  RecordRow,
  | 'id'
  | 'key'
  | 'sequence'
  | 'stamp'
  | 'origin'
  | 'status'
  | 'outputDigest'
  | 'tested'
  | 'ending'
  | 'startedAt'
  | 'latencyMs'
  | 'inputTokens'
  | 'outputTokens'
  | 'costUsd'
  | 'attempts'
  | 'servedModel'
  | 'archive'
>;

export type Place = { readonly file: number; readonly offset: number; readonly length: number };

/** @throws Error where a field of the record is not of its type: the line is damage, whatever its checksum says. */
export function rowOf(record: KeptRecord, input: Place & InvocationOrder): Omit<RecordRow, 'id'> {
  const last = record.attempts[record.attempts.length - 1];
  const isScore = record.type === 'score';
  return {
    ...commonOf(isScore ? { ...record, variant: record.scorer, run: record.vote } : record, input),
    verdict: isScore ? verdictOf(record) : null,
    tested: isScore ? null : saidOf(record.output),
    ending: isScore ? null : (last?.error?.kind ?? oddEndingOf(record.output)),
    latencyMs: record.status === 'completed' && last ? last.duration_ms : null,
    attempts: record.attempts.length,
    archive: null,
  };
}

/** What is still known of a record that was archived. @throws Error as rowOf. */
export function rowOfTombstone(line: Tombstone, input: Place & InvocationOrder): Omit<RecordRow, 'id'> {
  return {
    ...commonOf(line, input),
    latencyMs: line.latency_ms,
    attempts: line.attempts,
    archive: asInvocationId(line.archive),
    verdict: null,
    tested: null,
    ending: null,
  };
}

function saidOf(output: unknown): string | null {
  const tested = testedOf(output);
  const came = precomputedOf(output);
  return saidIn({
    test: tested && testedExpectation(tested).digest,
    scores: came.size === 0 ? null : precomputedExpectation(came).digest,
  });
}

/** Where its key held another threshold than the default, adoption corrects the verdict (cache/index/adopt.ts). */
function verdictOf({ score, passed, label, kind, pass_at: held }: ScoreRecord): RowVerdict {
  const then = keyedPassAt(kind as ScorerKind);
  return { score, passed, label, said: saidPassed({ score, passed }, { held, then }) };
}

type Common = Pick<KeptResult, keyof KeptResult & keyof Tombstone>;

function commonOf(
  line: Omit<Common, 'type' | 'attempts'>,
  input: Place & InvocationOrder,
): Omit<RecordRow, 'id' | 'latencyMs' | 'attempts' | 'archive' | 'verdict' | 'tested' | 'ending'> {
  return {
    key: asKey(line.key),
    ownKey: asKey(line.key),
    unadopted: null,
    generation: line.generation ?? 1,
    sequence: input.sequence,
    stamp: input.stamp,
    origin: input.origin,
    variant: line.variant,
    scenario: line.scenario,
    category: line.category,
    run: line.run,
    status: line.status,
    file: input.file,
    offset: input.offset,
    length: input.length,
    outputDigest: line.output_digest === null ? null : asDigest(line.output_digest),
    startedAt: line.started_at,
    inputTokens: line.usage?.input_tokens ?? null,
    outputTokens: line.usage?.output_tokens ?? null,
    costUsd: line.cost_usd,
    servedModel: line.served_model,
    parts: {
      variant: asDigest(line.parts.variant),
      scenario: asDigest(line.parts.scenario),
      engine: asDigest(line.parts.engine),
    },
  };
}

/** As SQLite keeps it. */
export function yesOrNo(value: number | null): boolean | null {
  return value === null ? null : value === 1;
}

/** A row of the view `records` (cache/index/index-tables.ts) as node:sqlite returns it. */
export function rowFromSql(sql: Record<string, unknown>): RecordRow {
  const row = sql as { readonly [name: string]: never };
  return {
    id: row.id!,
    key: row.key!,
    ownKey: row.own_key!,
    unadopted: row.unadopted!,
    generation: row.generation!,
    sequence: row.sequence!,
    stamp: row.stamp!,
    origin: row.origin!,
    variant: row.variant!,
    scenario: row.scenario!,
    category: row.category!,
    run: row.run!,
    status: row.status!,
    file: row.file!,
    offset: row.offset!,
    length: row.length!,
    outputDigest: row.output_digest!,
    tested: row.tested!,
    ending: row.ending!,
    startedAt: row.started_at!,
    latencyMs: row.latency_ms!,
    inputTokens: row.input_tokens!,
    outputTokens: row.output_tokens!,
    costUsd: row.cost_usd!,
    attempts: row.attempts!,
    servedModel: row.served_model!,
    parts: { variant: row.part_variant!, scenario: row.part_scenario!, engine: row.part_engine! },
    archive: row.archive!,
    verdict:
      row.is_score === 1
        ? { score: row.score!, passed: yesOrNo(row.passed!), label: row.label!, said: yesOrNo(row.said!) }
        : null,
  };
}
