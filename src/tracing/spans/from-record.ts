// A record of earlier times as spans: what a live attempt would have told, but for spans of the user's own code. Pure.
import type { Tool } from '../../core/chat.ts';
import { chatForm } from '../../core/chat-form.ts';
import type { JsonObject } from '../../core/json.ts';
import { lsTools, lsUsage } from '../../core/llm-span.ts';
import type { ScenarioResult } from '../../core/record.ts';
import type { Facts, Span } from '../../core/trace.ts';
import { childSpan, rootSpan } from './spans.ts';

export function spansOfRecord(context: {
  readonly record: ScenarioResult;
  /** What its id is made of, beside the start time. */
  readonly seed: string;
  readonly tags: readonly string[];
  readonly facts: Facts;
  /** As LangSmith calls it. */
  readonly provider: string;
  /** What the model was offered, where that is known still. */
  readonly tools?: readonly Tool[];
}): readonly Span[] {
  const { record, seed, tags, tools = [] } = context;
  const { input, output, usage } = record;
  const last = record.attempts.at(-1)!;
  const startMs = Date.parse(last.started_at);
  // A run without an end is one under way for ever: what took an unknown time ends when it began, and says so.
  const endMs = startMs + (last.duration_ms ?? 0);
  const time = { startMs, endMs };
  const facts = last.duration_ms === null ? { ...context.facts, duration: 'unknown' } : context.facts;
  const error = output === null ? failureText(last.error) : null;
  const calls = output?.tool_calls ?? [];
  const told = output && {
    text: output.text,
    tool_calls: calls.map((call) => ({ name: call.name, arguments: call.arguments_text ?? call.arguments })),
    finish_reason: output.finish_reason,
    ...(output.refusal === undefined ? {} : { refusal: output.refusal }),
  };
  const { messages } = input;
  const name = record.scenario;
  const root = rootSpan({
    ...time,
    name,
    type: 'chain',
    inputs: { messages },
    outputs: told ?? {},
    error,
    facts,
    seed,
    tags,
  });
  const model = childSpan(root, {
    ...time,
    name: record.model,
    type: 'llm',
    inputs: { messages, ...(tools.length === 0 ? {} : { tools: lsTools(tools) }) },
    outputs:
      output === null
        ? {}
        : {
            messages: (output.messages as readonly JsonObject[]).flatMap(chatForm),
            finish_reason: output.finish_reason,
            model: record.served_model,
            ...(usage === null ? {} : { usage_metadata: usageOf(usage, record.cost_usd) }),
          },
    error,
    facts: {
      ls_provider: context.provider,
      ls_model_name: record.model,
      ls_model_type: 'chat',
      ...(record.temperature === null ? {} : { ls_temperature: record.temperature }),
    },
    seed,
    place: 0,
  });
  const called = calls.map((call, i) =>
    childSpan(root, {
      startMs: endMs,
      endMs,
      name: call.name,
      type: 'tool',
      inputs: call.arguments,
      outputs: { executed: false },
      error: null,
      facts: call.id === undefined ? {} : { tool_call_id: call.id },
      seed,
      place: i + 1,
    }),
  );
  return [root, model, ...called];
}

function failureText(error: ScenarioResult['attempts'][number]['error']): string {
  if (error === null) return 'no answer';
  return `${error.kind}${error.status === null ? '' : ` (${error.status})`}: ${error.message}`;
}

function usageOf(usage: NonNullable<ScenarioResult['usage']>, costUsd: number | null): object {
  return lsUsage({
    input: usage.input_tokens,
    output: usage.output_tokens,
    total: usage.total_tokens,
    cached: usage.cached_input_tokens ?? null,
    written: usage.cache_write_input_tokens,
    reasoning: usage.reasoning_tokens ?? null,
    costUsd,
  });
}
