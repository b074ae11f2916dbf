// Orders under way: begun, watched, and ended once, by their outcome or by silence.

import type { RunEvent } from '../core/event.ts';
import { armOf } from '../core/input-moments.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import { type Leaving, leaveOrders } from './abandon.ts';
import type { Calls } from './calls.ts';
import type { Flight, RunInput, Watch } from './input.ts';
import { makeBeginning } from './limits/begins.ts';
import type { Refusals } from './limits/refusals.ts';
import { nameOf } from './loop-events.ts';
import type { Payments } from './payments.ts';
import type { Timers } from './timers.ts';

/** Beyond the limit of what it waits for an order gets this long to say so. */
const WATCHDOG_GRACE_MS = 5_000;

export type Flights = {
  /** Whether a call of theirs is under way or not. */
  readonly underWay: Set<Flight>;
  /** @returns true: it was decided at once, and is over */
  start(ready: Pick<Flight, 'job' | 'order' | 'tokens' | 'ticket' | 'reservation'>): boolean;
  /** Those of this lane that wait in the executor and have not begun are over. */
  leaveOut(lane: string): void;
};

export function makeFlights(loop: {
  readonly input: Pick<RunInput, 'clock' | 'executor'>;
  readonly timers: Timers;
  readonly tell: (event: RunEvent) => void;
  readonly calls: Calls;
  readonly payments: Payments;
  readonly refusals: Refusals;
  readonly leaving: Leaving;
  /** What ends later than the loop changes nothing. */
  readonly isLoopOver: () => boolean;
  readonly ended: (flight: Flight, outcome: Outcome) => void;
  readonly wake: () => void;
}): Flights {
  const { clock, executor } = loop.input;
  const underWay = new Set<Flight>();
  return {
    underWay,
    leaveOut(lane) {
      const orders = new Set<Order>();
      for (const { job, order } of underWay) if (job.context.lane === lane) orders.add(order);
      if (orders.size > 0) leaveOrders(executor, (order) => orders.has(order));
    },
    start(ready) {
      const { job, order } = ready;
      loop.leaving.between.delete(job);
      job.order = order;
      job.startedMs ??= clock.monotonicMs();
      const { state } = job.task;
      const reason = state.kind === 'pending' ? state.reason.kind : 'new';
      const begins = makeBeginning(order, () =>
        loop.tell({ kind: 'attempt-started', ...nameOf(job.task), attempt: order.attempt, reason }),
      );
      const startedAt = clock.now().toISOString();
      const startedMs = clock.monotonicMs();
      const settle = (outcome: Outcome): void => {
        if (flight.isOver || loop.isLoopOver()) return;
        if (outcome.kind !== 'cancelled') begins.now();
        flight.isOver = true;
        underWay.delete(flight);
        watch.pause();
        loop.ended(flight, outcome);
        loop.wake();
      };
      const lost = (message: string): Outcome => ({
        kind: 'failure',
        failure: {
          ...{ kind: 'worker-lost', status: null, message, retryAfterMs: null },
          ...(executor.shares?.(order) ? { isOfNeighbour: true } : {}),
        },
        startedAt,
        durationMs: clock.monotonicMs() - startedMs,
        requestId: null,
        limits: null,
      });
      const flight: Flight = { ...ready, startedAt, startedMs, ...NOTHING_YET };
      loop.refusals.begun({
        lane: job.context.lane,
        arm: armOf(order),
        cell: job.task.key,
        prompt: job.task.scenario,
      });
      const decided = executor.atOnce?.(order) ?? null;
      if (decided !== null) {
        begins.now();
        flight.isOver = true;
        loop.ended(flight, decided);
        return true;
      }
      const watch = makeWatch(loop.timers, order.timeoutMs, () => {
        settle(lost(`no sign of life ${WATCHDOG_GRACE_MS} ms after the deadline`));
        executor.abandon(order);
      });
      flight.watch = watch;
      underWay.add(flight);
      const isOneCall = order.conversation === undefined && order.work === undefined;
      const gate = isOneCall
        ? undefined
        : begins.gateOf(loop.payments.gateOf(flight, loop.calls.gateOf(flight)));
      const pausing = isOneCall
        ? {
            waits: () => watch.pause(),
            goesOn: () => {
              if (!flight.isOver) watch.restart();
            },
          }
        : undefined;
      // An executor never rejects; should one do so, the attempt is lost and nothing else.
      executor.execute(order, gate, pausing).then(settle, (cause) => settle(lost(String(cause))));
      return false;
    },
  };
}

/** Of what is over before anybody could wait for it. */
const UNWATCHED: Watch = { restart: () => {}, pause: () => {} };

const NOTHING_YET = {
  reportedTurns: 0,
  countedUsd: 0,
  hasAsked: false,
  foreign: 0,
  isOver: false,
  isLeft: false,
  watch: UNWATCHED,
};

/**
 * Gives an order up of which nothing is heard: its worker is taken for lost.
 * @param timeoutMs the limit of a call of the model; what else it waits for has one of its own.
 */
function makeWatch(timers: Timers, timeoutMs: number, onSilent: () => void): Watch {
  const arm = (limitMs: number): (() => void) => timers.limit(limitMs + WATCHDOG_GRACE_MS, onSilent);
  let disarm = arm(timeoutMs);
  return {
    pause: () => disarm(),
    restart(limitMs = timeoutMs) {
      disarm();
      disarm = arm(limitMs);
    },
  };
}
