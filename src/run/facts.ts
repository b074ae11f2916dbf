// How the loop's facts are worded as events and sentences. Pure.
import type { RunEvent } from '../core/event.ts';
import type { Failure } from '../core/outcome.ts';
import type { Task } from '../core/task.ts';
import type { TaskContext } from './input.ts';
import type { RetryDecision } from './retry.ts';

export function nameOf(task: Task): {
  readonly key: string;
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
} {
  return { key: task.key, variant: task.variant, scenario: task.scenario, run: task.run };
}

export function attemptFailed(of: {
  readonly job: { readonly task: Task };
  readonly order: { readonly attempt: number };
  readonly failure: Failure;
  readonly decision: RetryDecision;
}): RunEvent {
  const { kind, status, message, retryAfterMs } = of.failure;
  const { decision } = of;
  return {
    kind: 'attempt-failed',
    ...nameOf(of.job.task),
    attempt: of.order.attempt,
    error: { kind, status, message, retry_after_ms: retryAfterMs },
    decision:
      decision.kind === 'retry'
        ? { kind: 'retry', delay_ms: decision.delayMs, next_attempt: decision.nextAttempt }
        : decision,
  };
}

export function haltSentence(context: TaskContext, failure: Failure): string {
  const status = failure.status === null ? '' : ` (${failure.status})`;
  return `provider ${context.provider} answered ${failure.kind}${status}: ${failure.message}`;
}
