// One message in any of the shapes in which APIs have them -> who says it, what was said, and what was called. Pure.
import { isThought } from '../../core/chat-form.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { parseJson } from '../../core/json-text.ts';
import { isMediaPart } from '../../core/media.ts';
import { fileLine } from '../../text/content-words.ts';
import { jsonLines, valueLines } from '../../text/value-lines.ts';

export type Message = { readonly [name: string]: unknown };

/** `arguments` as they stand there: a value, or its JSON as text. */
export type Called = { readonly id: string | null; readonly name: string; readonly arguments: unknown };

/** All of it is text of others. */
export type Heard = {
  readonly who: string;
  /** What a tool gave back; its name where it is known. */
  readonly result: { readonly tool: string | null } | null;
  readonly lines: readonly string[];
  readonly calls: readonly Called[];
};

/** @param names of tools by the ids of calls made of them before: results name only the id */
export function hear(message: Message, names: ReadonlyMap<string, string>): Heard {
  const { role, type, content, parts, output: told } = message;
  const calls = callsOf(message);
  const answered = message.tool_call_id ?? message.call_id ?? message.tool_use_id;
  const tool = (typeof answered === 'string' ? names.get(answered) : undefined) ?? message.name;
  const who = typeof role === 'string' ? role : typeof type === 'string' ? type : 'message';
  const isResult = role === 'tool' || type === 'function_call_output' || type === 'tool';
  const isItem = content === undefined && parts === undefined && told === undefined && calls.length === 0;
  const text = isItem ? valueLines(message) : contentLines(content ?? parts ?? told);
  const speaker = ITEMS[who] ?? who;
  return {
    who: isThought(message as JsonObject) ? `${speaker} thinks` : speaker,
    result: isResult ? { tool: typeof tool === 'string' ? tool : null } : null,
    lines: isResult ? (jsonLines(text.join('\n')) ?? text) : text,
    calls,
  };
}

/** Items of the responses API that have no role, by who says them. */
const ITEMS: { readonly [type: string]: string } = {
  function_call: 'assistant',
  function_call_output: 'tool',
};

export function callsOf(message: Message): readonly Called[] {
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
export function callId({ name, arguments: given }: Pick<Called, 'name' | 'arguments'>): string {
  return JSON.stringify([name, typeof given === 'string' ? (parseJson(given) ?? given) : given]);
}

/** Text, or a list of parts of which some are text. What is nothing is no line. */
export function contentLines(content: unknown): readonly string[] {
  if (content === null || content === undefined || content === '') return [];
  if (typeof content === 'string') return content.split('\n');
  if (!Array.isArray(content)) return valueLines(content);
  return content.flatMap((part) => {
    if (typeof part === 'string') return part.split('\n');
    if (isMediaPart(part)) return [fileLine(part)];
    if (!isJsonObject(part)) return valueLines(part);
    if (typeof part.text === 'string') return part.text.split('\n');
    if (part.type === 'thinking') return String(part.thinking).split('\n');
    if (part.type === 'redacted_thinking') return ['(in words that only its provider can read)'];
    if (calledBy(part) !== null) return [];
    if (part.type !== 'tool_result') return valueLines(part);
    const told = contentLines(part.content);
    return jsonLines(told.join('\n')) ?? told;
  });
}
