// An order that its worker ends before it is done.
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';

/**
 * Turns of a conversation that were made are an outcome: whoever asks next goes on from there. null = there are none, and whoever
 * takes the order begins it.
 * @param isWaiting none of its calls was under way
 */
export function cutOff(
  { conversation, work }: Pick<Order, 'conversation' | 'work'>,
  outcome: Extract<Outcome, { kind: 'cancelled' }>,
  isWaiting: boolean,
): Outcome | null {
  const { turns = [] } = outcome;
  // What own code has begun only it could go on with.
  if (work !== undefined || turns.length <= (conversation?.done.length ?? 0)) return null;
  const message = 'its worker was ended between two of its turns';
  return {
    ...outcome,
    kind: 'failure',
    failure: {
      ...{ kind: 'worker-lost', status: null, message, retryAfterMs: null },
      ...(isWaiting ? { isUnsent: true } : {}),
    },
    limits: null,
  };
}
