// Stands where the SDK has its client: takes creates and updates of spans, merges them by id, and hands out whole spans
// when the attempt is over. So a span is sent once, complete, and none stays open because a program died.
import type { Span } from '../../core/trace.ts';
import { toPlain } from './json-copy.ts';

export type Collector = {
  /** The two calls that the SDK's spans make of a client. */
  readonly client: {
    readonly tracingMode: 'langsmith';
    createRun(run: object): Promise<void>;
    updateRun(id: string, run: object): Promise<void>;
  };
  /** Spans that were begun and not ended, but for the root. */
  open(): number;
  /** Calls back when none is open; returns how to stop waiting. */
  whenClosed(callback: () => void): () => void;
  /** All spans, parents first. What comes later is too late and dropped. */
  finish(input: { readonly endMs: number }): readonly Span[];
};

/** LangSmith takes 25,000 a trace; what is beyond could not be read by anybody. */
const MAX_SPANS = 25_000;

type Raw = { [member: string]: unknown };

export function makeCollector({ traceId }: { readonly traceId: string }): Collector {
  const runs = new Map<string, Raw>();
  const open = new Set<string>();
  let dropped = 0;
  let isFinished = false;
  let onClosed = (): void => {};

  function take(id: unknown, run: object): void {
    if (isFinished || typeof id !== 'string') return;
    const known = runs.get(id);
    if (!known && runs.size >= MAX_SPANS) {
      dropped++;
      return;
    }
    const given = toPlain(run);
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return;
    const merged: Raw = known ?? { id };
    for (const [name, value] of Object.entries(given)) if (value !== null) merged[name] = value;
    runs.set(id, merged);
    if (id === traceId) return;
    if (merged.end_time === undefined) open.add(id);
    else if (open.delete(id) && open.size === 0) onClosed();
  }

  return {
    client: {
      tracingMode: 'langsmith',
      createRun: async (run) => take((run as { id?: unknown }).id, run),
      updateRun: async (id, run) => take(id, run),
    },
    open: () => open.size,
    whenClosed(callback) {
      onClosed = callback;
      return () => {
        onClosed = () => {};
      };
    },
    finish({ endMs }) {
      isFinished = true;
      const spans = [...runs.values()].flatMap((run) => wholeSpan({ run, traceId, endMs }));
      const known = new Set(spans.map(({ id }) => id));
      const kept = spans.filter(
        ({ id, parent_run_id: parent }) => id === traceId || (parent && known.has(parent)),
      );
      kept.sort((a, b) => (a.dotted_order < b.dotted_order ? -1 : 1));
      const lost = dropped + runs.size - kept.length;
      return lost === 0 ? kept : kept.map((span) => (span.id === traceId ? withLost(span, lost) : span));
    },
  };
}

/** Nothing of what the SDK's own client would have added is taken over: no environment, no release, no class names. */
function wholeSpan(input: {
  readonly run: Raw;
  readonly traceId: string;
  readonly endMs: number;
}): readonly Span[] {
  const { run, traceId } = input;
  const { id, dotted_order: order, parent_run_id: parent, start_time: start } = run;
  if (run.trace_id !== traceId || typeof id !== 'string' || typeof order !== 'string') return [];
  const isOpen = run.end_time === undefined && id !== traceId;
  const startTime = isoTime(start) ?? new Date(input.endMs).toISOString();
  const endTime = isoTime(run.end_time) ?? new Date(input.endMs).toISOString();
  const extra = (run.extra ?? {}) as { readonly metadata?: unknown; readonly invocation_params?: unknown };
  const error = typeof run.error === 'string' ? run.error : isOpen ? STILL_OPEN : null;
  return [
    {
      id,
      trace_id: traceId,
      ...(typeof parent === 'string' ? { parent_run_id: parent } : {}),
      dotted_order: order,
      name: typeof run.name === 'string' ? run.name : 'span',
      run_type: RUN_TYPES.find((type) => type === run.run_type) ?? 'chain',
      start_time: startTime,
      // The start has microseconds, which keep the order of spans; an end within the same millisecond must not be before it.
      end_time: Date.parse(endTime) <= Date.parse(startTime) ? startTime : endTime,
      inputs: run.inputs ?? {},
      ...(run.outputs === undefined ? {} : { outputs: run.outputs }),
      ...(error === null ? {} : { error }),
      extra: { metadata: extra.metadata ?? {} },
      ...(Array.isArray(run.tags) && run.tags.length > 0
        ? { tags: run.tags.filter((tag) => typeof tag === 'string') }
        : {}),
      ...(Array.isArray(run.events) && run.events.length > 0 ? { events: run.events } : {}),
    },
  ];
}

const STILL_OPEN = 'the span was still open when its attempt ended';

/** What the service takes; LangChain's own names beside them would have a trace refused. */
const RUN_TYPES = ['tool', 'chain', 'llm', 'retriever', 'embedding', 'prompt', 'parser'] as const;

/** The SDK gives milliseconds, or text with microseconds. */
function isoTime(value: unknown): string | null {
  if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) return value;
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function withLost(root: Span, lost: number): Span {
  const { metadata } = root.extra as { readonly metadata: object };
  return { ...root, extra: { ...root.extra, metadata: { ...metadata, expgraph_spans_left_out: lost } } };
}
