// What a thread of the pool runs.
import { enableCompileCache, flushCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import { loadAdapters } from '../providers/index.ts';
import { preloadTracer } from '../tracing/index.ts';
import type { ThreadData } from './order-port.ts';
import { serveOrders } from './serve.ts';

// What it will speak with is loaded while the main thread still plans, so that the first order does not wait for it; from compiled code
// in two thirds of the time. A thread does not inherit the cache of the main thread, and being terminated writes none.
enableCompileCache();
await Promise.all([loadAdapters(workerData as ThreadData), preloadTracer(process.env)]);
flushCompileCache();

serveOrders();
