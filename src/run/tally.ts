// Counts what the loop did: attempts, retries, results, tokens and money of this invocation.
import { endingOf } from '../core/ending.ts';
import type { NewLimits } from '../core/limit-memory.ts';
import { addSpent, type MoreSpent, NOTHING_SPENT } from '../core/paid.ts';
import type { AnyRecord, ScenarioResult, Unkept } from '../core/record.ts';
import type { Endings, UsageTotals } from '../core/summary.ts';
import { rowId, type Task } from '../core/task.ts';

export type StopKind =
  | 'interrupted'
  | 'budget-reached'
  | 'max-new-reached'
  /** Batches are out, and nobody was to wait for them. */
  | 'in-batches'
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
  /** As far as it is known. */
  readonly usage: UsageTotals;
  /** Calls that did not tell what they used. */
  readonly untoldCalls: number;
  /** null = the cost of at least one call is unknown. */
  readonly costUsd: number | null;
  /** What is known of it. */
  readonly atLeastUsd: number;
  readonly endings: Endings;
};

export type LoopResult = LoopTotals & {
  /** As the budget counts: calls that did not say what they cost with what was reserved for them; 0 without a budget. */
  readonly spentUsd: number;
  /** Why the loop ended before its work did; null = it did not. */
  readonly stopped: {
    readonly kind: StopKind;
    readonly why: string;
  } | null;
  /** Lanes that nobody is to be asked in any more, and why. */
  readonly givenUp: ReadonlyMap<string, string>;
  /** What accounts that refused calls turned out to allow. */
  readonly limitsFound?: readonly NewLimits[];
};

export type Tally = {
  attempt(task: Task, number: number): void;
  /** A call, whatever became of its task. */
  paid(call: MoreSpent): void;
  result(key: string, record: Pick<Unkept<AnyRecord>, 'type' | 'status'>): void;
  totals(): LoopTotals;
};

export function makeTally(): Tally {
  const results = new Map<string, 'completed' | 'failed'>();
  const retriesByRow = new Map<string, number>();
  let spent = NOTHING_SPENT;
  let endings: Endings = { cut: 0, filtered: 0, thought_only: 0 };
  let attempts = 0;
  let retries = 0;
  return {
    attempt(task, number) {
      attempts++;
      if (number === 1) return;
      retries++;
      retriesByRow.set(rowId(task), (retriesByRow.get(rowId(task)) ?? 0) + 1);
    },
    paid(call) {
      spent = addSpent(spent, call);
    },
    result(key, record) {
      results.set(key, record.status);
      if (record.status === 'completed') endings = withEnding(endings, record as Partial<ScenarioResult>);
    },
    totals: () => ({
      results,
      attempts,
      retries,
      retriesByRow,
      usage: spent.usage,
      untoldCalls: spent.untold,
      costUsd: spent.costUsd,
      atLeastUsd: spent.atLeastUsd,
      endings,
    }),
  };
}

/** A verdict has none. */
function withEnding(endings: Endings, { output }: Partial<ScenarioResult>): Endings {
  if (!output) return endings;
  if (output.text_from !== undefined) return { ...endings, thought_only: endings.thought_only + 1 };
  const { kind } = endingOf(output.finish_reason ?? '');
  return kind === 'cut' || kind === 'filtered' ? { ...endings, [kind]: endings[kind] + 1 } : endings;
}

/** Nothing was executed. */
export function emptyResult(): LoopResult {
  return { ...makeTally().totals(), stopped: null, spentUsd: 0, givenUp: new Map() };
}
