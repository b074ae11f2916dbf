// Orders of own code: each has a thread to itself while it is done, so that a module which hangs, exits or throws from
// nowhere takes nobody along. A thread that ended badly is not used again.
import type { Clock } from '../core/clock.ts';
import { armOf, type Witness } from '../core/input-moments.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Executor } from './executor.ts';
import { cancelledOutcome, startNow } from './lost.ts';

/** @param makeOne an executor of one thread and one order */
export function makeApartExecutor(input: {
  readonly capacity: number;
  /** At one time; further orders wait. */
  readonly threads: number;
  readonly makeOne: () => Executor;
  readonly witness: Witness;
  readonly clock: Clock;
}): Executor {
  const { witness } = input;
  const idle: Thread[] = [];
  const busy = new Map<Order, Thread>();
  const ending = new Set<Promise<void>>();
  const waiting: { readonly order: Order; readonly go: (how: 'begin' | 'leave') => void }[] = [];
  let threads = 0;

  function open(): Thread {
    threads++;
    return { executor: input.makeOne(), since: witness.now() };
  }

  /** A module is loaded once a thread: one that may hold what a file was in between is not gone on with. */
  function takeIdle(order: Order): Thread | undefined {
    for (let thread = idle.pop(); thread !== undefined; thread = idle.pop()) {
      if (witness.moved(armOf(order), thread.since) === null) return thread;
      end(thread);
    }
    return undefined;
  }

  function end({ executor }: Thread): void {
    threads--;
    const ended = executor[Symbol.asyncDispose]();
    ending.add(ended);
    void ended.then(() => ending.delete(ended));
  }

  return {
    capacity: input.capacity,
    async execute(order, gate) {
      if (idle.length === 0 && threads >= input.threads) {
        const started = startNow(input.clock);
        gate?.waits();
        const how = await new Promise<'begin' | 'leave'>((go) => waiting.push({ order, go }));
        if (how === 'leave') return cancelledOutcome({ started, clock: input.clock });
        gate?.goesOn();
      }
      const thread = takeIdle(order) ?? open();
      busy.set(order, thread);
      const outcome = await thread.executor.execute(order, gate);
      busy.delete(order);
      // What a failed attempt left behind (a timer, a socket, half a state) must not meet the next one.
      if (endedWell(outcome)) idle.push(thread);
      else end(thread);
      waiting.shift()?.go('begin');
      return { ...outcome, heldSince: thread.since };
    },
    startNothing(which = () => true) {
      for (const one of waiting.splice(0)) {
        if (which(one.order)) one.go('leave');
        else waiting.push(one);
      }
    },
    abandon(order) {
      busy.get(order)?.executor.abandon(order);
    },
    async [Symbol.asyncDispose]() {
      for (const thread of [...idle, ...busy.values()]) end(thread);
      await Promise.all(ending);
    },
  };
}

/** `since`: the moment from which on it may have read what counts. */
type Thread = { readonly executor: Executor; readonly since: number };

function endedWell(outcome: Outcome): boolean {
  return outcome.kind === 'success' && outcome.otherCode === undefined;
}
