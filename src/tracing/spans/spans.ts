// Spans made by hand, for attempts that are over: one whose worker is gone, and records of earlier times. Pure.
import { type Facts, orderSegment, type Span, traceId } from '../../core/trace.ts';

export type SpanContent = {
  readonly name: string;
  readonly type: 'chain' | 'llm' | 'tool';
  readonly startMs: number;
  readonly endMs: number;
  readonly inputs: unknown;
  readonly outputs: unknown;
  readonly error: string | null;
  readonly facts: object;
};

export function rootSpan(
  input: SpanContent & { readonly seed: string; readonly tags: readonly string[] },
): Span {
  const id = traceId({ startMs: input.startMs, seed: input.seed });
  const order = orderSegment({ startMs: input.startMs, order: 1, id });
  return { ...span(input), id, trace_id: id, dotted_order: order, tags: input.tags };
}

/** @param input.place from 0, among its siblings */
export function childSpan(
  parent: Span,
  input: SpanContent & { readonly seed: string; readonly place: number },
): Span {
  const id = traceId({ startMs: input.startMs, seed: JSON.stringify([input.seed, input.place, input.name]) });
  const segment = orderSegment({ startMs: input.startMs, order: input.place + 2, id });
  return {
    ...span({ ...input, facts: { ...(parent.extra.metadata as Facts), ...input.facts } }),
    id,
    trace_id: parent.trace_id,
    parent_run_id: parent.id,
    dotted_order: `${parent.dotted_order}.${segment}`,
  };
}

function span(input: SpanContent): Omit<Span, 'id' | 'trace_id' | 'dotted_order'> {
  return {
    name: input.name,
    run_type: input.type,
    start_time: new Date(input.startMs).toISOString(),
    end_time: new Date(Math.max(input.startMs, input.endMs)).toISOString(),
    inputs: input.inputs,
    ...(input.error === null ? { outputs: input.outputs } : { outputs: input.outputs, error: input.error }),
    extra: { metadata: input.facts },
  };
}
