// Builds the record of a finished judgement from its order and its attempts. Pure.
import { isAskingKind } from '../core/asking.ts';
import { sumUsage } from '../core/conversation.ts';
import { keyedPassAt } from '../core/meaning.ts';
import type { ScoreRecord, Unkept } from '../core/record.ts';
import type { ScorerKind } from '../core/scoring.ts';
import { type FinishedTask, paidField, usageOf } from './record.ts';
import { round } from './record-time.ts';

/** What a finished task says of its judgement beside what any task says. */
export type JudgedAs = {
  readonly scorer: string;
  readonly kind: ScorerKind;
  readonly vote: number;
  /** Digest of what was judged. */
  readonly output: string;
};

/** What `passed` was held against: who reads it later may hold it against another threshold. */
function heldField(
  { order, status, completion }: FinishedTask,
  { kind }: JudgedAs,
): Pick<ScoreRecord, 'pass_at'> {
  const verdict = status === 'completed' ? completion?.verdict : undefined;
  if (!verdict || keyedPassAt(kind) === null) return {};
  const isHeld = verdict.saysPassed === undefined && verdict.score !== null;
  return { pass_at: isHeld ? (order.score?.passAt ?? null) : null };
}

/** @returns a failed one has no verdict: it is a missing score, never a zero */
export function buildScoreRecord(finished: FinishedTask, as: JudgedAs): Unkept<ScoreRecord> {
  const { task, order, completion } = finished;
  const first = finished.attempts[0]!;
  const asksModel = isAskingKind(as.kind);
  const verdict = finished.status === 'completed' ? (completion?.verdict ?? null) : null;
  const usage = completion?.usage ?? sumUsage((finished.turns ?? []).map((turn) => turn.usage));
  return {
    type: 'score',
    v: 1,
    key: task.key,
    experiment: finished.experiment,
    invocation: finished.invocation,
    scorer: as.scorer,
    kind: as.kind,
    vote: as.vote,
    scenario: task.scenario,
    category: task.category,
    variant: task.variant,
    run: task.run,
    status: verdict === null ? 'failed' : 'completed',
    output_digest: as.output,
    score: verdict?.score ?? null,
    passed: verdict?.passed ?? null,
    ...heldField(finished, as),
    label: verdict?.label ?? null,
    reason: verdict?.reason ?? null,
    ...(verdict?.details === undefined ? {} : { details: verdict.details }),
    usage: usage && usageOf(usage),
    cost_usd: asksModel ? finished.costUsd : 0,
    ...(asksModel
      ? paidField(finished.paid, { usage: usage && usageOf(usage), costUsd: finished.costUsd })
      : {}),
    model: asksModel ? order.request.model : null,
    served_model: completion?.servedModel ?? null,
    provider: asksModel ? finished.provider : null,
    started_at: first.started_at,
    duration_ms: round(finished.durationMs),
    attempts: [first, ...finished.attempts.slice(1)],
    parts: task.parts,
  };
}
