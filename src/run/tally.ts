// Counts what the loop did: attempts, retries, results, tokens and money of this invocation.
import type { AnyRecord, Unkept } from '../core/record.ts';
import type { UsageTotals } from '../core/summary.ts';
import { rowId, type Task } from '../core/task.ts';

export type StopKind =
  | 'interrupted'
  | 'budget-reached'
  | 'max-new-reached'
  | 'deadline-reached'
  | 'halted'
  | 'damaged';

export type LoopTotals = {
  /** How each executed task ended, by key. */
  readonly results: ReadonlyMap<string, 'completed' | 'failed'>;
  readonly attempts: number;
  readonly retries: number;
  /** Retries by `variant x run`, see rowId. */
  readonly retriesByRow: ReadonlyMap<string, number>;
  readonly usage: UsageTotals;
  /** null = the cost of at least one answer is unknown. */
  readonly costUsd: number | null;
};

export type LoopResult = LoopTotals & {
  /** As the budget counts: calls that did not say what they cost with what was reserved for them; 0 without a budget. */
  readonly spentUsd: number;
  /** Why the loop ended before its work did; null = it did not. */
  readonly stopped: {
    readonly kind: StopKind;
    readonly why: string;
  } | null;
};

export type Tally = {
  attempt(task: Task, number: number): void;
  result(at: {
    readonly key: string;
    readonly status: 'completed' | 'failed';
    readonly usage: UsageTotals | null;
    readonly costUsd: number | null;
  }): void;
  totals(): LoopTotals;
};

export function makeTally(): Tally {
  const results = new Map<string, 'completed' | 'failed'>();
  const retriesByRow = new Map<string, number>();
  const usage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
  let attempts = 0;
  let retries = 0;
  let costUsd: number | null = 0;
  return {
    attempt(task, number) {
      attempts++;
      if (number === 1) return;
      retries++;
      retriesByRow.set(rowId(task), (retriesByRow.get(rowId(task)) ?? 0) + 1);
    },
    result(at) {
      results.set(at.key, at.status);
      usage.input_tokens += at.usage?.input_tokens ?? 0;
      usage.output_tokens += at.usage?.output_tokens ?? 0;
      usage.total_tokens += at.usage?.total_tokens ?? 0;
      if (at.status === 'failed' && at.costUsd === null) return;
      costUsd = costUsd === null || at.costUsd === null ? null : costUsd + at.costUsd;
    },
    totals: () => ({
      results,
      attempts,
      retries,
      retriesByRow,
      usage: { ...usage },
      costUsd: costUsd === null ? null : Math.round(costUsd * 10_000_000) / 10_000_000,
    }),
  };
}

export function addResult(
  tally: Tally,
  at: { readonly task: Task; readonly record: Pick<Unkept<AnyRecord>, 'status' | 'usage' | 'cost_usd'> },
): void {
  tally.result({
    key: at.task.key,
    status: at.record.status,
    usage: at.record.usage,
    costUsd: at.record.cost_usd,
  });
}

/** Nothing was executed. */
export function emptyResult(): LoopResult {
  return { ...makeTally().totals(), stopped: null, spentUsd: 0 };
}
