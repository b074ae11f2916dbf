// What was said to a model, what it called and what it was told, message by message, in any of the shapes in which APIs
// have them. Pure.

import { spoken } from '../../core/chat-form.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { parseJson } from '../../core/json-text.ts';
import type { RecordedToolCall, ScenarioResult } from '../../core/record.ts';
import { sanitizeLine } from '../../core/text.ts';
import { argumentsProblem, NO_OBJECT } from '../../core/untrusted-json.ts';
import { valueLines } from '../../text/value-lines.ts';
import { type Called, callId, callsOf, contentLines, hear, type Message } from './heard.ts';

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
  const between = withoutAnswer(apart(withoutAsked(said, input.messages)), output);
  const names = new Map<string, string>();
  const shown = new Map<string, number>();
  const messages = apart([...input.messages, ...between]).map((message) => {
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
export function messagesSaid(kept: readonly Message[]): readonly Said[] {
  const messages = apart(kept);
  const names = new Map(
    messages.flatMap(callsOf).flatMap(({ id, name }) => (id === null ? [] : [[id, name] as const])),
  );
  return messages.map((message) => saidOf(message, names)).filter(({ lines }) => lines.length > 0);
}

function apart(messages: readonly Message[]): readonly Message[] {
  return spoken(messages as readonly JsonObject[]);
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

function saidOf(message: Message, names: ReadonlyMap<string, string>): Said {
  const { who, result, lines, calls } = hear(message, names);
  const tool = result?.tool ?? null;
  return { title: tool === null ? who : `${tool} answers`, lines: [...lines, ...calls.flatMap(calledLines)] };
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
