// THE LOOP: the only place that schedules, retries and writes.
//
//   ready --admit--> in flight --outcome--> finished --keep--> durable --> task-finished
//     ^                  |                     ^
//     '-- due <-- retry -+-- never goes on ----'  (a failed record, if anything was paid for it)
//
//   stop: nothing starts any more · abort: nothing is waited for any more
import type { Price } from '../core/manifest.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import { NOTHING_SPENT } from '../core/paid.ts';
import type { Task } from '../core/task.ts';
import { costOf, makeBudget, settlementOf } from './budget.ts';
import { makeCalls } from './calls.ts';
import { attemptFailed, haltSentence, laneEvent, nameOf } from './facts.ts';
import type { Flight, Job, RunInput, Watch } from './input.ts';
import { makeKeeper } from './keep.ts';
import type { CallEnd } from './lanes.ts';
import { makeLeaving } from './leave.ts';
import { costOfAnswer, isOfOwnCode, makePayments } from './payments.ts';
import { makeQueue } from './queue.ts';
import { attemptOf } from './record.ts';
import { decideRetry, isExcused, type RetryDecision } from './retry.ts';
import { type LoopResult, makeTally } from './tally.ts';
import { makeTeller } from './tell.ts';
import { makeTimers, type Timers } from './timers.ts';

export type { RunInput, TaskContext } from './input.ts';
export type { LoopResult } from './tally.ts';

type Stopped = NonNullable<LoopResult['stopped']>;

/** Beyond its own deadline an order gets this long to say so; then its worker is taken for lost. */
const WATCHDOG_GRACE_MS = 5_000;
/** Finished tasks whose records are not yet durable: a slow disk slows the start of new ones. */
const MAX_UNKEPT = 512;

export async function runLoop(input: RunInput): Promise<LoopResult> {
  const { clock, lanes } = input;
  const { tell, tellAfter } = makeTeller(input.emit);
  const queue = makeQueue<Job>(input.plan.pending, input.laneOf);
  const budget = makeBudget(input.budgetUsd);
  const tally = makeTally();
  const timers = makeTimers(clock);
  const calls = makeCalls({ nowMs: () => clock.monotonicMs(), lanes, budget, release, wake: () => wake() });
  const keeper = makeKeeper({ input, tally, timers, tell, stopBecause, wakeUp: () => wake() });
  const payments = makePayments({
    log: (line) => (over ? Promise.resolve() : input.store.log(line)),
    tally,
    onDamage: (cause) => stopBecause({ kind: 'damaged', why: String((cause as Error).message ?? cause) }),
    wake: () => wake(),
  });
  let begun = 0;
  /** Orders under way, whether a call of theirs is or not. */
  const flights = new Set<Flight>();
  const leaving = makeLeaving({ keeper, payments, nowMs: () => clock.monotonicMs() });
  let over = false;
  /** Why nothing starts any more. */
  let stopped: Stopped | null = null;
  /** Why some of the tasks never started, while the others went on. */
  let left: Stopped | null = null;
  let wake = (): void => {};
  const onStop = (): void => stopBecause({ kind: 'interrupted', why: 'interrupted' });

  if (input.stop.aborted || input.abort.aborted) onStop();
  input.stop.addEventListener('abort', onStop, { once: true });
  input.abort.addEventListener('abort', onStop, { once: true });
  if (input.deadline) {
    const { why } = input.deadline;
    timers.later(input.deadline.afterMs, () => stopBecause({ kind: 'deadline-reached', why }));
  }
  try {
    for (;;) {
      const waitMs = soonest(calls.serve(stopped ? 'brief' : 'any'), stopped ? null : startReady());
      if (stopped) for (const job of leaving.between) leaving.drop(job);
      if (input.abort.aborted) leaving.cutOff(flights, whyOver());
      const unkept = keeper.unkept() + payments.unlogged();
      const busy = flights.size > 0 || unkept > 0;
      if (input.abort.aborted && unkept === 0) break;
      if (!busy && (stopped || queue.isEmpty())) {
        if (leaving.between.size === 0) break;
        for (const job of leaving.between) leaving.drop(job);
        continue;
      }
      if (!busy && waitMs === null && queue.delayed() === 0) {
        throw new Error('tasks are left, but nothing can start and nothing is awaited');
      }
      let cancelWait = (): void => {};
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (waitMs !== null) cancelWait = timers.later(Math.max(1, waitMs), resolve);
      });
      cancelWait();
    }
  } finally {
    over = true;
    timers.cancelAll();
    input.stop.removeEventListener('abort', onStop);
    input.abort.removeEventListener('abort', onStop);
  }
  return { ...tally.totals(), stopped: stopped ?? left };

  /** Starts all that may start; returns how long until a lane opens by itself, null where no lane is waited for. */
  function startReady(): number | null {
    let waitMs: number | null = null;
    const closed = new Set<string>();
    const nowMs = clock.monotonicMs();
    let occupied = 0;
    for (const lane of lanes.values()) occupied += lane.occupied(nowMs);
    const mayStart = (): boolean => flights.size < input.executor.capacity && occupied < input.concurrency;
    while (mayStart() && keeper.unkept() < MAX_UNKEPT) {
      const name = queue.nextLane(closed, (lane) => lanes.get(lane)!.inFlight());
      if (name === null) break;
      const lane = lanes.get(name)!;
      const prefer = lane.isProbing(clock.monotonicMs()) ? 'fresh-first' : 'turns';
      const job = queue.peek(name, { prefer, open: openJob });
      job.next ??= prepare(job);
      const { order, tokens } = job.next;
      const estimatedUsd = input.budgetUsd === null ? 0 : job.context.estimatedUsd(order);
      const reservedUsd = budget.reserve(estimatedUsd);
      if (reservedUsd === null) {
        // What is in flight may turn out cheaper than feared; only when nothing is, the budget is reached.
        if (flights.size === 0) reachBudget();
        break;
      }
      const admission = lane.admit(clock.monotonicMs(), tokens);
      if (admission.kind === 'go') {
        const taken = queue.take(name);
        job.next = null;
        occupied++;
        start({ job, order, tokens, estimatedUsd, ticket: admission.ticket, reservedUsd });
        if (taken === 'fresh') countNew();
        continue;
      }
      budget.settle(reservedUsd, 'nothing');
      closed.add(name);
      if (admission.kind === 'wait') {
        const ms = admission.untilMs - clock.monotonicMs();
        waitMs = waitMs === null ? ms : Math.min(waitMs, ms);
      }
    }
    return waitMs;
  }

  function stopBecause(reason: Stopped): void {
    if (stopped === null) input.executor.startNothing?.();
    // A broken store outranks every other reason.
    if (stopped === null || reason.kind === 'damaged') stopped = reason;
    wake();
  }

  function whyOver(): string {
    return (stopped ?? left)?.why ?? 'it was given up';
  }

  function reachBudget(): void {
    const why = `budget of $${input.budgetUsd} reached`;
    tell({ kind: 'budget-reached', spent_usd: budget.spentUsd(), budget_usd: input.budgetUsd! });
    stopBecause({ kind: 'budget-reached', why });
  }

  /** The tasks that were begun go on to their end, retries included. */
  function countNew(): void {
    begun++;
    if (begun !== input.maxNew || begun === input.plan.pending.length) return;
    queue.dropFresh();
    left ??= { kind: 'max-new-reached', why: `--max-new ${input.maxNew} reached` };
  }

  function openJob(task: Task): Job {
    const context = input.contextOf(task);
    const earlier = context.paidTurns();
    const turns = earlier.length === 0 ? null : earlier;
    const fresh = {
      attempts: [],
      trace: null,
      excused: 0,
      useless: 0,
      startedMs: null,
      order: null,
      next: null,
    };
    return { task, context, turns, paid: NOTHING_SPENT, ...fresh };
  }

  function prepare({ context, attempts, turns }: Job): NonNullable<Job['next']> {
    const goesOn = turns !== null && !isOfOwnCode(turns);
    const order = context.order(attempts.length + 1, goesOn ? turns : []);
    return { order, tokens: context.estimatedTokens(order) };
  }

  function start(
    begun: Pick<Flight, 'job' | 'order' | 'tokens' | 'estimatedUsd' | 'ticket' | 'reservedUsd'>,
  ): void {
    const { job, order } = begun;
    leaving.between.delete(job);
    job.order = order;
    job.startedMs ??= clock.monotonicMs();
    const { state } = job.task;
    const reason = state.kind === 'pending' ? state.reason.kind : 'new';
    tell({ kind: 'attempt-started', ...nameOf(job.task), attempt: order.attempt, reason });
    const startedAt = clock.now().toISOString();
    const startedMs = clock.monotonicMs();
    const settle = (outcome: Outcome): void => {
      if (at.isOver || over) return;
      at.isOver = true;
      flights.delete(at);
      watch.pause();
      onOutcome(at, outcome);
      wake();
    };
    const lost = (message: string): Outcome => ({
      kind: 'failure',
      failure: { kind: 'worker-lost', status: null, message, retryAfterMs: null },
      startedAt,
      durationMs: clock.monotonicMs() - startedMs,
      requestId: null,
      limits: null,
    });
    const watch = makeWatch(timers, order.timeoutMs, () => {
      settle(lost(`no sign of life ${WATCHDOG_GRACE_MS} ms after the deadline`));
      input.executor.abandon(order);
    });
    const at: Flight = { ...begun, startedAt, startedMs, told: 0, isOver: false, watch };
    flights.add(at);
    const isOneCall = order.conversation === undefined && order.work === undefined;
    const gate = isOneCall ? undefined : payments.gateOf(at, calls.gateOf(at));
    // An executor never rejects; should one do so, the attempt is lost and nothing else.
    input.executor.execute(order, gate).then(settle, (cause) => settle(lost(String(cause))));
  }

  function onOutcome(at: Flight, outcome: Outcome): void {
    const { job, order } = at;
    const { price } = job.context;
    const { settlement } = settlementOf(outcome, price);
    const isIdle = at.ticket === null || isWithoutCall(order, outcome);
    if (at.ticket !== null)
      budget.settle(at.reservedUsd, isIdle ? 'nothing' : (lastCallOf(outcome, price) ?? settlement));
    const failedUsd = payments.ended(at, outcome, { isIdle });
    if (outcome.kind === 'cancelled') {
      if (at.ticket !== null) lanes.get(job.context.lane)!.forget(at.ticket);
      leaving.cancelled(at, whyOver());
      return;
    }
    tally.attempt(job.task, order.attempt);
    if (outcome.undeclared) input.noticed(job.task, outcome);
    if (outcome.kind === 'success') {
      const usage = outcome.turns?.at(-1)?.usage ?? outcome.completion.usage;
      if (usage && at.ticket !== null) job.context.learnTokens(order, usage);
      const usedTokens = usage?.totalTokens ?? null;
      release(at, { failure: null, usedTokens, limits: outcome.limits, delayMs: 0 });
      const turns = outcome.turns ?? null;
      const costUsd = costOfAnswer(turns, { usage: outcome.completion.usage, price });
      keeper.finish({ job, order, costUsd, outcome });
      return;
    }
    const failed = input.clean(outcome) as typeof outcome;
    const { failure } = failed;
    job.trace = input.traced({ task: job.task, order, outcome: failed, isResult: false });
    const attempt = attemptOf({ n: order.attempt, outcome: failed, trace: job.trace });
    job.attempts.push(attempt);
    const isProbe = at.ticket?.isProbe ?? false;
    // A fresh task that finds out whether a failing provider is back pays with none of its own retries.
    if (failure.isOfPrompt) job.useless++;
    if ((isProbe && order.attempt === 1) || isExcused(failure, job.excused)) job.excused++;
    const decision = decideRetry({
      failure,
      attempt: order.attempt - job.excused,
      tries: order.attempt,
      useless: job.useless,
      retries: input.retries,
      random: input.random(),
    });
    const logged = payments.attempt(job, attempt, failedUsd);
    tellAfter(logged, attemptFailed({ job, order, failure, decision }));
    const delayMs = decision.kind === 'retry' ? decision.delayMs : 0;
    release(at, { failure, usedTokens: failure.usage?.totalTokens ?? null, limits: outcome.limits, delayMs });
    if (decision.kind === 'halt') giveUpLane(job.context.lane, haltSentence(job.context, failure));
    if (decision.kind === 'give-up') leaving.failed(job);
    else if (decision.kind === 'halt' || stopped || leaving.isDropped(job.context.lane)) leaving.drop(job);
    else again(job, decision);
  }

  function again(job: Job, { delayMs }: Extract<RetryDecision, { kind: 'retry' }>): void {
    // Its lane may have been given up while it was under way.
    if (!queue.delay(job.context.lane, job)) return;
    leaving.between.add(job);
    timers.later(delayMs, () => {
      queue.retry(job.context.lane, job);
      wake();
    });
  }

  function release(at: Flight, end: Omit<CallEnd, 'nowMs' | 'random'>): void {
    if (at.ticket === null) return;
    const lane = lanes.get(at.job.context.lane)!;
    const nowMs = clock.monotonicMs();
    for (const news of lane.release(at.ticket, { ...end, nowMs, random: input.random() })) {
      const why = end.failure ? haltSentence(at.job.context, end.failure) : '';
      tell(laneEvent({ lane: lane.name, news, why }));
      if (news.kind === 'given-up') giveUpLane(lane.name, `${why}; given up after ${news.probes} probes`);
    }
  }

  /** Nothing will succeed on this account; the others go on. */
  function giveUpLane(name: string, why: string): void {
    lanes.get(name)!.giveUp();
    calls.close(name);
    queue.drop(name);
    leaving.dropLane(name, why);
    left ??= { kind: 'halted', why };
  }
}

/** Own code tells of each call when it has ended: a place that it still holds was never used. */
function isWithoutCall({ work }: Order, outcome: Outcome): boolean {
  if (work?.harness.kind !== 'module') return false;
  return outcome.kind === 'success' || (outcome.kind === 'failure' && outcome.failure.kind === 'code-failed');
}

/** Of a conversation the last call is what its place was reserved for; null where the outcome is one call. */
function lastCallOf(outcome: Outcome, price: Price | null): number | null {
  if (outcome.kind !== 'success') return null;
  const last = outcome.turns?.at(-1);
  return last === undefined ? null : costOf(last.usage, price);
}

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

function soonest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
