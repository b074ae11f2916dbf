// What an attempt that has ended did cost beyond the calls that it told of while it was under way.
import type { Price } from '../core/manifest.ts';
import type { Order } from '../core/order.ts';
import type { Failure, Outcome } from '../core/outcome.ts';
import { costOf, sharesOf } from '../core/usage-cost.ts';
import type { Flight } from './input.ts';
import { type Budget, type Settlement, settlementOf } from './limits/budget.ts';
import type { CallEnd } from './limits/lanes.ts';

export function settleFlight(
  at: Flight,
  { outcome, budget }: { readonly outcome: Outcome; readonly budget: Budget },
): void {
  const { price } = at.job.context;
  const isOwnCode = at.order.work?.harness.kind === 'module';
  // Each of its calls was paid for as it came.
  const isRecorded = at.order.work?.harness.proxy !== undefined;
  // What own code says that it took is all of it, also what went past its client.
  const told =
    isOwnCode && !isRecorded && outcome.kind === 'success'
      ? (costOf(outcome.completion.usage, price) ?? 0)
      : 0;
  const untoldYet = Math.max(0, told - at.countedUsd);
  const { reservation } = at;
  at.reservation = null;
  if (!reservation) {
    budget.charge(untoldYet);
    return;
  }
  // Own code asks for each call of its client: what it holds and never asked for is for what it did without.
  const settlement =
    isOwnCode && !at.hasAsked
      ? { inputUsd: 0, outputUsd: untoldYet }
      : (lastCallOf(outcome, price) ?? settlementOf(outcome, price));
  budget.settle(reservation, settlement);
}

/** Of a conversation the last call is what its money was reserved for; null where the outcome is one call. */
function lastCallOf(outcome: Outcome, price: Price | null): Settlement | null {
  const last = outcome.kind === 'success' ? outcome.turns?.at(-1) : undefined;
  return last === undefined ? null : (sharesOf(last.usage, price) ?? 'untold');
}

/** Own code tells of each call when it has ended: a place that it still holds was never used. */
export function isWithoutCall({ work }: Order, outcome: Outcome): boolean {
  if (work?.harness.proxy) return true;
  if (work?.harness.kind !== 'module') return false;
  return outcome.kind === 'success' || (outcome.kind === 'failure' && outcome.failure.kind === 'code-failed');
}

/** What the lane of its task learns of an attempt that failed: nothing, where its calls were seen in lanes of their own. */
export function laneEnd(
  { work }: Order,
  of: Pick<CallEnd, 'limits' | 'delayMs'> & { readonly failure: Failure },
): Pick<CallEnd, 'failure' | 'usedTokens' | 'limits' | 'delayMs'> {
  const { failure } = of;
  const learned: Failure = work?.harness.proxy
    ? { ...failure, kind: 'code-temporary', retryAfterMs: null }
    : failure;
  return { ...of, failure: learned, usedTokens: failure.usage?.totalTokens ?? null };
}
