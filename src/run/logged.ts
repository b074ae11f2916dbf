// Lines of the log of attempts, made of what the loop knows. Pure.
import { answeredTurn } from '../core/answered-turn.ts';
import type { ToldResults, ToldTurn } from '../core/gate.ts';
import type { Failure, Outcome } from '../core/outcome.ts';
import type { Attempt, LogLine } from '../core/record.ts';
import type { Cell, Task } from '../core/task.ts';
import { recordedCall, recordedResult, usageOf } from './record.ts';
import { round } from './record-time.ts';

export type Late = NonNullable<Line<'turn'>['late']>;

type Line<Type extends LogLine['type']> = Extract<LogLine, { readonly type: Type }>;

/** What lines say of whose they are: of a call that is on its way, or of one that was. */
type KeyedCell = Cell & { readonly key: string };
type Asked = {
  readonly job: { readonly task: KeyedCell };
  readonly order: { readonly attempt: number; readonly request: { readonly model: string } };
};

export function turnLine(
  flight: Asked,
  reported: ToldTurn & {
    readonly costUsd: number | null;
    readonly failure: Failure | null;
    readonly isOwnCode: boolean;
    readonly late: Late | null;
  },
): Line<'turn'> {
  const { n, turn, costUsd, failure } = reported;
  return {
    type: 'turn',
    v: 1,
    ...cellOf(flight.job.task),
    attempt: flight.order.attempt,
    turn: n,
    started_at: turn.startedAt,
    duration_ms: round(turn.durationMs),
    request_id: turn.requestId,
    model: turn.model ?? flight.order.request.model,
    served_model: turn.servedModel ?? null,
    finish_reason: turn.finishReason,
    usage: turn.usage && usageOf(turn.usage),
    cost_usd: costUsd,
    messages: turn.messages.map((message) => ({ ...message })),
    tool_calls: turn.calls.map(recordedCall),
    ...(turn.raw ? { raw: { ...turn.raw } } : {}),
    ...(failure === null ? {} : { error: errorOf(failure) }),
    ...(turn.repaired ? { repaired: [...turn.repaired] } : {}),
    ...(reported.isOwnCode ? { own_code: true } : {}),
    ...(reported.late === null ? {} : { late: reported.late }),
  };
}

export function resultsLine(
  flight: Asked,
  reported: ToldResults & { readonly late: Late | null },
): Line<'results'> {
  return {
    type: 'results',
    v: 1,
    ...cellOf(flight.job.task),
    attempt: flight.order.attempt,
    turn: reported.n,
    messages: reported.messages.map((message) => ({ ...message })),
    tool_results: reported.results.map(recordedResult),
    ...(reported.late === null ? {} : { late: reported.late }),
  };
}

/** null of an attempt that answered: it has a record. */
export function attemptLine(task: Task, attempt: Attempt, costUsd: number | null): Line<'attempt'> | null {
  const { n, error, ...rest } = attempt;
  if (error === null) return null;
  return { type: 'attempt', v: 1, ...cellOf(task), attempt: n, ...rest, error, cost_usd: costUsd };
}

function cellOf({ key, variant, scenario, run }: KeyedCell): KeyedCell {
  return { key, variant, scenario, run };
}

function errorOf({ kind, status, message }: Failure): NonNullable<Line<'turn'>['error']> {
  return { kind, status, message };
}

/** An answer that came when nobody waited for it any more: it is paid for, and no record holds it. None where nothing was paid. */
export function lateLines(late: {
  readonly key: string;
  readonly cell: Cell;
  readonly attempt: number;
  readonly model: string;
  readonly outcome: Outcome;
}): readonly Line<'turn'>[] {
  const { outcome, model } = late;
  const asked: Asked = {
    job: { task: { ...late.cell, key: late.key } },
    order: { attempt: late.attempt, request: { model } },
  };
  const turns =
    outcome.turns ?? (outcome.kind === 'success' ? [answeredTurn(outcome.completion, outcome)] : []);
  return turns.map((turn, i) =>
    turnLine(asked, {
      ...{ n: i + 1, turn, costUsd: turn.usage?.costUsd ?? null, failure: null },
      ...{ isOwnCode: true, late: 'given-up' },
    }),
  );
}
