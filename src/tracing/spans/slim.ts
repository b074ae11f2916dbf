// A span that is too large for the service, without its largest part: the span says what is missing. Pure.
import { isJsonObject } from '../../core/json.ts';
import type { WireRun } from './wire.ts';

/** What a reader can do without; in the record all of it is kept. */
const PARTS = ['events', 'inputs', 'outputs', 'error', 'extra'] as const;
/** Below this nothing is gained: the head of a span is about as large. */
const SMALL_BYTES = 1024;
/** Of a text; where it is an error its beginning says the most. */
const KEPT_CHARS = 200;

/** null = nothing is left that could be left out. */
export function slimmer(run: WireRun): WireRun | null {
  const sized = PARTS.map((part) => ({ part, bytes: Buffer.byteLength(JSON.stringify(run[part]) ?? '') }));
  const largest = sized.reduce((most, one) => (one.bytes > most.bytes ? one : most));
  if (largest.bytes <= SMALL_BYTES) return null;
  const note = `${largest.part} left out (${largest.bytes} bytes): LangSmith took no more; the record holds all`;
  return noted(without(run, largest.part), note);
}

function without(run: WireRun, part: (typeof PARTS)[number]): WireRun {
  const { events, ...rest } = run;
  switch (part) {
    case 'events':
      return rest;
    case 'inputs':
      return { ...run, inputs: {} };
    case 'outputs':
      return { ...run, outputs: usageOf(run.outputs) };
    case 'error':
      return { ...run, error: String(run.error).slice(0, KEPT_CHARS) };
    case 'extra':
      return { ...run, extra: { metadata: shortFacts(run.extra.metadata) } };
  }
}

/** Tokens and cost are no content. */
function usageOf(outputs: unknown): unknown {
  return isJsonObject(outputs) && outputs.usage_metadata !== undefined
    ? { usage_metadata: outputs.usage_metadata }
    : {};
}

function shortFacts(metadata: unknown): object {
  if (!isJsonObject(metadata)) return {};
  return Object.fromEntries(
    Object.entries(metadata).filter(([, value]) => (JSON.stringify(value)?.length ?? 0) <= KEPT_CHARS),
  );
}

function noted(run: WireRun, note: string): WireRun {
  const { metadata } = run.extra;
  const before = isJsonObject(metadata) ? metadata : {};
  const earlier = typeof before.expgraph_left_out === 'string' ? `${before.expgraph_left_out}; ` : '';
  return {
    ...run,
    extra: { ...run.extra, metadata: { ...before, expgraph_left_out: `${earlier}${note}` } },
  };
}
