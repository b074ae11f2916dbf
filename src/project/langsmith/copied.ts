// What is said of one of two traces of the same work is said of the other as well.
import type { Outcome } from '../../core/outcome.ts';
import { nameId, type RecordedTrace } from '../../core/trace.ts';
import type { Feedback, SayFeedback } from '../../tracing/spool/feedback.ts';
import type { Tracing } from './settings.ts';

/** What a test said of the harness's own trace, of ours. */
export function copyFeedback(input: {
  readonly tracing: Tracing;
  readonly say: SayFeedback;
  readonly recorded: RecordedTrace;
  readonly outcome: Outcome;
  /** Takes out what must not leave the machine. */
  readonly text: (text: string) => string;
  /** ISO 8601. */
  readonly at: string;
}): void {
  const { tracing, say, recorded, outcome, text, at } = input;
  for (const { key, score, value, comment } of outcome.beside?.feedback ?? []) {
    say({
      v: 1,
      id: nameId('feedback', recorded.langsmith_run_id, key, 'harness'),
      trace: recorded.langsmith_run_id,
      start: outcome.startedAt,
      project: recorded.project,
      experiment: recorded.experiment ?? null,
      key: text(key),
      score,
      source: 'api',
      reviewer: null,
      at,
      value: value === null ? null : text(value),
      // It may quote the answer.
      comment: comment === null || tracing.shield.outputs !== 'full' ? null : text(comment),
      extendRetention: tracing.extendRetention,
    });
  }
}

/** The same feedback, of the harness's own trace; null where there is none. */
export function besideFeedback(
  feedback: Feedback,
  harness:
    | { readonly run_id: string; readonly session_id?: string; readonly started_at?: string }
    | undefined,
): Feedback | null {
  // Without its session LangSmith would look for the run in ours.
  if (harness?.session_id === undefined) return null;
  return {
    ...feedback,
    id: nameId('feedback', harness.run_id, feedback.key, feedback.reviewer ?? ''),
    trace: harness.run_id,
    start: harness.started_at ?? feedback.start,
    experiment: harness.session_id,
  };
}
