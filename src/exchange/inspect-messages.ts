// Messages as providers and harnesses write them -> as Inspect holds them: four roles, calls with parsed arguments, results
// of tools by the ids of their calls, reasoning apart from text.
import { contentText, toolCallsOf } from '../answers/calls.ts';
import { listOf, objectOf, textOf } from '../answers/values.ts';
import { sha256 } from '../core/canonical.ts';
import { chatForm } from '../core/chat-form.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { RecordedToolCall, RecordedTurn } from '../core/record.ts';

export type ToldErrors = ReadonlyMap<string, NonNullable<RecordedTurn['tool_results'][number]['error']>>;

/** @param from.ids what ids of messages are made of: equal seeds, equal ids */
export function inspectMessages(
  messages: readonly JsonObject[],
  from: { readonly ids: string; readonly errors: ToldErrors },
): readonly JsonObject[] {
  const made: JsonObject[] = [];
  const names = new Map<string, string>();
  let thought: string[] = [];
  for (const message of messages.flatMap(chatForm)) {
    if (message.type === 'reasoning') {
      thought = [...thought, thoughtOf(message)].filter((text) => text !== '');
      continue;
    }
    for (const one of readAll(message)) {
      const last = made.at(-1);
      // An item of the Responses API: calls stand beside what was said, not in it.
      if (message.type === 'function_call' && last?.role === 'assistant' && thought.length === 0) {
        made[made.length - 1] = {
          ...last,
          tool_calls: [...listOf(last.tool_calls), ...listOf(one.tool_calls)],
        };
      } else {
        made.push(one.role === 'assistant' ? withThought(one, thought) : one);
        if (one.role === 'assistant') thought = [];
      }
    }
  }
  return made.map((message, i) => {
    for (const call of listOf(message.tool_calls)) {
      const { id, function: name } = objectOf(call);
      if (typeof id === 'string' && typeof name === 'string') names.set(id, name);
    }
    const id = sha256(JSON.stringify([from.ids, i, message])).slice(0, 22);
    return { id, ...(message.role === 'tool' ? asResult(message, { names, errors: from.errors }) : message) };
  });
}

/** As the kept calls of an answer: ids are made where there are none. */
export function inspectCalls(calls: readonly RecordedToolCall[]): readonly JsonObject[] {
  return calls.map(({ id, name, arguments: given, arguments_text: text }, i) => ({
    id: id ?? `call_${i + 1}`,
    function: name,
    arguments: given as JsonObject,
    type: 'function',
    ...(text === undefined ? {} : { parse_error: text }),
  }));
}

function readAll(message: JsonObject): readonly JsonObject[] {
  if (message.type === 'function_call') {
    return [{ role: 'assistant', content: '', source: 'generate', tool_calls: callsIn([message]) }];
  }
  if (message.type === 'function_call_output') {
    return [{ role: 'tool', content: plainOf(message.output), tool_call_id: textOf(message.call_id) ?? '' }];
  }
  switch (textOf(message.role) ?? ROLES.get(textOf(message.type) ?? '')) {
    case 'system':
    case 'developer':
      return [{ role: 'system', content: contentOf(message.content) }];
    case 'assistant':
      return [assistantOf(message)];
    case 'tool':
    case 'function':
      return [toolOf(message)];
    case 'user':
      return userOf(message);
    default:
      // An item of a server's own, as a search that it made: it is the model's, and is shown as it came.
      return [{ role: 'assistant', content: JSON.stringify(message), source: 'generate' }];
  }
}

/** LangChain's names. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ['human', 'user'],
  ['ai', 'assistant'],
  ['system', 'system'],
  ['tool', 'tool'],
]);

function assistantOf(message: JsonObject): JsonObject {
  const parts = listOf(message.content).filter(isJsonObject);
  const uses = parts.filter(({ type }) => type === 'tool_use');
  const calls = [
    ...callsIn(listOf(message.tool_calls)),
    ...(listOf(message.tool_calls).length === 0 ? callsIn(uses) : []),
  ];
  const rest = Array.isArray(message.content)
    ? listOf(message.content).filter((part) => !isJsonObject(part) || part.type !== 'tool_use')
    : message.content;
  const thought = textOf(message.reasoning_content) ?? textOf(message.reasoning);
  return withThought(
    {
      role: 'assistant',
      content: contentOf(rest),
      source: 'generate',
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
    thought === null || thought === '' ? [] : [thought],
  );
}

function callsIn(told: readonly Json[]): readonly JsonObject[] {
  const read = toolCallsOf(
    told.map((call) =>
      isJsonObject(call) && call.id === undefined && call.call_id ? { ...call, id: call.call_id } : call,
    ),
  );
  return read.kind === 'ok' ? inspectCalls(read.value) : [];
}

function toolOf(message: JsonObject): JsonObject {
  return {
    role: 'tool',
    content: contentOf(message.content),
    ...(typeof message.tool_call_id === 'string' ? { tool_call_id: message.tool_call_id } : {}),
    ...(typeof message.name === 'string' ? { function: message.name } : {}),
  };
}

/** Anthropic tells results of tools in the user's message. */
function userOf(message: JsonObject): readonly JsonObject[] {
  const parts = listOf(message.content);
  const results = parts.filter(isJsonObject).filter(({ type }) => type === 'tool_result');
  if (results.length === 0) return [{ role: 'user', content: contentOf(message.content) }];
  const rest = parts.filter((part) => !isJsonObject(part) || part.type !== 'tool_result');
  return [
    ...results.map((result) => ({
      role: 'tool',
      content: contentOf(result.content),
      tool_call_id: textOf(result.tool_use_id) ?? '',
      ...(result.is_error === true
        ? { error: { type: 'unknown', message: contentText(result.content) } }
        : {}),
    })),
    ...(rest.length === 0 ? [] : [{ role: 'user', content: contentOf(rest) }]),
  ];
}

function asResult(
  message: JsonObject,
  { names, errors }: { readonly names: ReadonlyMap<string, string>; readonly errors: ToldErrors },
): JsonObject {
  const id = textOf(message.tool_call_id);
  const name = id === null ? undefined : names.get(id);
  const error = id === null ? undefined : errors.get(id);
  return {
    ...(name === undefined ? {} : { function: name }),
    ...(error === undefined ? {} : { error: { type: ERRORS[error], message: plainOf(message.content) } }),
    ...message,
  };
}

const ERRORS = {
  'unknown-tool': 'unknown',
  'invalid-arguments': 'parsing',
  'no-result': 'unknown',
  'tool-failed': 'unknown',
} as const;

function withThought(message: JsonObject, thought: readonly string[]): JsonObject {
  if (thought.length === 0) return message;
  const said = message.content ?? '';
  const parts = Array.isArray(said) ? listOf(said) : said === '' ? [] : [{ type: 'text', text: said }];
  return {
    ...message,
    content: [...thought.map((reasoning) => ({ type: 'reasoning', reasoning })), ...parts],
  };
}

function thoughtOf({ summary, content }: JsonObject): string {
  return [contentText(summary), contentText(content)].filter((text) => text !== '').join('\n');
}

function plainOf(content: Json | undefined): string {
  if (content === undefined || content === null) return '';
  return typeof content === 'string' ? content : contentText(content) || JSON.stringify(content);
}

function contentOf(content: Json | undefined): Json {
  if (!Array.isArray(content)) return plainOf(content);
  return listOf(content).map((part): Json => {
    if (!isJsonObject(part)) return { type: 'text', text: textOf(part) ?? JSON.stringify(part) };
    const thought = textOf(part.thinking) ?? (part.type === 'reasoning' ? textOf(part.reasoning) : null);
    if (thought !== null) return { type: 'reasoning', reasoning: thought };
    const text = textOf(part.text) ?? textOf(part.refusal);
    if (text !== null) return { type: 'text', text };
    const image = textOf(objectOf(part.image_url).url) ?? textOf(part.image_url) ?? textOf(part.image);
    return image === null ? { type: 'text', text: JSON.stringify(part) } : { type: 'image', image };
  });
}
