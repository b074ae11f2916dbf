// What own code returned or a program printed, read as a result. Anybody's data: checked, bounded in depth, never trusted.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { Completion, ToolCall, Usage } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';

/** As kept records, so neither deeper nor with half characters. */
const MAX_DEPTH = 100;

/** What stands where the teller left something out. */
export type Defaults = Pick<
  Completion,
  'text' | 'toolCalls' | 'messages' | 'finishReason' | 'usage' | 'servedModel'
>;

export const NO_DEFAULTS: Defaults = {
  text: '',
  toolCalls: [],
  messages: [],
  finishReason: null,
  usage: null,
  servedModel: null,
};

/** Members may be written as JSON is in our records (`tool_calls`) or as code is (`toolCalls`). @returns err: what is wrong */
export function readTold(value: unknown, defaults: Defaults): Result<Completion, string> {
  const plain = plainOf(value);
  if (plain.kind === 'err') return plain;
  const told = typeof plain.value === 'string' ? { text: plain.value } : plain.value;
  if (!isJsonObject(told)) return err('a result is text, or an object with "text"');
  const pick = (name: string, other: string): Json | undefined => told[name] ?? told[other];
  const text = told.text ?? defaults.text;
  if (typeof text !== 'string') return err('"text" of a result is text');
  const calls = pick('tool_calls', 'toolCalls');
  const toolCalls = calls === undefined ? ok(defaults.toolCalls) : readCalls(calls);
  if (toolCalls.kind === 'err') return toolCalls;
  const messages = told.messages === undefined ? defaults.messages : told.messages;
  if (!Array.isArray(messages) || !messages.every((one: Json) => isJsonObject(one))) {
    return err('"messages" of a result is a list of objects');
  }
  const finish = pick('finish_reason', 'finishReason') ?? defaults.finishReason;
  if (finish !== null && typeof finish !== 'string') return err('"finish_reason" of a result is text');
  const usage = told.usage === undefined ? ok(defaults.usage) : readUsage(told.usage);
  if (usage.kind === 'err') return usage;
  const { properties } = told;
  if (properties !== undefined && !isJsonObject(properties))
    return err('"properties" of a result is an object');
  const model = pick('model', 'servedModel') ?? defaults.servedModel;
  return ok({
    text,
    toolCalls: toolCalls.value,
    messages: (messages.length === 0 && text !== ''
      ? [{ role: 'assistant', content: text }]
      : messages) as JsonObject[],
    finishReason: finish,
    refusal: null,
    usage: usage.value,
    servedModel: typeof model === 'string' ? model : null,
    systemFingerprint: null,
    ...(properties === undefined ? {} : { properties }),
  });
}

/** As JSON would carry it: no function, no class, no circle. */
function plainOf(value: unknown): Result<Json, string> {
  if (value === undefined || value === null)
    return err('it returned nothing: a result is text, or an object with "text"');
  try {
    const text = JSON.stringify(value);
    if (text === undefined) return err(`a result is text, or an object with "text", not a ${typeof value}`);
    const plain = JSON.parse(text.includes('\\u') ? wellFormedText(text) : text) as Json;
    return isTooDeep(plain, MAX_DEPTH) ? err(`a result is nested ${MAX_DEPTH} levels at most`) : ok(plain);
  } catch (error) {
    return err(`the result cannot be written as JSON: ${(error as Error).message}`);
  }
}

/** Half a character has no UTF-8 form. */
function wellFormedText(text: string): string {
  return JSON.stringify(
    JSON.parse(text, (_, member: Json) => (typeof member === 'string' ? member.toWellFormed() : member)),
  );
}

function isTooDeep(value: Json, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  return Object.values(value).some((member) => isTooDeep(member as Json, left - 1));
}

function readCalls(value: Json): Result<readonly ToolCall[], string> {
  if (!Array.isArray(value)) return err('"tool_calls" of a result is a list');
  const calls: ToolCall[] = [];
  for (const call of value as readonly Json[]) {
    // Calls as the chat completions API writes them are calls as well.
    const inner =
      isJsonObject(call) && isJsonObject(call.function) ? { ...call.function, id: call.id ?? null } : call;
    if (!isJsonObject(inner) || typeof inner.name !== 'string') {
      return err('each of "tool_calls" is {name, arguments}');
    }
    const given = typeof inner.arguments === 'string' ? parsed(inner.arguments) : (inner.arguments ?? {});
    calls.push({
      id: typeof inner.id === 'string' ? inner.id : null,
      name: inner.name,
      arguments: isJsonObject(given) ? given : {},
      argumentsText: isJsonObject(given) ? null : typeof given === 'string' ? given : JSON.stringify(given),
    });
  }
  return ok(calls);
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function readUsage(value: Json): Result<Usage | null, string> {
  if (value === null) return ok(null);
  if (!isJsonObject(value)) return err('"usage" of a result is {input_tokens, output_tokens}');
  const count = (...names: readonly string[]): number | null => {
    const found = names.map((name) => value[name]).find((one) => one !== undefined && one !== null);
    if (found === undefined) return null;
    return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : Number.NaN;
  };
  const input = count('input_tokens', 'inputTokens', 'prompt_tokens');
  const output = count('output_tokens', 'outputTokens', 'completion_tokens');
  if (input === null || output === null || Number.isNaN(input) || Number.isNaN(output)) {
    return err('"usage" of a result is {input_tokens, output_tokens}, whole numbers from 0');
  }
  return ok({
    ...{ inputTokens: input, outputTokens: output, totalTokens: input + output },
    ...{ cachedInputTokens: null, reasoningTokens: null },
  });
}
