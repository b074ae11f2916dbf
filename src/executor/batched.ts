// Orders that go in batches, beside those that are calls. It is in this thread: it mostly waits, and what it writes down is
// the main process's to write.
import { type BatchEnd, makeBatches } from '../batches/batches.ts';
import { type BatchBook, goesInBatch } from '../core/batch.ts';
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { RunEvent } from '../core/event.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import { unreachable } from '../core/result.ts';
import { makeItemTrace, makeSplitsOf } from '../worker/batch-item.ts';
import type { Executor } from './executor.ts';
import { cancelledOutcome, type Started, startNow } from './lost.ts';

/** What batches need of whoever starts them. */
export type BatchSettings = {
  readonly book: BatchBook;
  readonly until: 'answered' | 'sent';
  readonly tell: (event: RunEvent) => void;
};

export function makeBatchedExecutor(
  input: {
    readonly inner: Executor;
    readonly env: Env;
    readonly folder: string;
    readonly clock: Clock;
  } & BatchSettings,
): Executor {
  const { inner, clock } = input;
  const batches = makeBatches({ ...input, splitOf: makeSplitsOf(input) });
  const traceOf = makeItemTrace(input);

  async function asked(order: Order): Promise<Outcome> {
    const started = startNow(clock);
    const end = await batches.ask(order);
    return await outcomeOf(order, { end, started });
  }

  async function outcomeOf(
    order: Order,
    { end, started }: { readonly end: BatchEnd; readonly started: Started },
  ): Promise<Outcome> {
    if (end.kind === 'left' || end.answer.kind === 'cancelled') return cancelledOutcome({ started, clock });
    const { answer, batch } = end;
    const startedAt = batch?.submittedAt ?? started.at;
    const endMs = Date.parse(batch?.collectedAt ?? clock.now().toISOString());
    const durationMs = Math.max(0, endMs - Date.parse(startedAt));
    const spans = batch === null ? null : await traceOf({ order, answer, batch });
    const told = {
      startedAt,
      durationMs,
      requestId: answer.requestId,
      limits: null,
      ...(batch === null ? {} : { batch }),
      ...(spans === null ? {} : { spans }),
    };
    switch (answer.kind) {
      case 'completion':
        return { kind: 'success', ...told, completion: answer.completion };
      case 'failure':
        return { kind: 'failure', ...told, failure: answer.failure };
      default:
        return unreachable(answer);
    }
  }

  return {
    capacity: inner.capacity,
    execute(order, gate, pausing) {
      if (!goesInBatch(order)) return inner.execute(order, gate, pausing);
      // A batch has a day.
      pausing?.waits();
      return asked(order);
    },
    ...(inner.atOnce ? { atOnce: (order) => inner.atOnce?.(order) ?? null } : {}),
    abandon: (order) => (goesInBatch(order) ? undefined : inner.abandon(order)),
    ...(inner.kept ? { kept: (order) => inner.kept?.(order) } : {}),
    shares: (order) => inner.shares?.(order) === true,
    startNothing(which) {
      if (which === undefined) batches.leave();
      else batches.leaveOut(which);
      inner.startNothing?.(which);
    },
    leaveOut(which) {
      batches.leaveOut(which);
      if (inner.leaveOut) inner.leaveOut(which);
      else inner.startNothing?.(which);
    },
    async ending() {
      await inner.ending?.();
    },
    async [Symbol.asyncDispose]() {
      await batches[Symbol.asyncDispose]();
      await inner[Symbol.asyncDispose]();
    },
  };
}
