// The record of an invocation that is over, from its summary.

import type { InvocationRecord } from '../../core/record.ts';
import type { RunSummary } from '../../core/summary.ts';
import type { UntilSummary } from '../../core/until.ts';
import { codeOf } from '../compare/invocation-gate.ts';
import { endedWhy } from '../draw/ended-why.ts';
import { endedRecord } from '../draw/invocation-record.ts';
import type { Session } from './session.ts';

/** Writes how it ended, once everything is kept. */
export async function endInvocation(input: {
  readonly session: Session;
  readonly signal: NodeJS.Signals | null;
  readonly record: InvocationRecord;
  readonly summary: RunSummary;
}): Promise<void> {
  const { io, store } = input.session;
  try {
    await store.end(endRecord({ ...input, endedAt: io.clock.now().toISOString() }));
  } catch (cause) {
    // The disk that stopped the invocation may refuse its last words as well: the first reason is the one to show.
    if (input.summary.how !== 'damaged') throw cause;
  }
}

/** A record's lists are its own. */
function untilRecord({ questions, next, ...until }: UntilSummary): NonNullable<InvocationRecord['until']> {
  return { ...until, questions: [...questions], next: next && { ...next, variants: [...next.variants] } };
}

function endRecord(input: {
  readonly signal: NodeJS.Signals | null;
  readonly record: InvocationRecord;
  readonly summary: RunSummary;
  readonly endedAt: string;
}): InvocationRecord {
  const { summary } = input;
  const { executed, cached, failed, missing, attempts, retries, usage } = summary;
  const ended = endedRecord(input.record, {
    ended_at: input.endedAt,
    how: summary.how,
    why: endedWhy({ ...summary, signal: input.signal }),
    exit_code: codeOf(summary),
    counts: { tasks: summary.scope.tasks, executed, cached, failed, missing },
    loop: { attempts, retries, usage, costUsd: summary.cost_usd },
    durationMs: summary.duration_ms,
  });
  return {
    ...ended,
    ...(summary.until ? { until: untilRecord(summary.until) } : {}),
    totals: {
      ...ended.totals,
      cost_usd_at_least: summary.cost_usd_at_least,
      ...(summary.endings ? { endings: { ...summary.endings } } : {}),
    },
  };
}
