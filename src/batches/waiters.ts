// Orders that wait for a batch, and how they end.
import type { BatchFacts, OpenBatch } from '../core/batch.ts';
import type { Order } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import type { ClientAnswer } from '../providers/provider.ts';

export type BatchEnd =
  /** `batch`: null = it failed without having been out. */
  | { readonly kind: 'answered'; readonly answer: ClientAnswer; readonly batch: BatchFacts | null }
  /** Nobody waits any more; it may be out. */
  | { readonly kind: 'left' };

export type Waiter = { readonly order: Order; readonly resolve: (end: BatchEnd) => void };

export type Posted = {
  batch: OpenBatch;
  /** By `custom_id`. */
  readonly waiters: Map<string, Waiter>;
};

/** Somebody asks for it. */
export function isAsked({ waiters }: Posted): boolean {
  return [...waiters.values()].some(({ order }) => order.batch?.only !== 'unasked');
}

export function leaveAll(posted: Pick<Posted, 'waiters'>): void {
  const waiters = [...posted.waiters.values()];
  posted.waiters.clear();
  for (const { resolve } of waiters) resolve({ kind: 'left' });
}

export function answerAll(posted: Pick<Posted, 'waiters'>, failure: Failure): void {
  const waiters = [...posted.waiters.values()];
  posted.waiters.clear();
  for (const { resolve } of waiters) resolve(refusal(failure));
}

/** Why nothing goes on is said once, and counts for no cell: the others are left as they were. */
export function stopAll(posted: Posted, failure: Failure): void {
  const [first, ...others] = posted.waiters.values();
  posted.waiters.clear();
  const all = { ...failure, kind: 'unauthorized', refuses: 'all', isUnsent: true } as const;
  first?.resolve(refusal(all));
  for (const { resolve } of others) resolve({ kind: 'left' });
}

export function refusal(failure: Failure): BatchEnd {
  return {
    kind: 'answered',
    answer: { kind: 'failure', failure, requestId: null, limits: null },
    batch: null,
  };
}

/** Of an item that was not answered: it costs nothing. */
export function failed(kind: Failure['kind'], message: string): ClientAnswer {
  const failure = { kind, status: null, message, retryAfterMs: null, isUnsent: true } as const;
  return { kind: 'failure', failure, requestId: null, limits: null };
}
