// Samples of Inspect's logs (EvalLog, version 2) -> results. An epoch is a run, a sample's id is the scenario.
// Scores in a log are another judge's word: they are kept with the answer's properties and count as no score here.

import {
  callsIn,
  contentText,
  lastUserText,
  messagesOf,
  recorded,
  systemText,
  toolCallsOf,
} from '../answers/calls.ts';
import { amountOf, countOf, listOf, objectOf, textOf, timeOf, valueAt } from '../answers/values.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { RecordedToolCall, RecordedUsage } from '../core/record.ts';
import { err, ok, type Result } from '../core/result.ts';
import { failureOf, firstKnown, mistakesOf } from './check.ts';
import { type Imported, type Mapping, UNTOLD, untoldOf } from './imported.ts';
import { usageOf } from './read-line.ts';

/** `eval` of the log's header. */
export type InspectHeader = {
  readonly variant: string;
  readonly model: string | null;
  readonly temperature: number | null;
  readonly seed: number | null;
};

export function isInspectLog(value: Json): value is JsonObject {
  return isJsonObject(value) && isJsonObject(value.eval) && typeof value.eval.task === 'string';
}

export function readHeader(log: JsonObject, mapping: Mapping): InspectHeader {
  const spec = objectOf(log.eval);
  const task = textOf(spec.task) ?? 'inspect';
  const model = textOf(spec.model);
  // What a task asks for stands in its plan, and goes before what the model was made with.
  const config = { ...objectOf(spec.model_generate_config), ...toldIn(objectOf(objectOf(log.plan).config)) };
  const told = textOf(objectOf(spec.metadata).variant);
  const both = model === null ? task : `${task}/${model}`;
  const mapped = Object.hasOwn(mapping.fields, 'variant')
    ? textOf(valueAt(log, mapping.fields.variant!))
    : null;
  const guessed = told ?? firstKnown([task, ...(model === null ? [] : [model]), both], mapping.known);
  return {
    variant: mapping.variant ?? mapped ?? guessed,
    model,
    temperature: amountOf(config.temperature),
    seed: Number.isSafeInteger(config.seed) ? (config.seed as number) : null,
  };
}

function toldIn(config: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
}

export function readSample(context: {
  readonly header: InspectHeader;
  readonly sample: Json;
  readonly mapping: Mapping;
}): Result<Imported, readonly string[]> {
  const { header, mapping } = context;
  if (!isJsonObject(context.sample)) return err(['is no sample: it is no object']);
  const sample = withAttachments(context.sample);
  const output = objectOf(sample.output);
  const choice = objectOf(listOf(output.choices)[0]);
  const message = objectOf(choice.message);
  const all = (messagesOf(sample.messages) ?? []).map(withoutId);
  const input = typeof sample.input === 'string' ? null : (messagesOf(sample.input)?.map(withoutId) ?? null);
  const asked = firstAnswer(all);
  const calls = callsOfSample(asked < 0 ? [] : all.slice(asked), message);
  const messages = asked < 0 ? (all.length > 0 ? all : (input ?? [])) : all.slice(0, asked);
  const failure = isJsonObject(sample.error) ? sample.error : null;
  const failed = failure ? (textOf(failure.message) ?? 'error') : textOf(output.error);
  const hasAnswer = listOf(output.choices).length > 0 && failed === null;
  const metadata = objectOf(sample.metadata);
  const named = (ours: string): Json | undefined =>
    Object.hasOwn(mapping.fields, ours) ? valueAt(sample, mapping.fields[ours]!) : undefined;
  const scenario = named('scenario') ?? sample.id;
  const seconds = amountOf(sample.working_time) ?? amountOf(sample.total_time) ?? amountOf(output.time);
  const ours = ownFacts(metadata);
  const isAsked = ours === null || !ours.unknown.includes('input');
  const told = {
    prompt: typeof sample.input === 'string' ? sample.input : lastUserText(input ?? messages),
    system: systemText(messages),
    model: header.model,
    temperature: header.temperature,
    seed: header.seed,
    messages: messages.map((one) => ({ ...one })),
  };
  const sent = {
    ...told,
    ...(ours?.sent ?? {}),
    ...(isAsked ? {} : { prompt: null, messages: [] }),
  };
  const result: Imported = {
    ...sent,
    variant: header.variant,
    scenario: typeof scenario === 'number' ? String(scenario) : (textOf(scenario) ?? ''),
    run: countOf(sample.epoch),
    category: textOf(named('category') ?? metadata.category),
    text: hasAnswer
      ? contentText(message.content) || (textOf(output.completion) ?? '')
      : failed === null
        ? ''
        : null,
    toolCalls: calls.kind === 'ok' ? calls.value : [],
    outputMessages: asked < 0 ? [] : all.slice(asked),
    finishReason: ours === null ? stopReason(textOf(choice.stop_reason)) : ours.finishReason,
    refusal: null,
    error: failed === null ? null : { kind: failureOf(metadata.error_kind), message: failed },
    usage: usageIn(sample, output),
    costUsd: costIn(sample, output) ?? amountOf(metadata.cost_usd),
    servedModel: ours?.servedModel !== undefined ? ours.servedModel : textOf(output.model) || null,
    provider: ours === null ? 'inspect' : ours.provider,
    unknown: ours === null ? untoldOf(sent) : ours.unknown,
    startedAt: timeOf(sample.started_at),
    latencyMs: seconds === null ? null : Math.round(seconds * 10_000) / 10,
    properties:
      isJsonObject(sample.scores) && Object.keys(sample.scores).length > 0 ? { scores: sample.scores } : null,
  };
  const mistakes = [...(calls.kind === 'err' ? [calls.error] : []), ...mistakesOf(result)];
  return mistakes.length === 0 ? ok(result) : err(mistakes);
}

/** What an export of ours says beside the form of Inspect (inspect-sample.ts); null = it is a log of somebody else. */
function ownFacts(metadata: JsonObject): {
  readonly sent: Pick<Imported, 'model' | 'temperature' | 'seed'>;
  readonly provider: string | null;
  /** undefined = it was written before this was told apart from what was asked for. */
  readonly servedModel: string | null | undefined;
  readonly finishReason: string | null;
  readonly unknown: Imported['unknown'];
} | null {
  const { key, invocation, standing } = metadata;
  if (![key, invocation, standing].every((one) => typeof one === 'string')) return null;
  const { seed } = metadata;
  return {
    sent: {
      model: textOf(metadata.model),
      temperature: amountOf(metadata.temperature),
      seed: Number.isSafeInteger(seed) ? (seed as number) : null,
    },
    provider: textOf(metadata.provider),
    servedModel: metadata.served_model === undefined ? undefined : textOf(metadata.served_model),
    finishReason: textOf(metadata.finish_reason),
    unknown: UNTOLD.filter((name) => listOf(metadata.unknown).includes(name)),
  };
}

/** Made anew for each message of each epoch: no part of what was sent. */
function withoutId({ id: _, ...message }: JsonObject): JsonObject {
  return message;
}

/** Messages of the model that the input brought along are no answer. */
function firstAnswer(messages: readonly JsonObject[]): number {
  const generated = messages.findIndex(({ role, source }) => role === 'assistant' && source === 'generate');
  return generated >= 0 ? generated : messages.findIndex(({ role }) => role === 'assistant');
}

/** Of all turns, as expgraph's own records have them; a log without messages has the last one's. */
function callsOfSample(
  messages: readonly JsonObject[],
  last: JsonObject,
): Result<readonly RecordedToolCall[], string> {
  if (messages.length === 0) return toolCallsOf(last.tool_calls);
  const calls: RecordedToolCall[] = [];
  for (const message of messages) {
    if (message.role !== 'assistant') continue;
    const read = callsIn(message);
    if (read.kind === 'err') return read;
    calls.push(...read.value.map(recorded));
  }
  return ok(calls);
}

function stopReason(reason: string | null): string | null {
  if (reason === 'max_tokens') return 'length';
  return reason === 'unknown' ? null : reason;
}

/** Of all calls of the sample where the log tells it, else of the last one. */
function usageIn(sample: JsonObject, output: JsonObject): RecordedUsage | null {
  const each = Object.values(objectOf(sample.model_usage)).filter(isJsonObject);
  const usages = (each.length > 0 ? each : isJsonObject(output.usage) ? [output.usage] : []).map((usage) => {
    // What the cache served and took is no part of Inspect's input_tokens.
    const cached = countOf(usage.input_tokens_cache_read);
    const input = countOf(usage.input_tokens);
    const more = (cached ?? 0) + (countOf(usage.input_tokens_cache_write) ?? 0);
    return usageOf({
      input: input === null ? null : input + more,
      output: countOf(usage.output_tokens),
      total: countOf(usage.total_tokens),
      cached,
      reasoning: countOf(usage.reasoning_tokens),
    });
  });
  if (usages.length === 0 || usages.includes(null)) return null;
  return (usages as readonly RecordedUsage[]).reduce(addUsage);
}

function addUsage(a: RecordedUsage, b: RecordedUsage): RecordedUsage {
  return {
    input_tokens: a.input_tokens + b.input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    total_tokens: a.total_tokens + b.total_tokens,
  };
}

function costIn(sample: JsonObject, output: JsonObject): number | null {
  const costs = Object.values(objectOf(sample.model_usage)).map((usage) =>
    amountOf(objectOf(usage).total_cost),
  );
  if (costs.length === 0) return amountOf(objectOf(output.usage).total_cost);
  return costs.includes(null) ? null : (costs as readonly number[]).reduce((sum, cost) => sum + cost, 0);
}

/** Long texts stand in `attachments`; each is put in once: no attachment is looked up in another. */
function withAttachments(sample: JsonObject): JsonObject {
  const attachments = objectOf(sample.attachments);
  if (Object.keys(attachments).length === 0) return sample;
  const put = (value: Json | undefined): Json | undefined => {
    if (typeof value === 'string') {
      const name = /^attachment:\/\/([0-9a-f]{32})$/.exec(value)?.[1];
      return name === undefined ? value : (textOf(attachments[name]) ?? value);
    }
    if (Array.isArray(value)) return value.map((item: Json) => put(item) ?? null);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, put(item)]));
  };
  const { input, messages, output } = sample;
  return { ...sample, input: put(input), messages: put(messages), output: put(output) };
}
