// One line of JSONL, of whatever harness, -> a result: by usual names, or by the names that the user maps.
import { readAnswer, type Told } from '../answers/answer.ts';
import { recorded } from '../answers/calls.ts';
import { valueAt } from '../answers/values.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { Usage } from '../core/outcome.ts';
import type { RecordedUsage } from '../core/record.ts';
import { err, ok, type Result } from '../core/result.ts';
import { failureOf, mistakesOf } from './check.ts';
import { type Imported, type Mapping, untoldOf } from './imported.ts';
import { parseStrictly } from './strict.ts';

/** All that is wrong with a line at once. */
export function readLine(text: string, mapping: Mapping): Result<Imported, readonly string[]> {
  const parsed = parseStrictly(text);
  if (parsed.kind === 'err') return err([parsed.error]);
  return isJsonObject(parsed.value) ? readFields(parsed.value, mapping) : err(['is no JSON object']);
}

/** @param about what a line of metadata or the file's name says of it */
export function readFields(
  line: JsonObject,
  mapping: Mapping,
  about?: JsonObject,
): Result<Imported, readonly string[]> {
  const told = readAnswer(line, {
    fields: mapping.fields,
    setting: (ours, theirs) => `--map ${ours}=${theirs}`,
    ...(about === undefined ? {} : { about }),
  });
  const plain = importedOf(told, mapping);
  const result = { ...plain, properties: withScores(plain.properties, { line, mapping }) };
  const mistakes = told.mistakes.map(({ message }) => message);
  // Of an answer that could not be read it is known already that there is none.
  const isUnread = told.mistakes.some(({ of }) => of === 'text');
  mistakes.push(...mistakesOf(isUnread ? { ...result, text: '' } : result));
  return mistakes.length === 0 ? ok(result) : err(mistakes);
}

/** What another program said of the answer is kept beside it, as it is. */
function withScores(
  properties: JsonObject | null,
  { line, mapping }: { readonly line: JsonObject; readonly mapping: Mapping },
): JsonObject | null {
  const told = Object.entries(mapping.scores ?? {}).flatMap(([name, path]): [string, Json][] => {
    const value = valueAt(line, path);
    return value === undefined || value === null || value === '' ? [] : [[name, value]];
  });
  if (told.length === 0) return properties;
  const kept = isJsonObject(properties?.scores) ? properties.scores : {};
  return { ...properties, scores: { ...kept, ...Object.fromEntries(told) } };
}

/** What the reader of all answers found, as a result of elsewhere. */
export function importedOf(told: Told, mapping: Mapping): Imported {
  const calls = told.toolCalls.map(recorded);
  return {
    variant: mapping.variant ?? told.variant ?? '',
    scenario: told.scenario ?? '',
    unknown: untoldOf({ ...told, messages: told.asked }),
    run: told.run === null ? null : told.run - mapping.runsFrom + 1,
    category: told.category,
    text: told.text ?? (calls.length > 0 ? '' : null),
    toolCalls: calls,
    outputMessages: told.answered,
    finishReason: told.finishReason,
    refusal: told.refusal,
    error:
      told.error === null || told.error === ''
        ? null
        : { kind: failureOf(told.errorKind), message: told.error },
    prompt: told.prompt,
    messages: told.asked,
    system: told.system,
    usage: told.usage && recordedUsage(told.usage),
    costUsd: told.costUsd,
    model: told.model,
    servedModel: told.servedModel,
    provider: told.provider,
    temperature: told.temperature,
    seed: told.seed,
    startedAt: told.startedAt,
    latencyMs: told.latencyMs,
    properties: told.properties,
  };
}

function recordedUsage(usage: Usage): RecordedUsage {
  return usageOf({
    input: usage.inputTokens,
    output: usage.outputTokens,
    total: usage.totalTokens,
    cached: usage.cachedInputTokens,
    written: usage.cacheWriteInputTokens ?? null,
    writtenFor1h: usage.cacheWrite1hInputTokens ?? null,
    reasoning: usage.reasoningTokens,
  })!;
}

/** Both counts, or no usage: half of one would be a wrong sum. */
export function usageOf(context: {
  readonly input: number | null;
  readonly output: number | null;
  readonly total: number | null;
  readonly cached: number | null;
  readonly written?: number | null;
  readonly writtenFor1h?: number | null;
  readonly reasoning: number | null;
}): RecordedUsage | null {
  const { input, output } = context;
  if (input === null || output === null) return null;
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: context.total ?? input + output,
    ...(context.cached === null ? {} : { cached_input_tokens: context.cached }),
    ...(context.written == null ? {} : { cache_write_input_tokens: context.written }),
    ...(context.writtenFor1h == null ? {} : { cache_write_1h_input_tokens: context.writtenFor1h }),
    ...(context.reasoning === null ? {} : { reasoning_tokens: context.reasoning }),
  };
}
