// Events of a made-up invocation, numbered and timed: `at` in milliseconds after its start.
import type { EventLine, RunEvent } from '../../src/core/event.ts';

export const START_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

export function line(event: RunEvent, at = 0): EventLine {
  return {
    v: 1,
    seq: 1,
    at: new Date(START_MS + at).toISOString(),
    invocation: '0001-20260102T030405Z',
    ...event,
  } as EventLine;
}

export function started(simulated = false): RunEvent {
  const provider = simulated ? { name: 'sim', simulated } : { name: 'openai', simulated };
  return { kind: 'invocation-started', experiment: 'tool-interface', provider: [provider] };
}

type Group = {
  readonly variant: string;
  readonly run: number;
  readonly tasks: number;
  readonly cached: number;
};

export function planned(groups: readonly Group[]): RunEvent {
  const tasks = groups.reduce((sum, group) => sum + group.tasks, 0);
  const cached = groups.reduce((sum, group) => sum + group.cached, 0);
  return { kind: 'plan-made', tasks, cached, pending: tasks - cached, groups };
}

type Cell = { readonly variant: string; readonly scenario: string; readonly run: number };

const CELL: Cell = { variant: 'baseline', scenario: 'sanity:one', run: 1 };

export function attempted(cell: Partial<Cell> = {}): RunEvent {
  return { kind: 'attempt-started', key: 'k', ...CELL, ...cell, attempt: 1, reason: 'new' };
}

export function finished(of: {
  readonly cell?: Partial<Cell>;
  readonly status?: 'completed' | 'failed';
  readonly costUsd?: number | null;
}): RunEvent {
  return {
    kind: 'task-finished',
    key: 'k',
    ...CELL,
    ...of.cell,
    status: of.status ?? 'completed',
    attempts: 1,
    duration_ms: 100,
    usage: null,
    cost_usd: of.costUsd === undefined ? 0.001 : of.costUsd,
  };
}

export function failed(of: {
  readonly message: string;
  readonly next: 'retry' | 'give-up' | 'halt';
}): RunEvent {
  const decision =
    of.next === 'retry'
      ? ({ kind: 'retry', delay_ms: 10, next_attempt: 2 } as const)
      : ({ kind: of.next, why: 'so' } as const);
  return {
    kind: 'attempt-failed',
    key: 'k',
    ...CELL,
    attempt: 1,
    error: { kind: 'bad-request', status: 400, message: of.message, retry_after_ms: null },
    decision,
  };
}
