// Tools whose results come from a handler in code: offered beside the manifest's, answered in this thread.
import type { RunContext, VariantTool } from '../../api/variant.ts';
import type { CallGate } from '../../core/gate.ts';
import type { HarnessOrder } from '../../core/harness.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/manifest.ts';
import type { Order } from '../../core/order.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { exactObject, plainJson } from '../../core/untrusted-json.ts';
import type { Deadline } from '../deadline.ts';
import { type Log, logLine } from '../log.ts';
import type { Handlers } from '../tool-results.ts';

export function withTools(input: {
  readonly order: Order;
  readonly work: HarnessOrder;
  readonly tools: readonly VariantTool[];
  /** `deadline` runs while a handler is at work, from the start for each. */
  readonly under: { readonly deadline: Deadline; readonly gate: CallGate; readonly log: Log };
}): Result<{ readonly order: Order; readonly handlers: Handlers }, string> {
  const { order, work, under } = input;
  const state = new Map<string, unknown>();
  const context = {
    scenario: structuredClone(work.scenario) as RunContext['scenario'],
    variant: order.cell.variant,
    run: order.cell.run,
    signal: under.deadline.signal,
    log: (...words: unknown[]) => under.log.add(logLine(words)),
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
  for (const tool of input.tools) {
    const { name, handler } = tool;
    if (!handler) continue;
    handlers.set(name, {
      source: 'handler',
      call: (given) => within(() => handler(given as JsonObject, context)),
    });
  }
  const names = new Set(input.tools.map(({ name }) => name));
  const tools: Tool[] = order.request.tools.filter(({ name }) => !names.has(name));
  for (const one of input.tools) {
    const tool = toolOf(one);
    if (tool.kind === 'err') return tool;
    tools.push(tool.value);
  }
  return ok({ order: { ...order, request: { ...order.request, tools } }, handlers });
}

/** A copy as plain data: what the module changes later changes nothing that was offered. */
function toolOf({ name, description, parameters }: VariantTool): Result<Tool, string> {
  const told = { name, description: typeof description === 'string' ? description.toWellFormed() : null };
  if (parameters === undefined) return ok({ ...told, strict: null, parameters: null });
  const plain = plainJson(parameters);
  if (plain.kind === 'err') return err(`"parameters" of the tool ${name} ${plain.error}`);
  const exact = exactObject(plain.value);
  if (exact.kind === 'err') return err(`"parameters" of the tool ${name} ${exact.error}`);
  return ok({ ...told, strict: null, parameters: exact.value });
}
