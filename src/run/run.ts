// THE LOOP: the only place that schedules, retries and writes.
//
//   ready --admit--> in flight --outcome--> finished --put--> durable --> task-finished
//     ^                  |
//     '-- due <-- retry -'        stop: nothing starts any more · abort: nothing is waited for any more
import type { Order } from '../core/order.ts';
import type { Failure, Outcome } from '../core/outcome.ts';
import type { Attempt } from '../core/record.ts';
import type { Task } from '../core/task.ts';
import { costOf, makeBudget } from './budget.ts';
import { attemptFailed, haltSentence, nameOf } from './facts.ts';
import type { RunInput, TaskContext } from './input.ts';
import type { Lane } from './lanes.ts';
import { makeQueue } from './queue.ts';
import { attemptOf, buildRecord } from './record.ts';
import { decideRetry, type RetryDecision } from './retry.ts';
import { addResult, type LoopResult, makeTally } from './tally.ts';

export type { RunInput, TaskContext } from './input.ts';
export type { LoopResult } from './tally.ts';

type Job = {
  readonly task: Task;
  readonly context: TaskContext;
  readonly attempts: Attempt[];
  /** Of the first attempt; null while its lane lets nobody in. */
  startedMs: number | null;
  /** The next order, rendered once however often its lane has to be asked. */
  next: Omit<Flight, 'job' | 'reservedUsd'> | null;
};

type Flight = {
  readonly job: Job;
  readonly order: Order;
  readonly tokens: number;
  readonly reservedUsd: number;
};

type Finished = {
  readonly job: Job;
  readonly order: Order;
  readonly costUsd: number | null;
  readonly endedMs: number;
  /** null = the task failed for good. */
  readonly outcome: Extract<Outcome, { kind: 'success' }> | null;
};

/** Beyond its own deadline an order gets this long to say so; then its worker is taken for lost. */
const WATCHDOG_GRACE_MS = 5_000;
/** Finished tasks whose records are not yet durable: a slow disk slows the start of new ones. */
const MAX_UNKEPT = 512;

export async function runLoop(input: RunInput): Promise<LoopResult> {
  const { clock, emit } = input;
  const queue = makeQueue<Job>(input.plan.pending, input.laneOf);
  const budget = makeBudget(input.budgetUsd);
  const tally = makeTally();
  const capacity = Math.min(input.concurrency, input.executor.capacity);
  const timers = new Set<() => void>();
  /** Finished tasks whose records are still to be built. */
  let finished: Finished[] = [];
  let inFlight = 0;
  let unkept = 0;
  let over = false;
  let stopped: LoopResult['stopped'] = null;
  let wake = (): void => {};

  const stopBecause = (reason: NonNullable<LoopResult['stopped']>): void => {
    // A broken store outranks every other reason.
    if (stopped === null || reason.kind === 'damaged') stopped = reason;
    wake();
  };
  const onStop = (): void => stopBecause({ kind: 'interrupted', why: 'interrupted' });
  const later = (ms: number, action: () => void): (() => void) => {
    const cancel = clock.after(ms, () => {
      timers.delete(cancel);
      action();
    });
    timers.add(cancel);
    return () => {
      timers.delete(cancel);
      cancel();
    };
  };

  if (input.stop.aborted || input.abort.aborted) onStop();
  input.stop.addEventListener('abort', onStop, { once: true });
  input.abort.addEventListener('abort', onStop, { once: true });
  try {
    for (;;) {
      const waitMs = stopped ? null : startReady();
      const busy = inFlight > 0 || unkept > 0;
      if (input.abort.aborted && unkept === 0) break;
      if (!busy && (stopped || queue.isEmpty())) break;
      if (!busy && waitMs === null && queue.delayed() === 0) {
        throw new Error('tasks are left, but nothing can start and nothing is awaited');
      }
      let cancelWait = (): void => {};
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (waitMs !== null) cancelWait = later(Math.max(1, waitMs), resolve);
      });
      cancelWait();
    }
  } finally {
    over = true;
    for (const cancel of timers) cancel();
    input.stop.removeEventListener('abort', onStop);
    input.abort.removeEventListener('abort', onStop);
  }
  return { ...tally.totals(), stopped };

  /** Starts all that may start; returns how long until a lane opens by itself, null where no lane is waited for. */
  function startReady(): number | null {
    let waitMs: number | null = null;
    const closed = new Set<string>();
    while (inFlight < capacity && unkept < MAX_UNKEPT) {
      const lane = queue.nextLane(closed);
      if (lane === null) break;
      const job = queue.peek(lane, openJob);
      job.next ??= prepare(job);
      const { order, tokens } = job.next;
      const reservedUsd = budget.reserve(input.budgetUsd === null ? 0 : job.context.estimatedUsd(order));
      if (reservedUsd === null) {
        // What is in flight may turn out cheaper than feared; only when nothing is, the budget is reached.
        if (inFlight === 0) reachBudget();
        break;
      }
      const admission = input.lanes.get(lane)!.admit(clock.monotonicMs(), tokens);
      if (admission.kind === 'go') {
        queue.take(lane);
        job.next = null;
        start({ job, order, tokens, reservedUsd });
        continue;
      }
      budget.settle(reservedUsd, 'nothing');
      closed.add(lane);
      if (admission.kind === 'wait') {
        const ms = admission.untilMs - clock.monotonicMs();
        waitMs = waitMs === null ? ms : Math.min(waitMs, ms);
      }
    }
    return waitMs;
  }

  function reachBudget(): void {
    const why = `budget of $${input.budgetUsd} reached`;
    emit({ kind: 'budget-reached', spent_usd: budget.spentUsd(), budget_usd: input.budgetUsd! });
    stopBecause({ kind: 'budget-reached', why });
  }

  function openJob(task: Task): Job {
    return { task, context: input.contextOf(task), attempts: [], startedMs: null, next: null };
  }

  function prepare({ context, attempts }: Job): NonNullable<Job['next']> {
    const order = context.order(attempts.length + 1);
    return { order, tokens: context.estimatedTokens(order) };
  }

  function start(at: Flight): void {
    const { job, order } = at;
    inFlight++;
    job.startedMs ??= clock.monotonicMs();
    const { state } = job.task;
    const reason = state.kind === 'pending' ? state.reason.kind : 'new';
    emit({ kind: 'attempt-started', ...nameOf(job.task), attempt: order.attempt, reason });
    const startedAt = clock.now().toISOString();
    const startedMs = clock.monotonicMs();
    let settled = false;
    const settle = (outcome: Outcome): void => {
      if (settled || over) return;
      settled = true;
      disarm();
      inFlight--;
      onOutcome({ ...at, outcome });
      wake();
    };
    const lost = (message: string): Outcome => ({
      kind: 'failure',
      failure: { kind: 'worker-lost', status: null, message, retryAfterMs: null },
      startedAt,
      durationMs: clock.monotonicMs() - startedMs,
      requestId: null,
    });
    const disarm = later(order.timeoutMs + WATCHDOG_GRACE_MS, () => {
      settle(lost(`no sign of life ${WATCHDOG_GRACE_MS} ms after the deadline`));
      input.executor.abandon(order);
    });
    // An executor never rejects; should one do so, the attempt is lost and nothing else.
    input.executor.execute(order).then(settle, (cause) => settle(lost(String(cause))));
  }

  function onOutcome(at: Flight & { readonly outcome: Outcome }): void {
    const { job, order, outcome } = at;
    const usage = outcome.kind === 'success' ? outcome.completion.usage : null;
    const lane = input.lanes.get(job.context.lane)!;
    lane.release({ estimatedTokens: at.tokens, usedTokens: usage?.totalTokens ?? null });
    const costUsd = costOf(usage, job.context.price);
    budget.settle(at.reservedUsd, outcome.kind === 'success' ? (costUsd ?? 'unknown') : 'nothing');
    if (outcome.kind === 'cancelled') return;
    tally.attempt(job.task, order.attempt);
    if (outcome.kind === 'success') {
      finish({ job, order, costUsd, outcome });
      return;
    }
    const failed = input.clean(outcome) as typeof outcome;
    job.attempts.push(attemptOf(order.attempt, failed));
    const decision = decideRetry({
      failure: failed.failure,
      attempt: order.attempt,
      retries: input.retries,
      random: input.random(),
    });
    emit(attemptFailed({ ...at, failure: failed.failure, decision }));
    coolLane({ lane, failure: failed.failure, decision });
    if (decision.kind === 'halt')
      stopBecause({ kind: 'halted', why: haltSentence(job.context, failed.failure) });
    else if (decision.kind === 'give-up') finish({ job, order, costUsd: null, outcome: null });
    else if (!stopped) {
      queue.delay();
      later(decision.delayMs, () => {
        queue.retry(job.context.lane, job);
        wake();
      });
    }
  }

  function coolLane(at: {
    readonly lane: Lane;
    readonly failure: Failure;
    readonly decision: RetryDecision;
  }): void {
    // Whoever says when to come back means everybody, whatever the status was.
    if (at.failure.kind !== 'rate-limited' && at.failure.retryAfterMs === null) return;
    const asked = at.failure.retryAfterMs ?? (at.decision.kind === 'retry' ? at.decision.delayMs : 0);
    const longer = at.lane.cool(clock.monotonicMs(), asked);
    if (longer > 0) emit({ kind: 'lane-cooled', lane: at.lane.name, for_ms: Math.round(asked) });
  }

  /**
   * Hands a task on to be kept. Building its record waits for the next turn of the event loop: answers come in bursts,
   * and each has a free place to fill first.
   */
  function finish(task: Omit<Finished, 'endedMs'>): void {
    unkept++;
    if (finished.push({ ...task, endedMs: clock.monotonicMs() }) > 1) return;
    later(0, () => {
      const batch = finished;
      finished = [];
      for (const each of batch) keep(each);
    });
  }

  function keep({ job, order, costUsd, endedMs, outcome }: Finished): void {
    const clean = outcome && (input.clean(outcome) as typeof outcome);
    if (clean) job.attempts.push(attemptOf(order.attempt, clean));
    const completion = clean?.completion ?? null;
    const record = buildRecord({
      experiment: input.plan.experiment,
      invocation: input.invocation,
      task: job.task,
      order,
      provider: job.context.provider,
      attempts: job.attempts,
      completion,
      costUsd,
      durationMs: endedMs - (job.startedMs ?? endedMs),
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
        wake();
      });
  }
}
