// What a thread of the pool runs.
import { enableCompileCache, flushCompileCache } from 'node:module';
import { loadAdapters } from '../providers/index.ts';
import { preloadTracer } from '../tracing/index.ts';
import { serveOrders } from './serve.ts';

// The SDK is loaded while the main thread still plans, so that the first order does not wait for it; from compiled code
// in two thirds of the time. A thread does not inherit the cache of the main thread, and being terminated writes none.
enableCompileCache();
await Promise.all([loadAdapters(), preloadTracer(process.env)]);
flushCompileCache();

serveOrders();
