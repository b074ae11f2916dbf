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
  of: SpanContent & { readonly seed: string; readonly tags: readonly string[] },
): Span {
  const id = traceId({ startMs: of.startMs, seed: of.seed });
  const order = orderSegment({ startMs: of.startMs, order: 1, id });
  return { ...span(of), id, trace_id: id, dotted_order: order, tags: of.tags };
}

/** @param of.place from 0, among its siblings */
export function childSpan(
  parent: Span,
  of: SpanContent & { readonly seed: string; readonly place: number },
): Span {
  const id = traceId({ startMs: of.startMs, seed: JSON.stringify([of.seed, of.place, of.name]) });
  const segment = orderSegment({ startMs: of.startMs, order: of.place + 2, id });
  return {
    ...span({ ...of, facts: { ...(parent.extra.metadata as Facts), ...of.facts } }),
    id,
    trace_id: parent.trace_id,
    parent_run_id: parent.id,
    dotted_order: `${parent.dotted_order}.${segment}`,
  };
}

function span(of: SpanContent): Omit<Span, 'id' | 'trace_id' | 'dotted_order'> {
  return {
    name: of.name,
    run_type: of.type,
    start_time: new Date(of.startMs).toISOString(),
    end_time: new Date(Math.max(of.startMs, of.endMs)).toISOString(),
    inputs: of.inputs,
    ...(of.error === null ? { outputs: of.outputs } : { outputs: of.outputs, error: of.error }),
    extra: { metadata: of.facts },
  };
}
