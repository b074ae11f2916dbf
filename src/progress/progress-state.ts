// Where an invocation stands, reduced from its events alone: one state for the terminal and for the pipe.

import type { EventLine } from '../core/event.ts';
import { rowId } from '../core/task.ts';

/** One bar: a variant x run. */
export type GroupProgress = {
  readonly variant: string;
  readonly run: number;
  readonly tasks: number;
  readonly cached: number;
  /** Executed now. */
  readonly completed: number;
  readonly failed: number;
};

export type ProgressState = {
  readonly experiment: string;
  readonly invocation: string;
  /** `2/4`; null = it is about all of it. */
  readonly shard: string | null;
  /** The answers are there and are judged: bars are scorers (`run` 0), no longer variants. */
  readonly isScoring: boolean;
  /** Names of the providers whose answers are played. */
  readonly simulated: readonly string[];
  readonly tasks: number;
  readonly pending: number;
  readonly cached: number;
  readonly completed: number;
  readonly failed: number;
  readonly retries: number;
  /** Attempts under way, or answered and not yet durable. */
  readonly inFlight: number;
  /** Attempts that failed for good and whose `task-finished` has not come yet. */
  readonly givenUp: number;
  /** Paid by this invocation; null = of at least one call it is unknown. */
  readonly costUsd: number | null;
  /** What is known of it. */
  readonly atLeastUsd: number;
  readonly groups: readonly GroupProgress[];
  /** Position in `groups` by rowId. */
  readonly positions: ReadonlyMap<string, number>;
  /** Lanes that were asked to pause, and until when (milliseconds since 1970). */
  readonly cooling: readonly { readonly lane: string; readonly untilMs: number }[];
  /** Lanes that do not answer: they are asked one call at a time, or waited for. */
  readonly away: readonly string[];
  /** Batches that are out, and how far the vendor says that they are. */
  readonly batches: readonly OutBatch[];
  /** A program that has done its work and ends, and since when. */
  readonly waiting: { readonly what: string; readonly sinceMs: number } | null;
  /** When the plan was made, and when the last event came; milliseconds since 1970. */
  readonly startedMs: number;
  readonly lastMs: number;
};

export type OutBatch = {
  readonly batch: string;
  readonly items: number;
  readonly done: number;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
};

export const INITIAL_STATE: ProgressState = {
  experiment: '',
  invocation: '',
  shard: null,
  isScoring: false,
  simulated: [],
  tasks: 0,
  pending: 0,
  cached: 0,
  completed: 0,
  failed: 0,
  retries: 0,
  inFlight: 0,
  givenUp: 0,
  costUsd: 0,
  atLeastUsd: 0,
  groups: [],
  positions: new Map(),
  cooling: [],
  away: [],
  batches: [],
  waiting: null,
  startedMs: 0,
  lastMs: 0,
};

export function reduce(state: ProgressState, event: EventLine): ProgressState {
  // `plan-made` has counted every skipped task already: with 100,000 of them this branch must cost nothing.
  if (event.kind === 'task-skipped') return state;
  const lastMs = Date.parse(event.at);
  switch (event.kind) {
    case 'invocation-started': {
      const simulated = event.provider.filter((provider) => provider.simulated).map(({ name }) => name);
      const { experiment, invocation, shard = null } = event;
      return { ...state, experiment, invocation, shard, simulated, startedMs: lastMs, lastMs };
    }
    case 'plan-made': {
      const { tasks, pending, cached } = event;
      const groups = event.groups.map((group) => ({ ...group, completed: 0, failed: 0 }));
      const positions = new Map(groups.map((group, i) => [rowId(group), i]));
      return { ...state, tasks, pending, cached, groups, positions, startedMs: lastMs, lastMs };
    }
    case 'scores-planned': {
      // The second layer begins: its bars take the place of the first one's.
      const { tasks, pending, cached } = event;
      const groups = event.scorers.map(({ scorer, ...counts }) => ({
        ...counts,
        variant: scorer,
        run: 0,
        completed: 0,
        failed: 0,
      }));
      const positions = new Map(groups.map((group, i) => [rowId(group), i]));
      const fresh = {
        tasks,
        pending,
        cached,
        groups,
        positions,
        completed: 0,
        failed: 0,
        inFlight: 0,
        givenUp: 0,
      };
      return { ...state, ...fresh, isScoring: true, startedMs: lastMs, lastMs };
    }
    case 'score-started':
    case 'attempt-started':
      return { ...state, inFlight: state.inFlight + 1, lastMs };
    case 'score-attempt-failed':
    case 'attempt-failed': {
      const isRetried = event.decision.kind === 'retry';
      const retries = state.retries + (isRetried ? 1 : 0);
      const givenUp = state.givenUp + (isRetried ? 0 : 1);
      return { ...state, inFlight: Math.max(0, state.inFlight - 1), givenUp, retries, lastMs };
    }
    case 'lane-cooled': {
      const others = state.cooling.filter(({ lane, untilMs }) => lane !== event.lane && untilMs > lastMs);
      const cooling = [...others, { lane: event.lane, untilMs: lastMs + event.for_ms }];
      return { ...state, cooling, lastMs };
    }
    case 'lane-suspended':
      return { ...state, away: [...state.away.filter((lane) => lane !== event.lane), event.lane], lastMs };
    case 'lane-resumed':
    case 'lane-given-up':
      return { ...state, away: state.away.filter((lane) => lane !== event.lane), lastMs };
    case 'batch-sent':
      return { ...state, batches: withBatch(state, { ...event, done: 0, sinceMs: lastMs }), lastMs };
    case 'batch-progress':
      return {
        ...state,
        batches: withBatch(state, { ...event, sinceMs: Date.parse(event.sent_at) }),
        lastMs,
      };
    case 'batch-collected':
    case 'batch-refused':
      return { ...state, batches: state.batches.filter(({ batch }) => batch !== event.batch), lastMs };
    case 'waiting':
      return { ...state, waiting: { what: event.what, sinceMs: lastMs }, lastMs };
    case 'waiting-over':
      return { ...state, waiting: null, lastMs };
    case 'task-finished':
      return finish({ ...state, lastMs }, { ...event, row: rowId(event) });
    case 'score-finished':
      return finish({ ...state, lastMs }, { ...event, row: rowId({ variant: event.scorer, run: 0 }) });
    default:
      return { ...state, lastMs };
  }
}

function withBatch(
  { batches }: ProgressState,
  { batch, items, done, sinceMs }: OutBatch,
): readonly OutBatch[] {
  return [...batches.filter((one) => one.batch !== batch), { batch, items, done, sinceMs }];
}

/** Tasks that ended now, in whatever way. */
export function finishedOf(state: ProgressState): number {
  return state.completed + state.failed;
}

/** Finished tasks a second since the plan was made; null before the first. */
export function rateOf(state: ProgressState, nowMs: number): number | null {
  const finished = finishedOf(state);
  const elapsedMs = nowMs - state.startedMs;
  return finished === 0 || elapsedMs <= 0 ? null : (finished * 1_000) / elapsedMs;
}

/** How much longer it takes at the rate so far; null before the first task is finished. */
export function remainingMs(state: ProgressState, nowMs: number): number | null {
  const rate = rateOf(state, nowMs);
  return rate === null ? null : ((state.pending - finishedOf(state)) / rate) * 1_000;
}

type Finished = {
  readonly status: 'completed' | 'failed';
  readonly cost_usd: number | null;
  readonly paid?: { readonly cost_usd: number | null } | undefined;
  readonly row: string;
};

function finish(state: ProgressState, event: Finished): ProgressState {
  const completed = event.status === 'completed' ? 1 : 0;
  const failed = 1 - completed;
  // Of most failed tasks the last attempt has ended before; an answer that is refused when it is kept ends with its task.
  const hasEnded = failed === 1 && state.givenUp > 0;
  const inFlight = hasEnded ? state.inFlight : Math.max(0, state.inFlight - 1);
  const givenUp = state.givenUp - (hasEnded ? 1 : 0);
  const paidUsd = (event.paid ?? event).cost_usd;
  const costUsd = state.costUsd === null || paidUsd === null ? null : state.costUsd + paidUsd;
  const position = state.positions.get(event.row);
  const groups = state.groups.slice();
  const group = position === undefined ? undefined : groups[position];
  if (group) {
    groups[position!] = {
      ...group,
      completed: group.completed + completed,
      failed: group.failed + failed,
    };
  }
  return {
    ...state,
    completed: state.completed + completed,
    failed: state.failed + failed,
    inFlight,
    givenUp,
    costUsd,
    atLeastUsd: state.atLeastUsd + (paidUsd ?? 0),
    groups,
  };
}
