// What a thread of the pool runs: orders in, outcomes out, with this thread's environment and clock.
import { enableCompileCache, flushCompileCache } from 'node:module';
import type { Clock } from '../core/clock.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import { loadAdapters } from '../providers/index.ts';
import { preloadTracer } from '../tracing/index.ts';
import { type GatedOrder, gateOver } from './gate-port.ts';
import { makePerform } from './perform.ts';

/** A thread is a program of its own: its real clock is made here, as the main thread's is in cli/compose.ts. */
const clock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

// The SDK is loaded while the main thread still plans, so that the first order does not wait for it; from compiled code
// in two thirds of the time. A thread does not inherit the cache of the main thread, and being terminated writes none.
enableCompileCache();
await Promise.all([loadAdapters(), preloadTracer(process.env)]);
flushCompileCache();

const perform = makePerform({ env: process.env, clock });

/** An order, or one that comes with a port: its further calls are asked for there. */
export default function run(task: Order | GatedOrder): Promise<Outcome> {
  if (!('port' in task)) return perform(task);
  const gate = gateOver(task.port);
  return perform(task.order, { gate }).finally(() => task.port.close());
}
