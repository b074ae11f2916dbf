// What attempts pay, counted once and as soon as it is known: when a call is reported, else when its attempt ends. What has no
// record yet is in the log, whatever ends its task.
import type { CallGate, EndedCall, ForeignCalls, ToldResults } from '../core/gate.ts';
import type { Price } from '../core/manifest.ts';
import type { Outcome, Turn, Usage } from '../core/outcome.ts';
import { addSpent, roundUsd } from '../core/paid.ts';
import { isFree } from '../core/price.ts';
import type { Attempt, LogLine } from '../core/record.ts';
import { costOf, costOfAll } from '../core/usage-cost.ts';
import { type Flight, type Job, priceOf, type TaskContext } from './input.ts';
import { isFreeFailure } from './limits/budget.ts';
import { attemptLine, type Late, resultsLine, turnLine } from './logged.ts';
import { usageOf } from './record.ts';
import type { Tally } from './tally.ts';

export type Payments = {
  /** The gate of an order under way: what is reported over it is counted, and goes to the log. */
  gateOf(flight: Flight, gate: CallGate): CallGate;
  /**
   * What an outcome adds to what was reported on the way. `isIdle`: no call was under way.
   * @returns the cost of a call that failed: 0 = nothing is charged, null = it may have been
   */
  ended(flight: Flight, outcome: Outcome, last: { readonly isIdle: boolean }): number | null;
  /** It is not waited for: a call that was under way may be charged. @returns as `ended` */
  left(flight: Flight): number | null;
  /** Resolves with true once the attempt is durable, with false where the disk refused. */
  attempt(job: Job, attempt: Attempt, costUsd: number | null): Promise<boolean>;
  /** Lines that are not yet durable. */
  unlogged(): number;
};

export function makePayments(loop: {
  readonly log: (line: LogLine) => Promise<unknown>;
  readonly tally: Tally;
  readonly onDamage: (cause: unknown) => void;
  readonly wake: () => void;
}): Payments {
  let unlogged = 0;

  function keep(line: LogLine): Promise<boolean> {
    unlogged++;
    const kept = loop.log(line).then(
      () => true,
      (cause: unknown) => {
        loop.onDamage(cause);
        return false;
      },
    );
    void kept.then(() => {
      unlogged--;
      loop.wake();
    });
    return kept;
  }

  function pay(job: Job, usage: Usage | null, costUsd: number | null, calls = 1): void {
    const more = { usage: usage && usageOf(usage), costUsd, calls };
    job.paid = addSpent(job.paid, more);
    loop.tally.paid(more);
  }

  /** null where there is nothing to keep. */
  function keepCall(flight: Flight, { failure, usage, turn: reported }: EndedCall): Promise<boolean> | null {
    if (!reported) return null;
    const { job } = flight;
    const late = lateness(flight);
    const price = priceOf(job.context, reported.turn);
    if (failure !== null && usage === null && isFreeFailure(failure)) return null;
    const costUsd = usdOf(usage, price);
    const isOwnCode = isOfOwnCode([reported.turn]);
    const calls = failure === null ? 1 : 0;
    if (late === null) pay(job, usage, costUsd, calls);
    else loop.tally.paid({ usage: usage && usageOf(usage), costUsd, calls });
    if (failure === null && late === null) {
      flight.reportedTurns++;
      job.turns = [...(job.turns ?? []).slice(0, reported.n - 1), reported.turn];
    }
    return keep(turnLine(flight, { ...reported, costUsd, failure, isOwnCode, late }));
  }

  function results(flight: Flight, reported: ToldResults): Promise<boolean> {
    const { job } = flight;
    const late = lateness(flight);
    const turn = job.turns?.[reported.n - 1];
    if (turn && late === null) {
      const messages = [...turn.messages, ...reported.messages];
      job.turns = [...job.turns!.slice(0, reported.n - 1), { ...turn, messages, results: reported.results }];
    }
    return keep(resultsLine(flight, { ...reported, late }));
  }

  function foreignOf(flight: Flight, gate: ForeignCalls): ForeignCalls {
    let kept = Promise.resolve(true);
    return {
      async begin(asked) {
        const admitted = gate.begin(asked);
        const isKept = await kept;
        const call = await admitted;
        if (call === 'closed') return call;
        if (!isKept) {
          call.ended({ failure: null, usage: null, limits: null });
          return 'closed';
        }
        return {
          ended(end) {
            const line = keepCall(flight, end);
            if (line !== null) kept = Promise.all([kept, line]).then((all) => all.every((one) => one));
            call.ended(end);
          },
        };
      },
      replayed(turn) {
        // It has its place among the turns, and no money of this invocation.
        if (lateness(flight) !== null) return;
        flight.reportedTurns++;
        flight.job.turns = [...(flight.job.turns ?? []).slice(0, turn.n - 1), turn.turn];
        gate.replayed(turn);
      },
    };
  }

  return {
    gateOf(flight, gate) {
      /** Before its next call what is paid is durable: at most the one under way is lost with this process. */
      let kept = Promise.resolve(true);
      return {
        ...gate,
        async admit(...asked: Parameters<CallGate['admit']>) {
          // Asked for at once: what was begun goes before what was not.
          const admitted = gate.admit(...asked);
          return (await kept) ? admitted : 'closed';
        },
        ended(call) {
          kept = keepCall(flight, call) ?? kept;
          gate.ended(call);
        },
        ...(gate.foreign ? { foreign: foreignOf(flight, gate.foreign) } : {}),
        told(of) {
          kept = results(flight, of);
          gate.told(of);
        },
      };
    },
    ended(flight, outcome, { isIdle }) {
      const { job, order } = flight;
      const { price } = job.context;
      const turns = outcome.turns ?? [];
      job.turns = outcome.turns ?? job.turns;
      const done = isOfOwnCode(turns)
        ? paidAlready(turns)
        : (order.conversation?.done ?? order.score?.done ?? []);
      const unreported = turns.slice(done.length + flight.reportedTurns);
      for (const [i, turn] of unreported.entries()) {
        const costUsd = usdOf(turn.usage, priceOf(job.context, turn));
        pay(job, turn.usage, costUsd);
        if (outcome.kind === 'success') continue;
        const n = turns.length - unreported.length + i + 1;
        // It was not reported as it came: nothing shows that a later attempt can go on from it.
        const line = { n, turn, costUsd, failure: null, isOwnCode: true, late: null };
        void keep(turnLine(flight, line));
      }
      if (outcome.kind === 'success') {
        const { usage } = outcome.completion;
        // What the proxy saw is all that there is.
        if (isForeign(turns)) return 0;
        if (turns.length === 0) pay(job, usage, usdOf(usage, price));
        else if (isOfOwnCode(turns)) payBeyond(flight, usage, turns);
        return 0;
      }
      if (outcome.kind === 'cancelled' || unreported.length > 0 || isIdle) return 0;
      const { usage } = outcome.failure;
      if (usage) {
        const costUsd = usdOf(usage, price);
        pay(job, usage, costUsd);
        return costUsd;
      }
      if (isFreeFailure(outcome.failure)) return 0;
      const costUsd = usdOf(null, price);
      pay(job, null, costUsd, 0);
      return costUsd;
    },
    left(flight) {
      const isRecorded = flight.order.work?.harness.proxy !== undefined;
      if (isRecorded ? flight.foreign === 0 : flight.ticket === null) return 0;
      const costUsd = usdOf(null, flight.job.context.price);
      pay(flight.job, null, costUsd, 0);
      return costUsd;
    },
    attempt(job, attempt, costUsd) {
      const line = attemptLine(job.task, attempt, costUsd);
      return line === null ? Promise.resolve(true) : keep(line);
    },
    unlogged: () => unlogged,
  };

  /** Own code may say itself what it used, calls of other clients included. */
  function payBeyond({ job }: Flight, usage: Usage | null, turns: readonly Turn[]): void {
    const { price } = job.context;
    const cost = costOfAll(usage, { calls: turns.map((turn) => turn.usage), price });
    const known = turns.map((turn) => costOf(turn.usage, price));
    if (cost === null || known.includes(null)) return;
    const beyond = roundUsd(cost - known.reduce<number>((sum, one) => sum + (one ?? 0), 0));
    if (beyond > 0) pay(job, null, beyond, 0);
  }
}

/** null = in time. What is late is no part of its task's record, whether or not that is written yet. */
function lateness({ isOver, isLeft }: Flight): Late | null {
  return isOver ? (isLeft ? 'stopped' : 'given-up') : null;
}

/** null = the price or the usage is unknown; where nothing has a price, nothing costs. */
function usdOf(usage: Usage | null, price: Price | null): number | null {
  return costOf(usage, price) ?? (price !== null && isFree(price) ? 0 : null);
}

/** Its calls are no conversation of ours: another attempt makes them anew. */
export function isOfOwnCode(turns: readonly Turn[]): boolean {
  return turns.some(({ text }) => text !== undefined);
}

/** By a run that was gone when its worker ended. What is given again by the proxy is told of as it comes. */
function paidAlready(turns: readonly Turn[]): readonly Turn[] {
  return isForeign(turns) ? [] : turns.filter(({ paid }) => paid !== undefined);
}

/** Made by clients that are not ours, of models that we did not choose. */
function isForeign(turns: readonly Turn[]): boolean {
  return turns.some(({ model }) => model !== undefined);
}

/** Of the whole answer: turns that an earlier invocation paid cost what they cost then. */
export function costOfAnswer(
  turns: readonly Turn[] | null,
  input: { readonly usage: Usage | null; readonly price: Price | null; readonly context?: TaskContext },
): number | null {
  const { context } = input;
  if (turns !== null && context && isForeign(turns))
    return sumUsd(turns.map((turn) => turn.paid?.costUsd ?? usdOf(turn.usage, priceOf(context, turn))));
  // Own code may say itself what all of it took.
  const isToldWhole = turns === null || (isOfOwnCode(turns) && !isForeign(turns));
  if (isToldWhole || !turns.some(({ paid }) => paid)) {
    const calls = (turns ?? []).map((turn) => turn.usage);
    return costOfAll(input.usage, { calls, price: input.price }) ?? usdOf(input.usage, input.price);
  }
  return sumUsd(turns.map((turn) => (turn.paid ? turn.paid.costUsd : usdOf(turn.usage, input.price))));
}

/** Of a task that has no answer: what earlier invocations paid for the turns that it has, and all that this one paid. */
export function costOfFailed(job: Job): number | null {
  const earlier = (job.turns ?? []).flatMap(({ paid }) => (paid ? [paid.costUsd] : []));
  return sumUsd([...earlier, job.paid.costUsd]);
}

function sumUsd(costs: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const cost of costs) {
    if (cost === null) return null;
    sum += cost;
  }
  return roundUsd(sum);
}
