// Orders in, outcomes out, with this thread's environment and clock.
import type { Clock } from '../core/clock.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import { type GatedOrder, gateOver } from './gate-port.ts';
import { makePerform } from './perform.ts';

/** A thread is a program of its own: its real clock is made here, as the main thread's is in project/draw/execute.ts. */
const clock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Takes an order, or one that comes with a port: its further calls are asked for there. */
export function serveOrders(): (task: Order | GatedOrder) => Promise<Outcome> {
  const perform = makePerform({ env: process.env, clock });
  return (task) => {
    if (!('port' in task)) return perform(task);
    const gate = gateOver(task.port);
    return perform(task.order, { gate }).finally(() => task.port.close());
  };
}
