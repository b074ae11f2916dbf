// How one attempt looks as spans: the scenario, the model's call inside it, and the tools that the model called. Pure.

import { batchPrice, goesInBatch } from '../core/batch.ts';
import { chatForm } from '../core/chat-form.ts';
import type { JsonObject } from '../core/json.ts';
import { lsProvider, lsTools, lsUsage } from '../core/llm-span.ts';
import type { Price } from '../core/manifest.ts';
import type { Order } from '../core/order.ts';
import type { Completion, ToolCall, ToolResult, Usage } from '../core/outcome.ts';
import { priceIn } from '../core/price.ts';
import { unreachable } from '../core/result.ts';
import { costOf, sharesOf } from '../core/usage-cost.ts';
import type { ClientAnswer } from '../providers/provider.ts';
import type { ChildSpan, Ending, LlmFacts, Scope } from '../tracing/spans/tracer.ts';

export function rootInputs({ request }: Order): unknown {
  return { messages: request.messages };
}

export function rootEnding(answer: ClientAnswer): Ending {
  switch (answer.kind) {
    case 'completion': {
      const { text, toolCalls, finishReason, refusal } = answer.completion;
      const calls = toolCalls.map((call) => ({ name: call.name, arguments: given(call) }));
      const outputs = { text, tool_calls: calls, finish_reason: finishReason };
      return { outputs: refusal === null ? outputs : { ...outputs, refusal }, error: null };
    }
    case 'failure': {
      const { kind, status, message } = answer.failure;
      return { outputs: {}, error: `${kind}${status === null ? '' : ` (${status})`}: ${message}` };
    }
    case 'cancelled':
      return { outputs: {}, error: 'cancelled' };
    default:
      return unreachable(answer);
  }
}

export function modelSpan(order: Order, work: () => Promise<ClientAnswer>): ChildSpan<ClientAnswer> {
  const { request } = order;
  return {
    name: request.model,
    type: 'llm',
    inputs: {
      // LangSmith shows chat completions as a conversation.
      messages: [...request.messages, ...(request.since ?? [])].flatMap(chatForm),
      ...(request.tools.length === 0 ? {} : { tools: lsTools(request.tools) }),
    },
    facts: llmFacts(order),
    work,
    ending: (answer) =>
      answer.kind === 'completion'
        ? { outputs: modelOutputs(order, request.model, answer.completion), error: null }
        : rootEnding(answer),
  };
}

/** A request of own code: what it asks is its own. */
export function ownCallSpan(
  order: Order,
  body: JsonObject,
  work: () => Promise<ClientAnswer>,
): ChildSpan<ClientAnswer> {
  const { model, messages, input, contents, system, tools, temperature } = body;
  const name = typeof model === 'string' ? model : order.request.model;
  const facts = llmFacts(order);
  return {
    name,
    type: 'llm',
    inputs: {
      ...(system === undefined ? {} : { system }),
      messages:
        messages ??
        contents ??
        (typeof input === 'string' ? [{ role: 'user', content: input }] : (input ?? [])),
      ...(Array.isArray(tools) && tools.length > 0 ? { tools } : {}),
    },
    facts: {
      ...facts,
      ls_model_name: name,
      ...(typeof temperature === 'number' ? { ls_temperature: temperature } : {}),
    },
    work,
    ending: (answer) =>
      answer.kind === 'completion'
        ? { outputs: modelOutputs(order, name, answer.completion), error: null }
        : rootEnding(answer),
  };
}

/** One span for each tool that the model called. With one turn nobody answers a call: it ends where it began. */
export async function toolSpans(scope: Scope, completion: Completion): Promise<void> {
  for (const call of completion.toolCalls) await scope.span(toolSpan(call, async () => null));
}

/** null = nobody answered. */
export function toolSpan<Answered extends ToolResult | null>(
  call: ToolCall,
  work: () => Promise<Answered>,
): ChildSpan<Answered> {
  return {
    name: call.name,
    type: 'tool',
    inputs: given(call),
    facts: call.id === null ? {} : { tool_call_id: call.id },
    work,
    ending: (result) =>
      result === null
        ? { outputs: { executed: false }, error: null }
        : { outputs: { text: result.text, source: result.source }, error: result.error },
  };
}

function given(call: ToolCall): unknown {
  return call.argumentsText ?? call.arguments;
}

function llmFacts({ endpoint, request }: Order): LlmFacts {
  const { temperature, maxOutputTokens, seed, params } = request;
  return {
    ls_provider: lsProvider(endpoint),
    ls_model_name: request.model,
    ls_model_type: 'chat',
    ...(temperature === null ? {} : { ls_temperature: temperature }),
    ...(maxOutputTokens === null ? {} : { ls_max_tokens: maxOutputTokens }),
    ls_invocation_params: { ...params, ...(seed === null ? {} : { seed }) },
  };
}

/** LangSmith takes tokens and cost from `usage_metadata`. */
function modelOutputs(order: Order, model: string, completion: Completion): unknown {
  const { messages, finishReason, servedModel, usage } = completion;
  return {
    messages: messages.flatMap(chatForm),
    finish_reason: finishReason,
    model: servedModel,
    ...(usage === null ? {} : { usage_metadata: usageOf(usage, priceFor(order, { model, servedModel })) }),
  };
}

/** Of the model that was asked, else of the one that answered; in a batch what that costs of it. */
function priceFor(
  order: Order,
  { model, servedModel }: { readonly model: string; readonly servedModel: string | null },
): Price | null {
  const prices = order.trace?.prices;
  if (prices === undefined) return null;
  const price = priceIn(prices, model) ?? (servedModel === null ? null : priceIn(prices, servedModel));
  return price !== null && goesInBatch(order) ? batchPrice(price) : price;
}

function usageOf(usage: Usage, price: Price | null): object {
  const shares = price === null ? null : sharesOf(usage, price);
  return lsUsage({
    input: usage.inputTokens,
    output: usage.outputTokens,
    total: usage.totalTokens,
    cached: usage.cachedInputTokens,
    written: usage.cacheWriteInputTokens,
    reasoning: usage.reasoningTokens,
    costUsd: costOf(usage, price),
    ...(shares === null || price?.isAssumed ? {} : { shares }),
  });
}
