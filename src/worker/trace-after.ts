// The trace of work that was done elsewhere and is over: one root span, made when its end is told.
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { Order } from '../core/order.ts';
import type { ClientAnswer } from '../providers/provider.ts';
import { makeTracers } from '../tracing/index.ts';
import { withoutFiled } from './filed-secrets.ts';
import { rootEnding, rootInputs } from './spans.ts';

/** @returns the spans of an attempt, or null where it is not traced; never rejects */
export type TraceAfter = (input: {
  readonly order: Order;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly answer: ClientAnswer;
  /** The id of the trace that its own tools made of it. */
  readonly besideId?: string;
}) => Promise<string | null>;

export function makeTraceAfter(input: {
  readonly env: Env;
  readonly clock: Clock;
  readonly folder: string;
}): TraceAfter {
  const findTracer = makeTracers(input);
  return async ({ order, startMs, answer, besideId }) => {
    if (!order.trace) return null;
    const tracer = await findTracer().catch(() => null);
    if (!tracer) return null;
    const facts = { ...order.trace.facts, ...(besideId === undefined ? {} : { harness_run_id: besideId }) };
    const { spans } = await tracer.trace({
      order: { ...order.trace, facts },
      startMs,
      inputs: rootInputs(order),
      ending: rootEnding,
      work: async () => withoutFiled(answer, { order, folder: input.folder }),
    });
    return spans;
  };
}
