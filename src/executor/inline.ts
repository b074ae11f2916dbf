// Orders done in this thread: for `workers: 0`, for tests and for debuggers. A stuck loop here is stuck for all.
import type { Clock } from '../core/clock.ts';
import type { Order } from '../core/order.ts';
import type { Perform } from '../worker/perform.ts';
import type { Executor } from './executor.ts';
import { cancelledOutcome, lostOutcome, startNow, within } from './lost.ts';

export type InlineSettings = {
  readonly perform: Perform;
  readonly capacity: number;
  readonly clock: Clock;
};

export function makeInlineExecutor({ perform, capacity, clock }: InlineSettings): Executor {
  const inFlight = new Map<Order, AbortController>();
  const ending = new Set<Promise<unknown>>();
  let disposed = false;
  return {
    capacity,
    async execute(order, gate) {
      const started = startNow(clock);
      if (disposed) return cancelledOutcome({ started, clock });
      const controller = new AbortController();
      inFlight.set(order, controller);
      try {
        const done = perform(order, { signal: controller.signal, ...(gate === undefined ? {} : { gate }) });
        ending.add(done);
        return await done.finally(() => ending.delete(done));
      } catch (error) {
        return lostOutcome({ started, clock, why: error });
      } finally {
        inFlight.delete(order);
      }
    },
    abandon(order) {
      inFlight.get(order)?.abort();
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      for (const controller of inFlight.values()) controller.abort();
      await perform.close?.();
      // Programs of theirs are asked to end, then made to: whoever disposes may then say that nothing runs any more.
      await within(Promise.allSettled(ending), clock);
    },
  };
}
