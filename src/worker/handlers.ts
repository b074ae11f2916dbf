// Tools whose results come from a handler in code: offered beside the manifest's, answered in this thread.
import type { RunContext, VariantTool } from '../api/variant.ts';
import type { CallGate } from '../core/gate.ts';
import type { HarnessOrder } from '../core/harness.ts';
import type { JsonObject } from '../core/json.ts';
import type { Tool } from '../core/manifest.ts';
import type { Order } from '../core/order.ts';
import type { Deadline } from './deadline.ts';
import type { Log } from './log.ts';
import type { Handlers } from './tool-results.ts';

export function withTools(of: {
  readonly order: Order;
  readonly work: HarnessOrder;
  readonly tools: readonly VariantTool[];
  /** `deadline` runs while a handler is at work, from the start for each. */
  readonly under: { readonly deadline: Deadline; readonly gate: CallGate; readonly log: Log };
}): { readonly order: Order; readonly handlers: Handlers } {
  const { order, work, under } = of;
  const state = new Map<string, unknown>();
  const context = {
    scenario: structuredClone(work.scenario) as RunContext['scenario'],
    variant: order.cell.variant,
    run: order.cell.run,
    signal: under.deadline.signal,
    log: (...words: unknown[]) => under.log.add(`${words.map(String).join(' ')}\n`),
    state,
  };
  const within = async (work: () => unknown): Promise<unknown> => {
    under.gate.works(order.timeoutMs);
    under.deadline.renew();
    try {
      return await work();
    } finally {
      under.deadline.pause();
    }
  };
  const handlers: Handlers = new Map();
  for (const tool of of.tools) {
    const { name, handler } = tool;
    if (!handler) continue;
    handlers.set(name, { source: 'handler', call: (given) => within(() => handler(given, context)) });
  }
  const names = new Set(of.tools.map(({ name }) => name));
  const tools = [...order.request.tools.filter(({ name }) => !names.has(name)), ...of.tools.map(toolOf)];
  return { order: { ...order, request: { ...order.request, tools } }, handlers };
}

/** A copy as plain data: what the module changes later changes nothing that was offered. */
function toolOf({ name, description, parameters }: VariantTool): Tool {
  return {
    ...{ name, description: description ?? null, strict: null },
    parameters: parameters === undefined ? null : (structuredClone(parameters) as JsonObject),
  };
}
