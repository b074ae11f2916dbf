// Whether the vendor has a batch of which only the intention is known: written down, and then this program, or its line, was gone.
import type { BatchBook, OpenBatch } from '../core/batch.ts';
import type { Clock } from '../core/clock.ts';
import type { RunEvent } from '../core/event.ts';
import type { Failure } from '../core/outcome.ts';
import type { SplitClient } from '../providers/provider.ts';
import type { FullEnd } from './accounts.ts';
import { isAsked, type Posted, type Waiter } from './waiters.ts';
import { isPassing, longer, type Pace, type Waits } from './waiting.ts';
import type { BatchWire } from './wire.ts';

export type Following = {
  readonly wire: BatchWire;
  readonly client: SplitClient;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly book: BatchBook;
  readonly waits: Waits;
  /** Whether answers are waited for, or only that batches are out. */
  readonly until: 'answered' | 'sent';
  readonly tell: (event: RunEvent) => void;
  /** Nothing of it was run: it is an order like any other, and goes into the next batch. */
  readonly again: (waiter: Waiter) => void;
  /** The account has taken a batch. */
  readonly taken: () => void;
  /** It said that too much is enqueued. */
  readonly full: (batch: OpenBatch) => FullEnd;
  /** Nobody listens there. */
  readonly silent: () => void;
};

/** Files of two hundred megabytes go over slow lines. */
export const LONG_MS = 20 * 60_000;

export type Sought =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'left' }
  | { readonly kind: 'stuck'; readonly failure: Failure };

/** Whether the vendor has it. */
export async function seek(posted: Posted, by: Following): Promise<Sought> {
  const { wire, client, waits, pace, clock } = by;
  const { tag, items, intendedAt, provider } = posted.batch;
  const since = clock.monotonicMs();
  const sinceMs = Date.parse(intendedAt);
  let delayMs = pace.firstMs;
  for (let looks = 1; !waits.isLeft(); looks++) {
    const nowMs = clock.now().getTime();
    const found = await waits.within(LONG_MS, (signal) =>
      wire.find({ client, signal }, { tag, items, sinceMs, nowMs }),
    );
    if (found.kind === 'err') {
      if (!isPassing(found.error)) return { kind: 'stuck', failure: found.error };
    } else if (found.value.kind === 'found') return { kind: 'id', id: found.value.id };
    else if (found.value.kind === 'none') {
      const isOld = nowMs - sinceMs > pace.settleMs || clock.monotonicMs() - since > pace.settleMs;
      if (isOld) return { kind: 'none' };
    } else if (found.value.kind === 'untold') {
      return { kind: 'stuck', failure: ambiguous(found.value.ids) };
    } else {
      if (looks === 1) by.tell(perhaps(provider, found.value.ids));
      if (by.until === 'sent' || !isAsked(posted)) break;
    }
    await waits.sleep(Math.min(delayMs, pace.mostMs));
    delayMs = longer(delayMs, pace);
  }
  return { kind: 'left' };
}

function ambiguous(ids: readonly string[]): Failure {
  const message = `it may be ${ids.slice(0, 5).join(' or ')}, of which there are no answers any more`;
  return { kind: 'unauthorized', status: null, message, retryAfterMs: null };
}

function perhaps(provider: string, ids: readonly string[]): RunEvent {
  return {
    kind: 'diagnostic',
    severity: 'note',
    code: 'batch-perhaps',
    message: `${provider} may have what an earlier run was about to send: ${ids.slice(0, 5).join(', ')} may be it, which shows when it has ended`,
    hint: 'nothing of it is sent again before that',
  };
}
