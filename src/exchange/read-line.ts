// One line of JSONL, of whatever harness, -> a result: by usual names, or by the names that the user maps.

import { lastUserText, messagesOf, systemText, toolCallsOf } from '../answers/calls.ts';
import { amountOf, countOf, objectOf, parseJson, textOf, timeOf, valueAt } from '../answers/values.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { RecordedUsage } from '../core/record.ts';
import { err, ok, type Result } from '../core/result.ts';
import { failureOf, mistakesOf } from './check.ts';
import type { Imported, Mapping } from './imported.ts';

/** Usual names for ours, the first that a line has; what the user maps comes before them. */
export const USUAL: { readonly [ours: string]: readonly string[] } = {
  variant: ['variant', 'arm', 'mode'],
  scenario: ['scenario', 'scenario_id', 'case', 'case_id', 'id', 'test'],
  run: ['run', 'rep', 'repetition', 'repeat', 'epoch', 'iteration', 'run_number'],
  category: ['category'],
  text: ['text', 'response_text', 'response', 'output', 'answer', 'completion', 'content'],
  tool_calls: ['tool_calls', 'toolCalls', 'calls'],
  finish_reason: ['finish_reason', 'stop_reason'],
  refusal: ['refusal'],
  error: ['error_message', 'error', 'exception'],
  error_kind: ['error_kind'],
  prompt: ['prompt', 'input', 'question'],
  messages: ['messages'],
  output_messages: ['output_messages'],
  system: ['system', 'system_prompt'],
  input_tokens: ['input_tokens', 'prompt_tokens', 'usage.input_tokens', 'usage.prompt_tokens'],
  output_tokens: ['output_tokens', 'completion_tokens', 'usage.output_tokens', 'usage.completion_tokens'],
  total_tokens: ['total_tokens', 'usage.total_tokens'],
  cached_input_tokens: ['cached_input_tokens', 'usage.cached_input_tokens'],
  reasoning_tokens: ['reasoning_tokens', 'usage.reasoning_tokens'],
  cost_usd: ['cost_usd', 'cost'],
  model: ['model'],
  served_model: ['served_model'],
  provider: ['provider'],
  temperature: ['temperature'],
  seed: ['seed'],
  started_at: ['started_at', 'timestamp', 'created_at', 'time'],
  latency_ms: ['latency_ms', 'duration_ms', 'elapsed_ms'],
  latency_s: ['latency_s', 'duration_s', 'elapsed_s', 'latency_seconds'],
  properties: ['properties'],
};

/** All that is wrong with a line at once. */
export function readLine(text: string, mapping: Mapping): Result<Imported, readonly string[]> {
  const parsed = parseJson(text);
  if (parsed.kind === 'err') return err([parsed.error]);
  return isJsonObject(parsed.value) ? readFields(parsed.value, mapping) : err(['is no JSON object']);
}

export function readFields(line: JsonObject, mapping: Mapping): Result<Imported, readonly string[]> {
  const mistakes: string[] = [];
  const asked = (ours: string): { readonly name: string; readonly value: Json } | null => {
    const named = Object.hasOwn(mapping.fields, ours) ? mapping.fields[ours]! : null;
    for (const name of named === null ? (USUAL[ours] ?? []) : [named]) {
      const value = valueAt(line, name);
      if (value !== undefined && value !== null) return { name, value };
    }
    return null;
  };
  const read = <Value>(
    ours: string,
    as: { readonly of: (value: Json) => Value | null; readonly word: string },
  ): Value | null => {
    const found = asked(ours);
    if (found === null) return null;
    const value = as.of(found.value);
    if (value === null) mistakes.push(`"${found.name}" is ${shown(found.value)}, not ${as.word}`);
    return value;
  };
  const name = { of: nameOf, word: 'a name' };
  const text = { of: textOf, word: 'a text' };
  const count = { of: countOf, word: 'a whole number from 0' };
  const amount = { of: amountOf, word: 'a number from 0' };
  const wholeNumber = { of: integerOf, word: 'a whole number' };

  const messages = read('messages', { of: messagesOf, word: 'a list of messages with a role' }) ?? [];
  const calls = toolCallsOf(asked('tool_calls')?.value);
  if (calls.kind === 'err') mistakes.push(calls.error);
  const answer = read('text', { of: answerOf, word: 'a text' });
  const errorText = read('error', { of: errorOf, word: 'a text' });
  const run = read('run', wholeNumber);
  const toolCalls = calls.kind === 'ok' ? calls.value : [];
  const seconds = read('latency_s', amount);
  const result: Imported = {
    variant: mapping.variant ?? read('variant', name) ?? '',
    scenario: read('scenario', name) ?? '',
    run: run === null ? null : run - mapping.runsFrom + 1,
    category: read('category', text),
    text: answer ?? (toolCalls.length > 0 ? '' : null),
    toolCalls,
    outputMessages: read('output_messages', { of: messagesOf, word: 'a list of messages with a role' }) ?? [],
    finishReason: read('finish_reason', text),
    refusal: read('refusal', text),
    error:
      errorText === null || errorText === ''
        ? null
        : { kind: failureOf(asked('error_kind')?.value), message: errorText },
    prompt: read('prompt', { of: answerOf, word: 'a text' }) ?? lastUserText(messages),
    messages,
    system: read('system', text) ?? systemText(messages),
    usage: usageOf({
      input: read('input_tokens', count),
      output: read('output_tokens', count),
      total: read('total_tokens', count),
      cached: read('cached_input_tokens', count),
      reasoning: read('reasoning_tokens', count),
    }),
    costUsd: read('cost_usd', amount),
    model: read('model', text),
    servedModel: read('served_model', text),
    provider: read('provider', text),
    temperature: read('temperature', amount),
    seed: read('seed', wholeNumber),
    startedAt: read('started_at', { of: timeOf, word: 'a time like 2026-02-01T12:00:00Z' }),
    latencyMs: read('latency_ms', amount) ?? (seconds === null ? null : seconds * 1000),
    properties: read('properties', { of: propertiesOf, word: 'an object' }),
  };
  mistakes.push(...mistakesOf(result));
  return mistakes.length === 0 ? ok(result) : err(mistakes);
}

/** Both counts, or no usage: half of one would be a wrong sum. */
export function usageOf(of: {
  readonly input: number | null;
  readonly output: number | null;
  readonly total: number | null;
  readonly cached: number | null;
  readonly reasoning: number | null;
}): RecordedUsage | null {
  const { input, output } = of;
  if (input === null || output === null) return null;
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: of.total ?? input + output,
    ...(of.cached === null ? {} : { cached_input_tokens: of.cached }),
    ...(of.reasoning === null ? {} : { reasoning_tokens: of.reasoning }),
  };
}

function nameOf(value: Json): string | null {
  return typeof value === 'number' ? String(value) : textOf(value);
}

function integerOf(value: Json): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : null;
}

/** An answer that is no text is kept as its JSON. */
function answerOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function errorOf(value: Json): string | null {
  if (value === false) return '';
  return textOf(value) ?? textOf(objectOf(value).message) ?? JSON.stringify(value);
}

function propertiesOf(value: Json): JsonObject | null {
  if (isJsonObject(value)) return value;
  const parsed = typeof value === 'string' ? parseJson(value) : null;
  return parsed?.kind === 'ok' && isJsonObject(parsed.value) ? parsed.value : null;
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60).toWellFormed()}...` : text;
}
