// Tasks that never go on: given up with their lane, left at a stop, cut off. What was paid for one is recorded, with a
// failed record; where nothing was, the task was not begun, and stays missing.
import type { Order } from '../core/order.ts';
import type { Flight, Job, RunInput } from './input.ts';
import { costOfFailed, type Payments } from './payments.ts';
import type { Keeper } from './persist.ts';
import { cancelledAttempt } from './record.ts';

export type Leaving = {
  /** Tasks between two attempts. */
  readonly between: Set<Job>;
  /** It failed for good. */
  failed(job: Job): void;
  /** It never goes on, for what its attempts say. */
  drop(job: Job): void;
  /** Nothing more goes to this lane: neither those that wait for another attempt, nor those that are under way. */
  dropLane(lane: string, why: string): void;
  isDropped(lane: string): boolean;
  /** The attempt was under way, and was ended by us. */
  cancelled(flight: Flight, why: string): void;
  /** Nothing is waited for any more: what was answered is kept, and a call under way may be charged. */
  cutOff(flights: Set<Flight>, why: string): void;
};

export function makeLeaving(loop: {
  readonly keeper: Keeper;
  readonly payments: Payments;
  readonly nowMs: () => number;
}): Leaving {
  const { keeper, payments } = loop;
  const between = new Set<Job>();
  const dropped = new Map<string, string>();

  function failed(job: Job): void {
    keeper.finish({ job, order: job.order!, costUsd: costOfFailed(job), outcome: null });
  }

  function drop(job: Job): void {
    between.delete(job);
    if (job.paid.calls > 0) failed(job);
  }

  function end({ job, order, startedAt, startedMs }: Flight, costUsd: number | null, why: string): void {
    const durationMs = loop.nowMs() - startedMs;
    const attempt = cancelledAttempt({ n: order.attempt, startedAt, durationMs, why });
    job.attempts.push(attempt);
    void payments.attempt(job, attempt, costUsd);
    drop(job);
  }

  return {
    between,
    failed,
    drop,
    dropLane(lane, why) {
      dropped.set(lane, why);
      for (const job of between) if (job.context.lane === lane) drop(job);
    },
    isDropped: (lane) => dropped.has(lane),
    cancelled(at, why) {
      // An order that had to wait somewhere and was not begun is no attempt.
      if (at.job.paid.calls > 0) end(at, 0, dropped.get(at.job.context.lane) ?? why);
    },
    cutOff(flights, why) {
      for (const at of flights) {
        at.isOver = true;
        at.isLeft = true;
        at.watch.pause();
        end(at, payments.left(at), why);
      }
      flights.clear();
    },
  };
}

/** Of those that wait in the executor and have not begun nothing would be answered. */
export function leaveOrders(
  executor: Pick<RunInput['executor'], 'leaveOut' | 'startNothing'>,
  which: (order: Order) => boolean,
): void {
  if (executor.leaveOut) executor.leaveOut(which);
  else executor.startNothing?.(which);
}
