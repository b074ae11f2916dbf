// What own code returned, a program printed or a test told, as a completion. Anybody's data: checked, bounded in depth, never
// trusted. What is readable is decided by the reader of all answers (src/answers/).
import { hasAnswer, type Mistake, type Reading, readAnswer, type Told } from '../../answers/answer.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Completion, Sent, ToolCall, Usage } from '../../core/outcome.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { escapeHalves, mend, mendObject, plainJson } from '../../core/untrusted-json.ts';

/** What stands where the teller left something out. */
export type Defaults = Pick<Completion, 'messages' | 'finishReason' | 'usage' | 'servedModel'> & {
  /** null = nobody answered: who tells nothing then has recorded nothing. */
  readonly text: string | null;
  readonly toolCalls: readonly ToolCall[];
};

export const NO_DEFAULTS: Defaults = {
  text: null,
  toolCalls: [],
  messages: [],
  finishReason: null,
  usage: null,
  servedModel: null,
};

/** Of what has its clients recorded: nothing need be told. */
export const SEEN: Defaults = { ...NO_DEFAULTS, text: '' };

/** `nothing-recorded`: neither a text nor a call was told. */
export type Wrong = { readonly kind: 'broken-output' | 'nothing-recorded'; readonly message: string };

/** Members by our names: what is said where they would stand in a setting. */
const BY_USUAL_NAMES: Reading = { fields: {}, setting: (ours) => `"${ours}" of the result` };

/** What decides whether an answer is what was meant; of the rest what does not fit is left out. */
const ESSENTIAL: ReadonlySet<string> = new Set([
  ...['text', 'json', 'tool_calls', 'usage', 'finish_reason', 'properties', 'messages', 'output_messages'],
  ...['input_tokens', 'output_tokens', 'total_tokens'],
]);

/**
 * A text, or an object with one under a usual name (src/answers/names.ts), or what a client itself gives. Own code may write
 * `toolCalls` as well as `tool_calls`.
 */
export function readTold(
  value: unknown,
  defaults: Defaults,
  reading: Reading = BY_USUAL_NAMES,
): Result<Completion, Wrong> {
  if (value === undefined || value === null)
    return nothing('it returned nothing: a result is text, or an object with "text"');
  const plain = plainJson(value);
  if (plain.kind === 'err') return broken(`the result ${plain.error}`);
  if (typeof plain.value === 'string') return completionOf(textOnly(plain.value), { defaults, line: {} });
  if (!isJsonObject(plain.value)) return broken('a result is text, or an object with "text"');
  // A line may hold a number that is meant as text; who returns a result knows what one is.
  if (reading === BY_USUAL_NAMES && ['number', 'boolean'].includes(typeof plain.value.text))
    return broken('"text" of a result is text');
  const told = readAnswer(plain.value, reading);
  const wrong = told.mistakes.find((mistake) => isEssential(mistake, plain.value as JsonObject, reading));
  if (wrong !== undefined) return broken(wrong.message);
  if (!hasAnswer(told) && told.text === null && told.answered.length === 0 && defaults.text === null)
    return nothing('it told neither a text nor a tool call: a result is text, or an object with "text"');
  return completionOf(told, { defaults, line: plain.value });
}

function isEssential({ of }: Mistake, line: JsonObject, { fields }: Reading): boolean {
  if (of === 'messages' && areObjects(line.messages)) return false;
  return ESSENTIAL.has(of) || Object.hasOwn(fields, of);
}

function areObjects(value: Json | undefined): value is JsonObject[] {
  return Array.isArray(value) && value.every((one) => isJsonObject(one));
}

type Read = Pick<
  Told,
  'text' | 'toolCalls' | 'answered' | 'finishReason' | 'refusal' | 'usage' | 'servedModel'
> &
  Partial<Told>;

function textOnly(text: string): Read {
  return {
    text,
    toolCalls: [],
    answered: [],
    finishReason: null,
    refusal: null,
    usage: null,
    servedModel: null,
  };
}

function completionOf(
  told: Read,
  { defaults, line }: { readonly defaults: Defaults; readonly line: JsonObject },
): Result<Completion, Wrong> {
  const text = told.text ?? defaults.text ?? '';
  const whole = text.toWellFormed();
  const isListed = Object.hasOwn(line, 'tool_calls') || Object.hasOwn(line, 'toolCalls');
  const own =
    told.answered.length > 0
      ? told.answered
      : areObjects(line.messages) && !told.asked?.length
        ? line.messages
        : [];
  const said = mend(own.length > 0 ? own : defaults.messages);
  if (said.kind === 'err') return broken(`"messages" of a result ${said.error}`);
  const properties = told.properties ? mendObject(told.properties) : null;
  if (properties?.kind === 'err') return broken(`"properties" of a result ${properties.error}`);
  const sent = sentOf(told);
  if (sent.kind === 'err') return broken(`what was sent, of a result, ${sent.error}`);
  const messages = said.value as JsonObject[];
  const served = told.servedModel ?? told.model ?? defaults.servedModel;
  return ok({
    text: whole,
    ...(whole === text ? {} : { textEscaped: escapeHalves(text) }),
    toolCalls: told.toolCalls.length > 0 || isListed ? told.toolCalls : defaults.toolCalls,
    messages: messages.length === 0 && whole !== '' ? [{ role: 'assistant', content: whole }] : messages,
    finishReason: (told.finishReason ?? defaults.finishReason)?.toWellFormed() ?? null,
    refusal: told.refusal?.toWellFormed() ?? null,
    usage: usageOf(told) ?? defaults.usage,
    servedModel: served?.toWellFormed() ?? null,
    systemFingerprint: null,
    ...(properties === null ? {} : { properties: properties.value }),
    ...(sent.value === null ? {} : { sent: sent.value }),
  });
}

function usageOf({ usage, costUsd }: Read): Usage | null {
  return usage && (costUsd == null ? usage : { ...usage, costUsd });
}

/** null = nothing of it is told. */
function sentOf(told: Read): Result<Sent | null, string> {
  const { prompt = null, system = null, model = null, temperature = null, seed = null, asked = [] } = told;
  if (asked.length === 0 && [prompt, system, model, temperature, seed].every((one) => one === null))
    return ok(null);
  const messages = mend(asked as JsonObject[]);
  if (messages.kind === 'err') return messages;
  return ok({
    prompt: prompt?.toWellFormed() ?? null,
    messages: asked.length === 0 ? null : (messages.value as JsonObject[]),
    system: system?.toWellFormed() ?? null,
    model: model?.toWellFormed() ?? null,
    temperature,
    seed,
    unsent: [],
  });
}

function broken(message: string): Result<never, Wrong> {
  return err({ kind: 'broken-output', message });
}

function nothing(message: string): Result<never, Wrong> {
  return err({ kind: 'nothing-recorded', message });
}
