// What own code returned or a program printed, read as a result. Anybody's data: checked, bounded in depth, never trusted.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { Completion, ToolCall, Usage } from '../core/outcome.ts';
import { escapeHalves, mend, mendObject, plainJson, takeArguments } from '../core/outside.ts';
import { err, ok, type Result } from '../core/result.ts';

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
  if (value === undefined || value === null)
    return err('it returned nothing: a result is text, or an object with "text"');
  const plain = plainJson(value);
  if (plain.kind === 'err') return err(`the result ${plain.error}`);
  const told = typeof plain.value === 'string' ? { text: plain.value } : plain.value;
  if (!isJsonObject(told)) return err('a result is text, or an object with "text"');
  const pick = (name: string, other: string): Json | undefined => told[name] ?? told[other];
  const text = told.text ?? defaults.text;
  if (typeof text !== 'string') return err('"text" of a result is text');
  const calls = pick('tool_calls', 'toolCalls');
  const toolCalls = calls === undefined ? ok(defaults.toolCalls) : readCalls(calls);
  if (toolCalls.kind === 'err') return toolCalls;
  const said = told.messages === undefined ? null : mend(told.messages);
  if (said?.kind === 'err') return err(`"messages" of a result ${said.error}`);
  const messages = said === null ? defaults.messages : said.value;
  if (!Array.isArray(messages) || !messages.every((one: Json) => isJsonObject(one))) {
    return err('"messages" of a result is a list of objects');
  }
  const finish = pick('finish_reason', 'finishReason') ?? defaults.finishReason;
  if (finish !== null && typeof finish !== 'string') return err('"finish_reason" of a result is text');
  const usage = told.usage === undefined ? ok(defaults.usage) : readUsage(told.usage);
  if (usage.kind === 'err') return usage;
  if (told.properties !== undefined && !isJsonObject(told.properties))
    return err('"properties" of a result is an object');
  const properties = told.properties === undefined ? null : mendObject(told.properties);
  if (properties?.kind === 'err') return err(`"properties" of a result ${properties.error}`);
  const model = pick('model', 'servedModel') ?? defaults.servedModel;
  const whole = text.toWellFormed();
  return ok({
    text: whole,
    ...(whole === text ? {} : { textEscaped: escapeHalves(text) }),
    toolCalls: toolCalls.value,
    messages: (messages.length === 0 && text !== ''
      ? [{ role: 'assistant', content: whole }]
      : messages) as JsonObject[],
    finishReason: finish?.toWellFormed() ?? null,
    refusal: null,
    usage: usage.value,
    servedModel: typeof model === 'string' ? model.toWellFormed() : null,
    systemFingerprint: null,
    ...(properties === null ? {} : { properties: properties.value }),
  });
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
    calls.push({
      id: typeof inner.id === 'string' ? inner.id.toWellFormed() : null,
      name: escapeHalves(inner.name),
      ...takeArguments(inner.arguments ?? {}),
    });
  }
  return ok(calls);
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
