// What the loop is given: everything that it may touch, nothing that it must look up.

import type { Entry, Hold } from '../cache/store.ts';
import type { CallSize } from '../core/call-size.ts';
import type { Clock } from '../core/clock.ts';
import type { Lesson } from '../core/endpoint-settings.ts';
import type { RunEvent } from '../core/event.ts';
import type { Moved } from '../core/input-moments.ts';
import type { Price } from '../core/manifest.ts';
import type { Order } from '../core/order.ts';
import type { Outcome, Turn, Usage } from '../core/outcome.ts';
import type { Spent } from '../core/paid.ts';
import type { AnyRecord, Attempt, LogLine, Unkept } from '../core/record.ts';
import type { Part, Plan, Task } from '../core/task.ts';
import type { RecordedTrace } from '../core/trace.ts';
import type { Executor } from '../executor/executor.ts';
import type { CallBound, Reservation } from './limits/budget.ts';
import type { Lane, Ticket } from './limits/lanes.ts';
import type { FinishedTask } from './record.ts';

/** What the loop must know to run a task; made when it starts and let go when it is kept. */
export type TaskContext = {
  readonly lane: string;
  readonly provider: string;
  /** Where that listens, to be told to who has to start it: orders have it as it is written, without values of the environment. */
  readonly address?: string | null;
  readonly price: Price | null;
  /** Of a model that the harness chose itself; `price` where this is missing. */
  readonly priceOf?: (model: string) => Price | null;
  /** Lane of the calls that the harness's own clients make, by the host that they ask; its own where this is missing. */
  readonly callLane?: (host: string) => string;
  /** `done`: turns of a tool loop that attempts before this one made. */
  readonly order: (attempt: number, done: readonly Turn[]) => Order;
  /** What earlier invocations paid for this very conversation, to go on from; [] where it begins. */
  readonly paidTurns: () => readonly Turn[];
  /** For lanes that count tokens; 0 where nobody counts. */
  readonly estimatedTokens: (order: Order) => number;
  /** What the call really took: the next estimates are made of it. */
  readonly learnTokens: (order: Order, usage: Usage) => void;
  /** What a call of this size may cost; asked only where there is a budget. */
  readonly boundOf: (size: CallSize, model?: string | null) => CallBound;
  readonly parts: readonly Part[];
  readonly slug: Entry['slug'];
  readonly metadata: Entry['metadata'];
};

export type RunInput = {
  readonly plan: Plan;
  readonly invocation: string;
  readonly store: {
    put(entry: Entry<AnyRecord>): Promise<unknown>;
    log(line: LogLine): Promise<unknown>;
    readonly hold: Pick<Hold, 'lost'>;
  };
  /** What is kept of a finished task; draws where this is missing. */
  readonly recordOf?: (finished: FinishedTask) => Unkept<AnyRecord>;
  readonly executor: Pick<
    Executor,
    'capacity' | 'execute' | 'atOnce' | 'abandon' | 'shares' | 'startNothing' | 'leaveOut' | 'kept'
  >;
  readonly lanes: ReadonlyMap<string, Lane>;
  /** Makes the lane of calls that are seen on their way, by its name: which ones there are is known when they come. */
  readonly makeCallLane?: (name: string) => Lane;
  /** Lane of a task, without making its context. */
  readonly laneOf: (task: Task) => string;
  readonly contextOf: (task: Task) => TaskContext;
  /** Calls in flight over all lanes that answer. */
  readonly concurrency: number;
  readonly retries: number;
  readonly budgetUsd: number | null;
  /** Of the budget, spent before this loop began. */
  readonly spentUsd?: number;
  /** Lanes whose work costs nothing: a budget that is used up does not stop them. */
  readonly freeLanes?: ReadonlySet<string>;
  /** How long a server is waited for that is not started; half a minute where this is missing. */
  readonly patienceMs?: number;
  /** Lanes that nobody is to be asked in any more, and why: a loop before this one has found out. */
  readonly givenUp?: ReadonlyMap<string, string>;
  /** Where the manifest has this address; null = it does not say it as it is. */
  readonly writtenAt?: (url: string) => string | null;
  /** Tasks to begin at most; null = all. */
  readonly maxNew: number | null;
  /** When to stop starting, from now; null = never. */
  readonly deadline: { readonly afterMs: number; readonly why: string } | null;
  /** What of the files behind the task's key moved since then; null = nothing did. */
  readonly inputsChanged: (task: Task, since: number) => Moved | null;
  /** This moment, for `inputsChanged`. */
  readonly inputsNow: () => number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly emit: (event: RunEvent) => void;
  /** Takes secrets out of what came back; the same object where there are none. */
  readonly clean: (outcome: Outcome) => Outcome;
  /** Keeps an attempt's trace and returns what its record tells of it; null where it is not traced. */
  readonly traced: (attempt: TracedAttempt) => RecordedTrace | null;
  /**
   * What an attempt reported beside its answer: files that it read and nobody declared.
   * @returns why its answer satisfies nothing for that; null = it satisfies its key, a warning was given
   */
  readonly noticed: (task: Task, outcome: Outcome) => string | null;
  /** What the endpoint of a task turned out to need. */
  readonly learned: (task: Task, lessons: readonly Lesson[]) => void;
  /** First Ctrl-C: start nothing, keep what is paid for. */
  readonly stop: AbortSignal;
  /** Second Ctrl-C: wait for nothing, keep what is complete. */
  readonly abort: AbortSignal;
};

/** Of a call: of the model that it asked, where that was not ours to choose. */
export function priceOf(context: TaskContext, turn: Turn | undefined): Price | null {
  const model = turn?.model;
  if (model === undefined || context.priceOf === undefined) return context.price;
  const served = turn?.servedModel;
  return (model && context.priceOf(model)) || (served && context.priceOf(served)) || null;
}

/** An attempt that ended. `isResult`: its answer is what the task's record holds. */
export type TracedAttempt = {
  readonly task: Task;
  readonly order: Order;
  readonly outcome: Outcome;
  readonly isResult: boolean;
};

/** A task on its way. */
export type Job = {
  readonly task: Task;
  readonly context: TaskContext;
  readonly attempts: Attempt[];
  /** Turns of a tool loop so far, those of earlier invocations included: paid for, and gone on with by a retry. */
  turns: readonly Turn[] | null;
  /** By this invocation, for all of its attempts. */
  paid: Spent;
  /** Of its last attempt, or of the one under way. */
  order: Order | null;
  /** Of its last attempt. */
  trace: RecordedTrace | null;
  /** Failed attempts that do not count against its retries. */
  excused: number;
  /** Answers that were none. */
  useless: number;
  /** Of the first attempt; null while its lane lets nobody in. */
  startedMs: number | null;
  /** The next order, rendered once however often its lane has to be asked. */
  next: Begun | null;
  /** When what its answer is made of began to be read: with it the turns that later attempts go on with. */
  since: number | null;
  /** Why its answer satisfies nothing, whatever it is: what it is made of is in no key. */
  refused: string | null;
};

/** An order that may start. */
export type Begun = {
  readonly order: Order;
  /** What each of its calls is guessed to take. */
  readonly tokens: number;
  /** What its first call may cost; null = there is no budget. */
  readonly bound: CallBound | null;
};

/** An attempt under way. */
export type Flight = {
  readonly job: Job;
  readonly order: Order;
  readonly tokens: number;
  /** Of the call under way; null while tools are at work or the lane lets nobody in. */
  ticket: Ticket | null;
  /** Answers that were reported before its outcome. */
  reportedTurns: number;
  readonly startedAt: string;
  readonly startedMs: number;
  /** Money for that call. */
  reservation: Reservation | null;
  /** What its calls that have ended did cost. */
  countedUsd: number;
  /** It has asked for a call itself. */
  hasAsked: boolean;
  /** Calls of its own clients that are under way. */
  foreign: number;
  isOver: boolean;
  /** It was cut off by a stop: no other attempt goes on in its place. */
  isLeft: boolean;
  /** Gives the order up when nothing is heard of it. */
  watch: Watch;
};

/** @param limitMs of what comes now; the order's timeout where this is missing. */
export type Watch = { restart(limitMs?: number): void; pause(): void };
