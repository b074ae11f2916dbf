// What was said to a model, what it called and what it was told, message by message, in any of the shapes in which APIs
// have them. Pure.

import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { parseJson } from '../../core/json-text.ts';
import type { RecordedToolCall, ScenarioResult } from '../../core/record.ts';
import { sanitizeLine } from '../../core/text.ts';
import { argumentsProblem, NO_OBJECT } from '../../core/untrusted-json.ts';
import { jsonLines, valueLines } from '../../text/value-lines.ts';

type Message = { readonly [name: string]: unknown };

/** `title` names who speaks; `lines` are text of others. */
export type Said = { readonly title: string; readonly lines: readonly string[] };

export type Conversation = {
  readonly messages: readonly Said[];
  /** Calls of the answer that no message shows. */
  readonly calls: readonly RecordedToolCall[];
};

/** The answer itself is left out: it stands below by itself. */
export function conversationOf({ input, output, turns }: ScenarioResult): Conversation {
  // Of a failed record what was said stands in its turns.
  const said: readonly Message[] =
    output === null ? (turns ?? []).flatMap((turn) => turn.messages ?? []) : output.messages;
  const between = withoutAnswer(withoutAsked(said, input.messages), output);
  const names = new Map<string, string>();
  const shown = new Map<string, number>();
  const messages = [...input.messages, ...between].map((message) => {
    for (const call of callsOf(message)) {
      if (call.id !== null) names.set(call.id, call.name);
      shown.set(callId(call), (shown.get(callId(call)) ?? 0) + 1);
    }
    return saidOf(message, names);
  });
  const calls = (output?.tool_calls ?? []).filter((call) => {
    const id = callId({ name: call.name, arguments: call.arguments_text ?? call.arguments });
    const times = shown.get(id) ?? 0;
    shown.set(id, times - 1);
    return times <= 0;
  });
  return { messages: messages.filter(({ lines }) => lines.length > 0), calls };
}

/** Messages as they are, one after another. */
export function messagesSaid(messages: readonly Message[]): readonly Said[] {
  const names = new Map(
    messages.flatMap(callsOf).flatMap(({ id, name }) => (id === null ? [] : [[id, name] as const])),
  );
  return messages.map((message) => saidOf(message, names)).filter(({ lines }) => lines.length > 0);
}

/** Some tell the whole conversation as what was said. */
function withoutAsked(said: readonly Message[], asked: readonly Message[]): readonly Message[] {
  const isRepeated =
    asked.length > 0 &&
    asked.length <= said.length &&
    asked.every((message, i) => JSON.stringify(message) === JSON.stringify(said[i]));
  return isRepeated ? said.slice(asked.length) : said;
}

function withoutAnswer(said: readonly Message[], output: ScenarioResult['output']): readonly Message[] {
  const last = said.at(-1);
  if (output === null || last === undefined) return said;
  const isOfModel = last.role === 'assistant' || last.type === 'message' || last.role === 'model';
  const text = contentLines(last.content ?? last.parts).join('\n');
  return isOfModel && text.trim() === output.text.trim() ? said.slice(0, -1) : said;
}

type Called = { readonly id: string | null; readonly name: string; readonly arguments: unknown };

function callsOf(message: Message): readonly Called[] {
  const listed = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  const parts = Array.isArray(message.content) ? message.content : [];
  const named = listed.filter(isJsonObject).flatMap((one) => calledBy({ arguments: {}, ...one }) ?? []);
  return [...named, ...[message, ...parts].filter(isJsonObject).flatMap((one) => calledBy(one) ?? [])];
}

/** null = it is no call. */
function calledBy(one: JsonObject): Called | null {
  const inner = isJsonObject(one.function) ? one.function : one;
  const { name } = inner;
  const given = inner.arguments ?? inner.input ?? inner.args ?? one.arguments;
  if (typeof name !== 'string' || given === undefined) return null;
  const id = one.call_id ?? one.id ?? one.tool_call_id;
  return { id: typeof id === 'string' ? id : null, name, arguments: given };
}

/** Equal calls are one, however their arguments are written. */
function callId({ name, arguments: given }: Pick<Called, 'name' | 'arguments'>): string {
  return JSON.stringify([name, typeof given === 'string' ? (parseJson(given) ?? given) : given]);
}

function saidOf(message: Message, names: ReadonlyMap<string, string>): Said {
  const { role, type, content, parts, output: told } = message;
  const calls = callsOf(message);
  const answered = message.tool_call_id ?? message.call_id ?? message.tool_use_id;
  const tool = (typeof answered === 'string' ? names.get(answered) : undefined) ?? message.name;
  const who = typeof role === 'string' ? role : typeof type === 'string' ? type : 'message';
  const isResult = role === 'tool' || type === 'function_call_output' || type === 'tool';
  const isItem = content === undefined && parts === undefined && told === undefined && calls.length === 0;
  const text = isItem ? valueLines(message) : contentLines(content ?? parts ?? told);
  const lines = isResult ? (jsonLines(text.join('\n')) ?? text) : text;
  const called = calls.flatMap(calledLines);
  return {
    title: isResult && typeof tool === 'string' ? `${tool} answers` : (ITEMS[who] ?? who),
    lines: [...lines, ...called],
  };
}

/** Items of the responses API that have no role, by who says them. */
const ITEMS: { readonly [type: string]: string } = {
  function_call: 'assistant',
  function_call_output: 'tool',
};

/** Text, or a list of parts of which some are text. What is nothing is no line. */
function contentLines(content: unknown): readonly string[] {
  if (content === null || content === undefined || content === '') return [];
  if (typeof content === 'string') return content.split('\n');
  if (!Array.isArray(content)) return valueLines(content);
  return content.flatMap((part) => {
    if (typeof part === 'string') return part.split('\n');
    if (!isJsonObject(part)) return valueLines(part);
    if (typeof part.text === 'string') return part.text.split('\n');
    if (calledBy(part) !== null) return [];
    if (part.type !== 'tool_result') return valueLines(part);
    const told = contentLines(part.content);
    return jsonLines(told.join('\n')) ?? told;
  });
}

function calledLines({ name, arguments: given }: Called): readonly string[] {
  if (typeof given !== 'string') return callLines(name, valueLines(given), given);
  const value = parseJson(given);
  if (isJsonObject(value)) return callLines(name, valueLines(value), value);
  return [`→ ${sanitizeLine(name)}`, ...given.split('\n').map((line) => `    ${line}`)];
}

export function callLines(name: string, lines: readonly string[], given: unknown): readonly string[] {
  const isNothing = isJsonObject(given) && Object.keys(given).length === 0;
  return [
    `→ ${sanitizeLine(name)}${isNothing ? ' (no arguments)' : ''}`,
    ...(isNothing ? [] : lines.map((line) => `    ${line}`)),
  ];
}

export function recordedCallLines(call: RecordedToolCall): readonly string[] {
  const { name, arguments_text: text } = call;
  if (text === undefined) return callLines(name, valueLines(call.arguments), call.arguments);
  const problem = argumentsProblem(text);
  const why = problem === NO_OBJECT ? 'not JSON' : `as text, for the arguments ${problem}`;
  return [`→ ${sanitizeLine(name)} (${why})`, ...text.split('\n').map((line) => `    ${line}`)];
}
