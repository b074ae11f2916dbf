// How long a record says that its task took, and what its attempt says of its batch. Pure.
import type { BatchFacts } from '../core/batch-facts.ts';
import type { Order } from '../core/order.ts';
import type { Attempt } from '../core/record.ts';
import { isBatched } from './limits/begins.ts';

export function recordedBatch({
  id,
  item,
  submittedAt,
  collectedAt,
}: BatchFacts): NonNullable<Attempt['batch']> {
  return { id, item, submitted_at: submittedAt, collected_at: collectedAt };
}

/** null where an answer waited in a batch of a vendor. */
export function durationOf({
  attempts,
  order,
  durationMs,
}: {
  readonly attempts: readonly Attempt[];
  readonly order: Pick<Order, 'work'>;
  readonly durationMs: number;
}): number | null {
  if (attempts.some(({ batch }) => batch !== undefined)) return null;
  return round(isBatched(order) ? spanOf(attempts) : durationMs);
}

/** From the beginning of the first attempt to the end of the last one, in milliseconds, as measured where they were made. */
function spanOf(attempts: readonly Attempt[]): number {
  const last = attempts.at(-1)!;
  return Date.parse(last.started_at) - Date.parse(attempts[0]!.started_at) + (last.duration_ms ?? 0);
}

/** A tenth of a millisecond is more than a clock tells. */
export function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
