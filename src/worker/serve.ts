// Orders in, outcomes out, with this thread's environment and clock.
import { workerData } from 'node:worker_threads';
import { clockOf } from '../core/clock.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import { type GatedOrder, gateOver, type ThreadData } from './gate-port.ts';
import { makePerform } from './perform.ts';

/** A thread is a program of its own, with a clock of its own. */
const clock = clockOf(globalThis);

/** Takes an order, or one that comes with a port: its further calls are asked for there. */
export function serveOrders(): (task: Order | GatedOrder) => Promise<Outcome> {
  const perform = makePerform({ env: process.env, clock, ...threadData() });
  return (task) => {
    if (!('port' in task)) return perform(task);
    const gate = gateOver(task.port);
    return perform(task.order, { gate }).finally(() => task.port.close());
  };
}

/** tinypool (executor/threads.ts) puts what is told to a thread behind what it tells it itself. */
function threadData(): ThreadData {
  const [, told] = workerData as readonly [unknown, ThreadData];
  return told;
}
