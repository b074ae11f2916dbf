// A streamed answer as the whole one that it would have been: its account is kept as any other's. Pure.
// https://platform.openai.com/docs/api-reference/chat-streaming and /responses-streaming
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { isDeeper, MAX_LEVELS } from '../core/outside.ts';

/** @param text of server-sent events @returns the JSON text of a chat completion or of a response, as bytes */
export function joinStream(text: string): Buffer {
  const events = eventsOf(text);
  const done = events.findLast((event) => isJsonObject(event.response) && event.type !== 'response.created');
  return Buffer.from(JSON.stringify(done ? done.response : joinChunks(events)));
}

function eventsOf(text: string): readonly JsonObject[] {
  return text.split(/\r?\n/).flatMap((line) => {
    if (!line.startsWith('data:')) return [];
    try {
      const parsed = JSON.parse(line.slice('data:'.length)) as Json;
      // What is nested without end could not be written again.
      return isJsonObject(parsed) && !isDeeper(parsed, MAX_LEVELS) ? [parsed] : [];
    } catch {
      // "[DONE]", and what a broken server sends: the reader of the whole says what is missing.
      return [];
    }
  });
}

type ToolCallParts = { id: string | null; name: string; arguments: string };

function joinChunks(events: readonly JsonObject[]): JsonObject {
  let content = '';
  let finish: Json = null;
  let usage: Json = null;
  let model: Json = null;
  const calls: ToolCallParts[] = [];
  for (const event of events) {
    usage = event.usage ?? usage;
    model = event.model ?? model;
    if (event.error !== undefined) return { error: event.error };
    const choice = Array.isArray(event.choices) ? (event.choices[0] as Json | undefined) : undefined;
    if (!isJsonObject(choice)) continue;
    finish = choice.finish_reason ?? finish;
    if (!isJsonObject(choice.delta)) continue;
    if (typeof choice.delta.content === 'string') content += choice.delta.content;
    const parts = choice.delta.tool_calls;
    for (const part of Array.isArray(parts) ? (parts as readonly Json[]) : []) addPart(calls, part);
  }
  const toolCalls = calls.map(({ id, name, arguments: given }) => ({
    ...{ id, type: 'function' },
    function: { name, arguments: given },
  }));
  const message = {
    role: 'assistant',
    content,
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
  };
  return { model, choices: [{ index: 0, message, finish_reason: finish }], usage };
}

function addPart(calls: ToolCallParts[], part: Json): void {
  if (!isJsonObject(part)) return;
  const index =
    typeof part.index === 'number' && part.index >= 0 && part.index < 1000 ? part.index : calls.length;
  while (calls.length <= index) calls.push({ id: null, name: '', arguments: '' });
  const call = calls[index]!;
  if (typeof part.id === 'string') call.id = part.id;
  if (!isJsonObject(part.function)) return;
  if (typeof part.function.name === 'string') call.name += part.function.name;
  if (typeof part.function.arguments === 'string') call.arguments += part.function.arguments;
}
