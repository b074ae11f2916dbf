// What `promptfoo eval -o out.json` writes -> results. A variant is a prompt with a provider; a repeat is a run.
// Assertions are another judge's word: they are kept with the answer's properties and count as no score here.

import { lastUserText, messagesOf, systemText, toolCallsOf } from '../answers/calls.ts';
import { amountOf, countOf, listOf, objectOf, textOf, timeOf, valueAt } from '../answers/values.ts';
import { digestOf, sha256 } from '../core/canonical.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import { failureOf, firstKnown, mistakesOf } from './check.ts';
import { type Imported, type Mapping, untoldOf } from './imported.ts';
import { usageOf } from './read-line.ts';

export function isPromptfoo(value: Json): value is JsonObject {
  if (!isJsonObject(value)) return false;
  const first = resultsOf(value)[0];
  return (
    Array.isArray(objectOf(value.results).results) ||
    (isJsonObject(first) && 'vars' in first && 'provider' in first)
  );
}

/** Version 3 has them in `results.results`. */
function resultsOf(output: JsonObject): readonly Json[] {
  return Array.isArray(output.results) ? listOf(output.results) : listOf(objectOf(output.results).results);
}

export function* readPromptfoo(
  output: JsonObject,
  mapping: Mapping,
): Generator<Result<Imported, readonly string[]>> {
  const results = resultsOf(output);
  const startedAt = timeOf(objectOf(output.results).timestamp);
  const names = scenarioNames(results.filter(isJsonObject), mapping.asked);
  for (const result of results) {
    if (!isJsonObject(result)) yield err(['is no result: it is no object']);
    else yield readResult({ result, mapping, startedAt, names });
  }
}

/** A line of `-o out.jsonl`, which large evals are written as: one result. */
export function isPromptfooLine(value: Json): value is JsonObject {
  if (!isJsonObject(value) || !isJsonObject(value.vars) || !('provider' in value)) return false;
  return isJsonObject(value.prompt) && ('promptIdx' in value || 'testIdx' in value || 'response' in value);
}

const FAILED_BY_ERROR = 2;

export function readResult(input: {
  readonly result: JsonObject;
  readonly mapping: Mapping;
  readonly startedAt: string | null;
  readonly names: (result: JsonObject) => string;
}): Result<Imported, readonly string[]> {
  const { result, mapping } = input;
  const named = (ours: string): Json | undefined =>
    Object.hasOwn(mapping.fields, ours) ? valueAt(result, mapping.fields[ours]!) : undefined;
  const response = objectOf(result.response);
  const told = textOf(result.error) || textOf(response.error);
  // A refused assertion is told as an error as well, and is none: the answer is there.
  const isError =
    result.failureReason === undefined
      ? told && response.output === undefined
      : result.failureReason === FAILED_BY_ERROR;
  const answer = answerOf(response.output);
  const usage = isJsonObject(response.tokenUsage) ? response.tokenUsage : objectOf(result.tokenUsage);
  const raw = textOf(objectOf(result.prompt).raw);
  const messages = (raw?.trimStart().startsWith('[') ? messagesOf(raw) : null) ?? [];
  const isCached = response.cached === true;
  const config = objectOf(objectOf(result.provider).config);
  const prompt = textOf(objectOf(result.prompt).raw);
  const sent = {
    prompt: lastUserText(messages) ?? prompt,
    messages: messages.length > 0 ? messages : prompt === null ? [] : [{ role: 'user', content: prompt }],
    system: systemText(messages),
    model: providerOf(result).id,
    temperature: amountOf(config.temperature),
    seed: Number.isSafeInteger(config.seed) ? (config.seed as number) : null,
  };
  const imported: Imported = {
    ...sent,
    unknown: untoldOf(sent),
    variant: mapping.variant ?? textOf(named('variant')) ?? variantOf(result, mapping.known),
    scenario: textOf(named('scenario')) ?? input.names(result),
    run: null,
    category: textOf(named('category') ?? objectOf(objectOf(result.testCase).metadata).category),
    text: isError && response.output === undefined ? null : answer.text,
    toolCalls: answer.calls,
    outputMessages: [],
    finishReason: textOf(response.finishReason),
    refusal: response.isRefusal === true ? answer.text : null,
    error: isError ? { kind: failureOf(null), message: told || 'error' } : null,
    usage: usageIn(usage),
    // What promptfoo took from its cache was not asked for again, whatever cost it repeats.
    costUsd: isCached ? 0 : costOf({ result, response, usage }),
    servedModel: null,
    provider: 'promptfoo',
    startedAt: timeOf(result.timestamp) ?? input.startedAt,
    latencyMs: isCached ? null : amountOf(result.latencyMs),
    properties: {
      promptfoo: {
        success: result.success ?? null,
        score: result.score ?? null,
        named_scores: result.namedScores ?? {},
        ...(isCached ? { cached: true } : {}),
      },
    },
  };
  const mistakes = mistakesOf(imported);
  return mistakes.length === 0 ? ok(imported) : err(mistakes);
}

/** Zeros stand where the provider told nothing: an answer always takes some. */
function usageIn(usage: JsonObject): Imported['usage'] {
  const [input, output, total] = [countOf(usage.prompt), countOf(usage.completion), countOf(usage.total)];
  if (!input || output === null || (output === 0 && total !== input)) return null;
  return usageOf({
    input,
    output,
    total: total || null,
    cached: null,
    reasoning: countOf(objectOf(usage.completionDetails).reasoning),
  });
}

/** A cost of 0 without tokens is a placeholder as well. */
function costOf(input: {
  readonly result: JsonObject;
  readonly response: JsonObject;
  readonly usage: JsonObject;
}): number | null {
  const cost = amountOf(input.result.cost) ?? amountOf(input.response.cost);
  return cost === 0 && usageIn(input.usage) === null ? null : cost;
}

/** OpenAI's providers give tool calls as the output itself. */
function answerOf(output: Json | undefined): {
  readonly text: string;
  readonly calls: Imported['toolCalls'];
} {
  if (typeof output === 'string') return { text: output, calls: [] };
  if (output === undefined || output === null) return { text: '', calls: [] };
  const isCall = (item: Json): boolean => isJsonObject(item) && isJsonObject(item.function);
  if (Array.isArray(output) && output.length > 0 && (output as readonly Json[]).every(isCall)) {
    const calls = toolCallsOf(output);
    if (calls.kind === 'ok') return { text: '', calls: calls.value };
  }
  return { text: JSON.stringify(output), calls: [] };
}

function providerOf({ provider }: JsonObject): { readonly id: string | null; readonly label: string | null } {
  if (typeof provider === 'string') return { id: provider, label: null };
  return { id: textOf(objectOf(provider).id), label: textOf(objectOf(provider).label) || null };
}

/** A prompt without a label is labelled by its whole text, which is no name. */
const MAX_LABEL = 60;

/** The first words. */
function shortName(text: string): string {
  const words = text.normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(0, 4).join('-').toLowerCase().slice(0, 32) || 'prompt';
}

function variantOf(result: JsonObject, known: ReadonlySet<string>): string {
  const { id, label } = providerOf(result);
  const told = textOf(objectOf(result.prompt).label)?.trim() ?? '';
  const isName = told !== '' && told.length <= MAX_LABEL && !told.includes('\n');
  // Its place among the prompts moves when one is added; its text, before the vars are put in, is what it is.
  const prompt = isName
    ? told
    : told === ''
      ? `prompt-${(countOf(result.promptIdx) ?? 0) + 1}`
      : `${shortName(told)}-${sha256(told).slice(0, 6)}`;
  const provider = label ?? id;
  if (provider === null) return prompt;
  return firstKnown([prompt, ...(label === null ? [] : [label]), provider, `${prompt} x ${provider}`], known);
}

/**
 * An id, else that of the scenario of the manifest with these variables, else the description where all that have it are
 * about the same, else the digest of what is asked.
 */
export function scenarioNames(
  results: readonly JsonObject[],
  asked: Mapping['asked'] = new Map(),
): (result: JsonObject) => string {
  const digestOfVars = (result: JsonObject): string => digestOf(result.vars ?? {});
  const varsOf = (result: JsonObject): string => digestOfVars(result).slice(0, 10);
  const described = new Map<string, Set<string>>();
  for (const result of results) {
    const description = textOf(objectOf(result.testCase).description);
    if (description === null) continue;
    const vars = described.get(description) ?? new Set();
    described.set(description, vars.add(varsOf(result)));
  }
  return (result) => {
    const test = objectOf(result.testCase);
    const vars = objectOf(result.vars);
    const metadata = objectOf(test.metadata);
    for (const id of [metadata.scenario, metadata.id, vars.scenario_id, vars.scenario, vars.id]) {
      if (typeof id === 'number') return String(id);
      if (typeof id === 'string' && id !== '') return id;
    }
    const ours = asked.size === 0 ? undefined : asked.get(digestOfVars(result));
    if (ours !== undefined) return ours;
    const description = textOf(test.description);
    if (!description) return `test-${varsOf(result)}`;
    return described.get(description)!.size === 1 ? description : `${description} (${varsOf(result)})`;
  };
}
