// One order, done: key, client, deadline, one call, one outcome. Whatever happens in here ends as an Outcome.
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { Order } from '../core/order.ts';
import type { Failure, Outcome } from '../core/outcome.ts';
import { unreachable } from '../core/result.ts';
import { type FindClient, makeClients } from '../providers/index.ts';
import type { ClientAnswer } from '../providers/provider.ts';
import { startDeadline } from './deadline.ts';

/** Never rejects. Aborting the signal makes the outcome `cancelled`. */
export type Perform = (order: Order, signal?: AbortSignal) => Promise<Outcome>;

/** @param env this worker's own environment: keys are read here and cross no thread and no network. */
export function makePerform({ env, clock }: { readonly env: Env; readonly clock: Clock }): Perform {
  const findClient = makeClients({ env, clock });
  return async (order, signal) => {
    const startedAt = clock.now().toISOString();
    const startMs = clock.monotonicMs();
    const answer = await attempt({ order, signal: signal ?? null, clock, findClient }).catch(bug);
    const durationMs = clock.monotonicMs() - startMs;
    switch (answer.kind) {
      case 'completion': {
        const { completion, requestId, limits } = answer;
        return { kind: 'success', startedAt, durationMs, requestId, completion, limits };
      }
      case 'failure': {
        const { failure, requestId, limits } = answer;
        return { kind: 'failure', startedAt, durationMs, requestId, failure, limits };
      }
      case 'cancelled':
        return { kind: 'cancelled', startedAt, durationMs, requestId: null };
      default:
        return unreachable(answer);
    }
  };
}

async function attempt(of: {
  readonly order: Order;
  readonly signal: AbortSignal | null;
  readonly clock: Clock;
  readonly findClient: FindClient;
}): Promise<ClientAnswer> {
  const { order, clock, signal: cancel } = of;
  const client = await of.findClient(order.endpoint);
  if (client.kind === 'err') return { kind: 'failure', failure: client.error, requestId: null, limits: null };
  using deadline = startDeadline({ timeoutMs: order.timeoutMs, cancel, clock });
  return await client.value.complete(order.request, { signal: deadline.signal, run: order.cell.run });
}

/** Lines of a stack that say where; more would be noise in every record. */
const STACK_LINES = 4;

function bug(error: unknown): ClientAnswer {
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  const message = stack.split('\n').slice(0, STACK_LINES).join(' ').slice(0, 2_000).toWellFormed();
  const failure: Failure = { kind: 'internal', status: null, message, retryAfterMs: null };
  return { kind: 'failure', failure, requestId: null, limits: null };
}
