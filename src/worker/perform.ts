// One order, done: key, client, deadline, one call, one outcome. Whatever happens in here ends as an Outcome.
import type { Clock } from '../core/clock.ts';
import type { Lesson } from '../core/endpoint-settings.ts';
import type { Env } from '../core/env.ts';
import { type CallGate, OPEN_GATE } from '../core/gate.ts';
import { NOTHING_MOVES, type Witness } from '../core/input-moments.ts';
import type { Order } from '../core/order.ts';
import type { Failure, Outcome } from '../core/outcome.ts';
import { unreachable } from '../core/result.ts';
import { thrownSentence } from '../core/thrown.ts';
import { type BindSdk, type FindClient, makeBinder, makeClients } from '../providers/index.ts';
import type { Here } from '../providers/open-endpoint.ts';
import type { ClientAnswer } from '../providers/provider.ts';
import { makeTracers } from '../tracing/index.ts';
import { NO_SCOPE, type Scope } from '../tracing/spans/tracer.ts';
import type { Attempted } from './attempt.ts';
import { startDeadline } from './deadline.ts';
import { withoutFiled } from './filed-secrets.ts';
import { withFiles } from './media.ts';
import { openOrder } from './open-order.ts';
import { makePrograms, type Programs } from './programs/programs.ts';
import { modelSpan, rootEnding, rootInputs, toolSpans } from './spans.ts';

export type { ClientAnswer } from '../providers/provider.ts';
export type { Attempted } from './attempt.ts';

/** Never rejects. Aborting the signal makes the outcome `cancelled`; further calls of an order ask the gate. */
export type Perform = {
  (order: Order, input?: { readonly signal?: AbortSignal; readonly gate?: CallGate }): Promise<Outcome>;
  /** Ends what was started and stays between orders. */
  readonly close?: () => Promise<void>;
};

/** @param env this worker's own environment: keys are read here and cross no thread and no network. */
export function makePerform({
  env,
  clock,
  folder,
  witness = NOTHING_MOVES,
}: {
  readonly env: Env;
  readonly clock: Clock;
  /** The manifest's, absolute: files that an order names are there. */
  readonly folder: string;
  /** Only where programs stay between orders. */
  readonly witness?: Witness;
}): Perform {
  /** They go with whatever ends next. */
  const lessons: Lesson[] = [];
  const findClient = withFiles(makeClients({ env, clock, say: (lesson) => lessons.push(lesson) }), folder);
  const bindSdk = makeBinder({ env, clock });
  const findTracer = makeTracers({ env, clock });
  const programs = makePrograms({ env, clock, witness });
  // As they were when this worker began: own code sets variables, and points some of them at the recording proxy.
  const here = { env: { ...env }, folder };
  const kept = { here, folder, clock, findClient, bindSdk, env, programs };
  const perform: Perform = async (order, { signal = null, gate = OPEN_GATE } = {}) => {
    const tracer = order.trace ? await findTracer().catch(() => null) : null;
    const started = clock.now();
    const startedAt = started.toISOString();
    const startMs = clock.monotonicMs();
    let durationMs = 0;
    let rest: Rest = {};
    const work = async (scope: Scope): Promise<ClientAnswer> => {
      const asked = { order, scope, signal, gate, startedAt, startMs };
      const attempted = await openedAttempt({ ...kept, ...asked }).catch(bug);
      durationMs = clock.monotonicMs() - startMs;
      rest = restOf(attempted);
      return attempted.answer;
    };
    const ended = (answer: ClientAnswer): Outcome => ({
      ...outcomeOf(answer, { startedAt, durationMs }),
      ...rest,
      ...(lessons.length === 0 ? {} : { lessons: lessons.splice(0) }),
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
  return Object.assign(perform, { close: () => programs.close() });
}

type Rest = Pick<Outcome, 'turns' | 'log' | 'undeclared' | 'otherCode' | 'heldSince'>;

/** Absent where there is nothing: most outcomes carry none of it. */
function restOf({ turns, log, undeclared, otherCode, heldSince }: Attempted): Rest {
  return {
    ...(turns === null ? {} : { turns }),
    ...(log === undefined ? {} : { log }),
    ...(undeclared === undefined ? {} : { undeclared }),
    ...(otherCode === undefined ? {} : { otherCode }),
    ...(heldSince === undefined ? {} : { heldSince }),
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

type AttemptInput = {
  readonly order: Order;
  readonly folder: string;
  readonly scope: Scope;
  readonly signal: AbortSignal | null;
  readonly gate: CallGate;
  readonly clock: Clock;
  readonly findClient: FindClient;
  readonly bindSdk: BindSdk;
  readonly env: Env;
  readonly programs: Programs;
  /** Of the attempt. */
  readonly startedAt: string;
  readonly startMs: number;
};

async function openedAttempt({ here, ...of }: AttemptInput & { readonly here: Here }): Promise<Attempted> {
  const opened = openOrder(of.order, here);
  return opened.kind === 'ok' ? attempt({ ...of, order: opened.value }) : unmade(opened.error);
}

/** Asked for with each order, Node's own look for it would take a tenth of a millisecond. */
let ownCode: Promise<typeof import('./own-code/own-code.ts')> | null = null;

/** What an order needs is loaded where there is one: a loop brings a library along, own code the user's. */
async function attempt(input: AttemptInput): Promise<Attempted> {
  const { order, scope, clock, signal: cancel } = input;
  if (order.work?.harness.kind === 'module') {
    ownCode ??= import('./own-code/own-code.ts');
    return await (await ownCode).runOwnCode({ ...input, work: order.work });
  }
  if (order.work?.harness.kind === 'command') {
    const done = await input.programs.run({ ...input, work: order.work });
    return { ...done, answer: withoutFiled(done.answer, input) };
  }
  if (order.score?.embedding) return await (await import('./similarity.ts')).embedded(input);
  const client = await input.findClient(order.endpoint);
  if (client.kind === 'err') {
    return unmade(client.error);
  }
  if (order.conversation) {
    const { converse } = await import('./converse.ts');
    const conversed = { ...input, conversation: order.conversation, client: client.value };
    if (order.mcp === undefined) return await converse(conversed);
    const { withMcp } = await import('./mcp-tools.ts');
    return await withMcp({ ...input, mcp: order.mcp }, (handlers) => converse({ ...conversed, handlers }));
  }
  using deadline = startDeadline({ timeoutMs: order.timeoutMs, cancel, clock });
  const options = { signal: deadline.signal, run: order.cell.run };
  const answer = await scope.span(modelSpan(order, () => client.value.complete(order.request, options)));
  if (scope !== NO_SCOPE && answer.kind === 'completion') await toolSpans(scope, answer.completion);
  const { score } = order;
  if (score) {
    const { judged } = await import('./judgement.ts');
    const durationMs = clock.monotonicMs() - input.startMs;
    return judged(answer, { order: { ...order, score }, startedAt: input.startedAt, durationMs });
  }
  return { answer, turns: null };
}

function bug(error: unknown): Attempted {
  return unmade({ kind: 'internal', status: null, message: thrownSentence(error), retryAfterMs: null });
}

/** Nothing was asked. */
function unmade(failure: Failure): Attempted {
  return { answer: { kind: 'failure', failure, requestId: null, limits: null }, turns: null };
}
