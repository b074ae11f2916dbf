// Spools as runs leave them, made of attempts that never were: real spans of the SDK, real shield, real files.
import path from 'node:path';
import type { TraceOrder } from '../../src/core/trace.ts';
import { traceId } from '../../src/core/trace.ts';
import { makeLangSmithTracer } from '../../src/tracing/spans/langsmith.ts';
import type { Tracer } from '../../src/tracing/spans/tracer.ts';
import { openSpool } from '../../src/tracing/spool/spool.ts';

export const CLOCK = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Each with a root, a model, and as many tools as its number modulo four. */
export type Spooled = { readonly traces: number; readonly spans: number; readonly ids: readonly string[] };

export function traceOrder(n: number, name = `s:${n}`): TraceOrder {
  return {
    seed: `attempt ${n}`,
    name,
    tags: ['expgraph', `variant:v${n % 2}`, `run:${1 + (n % 3)}`],
    facts: { experiment: 'made', n },
    shield: {
      secretNames: [],
      rules: [],
      inputs: 'full',
      outputs: 'full',
      metadata: 'full',
      maxChars: 65_536,
    },
  };
}

export async function writeSpool(of: {
  /** artifacts/<experiment>/traces */
  readonly root: string;
  readonly folder: string;
  readonly traces: number;
  readonly startMs?: (n: number) => number;
  readonly name?: (n: number) => string;
  readonly fileBytes?: number;
}): Promise<Spooled> {
  const { startMs = () => Date.now(), name } = of;
  // Attempts of three days ago have spans of three days ago.
  let shiftMs = 0;
  const clock = { ...CLOCK, now: () => new Date(Date.now() + shiftMs) };
  const tracer = await makeLangSmithTracer({ env: {}, clock });
  const { fileBytes } = of;
  using spool = openSpool({
    folder: path.join(of.root, of.folder),
    ...(fileBytes === undefined ? {} : { fileBytes }),
  });
  const ids: string[] = [];
  let spans = 0;
  for (let n = 0; n < of.traces; n++) {
    const start = startMs(n);
    shiftMs = start - Date.now();
    const order = traceOrder(n, name?.(n));
    const text = await traceOne({ tracer, order, startMs: start, tools: n % 4 });
    const trace = traceId({ startMs: start, seed: order.seed });
    const head = {
      v: 1,
      trace,
      start: new Date(start).toISOString(),
      project: 'made',
      experiment: null,
      example: null,
    } as const;
    spool.append(head, text);
    ids.push(trace);
    spans += 2 + (n % 4);
  }
  return { traces: of.traces, spans, ids };
}

async function traceOne(of: {
  readonly tracer: Tracer;
  readonly order: TraceOrder;
  readonly startMs: number;
  readonly tools: number;
}): Promise<string> {
  const { spans } = await of.tracer.trace({
    order: of.order,
    startMs: of.startMs,
    inputs: { messages: [{ role: 'user', content: 'hello' }] },
    ending: () => ({ outputs: { text: 'hi' }, error: null }),
    work: async (scope) => {
      const child = { inputs: {}, facts: {}, ending: () => ({ outputs: {}, error: null }) };
      await scope.span({ ...child, name: 'model', type: 'llm', work: async () => {} });
      for (let i = 0; i < of.tools; i++)
        await scope.span({ ...child, name: `tool ${i}`, type: 'tool', work: async () => {} });
    },
  });
  return spans;
}
