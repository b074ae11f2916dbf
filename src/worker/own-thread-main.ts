// What a thread of own code runs: as thread.ts, one order at a time, with whatever the module does kept to itself.
import { enableCompileCache, flushCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import { loadAdapters } from '../providers/index.ts';
import type { ThreadData } from './order-port.ts';
import { keepToItself } from './own-code/own-thread.ts';
import { serveOrders } from './serve.ts';

// Compiled code is what makes the next thread start in a third of the time: a thread that is terminated writes none.
enableCompileCache();
await loadAdapters(workerData as ThreadData);
flushCompileCache();
keepToItself();

serveOrders();
