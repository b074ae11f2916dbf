// Tool calls and messages as different programs write them -> as they are kept.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { takeArguments } from '../core/outside.ts';
import type { RecordedToolCall } from '../core/record.ts';
import { err, ok, type Result } from '../core/result.ts';
import { parseJson, textOf } from './values.ts';

/**
 * `{name, arguments}`, OpenAI's `{function: {name, arguments: text}}`, Inspect's `{function: name, arguments}`; a list, or
 * the JSON text of one.
 */
export function toolCallsOf(value: Json | undefined): Result<readonly RecordedToolCall[], string> {
  if (value === undefined || value === null || value === '') return ok([]);
  if (typeof value === 'string') {
    const parsed = parseJson(value);
    return parsed.kind === 'ok' && Array.isArray(parsed.value)
      ? toolCallsOf(parsed.value)
      : err('tool calls are a list of {name, arguments}');
  }
  if (!Array.isArray(value)) return err('tool calls are a list of {name, arguments}');
  const calls: RecordedToolCall[] = [];
  for (const [i, item] of (value as readonly Json[]).entries()) {
    const call = toolCallOf(item);
    if (call === null) return err(`tool call ${i + 1} has no name`);
    calls.push(call);
  }
  return ok(calls);
}

function toolCallOf(item: Json): RecordedToolCall | null {
  if (typeof item === 'string' && item !== '') return { name: item, arguments: {} };
  if (!isJsonObject(item)) return null;
  const inner = isJsonObject(item.function) ? item.function : item;
  const name = textOf(inner.name) ?? textOf(inner.function) ?? textOf(inner.tool_name);
  if (name === null || name === '') return null;
  const id = textOf(item.id);
  const told = inner.arguments ?? inner.args ?? inner.input ?? inner.parameters ?? {};
  const kept = textOf(inner.arguments_text);
  return {
    ...(id === null ? {} : { id }),
    name,
    ...(kept === null ? argumentsOf(told) : { arguments: {}, arguments_text: kept }),
  };
}

function argumentsOf(told: Json): Pick<RecordedToolCall, 'arguments' | 'arguments_text'> {
  const { arguments: given, argumentsText: text } = takeArguments(told);
  return { arguments: { ...given }, ...(text === null || text === '' ? {} : { arguments_text: text }) };
}

/** Messages with a role; null where it is no list of them. */
export function messagesOf(value: Json | undefined): readonly JsonObject[] | null {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') {
    const parsed = parseJson(value);
    return parsed.kind === 'ok' && Array.isArray(parsed.value) ? messagesOf(parsed.value) : null;
  }
  if (!Array.isArray(value)) return null;
  const list = value as readonly Json[];
  return list.every(isMessage) ? list : null;
}

function isMessage(value: Json): value is JsonObject {
  return isJsonObject(value) && typeof value.role === 'string';
}

/** Text, or the texts among the parts of a content. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.flatMap((part: unknown) => (isJsonObject(part) ? (textOf(part.text) ?? []) : [])).join('\n');
}

export function lastUserText(messages: readonly JsonObject[]): string | null {
  const last = messages.findLast(({ role }) => role === 'user');
  return last ? contentText(last.content) : null;
}

export function systemText(messages: readonly JsonObject[]): string | null {
  const first = messages.find(({ role }) => role === 'system' || role === 'developer');
  return first ? contentText(first.content) : null;
}
