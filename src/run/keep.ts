// The loop's far end: a finished task becomes a record, the record becomes durable, and only then it is told.
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import { nameOf } from './facts.ts';
import type { Job, RunInput } from './input.ts';
import { attemptOf, buildRecord, type Void, voidAttempt } from './record.ts';
import { addResult, type LoopResult, type Tally } from './tally.ts';
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
  readonly stopBecause: (reason: NonNullable<LoopResult['stopped']>) => void;
  readonly leaveArm: (order: Order, why: string) => void;
  readonly wakeUp: () => void;
}): Keeper {
  const { input, tally, timers, stopBecause, leaveArm, wakeUp } = at;
  const { clock, emit, recordOf = buildRecord } = input;
  /** Finished tasks whose records are still to be built. */
  let finished: (Finished & { readonly endedMs: number })[] = [];
  let unkept = 0;

  function keep(
    { job, order, costUsd, outcome, endedMs }: (typeof finished)[number],
    why: Void | null,
  ): void {
    const clean = outcome && (input.clean(outcome) as typeof outcome);
    if (clean) {
      const isResult = why === null;
      job.trace = input.traced({ task: job.task, order, outcome: clean, isResult });
      const attempt = attemptOf({ n: order.attempt, outcome: clean, trace: job.trace });
      job.attempts.push(isResult ? attempt : voidAttempt(attempt, why));
    }
    const record = recordOf({
      experiment: input.plan.experiment,
      invocation: input.invocation,
      task: job.task,
      order,
      provider: job.context.provider,
      attempts: job.attempts,
      completion: clean?.completion ?? null,
      status: clean && why === null ? 'completed' : 'failed',
      costUsd,
      durationMs: endedMs - (job.startedMs ?? endedMs),
      trace: job.trace,
      turns: clean?.turns ?? job.turns,
    });
    const { parts, slug, metadata } = job.context;
    input.store
      .put({ record, parts, slug, metadata })
      .then(
        () => {
          addResult(tally, { task: job.task, record });
          emit({
            kind: 'task-finished',
            ...nameOf(job.task),
            status: record.status,
            attempts: job.attempts.length,
            duration_ms: record.duration_ms,
            usage: record.usage,
            cost_usd: costUsd,
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
        for (const each of batch) keep(each, voidOf(each));
      });
    },
  };

  /** Asked after the answers came: what they were made from is what their keys name, or they satisfy nothing. */
  function voidOf({ job, order, outcome }: Finished): Void | null {
    const moved = input.inputsChanged(job.task, sinceOf(job, outcome));
    if (moved?.kind === 'changed') leaveArm(order, moved.why);
    if (moved !== null) return { kind: 'inputs-changed', why: moved.why };
    const [other] = outcome?.otherCode ?? [];
    if (other !== undefined) return { kind: 'inputs-changed', why: otherCode(other) };
    return job.refused === null ? null : { kind: 'undeclared-input', why: job.refused };
  }
}

/** Turns that were made before this attempt are part of the answer. */
function sinceOf({ since, turns }: Job, outcome: Finished['outcome']): number {
  const held = outcome?.heldSince ?? since ?? 0;
  return turns === null ? held : Math.min(held, since ?? held);
}

function otherCode(file: string): string {
  return `${file} was loaded with other content than the key was made of: the answer is kept, but satisfies nothing`;
}
