// What clients and frameworks call an answer, recognised by its form wherever it stands: a chat completion, a message of
// Anthropic's, a response, a LangChain message or result, a list of content parts, a conversation, or an object of these.
import { sumUsage } from '../core/conversation.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { ToolCall, Usage } from '../core/outcome.ts';
import { callsIn, callsOf, isCallPart } from './calls.ts';
import { contentText, conversationOf, isOfModel, messageOf, messageText } from './messages.ts';
import { USUAL } from './names.ts';
import { usageIn } from './usage.ts';
import { listOf, objectOf, textOf, valueAt } from './values.ts';

export type Said = {
  /** null = no text is told. */
  readonly text: string | null;
  /** null = none are told, which is not the same as an empty list. */
  readonly calls: readonly ToolCall[] | null;
  /** What was asked, as far as it stands beside the answer. */
  readonly asked: readonly JsonObject[];
  /** What the model said, and what its tools gave back. */
  readonly answered: readonly JsonObject[];
  readonly usage: Usage | null;
  readonly model: string | null;
  readonly finishReason: string | null;
  readonly refusal: string | null;
  /** Of its tool calls: what is wrong with them. */
  readonly problem: string | null;
};

const NOTHING: Said = {
  text: null,
  calls: null,
  asked: [],
  answered: [],
  usage: null,
  model: null,
  finishReason: null,
  refusal: null,
  problem: null,
};

/** Objects within objects that are looked into: `result.output.message`. */
const MAX_DEPTH = 4;

/** null = no answer that is known by its form. */
export function saidIn(value: Json | undefined, depth = 0): Said | null {
  if (typeof value === 'string') return { ...NOTHING, text: value };
  if (typeof value === 'number' || typeof value === 'boolean') return { ...NOTHING, text: String(value) };
  if (depth > MAX_DEPTH) return null;
  if (Array.isArray(value)) return inList(value as readonly Json[]);
  if (!isJsonObject(value)) return null;
  return wholeIn(value) ?? namedIn(value, depth);
}

/** An object that says by its own form that it is an answer. */
export function wholeIn(value: JsonObject): Said | null {
  const choice = objectOf(listOf(value.choices)[0]);
  if (isJsonObject(choice.message) || typeof choice.text === 'string') {
    const message = isJsonObject(choice.message) ? { role: 'assistant', ...choice.message } : null;
    const said = message === null ? { ...NOTHING, text: textOf(choice.text) } : ofMessages([message]);
    return about({ ...said, finishReason: textOf(choice.finish_reason) ?? said.finishReason }, value);
  }
  const generation = objectOf(listOf(listOf(value.generations)[0])[0] ?? listOf(value.generations)[0]);
  if (isJsonObject(generation.message) || typeof generation.text === 'string') {
    const message = messageOf(generation.message);
    const said = message === null ? { ...NOTHING, text: textOf(generation.text) } : ofMessages([message]);
    return about(said, objectOf(value.llm_output));
  }
  const candidate = objectOf(listOf(value.candidates)[0]);
  if (isJsonObject(candidate.content)) {
    const said = ofMessages([{ ...candidate.content, role: 'assistant' }]);
    return about({ ...said, finishReason: textOf(candidate.finishReason) }, value);
  }
  const items = Array.isArray(value.output) ? conversationOf(value.output) : null;
  if (items !== null && items.answered.length > 0) return about(ofMessages(items.answered), value);
  const message = messageOf(value);
  return message !== null && isOfModel(message) ? ofMessages([message]) : null;
}

/** A list of messages, of parts of a content, or of calls. */
function inList(list: readonly Json[]): Said | null {
  if (list.length === 0) return { ...NOTHING, text: '' };
  const conversation = conversationOf(list);
  if (conversation !== null) {
    return conversation.answered.length === 0
      ? null
      : { ...ofMessages(conversation.answered), asked: conversation.asked };
  }
  if (list.every(isPart)) return ofMessages([{ role: 'assistant', content: list as Json[] }]);
  const isCall = (item: Json): boolean =>
    isJsonObject(item) && (isJsonObject(item.function) || isCallPart(item));
  if (!list.every(isCall)) return null;
  return withCalls({ ...NOTHING, text: '' }, list as Json);
}

function isPart(value: Json): boolean {
  return (
    isJsonObject(value) && (isCallPart(value) || (typeof value.type === 'string' && PARTS.has(value.type)))
  );
}

const PARTS = new Set([
  'text',
  'output_text',
  'thinking',
  'redacted_thinking',
  'reasoning',
  'refusal',
  'image_url',
  'image',
]);

/** An object with an answer among its members, by the usual names of these. */
function namedIn(value: JsonObject, depth: number): Said | null {
  const conversation = USUAL.messages.map((name) => conversationOf(value[name])).find((one) => one?.isWhole);
  const base: Said | null = conversation
    ? { ...ofMessages(conversation.answered), asked: conversation.asked }
    : null;
  const text = USUAL.text
    .filter((name) => name !== 'result' || base === null)
    .map((name) => valueAt(value, name))
    .filter((one) => one !== undefined && one !== null)
    .map((one) => saidIn(one, depth + 1))
    .find((said) => said !== null);
  const told = text ?? base;
  const calls = USUAL.tool_calls.map((name) => value[name]).find((one) => one !== undefined && one !== null);
  if (told === undefined || told === null)
    return calls === undefined ? null : about(withCalls(NOTHING, calls), value);
  const both = text && base ? { ...base, ...definedIn(text), text: text.text ?? base.text } : told;
  return about(calls === undefined ? both : withCalls(both, calls), value);
}

function definedIn(said: Said): Partial<Said> {
  return Object.fromEntries(
    Object.entries(said).filter(([, one]) => one !== null && !(Array.isArray(one) && one.length === 0)),
  );
}

function withCalls(said: Said, value: Json): Said {
  const calls = callsOf(value);
  if (calls.kind === 'err') return { ...said, problem: calls.error };
  return calls.value.length === 0 && said.calls !== null ? said : { ...said, calls: calls.value };
}

/** What stands beside an answer in the same object. */
function about(said: Said, { model, model_name: name, usage, stop_reason: stop, ...rest }: JsonObject): Said {
  return {
    ...said,
    usage: usageBeside({ usage: usage ?? null, ...rest }) ?? said.usage,
    model: textOf(model) ?? textOf(name) ?? said.model,
    finishReason: said.finishReason ?? textOf(rest.finish_reason) ?? textOf(stop),
  };
}

/** In an object of its own, or flat. */
export function usageBeside(object: JsonObject): Usage | null {
  for (const name of USUAL.usage) {
    const counted = valueAt(object, name);
    const usage = isJsonObject(counted) ? usageIn(counted, 'inside') : null;
    if (usage !== null) return usage;
  }
  return usageIn(object, 'flat');
}

/** From the model's first word on: its last text is the answer, and all of its calls count. */
export function ofMessages(list: readonly JsonObject[]): Said {
  const own = list.filter(isOfModel);
  const spoken = own.filter(({ role }) => role !== undefined);
  const last = spoken.at(-1) ?? null;
  const calls: ToolCall[] = [];
  let problem: string | null = null;
  for (const message of own) {
    const read = callsIn(message);
    if (read.kind === 'ok') calls.push(...read.value);
    else problem ??= read.error;
  }
  const metadata = objectOf(last?.response_metadata);
  return {
    text: last === null ? '' : messageText(last),
    calls,
    asked: [],
    answered: list,
    usage: sumUsage(spoken.map(usageBeside)),
    model: textOf(last?.model) ?? textOf(metadata.model_name) ?? textOf(metadata.model),
    finishReason:
      textOf(last?.stop_reason) ?? textOf(metadata.finish_reason) ?? textOf(metadata.stop_reason) ?? null,
    refusal: textOf(last?.refusal) ?? refusalIn(last),
    problem,
  };
}

function refusalIn(message: JsonObject | null): string | null {
  const part = listOf(message?.content).find((one) => isJsonObject(one) && typeof one.refusal === 'string');
  return part === undefined ? null : contentText([{ text: (part as JsonObject).refusal ?? '' }]);
}
