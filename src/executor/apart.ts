// Orders of own code: each has a thread to itself while it is done, so that a module which hangs, exits or throws from
// nowhere takes nobody along. A thread that ended badly is not used again.
import type { Clock } from '../core/clock.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Executor } from './executor.ts';
import { cancelledOutcome, startNow } from './lost.ts';

/** @param makeOne an executor of one thread and one order */
export function makeApartExecutor(of: {
  readonly capacity: number;
  /** At one time; further orders wait. */
  readonly threads: number;
  readonly makeOne: () => Executor;
  readonly clock: Clock;
}): Executor {
  const idle: Executor[] = [];
  const busy = new Map<Order, Executor>();
  const ending = new Set<Promise<void>>();
  const waiting: (() => void)[] = [];
  let threads = 0;
  let isStopped = false;

  function open(): Executor {
    threads++;
    return of.makeOne();
  }

  function end(executor: Executor): void {
    threads--;
    const ended = executor[Symbol.asyncDispose]();
    ending.add(ended);
    void ended.then(() => ending.delete(ended));
  }

  return {
    capacity: of.capacity,
    async execute(order, gate) {
      if (idle.length === 0 && threads >= of.threads) {
        const started = startNow(of.clock);
        gate?.waits();
        await new Promise<void>((resolve) => waiting.push(resolve));
        if (isStopped) return cancelledOutcome({ started, clock: of.clock });
        gate?.goesOn();
      }
      const executor = idle.pop() ?? open();
      busy.set(order, executor);
      const outcome = await executor.execute(order, gate);
      busy.delete(order);
      // What a failed attempt left behind (a timer, a socket, half a state) must not meet the next one.
      if (endedWell(outcome)) idle.push(executor);
      else end(executor);
      waiting.shift()?.();
      return outcome;
    },
    startNothing() {
      isStopped = true;
      for (const go of waiting.splice(0)) go();
    },
    abandon(order) {
      busy.get(order)?.abandon(order);
    },
    async [Symbol.asyncDispose]() {
      for (const executor of [...idle, ...busy.values()]) end(executor);
      await Promise.all(ending);
    },
  };
}

function endedWell(outcome: Outcome): boolean {
  return outcome.kind === 'success';
}
