// What scripts read of a round: one line of JSON, however the round ended.
import path from 'node:path';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { unreachable } from '../../core/result.ts';
import type { RunSummary } from '../../core/summary.ts';
import type { PlannedRound } from './rounds.ts';

export type Outcome =
  | { readonly kind: 'ran'; readonly summary: RunSummary }
  | { readonly kind: 'mistakes'; readonly why: string; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'up-to-date' | 'no-run' | 'not-confirmed' | 'declined' | 'held' };

export type RoundLine = { readonly kind: 'round'; readonly [field: string]: unknown };

export function roundLine(input: {
  readonly round: number;
  /** As shown, relative to the working folder. */
  readonly saved: readonly string[];
  /** null = there was no plan. */
  readonly planned: PlannedRound | null;
  readonly outcome: Outcome;
  readonly cwd: string;
}): RoundLine {
  const { round, saved, planned, outcome } = input;
  return {
    kind: 'round',
    round,
    outcome: outcome.kind,
    saved,
    ...(planned === null ? {} : planFields(planned)),
    ...outcomeFields(outcome, input.cwd),
  };
}

function planFields({ plan, leftOut, estimate }: PlannedRound): { readonly [field: string]: unknown } {
  const { calls, inputTokens, outputTokens, costUsd, costUsdAtMost } = estimate;
  return {
    experiment: plan.experiment,
    tasks: plan.tasks.length,
    pending: plan.pending.length,
    stale: plan.counts.stale,
    left_out: leftOut,
    estimate: {
      calls,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      cost_usd: costUsd,
      cost_usd_at_most: costUsdAtMost,
    },
  };
}

function outcomeFields(outcome: Outcome, cwd: string): { readonly [field: string]: unknown } {
  switch (outcome.kind) {
    case 'ran': {
      const { invocation, executed, cached, failed, missing, complete, attempts, usage } = outcome.summary;
      const { cost_usd, duration_ms, how, why, gate } = outcome.summary;
      return {
        invocation,
        executed,
        cached,
        failed,
        missing,
        complete,
        attempts,
        usage,
        cost_usd,
        duration_ms,
        how,
        why,
        ...(gate === undefined ? {} : { gate }),
      };
    }
    case 'mistakes':
      return { why: outcome.why, mistakes: outcome.diagnostics.map((one) => mistake(one, cwd)) };
    case 'up-to-date':
    case 'no-run':
    case 'not-confirmed':
    case 'declined':
    case 'held':
      return {};
    default:
      return unreachable(outcome);
  }
}

function mistake({ severity, code, message, hint, location }: Diagnostic, cwd: string): object {
  const { file, line, column } = location ?? { file: null, line: null, column: null };
  return { severity, code, message, hint, file: file && path.relative(cwd, file), line, column };
}
