// Spooled traces -> requests that the service takes: at most 100 spans and 10 MB, whole traces only. Pure.
import type { Span } from '../../core/trace.ts';
import type { WireRun } from '../spans/wire.ts';
import type { SpooledTrace } from '../spool/spool-read.ts';

export type Batch = readonly SpooledTrace[];

const MAX_RUNS = 100;
const MAX_BYTES = 10 * 1024 * 1024;

export function makeBatches(traces: readonly SpooledTrace[]): readonly Batch[] {
  const batches: SpooledTrace[][] = [];
  let runs = 0;
  let bytes = 0;
  for (const trace of traces) {
    const last = batches.at(-1);
    if (last && runs + trace.runs.length <= MAX_RUNS && bytes + trace.bytes <= MAX_BYTES) last.push(trace);
    else {
      batches.push([trace]);
      runs = 0;
      bytes = 0;
    }
    runs += trace.runs.length;
    bytes += trace.bytes;
  }
  return batches;
}

export function halves(batch: Batch): readonly [Batch, Batch] {
  const middle = Math.ceil(batch.length / 2);
  return [batch.slice(0, middle), batch.slice(middle)];
}

export function wireRuns(batch: Batch): readonly WireRun[] {
  return batch.flatMap(({ runs, project, experiment, example }) =>
    runs.map((run) => ({
      ...run,
      ...(experiment === null ? { session_name: project } : { session_id: experiment }),
      ...(example === null || run.parent_run_id !== undefined ? {} : { reference_example_id: example }),
    })),
  );
}

/**
 * The same trace at another time: LangSmith takes nothing that is older than a day. Ids stay; the true times are in the
 * metadata of each span.
 */
export function shifted(trace: SpooledTrace, byMs: number): SpooledTrace {
  if (byMs === 0) return trace;
  return {
    ...trace,
    isShifted: true,
    start: shiftTime(trace.start, byMs),
    runs: trace.runs.map((run) => shiftSpan(run, byMs)),
  };
}

function shiftSpan(span: Span, byMs: number): Span {
  const { metadata } = span.extra as { readonly metadata?: object };
  const truth = { expgraph_started_at: span.start_time, expgraph_ended_at: span.end_time };
  return {
    ...span,
    start_time: shiftTime(span.start_time, byMs),
    end_time: shiftTime(span.end_time, byMs),
    dotted_order: span.dotted_order
      .split('.')
      .map((segment) => shiftSegment(segment, byMs))
      .join('.'),
    extra: { ...span.extra, metadata: { ...metadata, ...truth } },
  };
}

/** Microseconds, where there are some, stay what they are. */
function shiftTime(time: string, byMs: number): string {
  const micros = /\.\d{3}(\d{3})Z$/.exec(time)?.[1] ?? '';
  return `${new Date(Date.parse(time) + byMs).toISOString().slice(0, -1)}${micros}Z`;
}

/** `20261122T204501123001Z<id>` */
function shiftSegment(segment: string, byMs: number): string {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})(\d{3}Z.*)$/.exec(segment);
  if (!match) return segment;
  const [, year, month, day, hour, minute, second, ms, rest] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`) + byMs;
  return `${new Date(time).toISOString().slice(0, -1).replace(/[-:.]/g, '')}${rest}`;
}
