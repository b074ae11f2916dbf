// The shapes of --json where what is printed is not already kept in that shape. Field names are the contract's. Pure.
import type { Amount, Estimate } from '../core/estimate.ts';
import type { Json } from '../core/json.ts';
import { type Change, cellId, type Plan } from '../core/task.ts';
import {
  countsOf,
  type DiffKind,
  type DiffLabels,
  type DiffRow,
  type DiffSide,
  diffKind,
  hasMoved,
  movesOf,
} from './records/diff.ts';
import { flipOf, type HistoryRow } from './records/history.ts';
import type { FullEntry } from './records/log.ts';

type ChangeJson = { readonly part: string; readonly from: Json; readonly to: Json };

/** First attempts only. null = not known; `*_at_most` holds what is known and the limit of the rest. */
export type AmountJson = {
  readonly calls: number;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly output_tokens_at_most: number | null;
  readonly cost_usd: number | null;
  readonly cost_usd_at_least: number;
  readonly cost_usd_at_most: number | null;
  /** Calls by where their number comes from. */
  readonly source: Amount['sources'];
};

export type PlanJson = {
  readonly experiment: string;
  /** `2/4`, where the cells of one shard are planned. */
  readonly shard?: string;
  readonly tasks: number;
  readonly pending: number;
  readonly cached: number;
  readonly shared: number;
  readonly stale: number;
  /** Pairs of variants in scope with equal content: they share every draw. */
  readonly twins: readonly (readonly [string, string])[];
  readonly estimate: AmountJson & {
    /** A sample of the texts was counted. */
    readonly sampled: boolean;
    readonly by_variant: readonly (AmountJson & {
      readonly variant: string;
      readonly model: string;
      readonly priced: boolean;
      readonly simulated: boolean;
    })[];
  };
  /** In the order in which they would start. */
  readonly pending_tasks: readonly {
    readonly variant: string;
    readonly scenario: string;
    readonly run: number;
    readonly key: string;
    readonly reason: {
      readonly kind: string;
      readonly changed: readonly ChangeJson[];
      /** Nothing was edited: what version 1 of the key did not hold. */
      readonly forgot?: readonly string[];
    };
  }[];
};

export function planJson(plan: Plan, estimate: Estimate): PlanJson {
  const { tasks, pending, cached, shared, stale } = plan.counts;
  return {
    experiment: plan.experiment,
    ...(plan.shard === undefined ? {} : { shard: plan.shard }),
    tasks,
    pending,
    cached,
    shared,
    stale,
    twins: plan.twins,
    estimate: {
      ...amountJson(estimate),
      sampled: estimate.isSampled,
      by_variant: estimate.byVariant.map((one) => ({
        variant: one.variant,
        model: one.model,
        ...amountJson(one),
        priced: one.isPriced,
        simulated: one.isSimulated,
      })),
    },
    pending_tasks: plan.pending.map(({ variant, scenario, run, key, state }) => {
      const reason = state.kind === 'pending' ? state.reason : null;
      const changed = reason?.kind === 'stale' ? reason.changed.map(changeJson) : [];
      const forgot = reason?.kind === 'stale' && reason.forgot ? { forgot: reason.forgot } : {};
      return { variant, scenario, run, key, reason: { kind: reason?.kind ?? 'new', changed, ...forgot } };
    }),
  };
}

function amountJson(amount: Amount): AmountJson {
  return {
    calls: amount.calls,
    input_tokens: amount.inputTokens,
    output_tokens: amount.outputTokens,
    output_tokens_at_most: amount.outputTokensAtMost,
    cost_usd: amount.costUsd,
    cost_usd_at_least: amount.costUsdAtLeast,
    cost_usd_at_most: amount.costUsdAtMost,
    source: amount.sources,
  };
}

export function historyJson(rows: readonly HistoryRow[]): readonly object[] {
  return rows.map((row, i) => ({
    variant: row.variant,
    scenario: row.scenario,
    run: row.run,
    key: row.key,
    generation: row.generation,
    invocation: row.invocation,
    started_at: row.startedAt,
    status: row.status,
    attempts: row.attempts,
    latency_ms: row.latencyMs,
    input_tokens: row.inputTokens,
    output_tokens: row.outputTokens,
    cost_usd: row.costUsd,
    output_digest: row.outputDigest,
    served_model: row.servedModel,
    standing: row.standing,
    simulated: row.simulated,
    moved: row.moved,
    score: row.score,
    passed: row.passed,
    ...(row.human ? { human: row.human } : {}),
    flip: flipOf(rowBefore(rows, i), row),
    changed: row.changed === null ? null : row.changed.map(changeJson),
  }));
}

/** The record before it of the same cell. */
function rowBefore(rows: readonly HistoryRow[], i: number): HistoryRow | null {
  const before = rows[i - 1];
  return before && cellId(before) === cellId(rows[i]!) ? before : null;
}

export function diffJson(rows: readonly DiffRow[], labels: DiffLabels): object {
  const kinds = rows.map(diffKind);
  const { moved, toPass, toFail } = movesOf(rows);
  return {
    before: labels.before,
    after: labels.after,
    cells: rows.length,
    counts: countsOf(kinds),
    moved,
    flips: { to_pass: toPass, to_fail: toFail },
    rows: rows.map((row, i) => diffRowJson(row, kinds[i]!)),
  };
}

function diffRowJson(row: DiffRow, kind: DiffKind): object {
  const { variant, scenario, run, before, after } = row;
  const same_input = before && after && before.key === after.key;
  const moves = { same_input, moved: hasMoved(row), flip: flipOf(before, after) };
  return { variant, scenario, run, kind, ...moves, before: sideJson(before), after: sideJson(after) };
}

function sideJson(side: DiffSide | null): object | null {
  if (side === null) return null;
  const { key, status, outputDigest, servedModel, score, passed, excerpt } = side;
  return { key, status, output_digest: outputDigest, served_model: servedModel, score, passed, excerpt };
}

/** A field that is not present is null here: JSON has no other word for it. */
function changeJson({ part, from, to }: Change): ChangeJson {
  return { part, from: from ?? null, to: to ?? null };
}

/** `log INVOCATION --json`. */
export function invocationJson(full: FullEntry & { readonly experiment: string }): object {
  const { experiment, entry, before, manifest, groups, folders } = full;
  return {
    experiment,
    ...entry,
    before,
    files: folders,
    manifest_changed:
      manifest?.map(({ path: where, from = null, to = null }) => ({ path: where, from, to })) ?? null,
    drew: groups.map(({ changed, rows, failed, another, same, moved, toPass, toFail, costUsd }) => ({
      changed: changed?.map(({ part, from = null, to = null }) => ({ part, from, to })) ?? null,
      cells: rows.length,
      failed,
      another_answer: another,
      same_answer: same,
      moved,
      to_pass: toPass,
      to_fail: toFail,
      cost_usd: costUsd,
    })),
  };
}
