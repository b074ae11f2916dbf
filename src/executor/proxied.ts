// Orders whose clients are recorded: each gets a way through the proxy of its own, and its outcome says what was seen there.
// The proxy is in this thread: it serves also while own code blocks its own.
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { Recording } from '../core/exchange.ts';
import { OPEN_GATE } from '../core/gate.ts';
import type { Order } from '../core/order.ts';
import type { Failure, Outcome } from '../core/outcome.ts';
import { mergeSeen } from '../proxy/merge.ts';
import { openProxy, type RecordingProxy, upstreamsOf } from '../proxy/proxy.ts';
import { openOrder } from '../worker/open-order.ts';
import type { Executor } from './executor.ts';
import { cancelledOutcome, failedOutcome, startNow } from './lost.ts';

export function makeProxiedExecutor(
  input: {
    readonly inner: Executor;
    readonly env: Env;
    readonly folder: string;
    readonly clock: Clock;
  } & Recording,
): Executor {
  const { inner, env, folder, clock } = input;
  let opening: Promise<RecordingProxy> | null = null;
  let isDisposed = false;
  /** As the far side knows them. */
  const handed = new Map<Order, Order>();

  async function recorded(order: Order, gate = OPEN_GATE): Promise<Outcome> {
    const harness = order.work!.harness;
    const started = startNow(clock);
    const set = harness.kind === 'module' ? {} : harness.env.set;
    const { upstreams, problem } = upstreamsOf({ ...env, ...set });
    if (problem !== null) return failedOutcome(codeFailed(problem), { started, clock });
    const opened = openOrder(order, { env, folder });
    if (opened.kind === 'err') return failedOutcome(opened.error, { started, clock });
    opening ??= openProxy({ env, clock });
    const proxy = await opening;
    if (isDisposed) return cancelledOutcome({ started, clock });
    const exchanges = harness.proxy!.replay ? input.exchanges : null;
    const route = proxy.open({ order: opened.value, gate, upstreams, exchanges });
    const through = { ...order, work: { ...order.work!, proxy: route.order } };
    handed.set(order, through);
    try {
      const outcome = await inner.execute(through, route.gate);
      const empty = harness.kind === 'pytest' ? harness.empty : 'failed';
      const merged = mergeSeen(outcome, await route.close(), empty);
      if (merged.kind === 'failure') await exchanges?.failed({ cell: order.cell, attempt: order.attempt });
      return merged;
    } finally {
      handed.delete(order);
    }
  }

  return {
    capacity: inner.capacity,
    execute: (order, gate, pausing) =>
      order.work?.harness.proxy && order.score === undefined
        ? recorded(order, gate)
        : inner.execute(order, gate, pausing),
    ...(inner.atOnce ? { atOnce: (order) => inner.atOnce?.(order) ?? null } : {}),
    abandon: (order) => inner.abandon(handed.get(order) ?? order),
    shares: (order) => inner.shares?.(handed.get(order) ?? order) === true,
    ...(inner.startNothing ? { startNothing: (which) => inner.startNothing?.(which) } : {}),
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      await inner[Symbol.asyncDispose]();
      const proxy = await opening?.catch(() => null);
      const count = proxy?.unattributed() ?? 0;
      if (count > 0) input.unattributed(count);
      await proxy?.[Symbol.asyncDispose]();
    },
  };
}

function codeFailed(message: string): Failure {
  return { kind: 'code-failed', status: null, message, retryAfterMs: null };
}
