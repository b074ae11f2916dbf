// What an attempt that has ended did cost beyond the calls that it reported while it was under way.
import type { Price } from '../core/manifest.ts';
import type { Order } from '../core/order.ts';
import type { Failure, Outcome } from '../core/outcome.ts';
import { costOfAll, sharesOf } from '../core/usage-cost.ts';
import type { Flight } from './input.ts';
import { type Budget, type Settlement, settlementOf } from './limits/budget.ts';
import type { CallEnd } from './limits/lanes.ts';

export function settleFlight(
  flight: Flight,
  { outcome, budget }: { readonly outcome: Outcome; readonly budget: Budget },
): void {
  const { price } = flight.job.context;
  const isOwnCode = flight.order.work?.harness.kind === 'module';
  // Each of its calls was paid for as it came.
  const isRecorded = flight.order.work?.harness.proxy !== undefined;
  // What own code reports is all of it, also what went past its client.
  const reportedUsd =
    isOwnCode && !isRecorded && outcome.kind === 'success'
      ? (costOfAll(outcome.completion.usage, {
          calls: (outcome.turns ?? []).map(({ usage }) => usage),
          price,
        }) ?? 0)
      : 0;
  const uncountedUsd = Math.max(0, reportedUsd - flight.countedUsd);
  const { reservation } = flight;
  flight.reservation = null;
  if (!reservation) {
    budget.charge(uncountedUsd);
    return;
  }
  // Own code asks for each call of its client: what it holds and never asked for is for what it did without.
  const settlement =
    isOwnCode && !flight.hasAsked
      ? { inputUsd: 0, outputUsd: uncountedUsd }
      : (lastCallOf(outcome, price) ?? settlementOf(outcome, price));
  budget.settle(reservation, settlement);
}

/** Of a conversation the last call is what its money was reserved for; null where the outcome is one call. */
function lastCallOf(outcome: Outcome, price: Price | null): Settlement | null {
  const last = outcome.kind === 'success' ? outcome.turns?.at(-1) : undefined;
  return last === undefined ? null : (sharesOf(last.usage, price) ?? 'untold');
}

/** Own code reports each call when it has ended: a place that it still holds was never used. */
export function isWithoutCall({ work }: Order, outcome: Outcome): boolean {
  if (work?.harness.proxy) return true;
  if (work?.harness.kind !== 'module') return false;
  return outcome.kind === 'success' || (outcome.kind === 'failure' && outcome.failure.kind === 'code-failed');
}

/** What the lane of its task learns of an attempt that failed: nothing, where its calls were seen in lanes of their own. */
export function laneEnd(
  order: Order,
  input: Pick<CallEnd, 'limits' | 'delayMs'> & { readonly failure: Failure; readonly durationMs: number },
): Omit<CallEnd, 'nowMs' | 'random'> {
  const { failure, limits, delayMs } = input;
  const learned: Failure = order.work?.harness.proxy
    ? { ...failure, kind: 'code-temporary', retryAfterMs: null }
    : failure;
  const usedTokens = failure.usage?.totalTokens ?? null;
  return { failure: learned, usedTokens, limits, delayMs, tookMs: callMs(order, input) };
}

/** How long its call took, where it made only one. */
export function callMs(
  { work, conversation }: Order,
  { durationMs }: { readonly durationMs: number },
): number | undefined {
  return work === undefined && conversation === undefined ? durationMs : undefined;
}
