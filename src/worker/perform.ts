// One order, done: key, client, deadline, one call, one outcome. Whatever happens in here ends as an Outcome.
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import { type CallGate, OPEN_GATE } from '../core/gate.ts';
import type { Order } from '../core/order.ts';
import type { Failure, Outcome, Turn } from '../core/outcome.ts';
import { unreachable } from '../core/result.ts';
import { type FindClient, makeClients } from '../providers/index.ts';
import type { ClientAnswer } from '../providers/provider.ts';
import { makeTracers } from '../tracing/index.ts';
import { NO_SCOPE, type Scope } from '../tracing/tracer.ts';
import { startDeadline } from './deadline.ts';
import { modelSpan, rootEnding, rootInputs, toolSpans } from './spans.ts';

/** Never rejects. Aborting the signal makes the outcome `cancelled`; further calls of an order ask the gate. */
export type Perform = (
  order: Order,
  at?: { readonly signal?: AbortSignal; readonly gate?: CallGate },
) => Promise<Outcome>;

/** @param env this worker's own environment: keys are read here and cross no thread and no network. */
export function makePerform({ env, clock }: { readonly env: Env; readonly clock: Clock }): Perform {
  const findClient = makeClients({ env, clock });
  const findTracer = makeTracers({ env, clock });
  return async (order, { signal = null, gate = OPEN_GATE } = {}) => {
    const tracer = order.trace ? await findTracer().catch(() => null) : null;
    const started = clock.now();
    const startedAt = started.toISOString();
    const startMs = clock.monotonicMs();
    let durationMs = 0;
    let turns: readonly Turn[] | null = null;
    const work = async (scope: Scope): Promise<ClientAnswer> => {
      const attempted = await attempt({ order, scope, signal, gate, clock, findClient }).catch(bug);
      durationMs = clock.monotonicMs() - startMs;
      turns = attempted.turns;
      return attempted.answer;
    };
    const ended = (answer: ClientAnswer): Outcome => ({
      ...outcomeOf(answer, { startedAt, durationMs }),
      ...(turns === null ? {} : { turns }),
    });
    if (!order.trace || !tracer) return ended(await work(NO_SCOPE));
    const { result, spans } = await tracer.trace({
      order: order.trace,
      startMs: started.getTime(),
      inputs: rootInputs(order),
      work,
      ending: rootEnding,
    });
    return { ...ended(result), spans };
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

type Attempted = { readonly answer: ClientAnswer; readonly turns: readonly Turn[] | null };

async function attempt(of: {
  readonly order: Order;
  readonly scope: Scope;
  readonly signal: AbortSignal | null;
  readonly gate: CallGate;
  readonly clock: Clock;
  readonly findClient: FindClient;
}): Promise<Attempted> {
  const { order, scope, clock, signal: cancel } = of;
  const client = await of.findClient(order.endpoint);
  if (client.kind === 'err') {
    return { answer: { kind: 'failure', failure: client.error, requestId: null, limits: null }, turns: null };
  }
  if (order.conversation) {
    // Loaded where there is a loop: its check of arguments brings a library along.
    const { converse } = await import('./converse.ts');
    return await converse({ ...of, conversation: order.conversation, client: client.value });
  }
  using deadline = startDeadline({ timeoutMs: order.timeoutMs, cancel, clock });
  const options = { signal: deadline.signal, run: order.cell.run };
  const answer = await scope.span(modelSpan(order, () => client.value.complete(order.request, options)));
  if (scope !== NO_SCOPE && answer.kind === 'completion') await toolSpans(scope, answer.completion);
  return { answer, turns: null };
}

/** Lines of a stack that say where; more would be noise in every record. */
const STACK_LINES = 4;

function bug(error: unknown): Attempted {
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  const message = stack.split('\n').slice(0, STACK_LINES).join(' ').slice(0, 2_000).toWellFormed();
  const failure: Failure = { kind: 'internal', status: null, message, retryAfterMs: null };
  return { answer: { kind: 'failure', failure, requestId: null, limits: null }, turns: null };
}
