// An item of a batch as one attempt: the account as it is talked to here, and the trace of what came.

import type { BatchFacts } from '../core/batch.ts';
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { Endpoint, Order } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import { ok, type Result } from '../core/result.ts';
import { makeSplits } from '../providers/index.ts';
import { openEndpoint } from '../providers/open-endpoint.ts';
import type { ClientAnswer, SplitClient } from '../providers/provider.ts';
import { makeTracers } from '../tracing/index.ts';
import { makeMediaLoader } from './media.ts';
import { modelSpan, rootEnding, rootInputs, toolSpans } from './spans.ts';

/** @param folder the manifest's, absolute */
export function makeSplitsOf(here: {
  readonly env: Env;
  readonly clock: Clock;
  readonly folder: string;
}): (endpoint: Endpoint) => Promise<Result<SplitClient, Failure>> {
  const splitOf = makeSplits(here);
  const load = makeMediaLoader(here.folder);
  return async (endpoint) => {
    const opened = openEndpoint(endpoint, here);
    const split = opened.kind === 'err' ? opened : await splitOf(opened.value);
    if (split.kind === 'err') return split;
    const bodyOf: SplitClient['bodyOf'] = async (request) => {
      const whole = await load(request);
      return whole.kind === 'err' ? whole : await split.value.bodyOf(whole.value);
    };
    return ok({ ...split.value, bodyOf });
  };
}

export type ItemTrace = (input: {
  readonly order: Order;
  readonly answer: ClientAnswer;
  readonly batch: BatchFacts;
}) => Promise<string | null>;

/**
 * The spans of an item: from the moment at which the vendor took its batch to the one at which its answer was fetched, and which
 * batch that was.
 * @returns null where it is not traced; never rejects
 */
export function makeItemTrace(here: { readonly env: Env; readonly clock: Clock }): ItemTrace {
  let now = new Date(0);
  const findTracer = makeTracers({ ...here, clock: { ...here.clock, now: () => now } });
  // One after the other: they share a clock that is set.
  let turn: Promise<unknown> = Promise.resolve();
  const made: ItemTrace = async ({ order, answer, batch }) => {
    const tracer = await findTracer().catch(() => null);
    if (!tracer) return null;
    now = new Date(batch.submittedAt);
    const facts = { ...order.trace!.facts, batch_id: batch.id, batch_item: batch.item };
    const { spans } = await tracer.trace({
      order: { ...order.trace!, facts },
      startMs: now.getTime(),
      inputs: rootInputs(order),
      ending: rootEnding,
      async work(scope) {
        const call = async (): Promise<ClientAnswer> => {
          now = new Date(batch.collectedAt);
          return answer;
        };
        await scope.span(modelSpan(order, call));
        if (answer.kind === 'completion') await toolSpans(scope, answer.completion);
        return answer;
      },
    });
    return spans;
  };
  return (input) => {
    if (!input.order.trace) return Promise.resolve(null);
    const next = turn.then(() => made(input)).catch(() => null);
    turn = next;
    return next;
  };
}
