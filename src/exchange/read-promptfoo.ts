// What `promptfoo eval -o out.json` writes -> results. A variant is a prompt with a provider; a repeat is a run.
// Assertions are another judge's word: they are kept with the answer's properties and count as no score here.

import { lastUserText, messagesOf, systemText, toolCallsOf } from '../answers/calls.ts';
import { amountOf, countOf, listOf, objectOf, textOf, timeOf, valueAt } from '../answers/values.ts';
import { digestOf } from '../core/canonical.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import { failureOf, firstKnown, mistakesOf } from './check.ts';
import type { Imported, Mapping } from './imported.ts';
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
  const names = scenarioNames(results.filter(isJsonObject));
  for (const result of results) {
    if (!isJsonObject(result)) yield err(['is no result: it is no object']);
    else yield readResult({ result, mapping, startedAt, names });
  }
}

const FAILED_BY_ERROR = 2;

function readResult(at: {
  readonly result: JsonObject;
  readonly mapping: Mapping;
  readonly startedAt: string | null;
  readonly names: (result: JsonObject) => string;
}): Result<Imported, readonly string[]> {
  const { result, mapping } = at;
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
  const imported: Imported = {
    variant: mapping.variant ?? textOf(named('variant')) ?? variantOf(result, mapping.known),
    scenario: textOf(named('scenario')) ?? at.names(result),
    run: null,
    category: textOf(named('category') ?? objectOf(objectOf(result.testCase).metadata).category),
    text: isError && response.output === undefined ? null : answer.text,
    toolCalls: answer.calls,
    outputMessages: [],
    finishReason: textOf(response.finishReason),
    refusal: response.isRefusal === true ? answer.text : null,
    error: isError ? { kind: failureOf(null), message: told || 'error' } : null,
    prompt: lastUserText(messages) ?? raw,
    messages: messages.length > 0 ? messages : raw === null ? [] : [{ role: 'user', content: raw }],
    system: systemText(messages),
    usage: usageOf({
      input: countOf(usage.prompt),
      output: countOf(usage.completion),
      total: countOf(usage.total),
      cached: null,
      reasoning: countOf(objectOf(usage.completionDetails).reasoning),
    }),
    costUsd: amountOf(result.cost) ?? amountOf(response.cost),
    model: providerOf(result).id,
    servedModel: null,
    provider: 'promptfoo',
    temperature: amountOf(objectOf(objectOf(result.provider).config).temperature),
    seed: null,
    startedAt: at.startedAt,
    latencyMs: amountOf(result.latencyMs),
    properties: {
      promptfoo: {
        success: result.success ?? null,
        score: result.score ?? null,
        named_scores: result.namedScores ?? {},
      },
    },
  };
  const mistakes = mistakesOf(imported);
  return mistakes.length === 0 ? ok(imported) : err(mistakes);
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

function variantOf(result: JsonObject, known: ReadonlySet<string>): string {
  const { id, label } = providerOf(result);
  const told = textOf(objectOf(result.prompt).label);
  const prompt =
    told !== null && told !== '' && told.length <= MAX_LABEL && !told.includes('\n')
      ? told
      : `prompt-${(countOf(result.promptIdx) ?? 0) + 1}`;
  const provider = label ?? id;
  if (provider === null) return prompt;
  return firstKnown([prompt, ...(label === null ? [] : [label]), provider, `${prompt} x ${provider}`], known);
}

/** An id, else the description where all that have it are about the same, else the digest of what is asked. */
function scenarioNames(results: readonly JsonObject[]): (result: JsonObject) => string {
  const varsOf = (result: JsonObject): string => digestOf(result.vars ?? {}).slice(0, 10);
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
    const description = textOf(test.description);
    if (!description) return `test-${varsOf(result)}`;
    return described.get(description)!.size === 1 ? description : `${description} (${varsOf(result)})`;
  };
}
