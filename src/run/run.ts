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
import { makeClosing } from './closed-lanes.ts';
import { makeTeller } from './event-order.ts';
import { makeFailedAttempts } from './failed-attempts.ts';
import { makeFlights } from './flights.ts';
import type { Flight, Job, RunInput } from './input.ts';
import { makeJobs } from './jobs.ts';
import { makeBudget } from './limits/budget.ts';
import type { CallEnd } from './limits/lanes.ts';
import { countWork, makeRefusals } from './limits/refusals.ts';
import { attemptFailed, haltSentence, laneEvent, makeRepairNews } from './loop-events.ts';
import { costOfAnswer, makePayments } from './payments.ts';
import { makeKeeper } from './persist.ts';
import { makeQueue } from './queue.ts';
import { attemptOf } from './record.ts';
import { callMs, isWithoutCall, laneEnd, settleFlight } from './settle.ts';
import { listenForStops, makeStops } from './stops.ts';
import { type LoopResult, makeTally } from './tally.ts';
import { makeTimers, soonest } from './timers.ts';

export type { RunInput, TaskContext } from './input.ts';
export type { LoopResult } from './tally.ts';

/** What is decided at once holds the event loop for so long: then whoever wants to stop is heard, and the disk. */
const SLICE_MS = 10;

export async function runLoop(input: RunInput): Promise<LoopResult> {
  const { clock, lanes } = input;
  const { tell, tellAfter } = makeTeller(input.emit);
  const tellRepair = makeRepairNews(tell);
  const queue = makeQueue<Job>(input.plan.pending, input.laneOf);
  const jobs = makeJobs(input);
  const budget = makeBudget(input.budgetUsd, input.spentUsd);
  const tally = makeTally();
  const timers = makeTimers(clock);
  let wake = (): void => {};
  const wakeUp = (): void => wake();
  const stops = makeStops({ startNothing: () => input.executor.startNothing?.(), wake: wakeUp });
  const { stopBecause } = stops;
  const halt = (why: string): void => stops.leaveSome({ kind: 'halted', why });
  const callLanes = makeCallLanes({
    input,
    tell,
    givenUp({ name, isTasks }, why) {
      if (isTasks) closing.giveUp(name, why);
      // A call that is asked for there is refused for good; other lanes go on.
      else calls.close(name);
      halt(why);
    },
  });
  const refusals = makeRefusals(countWork(input.plan.pending, input.laneOf));
  const calls = makeCalls({
    nowMs: () => clock.monotonicMs(),
    laneOf: callLanes.of,
    budget,
    release,
    wake: wakeUp,
    releaseCall: callLanes.release,
    refused: (refused) => closing.reachBudget(refused),
    repaired: ({ job, order }, repair) =>
      tellRepair(
        { provider: job.context.provider, model: order.request.model, echo: order.endpoint.echo ?? [] },
        repair,
      ),
  });
  const arms = makeArms({ input, timers, tell, onLeft: halt });
  const keeper = makeKeeper({ input, tally, timers, tell, stopBecause, leaveArm: arms.leave, wakeUp });
  const payments = makePayments({
    log: (line) => (over ? Promise.resolve() : input.store.log(line)),
    tally,
    onDamage: (cause) => stopBecause({ kind: 'damaged', why: String((cause as Error).message ?? cause) }),
    wake: wakeUp,
  });
  const leaving = makeLeaving({ keeper, payments, nowMs: () => clock.monotonicMs() });
  const leaveOut = (lane: string): void => flights.leaveOut(lane);
  const closing = makeClosing({ input, budget, queue, calls, leaving, leaveOut, stops, tell });
  const awaited = makeAwaited({ limitMs: input.patienceMs, timers, tell, giveUp });
  const flights = makeFlights({
    input,
    timers,
    tell,
    calls,
    payments,
    refusals,
    leaving,
    isLoopOver: () => over,
    ended: onOutcome,
    wake: wakeUp,
  });
  const failedAttempts = makeFailedAttempts({ input, awaited, refusals, arms, closing });
  let begun = 0;
  let over = false;
  const stopListening = listenForStops({ input, timers, stopBecause });
  for (const [name, why] of input.givenUp ?? []) if (lanes.has(name)) closing.giveUp(name, why);
  try {
    for (;;) {
      let isWoken = false;
      wake = () => {
        isWoken = true;
      };
      const waitMs = soonest(
        calls.serve(stops.stopped() ? 'brief' : 'any'),
        stops.stopped() ? null : startReady(),
      );
      if (stops.stopped()) for (const job of leaving.between) leaving.drop(job);
      if (input.abort.aborted) leaving.cutOff(flights.underWay, whyOver());
      const unkept = keeper.unkept() + payments.unlogged();
      const busy = flights.underWay.size > 0 || unkept > 0;
      if (input.abort.aborted && unkept === 0) break;
      if (!busy && (stops.stopped() || queue.isEmpty())) {
        if (leaving.between.size === 0) break;
        for (const job of leaving.between) leaving.drop(job);
        continue;
      }
      if (!busy && waitMs === null && queue.delayed() === 0) {
        throw new Error('tasks are left, but nothing can start and nothing is awaited');
      }
      // An order may ask for a call, and a call may be refused, while others are begun.
      if (isWoken && waitMs !== 0) continue;
      let cancelWait = (): void => {};
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (waitMs !== null) cancelWait = timers.later(waitMs === 0 ? 0 : Math.max(1, waitMs), resolve);
      });
      cancelWait();
    }
  } finally {
    over = true;
    timers.cancelAll();
    stopListening();
  }
  return {
    ...tally.totals(),
    stopped: stops.either(),
    spentUsd: budget.spent().usd,
    givenUp: closing.givenUp,
  };

  /** Starts all that may; returns how long until a lane opens by itself, 0 where more may start, null where none is waited for. */
  function startReady(): number | null {
    let waitMs: number | null = null;
    const closed = new Set<string>(calls.isShort() ? closing.costing() : []);
    const nowMs = clock.monotonicMs();
    let occupied = 0;
    for (const lane of lanes.values()) occupied += lane.occupied(nowMs);
    while (!stops.stopped() && flights.underWay.size < input.executor.capacity && !keeper.isFull()) {
      if (occupied >= input.concurrency)
        for (const { name, isOpen } of lanes.values()) if (!isOpen) closed.add(name);
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
      const reserved = bound && budget.reserve(bound, order.batch?.out ? 'out' : 'new');
      if (reserved && reserved.kind !== 'reserved') {
        // Cheaper calls do not overtake the one that waits: each arm keeps its share.
        for (const costing of closing.costing()) closed.add(costing);
        if (reserved.kind === 'refused') closing.reachBudget(reserved);
        continue;
      }
      const reservation = reserved?.reservation ?? null;
      const admission = lane.admit(clock.monotonicMs(), tokens);
      if (admission.kind === 'go') {
        const taken = queue.take(name);
        job.next = null;
        if (!lane.isOpen) occupied++;
        const isDecided = flights.start({ job, order, tokens, ticket: admission.ticket, reservation });
        if (taken === 'fresh') countNew();
        if (!isDecided) continue;
        if (!lane.isOpen) occupied--;
        if (clock.monotonicMs() - nowMs >= SLICE_MS) return 0;
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

  /** By a clock of its own: nobody else has woken the loop. */
  function giveUp(name: string, why: string): void {
    closing.giveUp(name, why);
    wake();
  }

  /** The tasks that were begun go on to their end, retries included. */
  function countNew(): void {
    begun++;
    if (begun !== input.maxNew || begun === input.plan.pending.length) return;
    queue.dropFresh();
    stops.leaveSome({ kind: 'max-new-reached', why: `--max-new ${input.maxNew} reached` });
  }

  function onOutcome(flight: Flight, outcome: Outcome): void {
    const { job, order } = flight;
    const { price } = job.context;
    const isIdle = flight.ticket === null || isWithoutCall(order, outcome);
    settleFlight(flight, { outcome, budget });
    if (outcome.lessons) input.learned(job.task, outcome.lessons);
    const failedUsd = payments.ended(flight, outcome, { isIdle });
    if (outcome.kind === 'cancelled') {
      if (flight.ticket !== null) lanes.get(job.context.lane)!.forget(flight.ticket);
      leaving.cancelled(flight, whyOver());
      return;
    }
    tally.attempt(job.task, order.attempt);
    if (outcome.undeclared || outcome.ran) job.refused ??= input.noticed(job.task, outcome);
    if (outcome.kind === 'success') {
      const usage = outcome.turns?.at(-1)?.usage ?? outcome.completion.usage;
      if (usage && flight.ticket !== null) job.context.learnTokens(order, usage);
      const usedTokens = usage?.totalTokens ?? null;
      const tookMs = callMs(order, outcome);
      release(flight, { failure: null, usedTokens, limits: outcome.limits, delayMs: 0, tookMs });
      const turns = outcome.turns ?? null;
      const costUsd = costOfAnswer(turns, { usage: outcome.completion.usage, price, context: job.context });
      keeper.finish({ job, order, costUsd, outcome });
      return;
    }
    onFailure(flight, outcome, failedUsd);
  }

  function onFailure(
    flight: Flight,
    outcome: Extract<Outcome, { kind: 'failure' }>,
    failedUsd: number | null,
  ): void {
    const { job, order } = flight;
    const failed = input.clean(outcome) as typeof outcome;
    const { failure } = failed;
    job.trace = input.traced({ task: job.task, order, outcome: failed, isResult: false });
    const attempt = attemptOf({ n: order.attempt, outcome: failed, trace: job.trace });
    job.attempts.push(attempt);
    const { decision, endOthers } = failedAttempts.decide(flight, failure);
    const logged = payments.attempt(job, attempt, failedUsd);
    tellAfter(logged, attemptFailed({ job, order, outcome: failed, decision }));
    void logged.then((isKept) => isKept && input.executor.kept?.(order));
    const delayMs = decision.kind === 'retry' ? decision.delayMs : 0;
    release(flight, laneEnd(order, { ...outcome, failure, delayMs }));
    endOthers();
    if (decision.kind === 'give-up') leaving.failed(job);
    else if (decision.kind === 'halt' || stops.stopped() || leaving.isDropped(job.context.lane))
      leaving.drop(job);
    else again(job, delayMs);
  }

  function whyOver(): string {
    return stops.either()?.why ?? 'it was given up';
  }

  function again(job: Job, delayMs: number): void {
    // Its lane may have been given up while it was under way.
    if (!queue.delay(job.context.lane, job)) return;
    leaving.between.add(job);
    arms.delay(job, delayMs, () => {
      queue.retry(job.context.lane, job);
      wake();
    });
  }

  function release(flight: Flight, end: Omit<CallEnd, 'nowMs' | 'random'>): void {
    if (flight.ticket === null) return;
    const lane = lanes.get(flight.job.context.lane)!;
    if (end.failure === null) {
      refusals.answered({ lane: lane.name, arm: armOf(flight.order) });
      awaited.answered(lane.name);
    }
    const nowMs = clock.monotonicMs();
    for (const news of lane.release(flight.ticket, { ...end, nowMs, random: input.random() })) {
      const why = end.failure ? haltSentence(flight.job.context, end.failure) : '';
      tell(laneEvent({ lane: lane.name, news, why, isAwaited: awaited.isAwaiting(lane.name) }));
      if (news.kind === 'suspended') awaited.suspended(lane.name, why);
      if (news.kind === 'given-up') closing.giveUp(lane.name, `${why}; given up after ${news.probes} probes`);
    }
  }
}
