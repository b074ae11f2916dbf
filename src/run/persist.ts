// The loop's far end: a finished task becomes a record, the record becomes durable, and only then its event is emitted.
import { EMPTY_COMPLETION } from '../core/completion.ts';
import type { RunEvent } from '../core/event.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import type { AnyRecord, Unkept } from '../core/record.ts';
import { thrownSentence } from '../core/thrown.ts';
import { isDeeper } from '../core/untrusted-json.ts';
import type { Job, RunInput } from './input.ts';
import { nameOf } from './loop-events.ts';
import { attemptOf, buildRecord, type FinishedTask, type Void, voidAttempt } from './record.ts';
import type { LoopResult, Tally } from './tally.ts';
import type { Timers } from './timers.ts';

export type Finished = {
  readonly job: Job;
  readonly order: Order;
  readonly costUsd: number | null;
  /** null = the task failed for good. */
  readonly outcome: Extract<Outcome, { kind: 'success' }> | null;
};

type Ended = Finished & { readonly endedMs: number };

/** What canonical JSON takes, less what stands around it; doors let half of it in. */
const MAX_RECORD_LEVELS = 190;
/** Of an answer that could not be kept as it is. */
const MAX_BROKEN_CHARS = 100_000;

export type Keeper = {
  finish(task: Finished): void;
  /** Finished tasks whose records are not yet durable. */
  unkept(): number;
  /** So many of them that a slow disk slows the start of new ones. */
  isFull(): boolean;
};

/** Answers that are not yet durable at one time: each may be large. */
const MAX_ANSWERS = 512;
/** The same of verdicts: a few hundred bytes each, and made faster than any disk takes groups of five hundred. */
const MAX_VERDICTS = 2048;

export function makeKeeper(loop: {
  readonly input: RunInput;
  readonly tally: Tally;
  readonly timers: Timers;
  readonly tell: (event: RunEvent) => void;
  readonly stopBecause: (reason: NonNullable<LoopResult['stopped']>) => void;
  readonly leaveArm: (order: Order, why: string) => void;
  readonly wakeUp: () => void;
}): Keeper {
  const { input, tally, timers, stopBecause, leaveArm, wakeUp } = loop;
  const { clock, recordOf = buildRecord } = input;
  /** Finished tasks whose records are still to be built. */
  let finished: Ended[] = [];
  let unkept = 0;
  let answers = 0;
  const isAnswer = ({ order }: Finished): boolean => order.score === undefined;

  function keep(task: Ended): void {
    const { job } = task;
    let record: Unkept<AnyRecord>;
    try {
      record = recordFor(task, voidOf(task));
    } catch (cause) {
      record = brokenRecord(task, cause);
    }
    const { parts, slug, metadata } = job.context;
    input.store
      .put({ record, parts, slug, metadata })
      .then(
        () => {
          input.executor.kept?.(task.order);
          tally.result(job.task.key, record);
          loop.tell({
            kind: 'task-finished',
            ...nameOf(job.task),
            status: record.status,
            attempts: job.attempts.length,
            duration_ms: record.duration_ms,
            usage: record.usage,
            cost_usd: record.cost_usd,
            ...(record.paid === undefined ? {} : { paid: record.paid }),
            ...(task.outcome?.worker === undefined ? {} : { worker: task.outcome.worker }),
          });
        },
        (cause: unknown) => stopBecause({ kind: 'damaged', why: String((cause as Error).message ?? cause) }),
      )
      .finally(() => {
        unkept--;
        if (isAnswer(task)) answers--;
        wakeUp();
      });
  }

  function recordFor(task: Ended, why: Void | null): Unkept<AnyRecord> {
    const { job, order, outcome } = task;
    const clean = outcome && (input.clean(outcome) as typeof outcome);
    const isResult = why === null;
    const attempts = [...job.attempts];
    if (clean) {
      job.trace = input.traced({ task: job.task, order, outcome: clean, isResult });
      const attempt = attemptOf({ n: order.attempt, outcome: clean, trace: job.trace });
      attempts.push(isResult ? attempt : voidAttempt(attempt, why));
    }
    const record = recordOf({
      ...factsOf(task),
      attempts,
      completion: clean?.completion ?? null,
      status: clean && isResult ? 'completed' : 'failed',
      turns: clean?.turns ?? job.turns,
    });
    // One line that cannot be written would take all that wait for the disk along.
    if (isDeeper(record, MAX_RECORD_LEVELS)) throw new Error('its answer is nested without end');
    job.attempts.push(...attempts.slice(job.attempts.length));
    return record;
  }

  /** Building a record threw: a fault of ours, which costs this one task its answer and no other anything. */
  function brokenRecord(task: Ended, cause: unknown): Unkept<AnyRecord> {
    const { job, order, outcome } = task;
    const { startedAt = clock.now().toISOString(), durationMs = 0, completion } = outcome ?? {};
    const message = `the answer could not be kept: ${thrownSentence(cause)}`;
    const failure = { kind: 'internal', status: null, message, retryAfterMs: null } as const;
    const failed = {
      kind: 'failure',
      failure,
      startedAt,
      durationMs,
      requestId: null,
      limits: null,
    } as const;
    job.attempts.push(attemptOf({ n: order.attempt, outcome: failed, trace: null }));
    job.trace = null;
    const text = String(completion?.text ?? '').slice(0, MAX_BROKEN_CHARS);
    return recordOf({
      ...factsOf(task),
      attempts: job.attempts,
      completion: completion
        ? { ...EMPTY_COMPLETION, text: text.toWellFormed(), usage: completion.usage }
        : null,
      status: 'failed',
      turns: null,
    });
  }

  function factsOf({
    job,
    order,
    costUsd,
    endedMs,
  }: Ended): Omit<FinishedTask, 'attempts' | 'completion' | 'status' | 'turns'> {
    return {
      experiment: input.plan.experiment,
      invocation: input.invocation,
      task: job.task,
      order,
      provider: job.context.provider,
      costUsd,
      durationMs: endedMs - (job.startedMs ?? endedMs),
      trace: job.trace,
      paid: job.paid,
    };
  }

  return {
    unkept: () => unkept,
    isFull: () => answers >= MAX_ANSWERS || unkept >= MAX_VERDICTS,
    /** Building a record waits for the next turn of the event loop: answers come in bursts, and each has a free place to
     * fill first. */
    finish(task) {
      unkept++;
      if (isAnswer(task)) answers++;
      if (finished.push({ ...task, endedMs: clock.monotonicMs() }) > 1) return;
      timers.later(0, () => {
        const batch = finished;
        finished = [];
        for (const each of batch) keep(each);
      });
    },
  };

  /** Asked after the answers came: what they were made from is what their keys name, or they satisfy nothing. */
  function voidOf({ job, order, outcome }: Finished): Void | null {
    // A batch was made of what its keys say, when it was sent: what was edited while it was out is another key's.
    const moved = outcome?.batch ? null : input.inputsChanged(job.task, sinceOf(job, outcome));
    if (moved?.kind === 'changed' && !moved.isOfScenario) leaveArm(order, moved.why);
    if (moved !== null) return { kind: 'inputs-changed', why: moved.why };
    const [other] = outcome?.otherCode ?? [];
    if (other !== undefined) return { kind: 'inputs-changed', why: otherCode(other) };
    const unread = outcome?.completion.unread;
    if (unread !== undefined) return { kind: 'nothing-recorded', why: unread };
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
