// The numbers of an invocation from the plan, the history after it, and what the loop counted. Pure.
import type { History, KeyRecord } from '../core/history.ts';
import type { RunSummary, SummaryRow } from '../core/summary.ts';
import { type Plan, rowId, type Task } from '../core/task.ts';
import type { LoopResult } from './tally.ts';

export type SummaryInput = {
  readonly plan: Plan;
  readonly history: History;
  readonly loop: LoopResult;
  /** `look-up`: records that were cached turned out to be damaged after the plan was made. */
  readonly cached: 'as-planned' | 'look-up';
  readonly invocation: string;
  readonly durationMs: number;
  readonly files: readonly string[];
  readonly simulated: boolean;
  readonly local?: boolean;
};

export function summarize(input: SummaryInput): RunSummary {
  const { plan, loop } = input;
  const rows = new Map<string, RowSums>();
  let row: RowSums | null = null;
  for (const task of plan.tasks) {
    // Tasks of one row stand together.
    if (row === null || row.variant !== task.variant || row.run !== task.run) {
      const id = rowId(task);
      row = rows.get(id) ?? newRow(task);
      rows.set(id, row);
    }
    // A cached task brought its head along; what was pending, or was found damaged since, is looked up again.
    const known = task.state.kind === 'cached' && input.cached === 'as-planned' ? task.state.head : undefined;
    const head = known ?? input.history.byKey(task.key);
    addTask({ row, task, head, result: loop.results.get(task.key) });
  }
  const variants = [...rows].map(([id, row]) => finishRow(row, loop.retriesByRow.get(id) ?? 0));
  const sum = (pick: (row: SummaryRow) => number): number =>
    variants.reduce((total, row) => total + pick(row), 0);
  const completed = sum((row) => row.completed);
  const failed = sum((row) => row.failed);
  const complete = completed === plan.tasks.length;
  // Cells that were to be drawn again have their older record all the same: a stop before that is a stop.
  const undrawn = loop.stopped === null ? 0 : plan.pending.length - loop.results.size;
  const isDone = complete && failed === 0 && undrawn === 0;
  return {
    experiment: plan.experiment,
    invocation: input.invocation,
    scope: { tasks: plan.tasks.length, ...(plan.shard === undefined ? {} : { shard: plan.shard }) },
    executed: loop.results.size,
    cached: sum((row) => row.cached),
    failed,
    missing: [...rows.values()].reduce((total, row) => total + row.missing, 0),
    complete,
    attempts: loop.attempts,
    retries: loop.retries,
    usage: loop.untoldCalls > 0 && loop.usage.total_tokens === 0 ? null : loop.usage,
    ...(loop.untoldCalls === 0 ? {} : { usage_unknown: loop.untoldCalls }),
    cost_usd: loop.costUsd,
    cost_usd_at_least: loop.atLeastUsd,
    duration_ms: Math.round(input.durationMs),
    variants,
    files: input.files,
    simulated: input.simulated,
    ...(input.local ? { local: true } : {}),
    ...(Object.values(loop.endings).some((count) => count > 0) ? { endings: loop.endings } : {}),
    ...(loop.limitsFound?.length ? { limits_found: loop.limitsFound } : {}),
    ...(plan.twins.length === 0 ? {} : { twins: plan.twins }),
    how: howOf(loop, isDone),
    why: isDone ? null : whyOf(loop, Math.max(undrawn, plan.tasks.length - completed)),
  };
}

/** The exit code that scripts rely on (contract: 0 complete, 1 failed or missing, 3 budget, 4 store, 130 interrupted). */
export function exitCodeOf(how: RunSummary['how']): number {
  return EXIT_CODES[how];
}

const EXIT_CODES: { readonly [how in RunSummary['how']]: number } = {
  complete: 0,
  incomplete: 1,
  halted: 1,
  'budget-reached': 3,
  'max-new-reached': 3,
  'in-batches': 3,
  'deadline-reached': 3,
  damaged: 4,
  interrupted: 130,
};

/** Why it ended early, and what that leaves to do. */
function whyOf(loop: LoopResult, left: number): string | null {
  if (loop.stopped === null) return null;
  const { kind, why } = loop.stopped;
  if (kind === 'damaged' || left === 0) return why;
  return `${why}: ${left} ${left === 1 ? 'task is' : 'tasks are'} left`;
}

function howOf({ stopped }: LoopResult, isDone: boolean): RunSummary['how'] {
  if (stopped?.kind === 'damaged') return 'damaged';
  // A stop that came after the last task changed nothing.
  if (isDone) return 'complete';
  return stopped?.kind ?? 'incomplete';
}

type RowSums = {
  readonly variant: string;
  readonly run: number;
  scenarios: number;
  completed: number;
  executed: number;
  cached: number;
  failed: number;
  missing: number;
  input: number;
  output: number;
  untold: number;
  costUsd: number | null;
  readonly latencies: number[];
  /** Completed, and how long it took is not known. */
  untimed: number;
};

function newRow(task: Task): RowSums {
  return {
    variant: task.variant,
    run: task.run,
    scenarios: 0,
    completed: 0,
    executed: 0,
    cached: 0,
    failed: 0,
    missing: 0,
    input: 0,
    output: 0,
    untold: 0,
    costUsd: 0,
    latencies: [],
    untimed: 0,
  };
}

function addTask(input: {
  readonly row: RowSums;
  readonly task: Task;
  readonly head: KeyRecord | undefined;
  readonly result: 'completed' | 'failed' | undefined;
}): void {
  const { row, head } = input;
  // A cell that shares another's draw was not executed for itself.
  const result = input.task.state.kind === 'pending' ? input.result : undefined;
  row.scenarios++;
  if (result) row.executed++;
  if (result === 'failed' || head?.status === 'failed') row.failed++;
  if (!head) row.missing++;
  if (head?.status !== 'completed') return;
  row.completed++;
  if (!result) row.cached++;
  if (head.inputTokens === null || head.outputTokens === null) row.untold++;
  else {
    row.input += head.inputTokens;
    row.output += head.outputTokens;
  }
  row.costUsd = row.costUsd === null || head.costUsd === null ? null : row.costUsd + head.costUsd;
  if (head.latencyMs !== null) row.latencies.push(head.latencyMs);
  else row.untimed++;
}

function finishRow(row: RowSums, retries: number): SummaryRow {
  const sorted = Float64Array.from(row.latencies).sort();
  return {
    variant: row.variant,
    run: row.run,
    scenarios: row.scenarios,
    completed: row.completed,
    executed: row.executed,
    cached: row.cached,
    failed: row.failed,
    retries,
    usage:
      row.untold > 0 && row.untold === row.completed
        ? null
        : { input_tokens: row.input, output_tokens: row.output, total_tokens: row.input + row.output },
    ...(row.untold === 0 ? {} : { usage_unknown: row.untold }),
    cost_usd: row.costUsd === null ? null : Math.round(row.costUsd * 10_000_000) / 10_000_000,
    latency_ms: { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) },
    ...(row.untimed === 0 ? {} : { latency_unknown: row.untimed }),
  };
}

/** Linear interpolation between order statistics (Hyndman and Fan, type 7); null of nothing. */
export function quantile(sorted: Float64Array, q: number): number | null {
  if (sorted.length === 0) return null;
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const value = sorted[low]! + (sorted[Math.ceil(at)]! - sorted[low]!) * (at - low);
  return Math.round(value * 10) / 10;
}
