// One order, done: key, client, deadline, one call, one outcome. Whatever happens in here ends as an Outcome.
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { Order } from '../core/order.ts';
import type { Failure, Outcome } from '../core/outcome.ts';
import { unreachable } from '../core/result.ts';
import { type FindClient, makeClients } from '../providers/index.ts';
import type { ClientAnswer } from '../providers/provider.ts';
import { makeTracers } from '../tracing/index.ts';
import { NO_SCOPE, type Scope } from '../tracing/tracer.ts';
import { startDeadline } from './deadline.ts';
import { modelSpan, rootEnding, rootInputs, toolSpans } from './spans.ts';

/** Never rejects. Aborting the signal makes the outcome `cancelled`. */
export type Perform = (order: Order, signal?: AbortSignal) => Promise<Outcome>;

/** @param env this worker's own environment: keys are read here and cross no thread and no network. */
export function makePerform({ env, clock }: { readonly env: Env; readonly clock: Clock }): Perform {
  const findClient = makeClients({ env, clock });
  const findTracer = makeTracers({ env, clock });
  return async (order, signal) => {
    const tracer = order.trace ? await findTracer().catch(() => null) : null;
    const started = clock.now();
    const startedAt = started.toISOString();
    const startMs = clock.monotonicMs();
    let durationMs = 0;
    const work = async (scope: Scope): Promise<ClientAnswer> => {
      const answer = await attempt({ order, scope, signal: signal ?? null, clock, findClient }).catch(bug);
      durationMs = clock.monotonicMs() - startMs;
      return answer;
    };
    if (!order.trace || !tracer) return outcomeOf(await work(NO_SCOPE), { startedAt, durationMs });
    const { result, spans } = await tracer.trace({
      order: order.trace,
      startMs: started.getTime(),
      inputs: rootInputs(order),
      work,
      ending: rootEnding,
    });
    return { ...outcomeOf(result, { startedAt, durationMs }), spans };
  };
}

function outcomeOf(
  answer: ClientAnswer,
  timing: { readonly startedAt: string; readonly durationMs: number },
): Outcome {
  switch (answer.kind) {
    case 'completion': {
      const { completion, requestId, limits } = answer;
      return { kind: 'success', ...timing, requestId, completion, limits };
    }
    case 'failure': {
      const { failure, requestId, limits } = answer;
      return { kind: 'failure', ...timing, requestId, failure, limits };
    }
    case 'cancelled':
      return { kind: 'cancelled', ...timing, requestId: null };
    default:
      return unreachable(answer);
  }
}

async function attempt(of: {
  readonly order: Order;
  readonly scope: Scope;
  readonly signal: AbortSignal | null;
  readonly clock: Clock;
  readonly findClient: FindClient;
}): Promise<ClientAnswer> {
  const { order, scope, clock, signal: cancel } = of;
  const client = await of.findClient(order.endpoint);
  if (client.kind === 'err') return { kind: 'failure', failure: client.error, requestId: null, limits: null };
  using deadline = startDeadline({ timeoutMs: order.timeoutMs, cancel, clock });
  const options = { signal: deadline.signal, run: order.cell.run };
  const answer = await scope.span(modelSpan(order, () => client.value.complete(order.request, options)));
  if (scope !== NO_SCOPE && answer.kind === 'completion') await toolSpans(scope, answer.completion);
  return answer;
}

/** Lines of a stack that say where; more would be noise in every record. */
const STACK_LINES = 4;

function bug(error: unknown): ClientAnswer {
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  const message = stack.split('\n').slice(0, STACK_LINES).join(' ').slice(0, 2_000).toWellFormed();
  const failure: Failure = { kind: 'internal', status: null, message, retryAfterMs: null };
  return { kind: 'failure', failure, requestId: null, limits: null };
}
