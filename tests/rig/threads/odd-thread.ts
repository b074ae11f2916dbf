// A thread's module that does what the order's model is named after: the crashes that a pool has to survive.
import { getHeapSpaceStatistics } from 'node:v8';
import { threadId, workerData } from 'node:worker_threads';
import type { Order } from '../../../src/core/order.ts';
import type { Outcome } from '../../../src/core/outcome.ts';
import { serve } from '../../../src/worker/serve.ts';

serve(perform);

async function perform(order: Order): Promise<Outcome> {
  switch (order.request.model) {
    case 'exit':
      process.exit(3);
      break;
    case 'throw':
      throw Object.assign(new Error('thrown by the order'), { secret: 1 });
    case 'stray':
      setImmediate(() => {
        throw new Error('thrown beside the order');
      });
      return new Promise(() => {});
    case 'loop':
      for (;;);
    case 'memory': {
      const held: unknown[] = [];
      for (;;) held.push(new Array(100_000).fill(held.length));
    }
    case 'spin': {
      const until = performance.now() + 100;
      while (performance.now() < until);
      break;
    }
    case 'where':
      return said(`thread ${threadId}`);
    case 'young':
      return said(String(getHeapSpaceStatistics().find((one) => one.space_name === 'new_space')?.space_size));
    case 'port':
      return said(String('port' in workerData));
    case 'answered and gone':
      // Between the outcome and the end of this turn nothing else is said.
      queueMicrotask(() => queueMicrotask(() => setImmediate(() => process.exit(3))));
      break;
    case 'never':
      return new Promise(() => {});
    default:
      break;
  }
  return said(order.request.model);
}

function said(message: string): Outcome {
  return {
    kind: 'failure',
    failure: { kind: 'internal', status: null, message, retryAfterMs: null },
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    requestId: process.env.TEST_KEY ?? null,
    limits: null,
  };
}
