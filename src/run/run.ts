// THE LOOP: the only place that schedules, retries and writes.
//
//   ready --admit--> in flight --outcome--> finished --keep--> durable --> task-finished
//     ^                  |                     ^
//     '-- due <-- retry -+-- never goes on ----'  (a failed record, if anything was paid for it)
//
//   stop: nothing starts any more · abort: nothing is waited for any more
import { armOf } from '../core/input-moments.ts';
import type { Outcome } from '../core/outcome.ts';
import { makeLeaving } from './abandon.ts';
import { makeArms } from './arms.ts';
import { makeAwaited } from './awaited.ts';
import { makeCallLanes } from './call-lanes.ts';
import { makeCalls } from './calls.ts';
import { makeTeller } from './event-order.ts';
import type { Flight, Job, RunInput } from './input.ts';
import { makeJobs } from './jobs.ts';
import { makeBeginning } from './limits/begins.ts';
import { makeBudget, type Refused } from './limits/budget.ts';
import type { CallEnd } from './limits/lanes.ts';
import { countWork, isRefusal, makeRefusals } from './limits/refusals.ts';
import { decideRetry, isExcused, type RetryDecision } from './limits/retry.ts';
import {
  attemptFailed,
  budgetSentence,
  haltSentence,
  laneEvent,
  makeRepairNews,
  nameOf,
  refusalSentence,
  refusedOf,
} from './loop-events.ts';
import { costOfAnswer, makePayments } from './payments.ts';
import { makeKeeper } from './persist.ts';
import { makeQueue } from './queue.ts';
import { attemptOf } from './record.ts';
import { isWithoutCall, laneEnd, settleFlight } from './settle.ts';
import { listenForStops, type Stopped } from './stops.ts';
import { type LoopResult, makeTally } from './tally.ts';
import { makeTimers } from './timers.ts';
import { makeWatch, WATCHDOG_GRACE_MS } from './watchdog.ts';

export type { RunInput, TaskContext } from './input.ts';
export type { LoopResult } from './tally.ts';

/** Finished tasks whose records are not yet durable: a slow disk slows the start of new ones. */
const MAX_UNKEPT = 512;

export async function runLoop(input: RunInput): Promise<LoopResult> {
  const { clock, lanes } = input;
  const { tell, tellAfter } = makeTeller(input.emit);
  const tellRepair = makeRepairNews(tell);
  const queue = makeQueue<Job>(input.plan.pending, input.laneOf);
  const jobs = makeJobs(input);
  const budget = makeBudget(input.budgetUsd, input.spentUsd);
  const tally = makeTally();
  const timers = makeTimers(clock);
  const callLanes = makeCallLanes({
    ...{ input, tell },
    givenUp({ name, isTasks }, why) {
      if (isTasks) giveUpLane(name, why);
      // Whoever asks there hears that it never may; the others go on.
      else calls.close(name);
      left ??= { kind: 'halted', why };
    },
  });
  const refusals = makeRefusals(countWork(input.plan.pending, input.laneOf));
  const calls = makeCalls({
    ...{ nowMs: () => clock.monotonicMs(), laneOf: callLanes.of, budget, release, wake: () => wake() },
    releaseCall: callLanes.release,
    refused: reachBudget,
    repaired: ({ job, order }, repair) =>
      tellRepair(
        { provider: job.context.provider, model: order.request.model, echo: order.endpoint.echo ?? [] },
        repair,
      ),
  });
  const arms = makeArms({ input, tell, onLeft: (why) => (left ??= { kind: 'halted', why }) });
  const leaveArm = arms.leave;
  const keeper = makeKeeper({ input, tally, timers, tell, stopBecause, leaveArm, wakeUp: () => wake() });
  const payments = makePayments({
    log: (line) => (over ? Promise.resolve() : input.store.log(line)),
    tally,
    onDamage: (cause) => stopBecause({ kind: 'damaged', why: String((cause as Error).message ?? cause) }),
    wake: () => wake(),
  });
  const awaited = makeAwaited({ limitMs: input.patienceMs, timers, tell, giveUp });
  let begun = 0;
  /** Orders under way, whether a call of theirs is or not. */
  const flights = new Set<Flight>();
  const leaving = makeLeaving({ keeper, payments, nowMs: () => clock.monotonicMs() });
  let over = false;
  /** Why nothing starts any more. */
  let stopped: Stopped | null = null;
  let isBudgetReached = false;
  /** Why some of the tasks never started, while the others went on. */
  let left: Stopped | null = null;
  const givenUp = new Map<string, string>();
  let wake = (): void => {};
  const stopListening = listenForStops({ input, timers, stopBecause });
  for (const [name, why] of input.givenUp ?? []) if (lanes.has(name)) giveUpLane(name, why);
  try {
    for (;;) {
      let isWoken = false;
      wake = () => {
        isWoken = true;
      };
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
      // An order may ask for a call, and a call may be refused, while others are begun.
      if (isWoken) continue;
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
    stopListening();
  }
  return { ...tally.totals(), stopped: stopped ?? left, spentUsd: budget.spent().usd, givenUp };

  /** Starts all that may start; returns how long until a lane opens by itself, null where no lane is waited for. */
  function startReady(): number | null {
    let waitMs: number | null = null;
    const closed = new Set<string>(calls.isShort() ? costingLanes() : []);
    const nowMs = clock.monotonicMs();
    let occupied = 0;
    for (const lane of lanes.values()) occupied += lane.occupied(nowMs);
    const mayStart = (): boolean => flights.size < input.executor.capacity && occupied < input.concurrency;
    while (!stopped && mayStart() && keeper.unkept() < MAX_UNKEPT) {
      const name = queue.nextLane(closed, (lane) => lanes.get(lane)!.inFlight());
      if (name === null) break;
      const lane = lanes.get(name)!;
      const prefer = lane.isProbing(clock.monotonicMs()) ? 'fresh-first' : 'turns';
      const job = queue.peek(name, { prefer, open: jobs.open });
      job.next ??= jobs.prepare(job);
      const { order, tokens, bound } = job.next;
      if (!arms.mayBegin(job, order)) {
        // Its answer would satisfy nothing: it is not paid for.
        queue.take(name);
        leaving.drop(job);
        continue;
      }
      const reserved = bound && budget.reserve(bound);
      if (reserved && reserved.kind !== 'reserved') {
        // Cheaper calls do not overtake the one that waits: each arm keeps its share.
        for (const costing of costingLanes()) closed.add(costing);
        if (reserved.kind === 'refused') reachBudget(reserved);
        continue;
      }
      const reservation = reserved?.reservation ?? null;
      const admission = lane.admit(clock.monotonicMs(), tokens);
      if (admission.kind === 'go') {
        const taken = queue.take(name);
        job.next = null;
        occupied++;
        start({ job, order, tokens, ticket: admission.ticket, reservation });
        if (taken === 'fresh') countNew();
        continue;
      }
      if (reservation) budget.settle(reservation, 'nothing');
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

  function costingLanes(): readonly string[] {
    return [...lanes.keys()].filter((name) => !input.freeLanes?.has(name));
  }

  /** Nothing that costs starts any more. */
  function reachBudget(refused: Refused): void {
    if (isBudgetReached) return;
    isBudgetReached = true;
    const why = budgetSentence(budget, refused);
    tell({
      ...{ kind: 'budget-reached', spent_usd: budget.spent().usd, budget_usd: input.budgetUsd! },
      ...{ needs_usd: refused.needsUsd, why },
    });
    const reason = { kind: 'budget-reached', why } as const;
    if (input.freeLanes?.size) {
      left ??= reason;
      for (const name of costingLanes()) {
        queue.drop(name);
        leaving.dropLane(name, why);
      }
    } else stopBecause(reason);
  }

  /** The tasks that were begun go on to their end, retries included. */
  function countNew(): void {
    begun++;
    if (begun !== input.maxNew || begun === input.plan.pending.length) return;
    queue.dropFresh();
    left ??= { kind: 'max-new-reached', why: `--max-new ${input.maxNew} reached` };
  }

  function start(begun: Pick<Flight, 'job' | 'order' | 'tokens' | 'ticket' | 'reservation'>): void {
    const { job, order } = begun;
    leaving.between.delete(job);
    job.order = order;
    job.startedMs ??= clock.monotonicMs();
    const { state } = job.task;
    const reason = state.kind === 'pending' ? state.reason.kind : 'new';
    const begins = makeBeginning(order, () =>
      tell({ kind: 'attempt-started', ...nameOf(job.task), attempt: order.attempt, reason }),
    );
    const startedAt = clock.now().toISOString();
    const startedMs = clock.monotonicMs();
    const settle = (outcome: Outcome): void => {
      if (at.isOver || over) return;
      if (outcome.kind !== 'cancelled') begins.now();
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
    const at: Flight = {
      ...{ ...begun, startedAt, startedMs, told: 0, isOver: false, isLeft: false, watch },
      ...{ countedUsd: 0, hasAsked: false, foreign: 0 },
    };
    flights.add(at);
    refusals.begun({
      lane: job.context.lane,
      arm: armOf(order),
      cell: job.task.key,
      prompt: job.task.scenario,
    });
    const isOneCall = order.conversation === undefined && order.work === undefined;
    const gate = isOneCall ? undefined : begins.gateOf(payments.gateOf(at, calls.gateOf(at)));
    // An executor never rejects; should one do so, the attempt is lost and nothing else.
    input.executor.execute(order, gate).then(settle, (cause) => settle(lost(String(cause))));
  }

  function onOutcome(at: Flight, outcome: Outcome): void {
    const { job, order } = at;
    const { price } = job.context;
    const isIdle = at.ticket === null || isWithoutCall(order, outcome);
    settleFlight(at, { outcome, budget });
    if (outcome.lessons) input.learned(job.task, outcome.lessons);
    const failedUsd = payments.ended(at, outcome, { isIdle });
    if (outcome.kind === 'cancelled') {
      if (at.ticket !== null) lanes.get(job.context.lane)!.forget(at.ticket);
      leaving.cancelled(at, whyOver());
      return;
    }
    tally.attempt(job.task, order.attempt);
    if (outcome.undeclared || outcome.ran) job.refused ??= input.noticed(job.task, outcome);
    if (outcome.kind === 'success') {
      const usage = outcome.turns?.at(-1)?.usage ?? outcome.completion.usage;
      if (usage && at.ticket !== null) job.context.learnTokens(order, usage);
      const usedTokens = usage?.totalTokens ?? null;
      release(at, { failure: null, usedTokens, limits: outcome.limits, delayMs: 0 });
      const turns = outcome.turns ?? null;
      const costUsd = costOfAnswer(turns, { usage: outcome.completion.usage, price, context: job.context });
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
    const { lane } = job.context;
    const url = order.endpoint.baseUrl;
    const writtenAt = url !== null && failure.isNobodyThere ? (input.writtenAt?.(url) ?? null) : null;
    awaited.failed(lane, { failure, provider: job.context.provider, url, writtenAt });
    const { key: cell, scenario: prompt } = job.task;
    const struck = { lane, arm: armOf(order), cell, prompt, failure };
    const ends = isRefusal(failure) ? refusals.refused(struck) : null;
    const decision = decideRetry({
      ...{ failure, ends },
      attempt: order.attempt - job.excused,
      tries: order.attempt,
      useless: job.useless,
      retries: input.retries,
      random: input.random(),
    });
    const logged = payments.attempt(job, attempt, failedUsd);
    tellAfter(logged, attemptFailed({ job, order, failure, decision }));
    const delayMs = decision.kind === 'retry' ? decision.delayMs : 0;
    release(at, laneEnd(order, { failure, limits: outcome.limits, delayMs }));
    if (ends === 'lane' || ends === 'arm') {
      const { model } = order.request;
      const why = refusalSentence(job.context, { failure, model, ends, url, writtenAt });
      if (ends === 'lane') giveUpLane(lane, why);
      else arms.end(order, { why, refused: refusedOf(failure) });
    }
    if (decision.kind === 'give-up') leaving.failed(job);
    else if (decision.kind === 'halt' || stopped || leaving.isDropped(lane)) leaving.drop(job);
    else again(job, decision);
  }

  function again(job: Job, { delayMs }: Extract<RetryDecision, { kind: 'retry' }>): void {
    // Its lane may have been given up while it was under way.
    if (!queue.delay(job.context.lane, job)) return;
    leaving.between.add(job);
    const isDue = (): void => {
      arms.isDue(job);
      queue.retry(job.context.lane, job);
      wake();
    };
    const cancel = timers.later(delayMs, isDue);
    arms.delay(job, () => {
      cancel();
      isDue();
    });
  }

  function release(at: Flight, end: Omit<CallEnd, 'nowMs' | 'random'>): void {
    if (at.ticket === null) return;
    const lane = lanes.get(at.job.context.lane)!;
    if (end.failure === null) {
      refusals.answered({ lane: lane.name, arm: armOf(at.order) });
      awaited.answered(lane.name);
    }
    const nowMs = clock.monotonicMs();
    for (const news of lane.release(at.ticket, { ...end, nowMs, random: input.random() })) {
      const why = end.failure ? haltSentence(at.job.context, end.failure) : '';
      tell(laneEvent({ lane: lane.name, news, why, isAwaited: awaited.isAwaiting(lane.name) }));
      if (news.kind === 'suspended') awaited.suspended(lane.name, why);
      if (news.kind === 'given-up') giveUpLane(lane.name, `${why}; given up after ${news.probes} probes`);
    }
  }

  /** By a clock of its own: nobody else has woken the loop. */
  function giveUp(name: string, why: string): void {
    giveUpLane(name, why);
    wake();
  }

  /** Nothing will succeed on this account; the others go on. */
  function giveUpLane(name: string, why: string): void {
    lanes.get(name)!.giveUp();
    givenUp.set(name, why);
    calls.close(name);
    queue.drop(name);
    leaving.dropLane(name, why);
    left ??= { kind: 'halted', why };
  }
}

function soonest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
