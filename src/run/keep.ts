// The loop's far end: a finished task becomes a record, the record becomes durable, and only then it is told.
import type { RunEvent } from '../core/event.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import { nameOf } from './facts.ts';
import type { Job, RunInput } from './input.ts';
import { attemptOf, buildRecord, changedAttempt } from './record.ts';
import type { LoopResult, Tally } from './tally.ts';
import type { Timers } from './timers.ts';

export type Finished = {
  readonly job: Job;
  readonly order: Order;
  readonly costUsd: number | null;
  /** null = the task failed for good. */
  readonly outcome: Extract<Outcome, { kind: 'success' }> | null;
};

export type Keeper = {
  finish(task: Finished): void;
  /** Finished tasks whose records are not yet durable. */
  unkept(): number;
};

export function makeKeeper(at: {
  readonly input: RunInput;
  readonly tally: Tally;
  readonly timers: Timers;
  readonly tell: (event: RunEvent) => void;
  readonly stopBecause: (reason: NonNullable<LoopResult['stopped']>) => void;
  readonly wakeUp: () => void;
}): Keeper {
  const { input, tally, timers, stopBecause, wakeUp } = at;
  const { clock, recordOf = buildRecord } = input;
  /** Finished tasks whose records are still to be built. */
  let finished: (Finished & { readonly endedMs: number })[] = [];
  let unkept = 0;

  function keep(
    { job, order, costUsd, outcome, endedMs }: (typeof finished)[number],
    changed: string | null,
  ): void {
    const clean = outcome && (input.clean(outcome) as typeof outcome);
    if (clean) {
      const isResult = changed === null;
      job.trace = input.traced({ task: job.task, order, outcome: clean, isResult });
      const attempt = attemptOf({ n: order.attempt, outcome: clean, trace: job.trace });
      job.attempts.push(isResult ? attempt : changedAttempt(attempt, changed));
    }
    const record = recordOf({
      experiment: input.plan.experiment,
      invocation: input.invocation,
      task: job.task,
      order,
      provider: job.context.provider,
      attempts: job.attempts,
      completion: clean?.completion ?? null,
      status: clean && changed === null ? 'completed' : 'failed',
      costUsd,
      durationMs: endedMs - (job.startedMs ?? endedMs),
      trace: job.trace,
      turns: clean?.turns ?? job.turns,
      paid: job.paid,
    });
    const { parts, slug, metadata } = job.context;
    input.store
      .put({ record, parts, slug, metadata })
      .then(
        () => {
          tally.result(job.task.key, record.status);
          at.tell({
            kind: 'task-finished',
            ...nameOf(job.task),
            status: record.status,
            attempts: job.attempts.length,
            duration_ms: record.duration_ms,
            usage: record.usage,
            cost_usd: record.cost_usd,
            ...(record.paid === undefined ? {} : { paid: record.paid }),
          });
        },
        (cause: unknown) => stopBecause({ kind: 'damaged', why: String((cause as Error).message ?? cause) }),
      )
      .finally(() => {
        unkept--;
        wakeUp();
      });
  }

  return {
    unkept: () => unkept,
    /** Building a record waits for the next turn of the event loop: answers come in bursts, and each has a free place to
     * fill first. */
    finish(task) {
      unkept++;
      if (finished.push({ ...task, endedMs: clock.monotonicMs() }) > 1) return;
      timers.later(0, () => {
        const batch = finished;
        finished = [];
        // Asked after the answers came: what they were made from is what their keys name, or they satisfy nothing.
        const changed = input.inputsChanged();
        if (changed !== null) stopBecause({ kind: 'halted', why: changed });
        for (const each of batch) keep(each, changed);
      });
    },
  };
}
