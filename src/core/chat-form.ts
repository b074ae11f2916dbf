// Messages in the AI SDK's form of a prompt -> as chat completions have them, which every reader here knows: what was said and
// thought in `content`, calls beside it, results of tools one message each. All other messages stay as they are. Pure.
import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** Several where a message holds the results of several tools. */
export function chatForm(message: JsonObject): readonly JsonObject[] {
  const { role, content } = message;
  if (!Array.isArray(content)) return [message];
  const parts = (content as readonly Json[]).filter(isJsonObject);
  if (!parts.some(isSdkPart)) return [message];
  if (role === 'tool') return parts.filter(({ type }) => type === 'tool-result').map(resultOf);
  const calls = parts.filter(({ type }) => type === 'tool-call').map(callOf);
  const said = parts.flatMap(saidIn);
  return [
    {
      role: role ?? 'assistant',
      content: contentOf(said),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
  ];
}

/** As they are read one after another: what was thought is a message of its own before what was said. */
export function spoken(messages: readonly JsonObject[]): readonly JsonObject[] {
  return messages.flatMap(chatForm).flatMap((message) => {
    const { content } = message;
    if (!Array.isArray(content)) return [message];
    const parts = content as readonly Json[];
    const thoughts = parts.filter(isThoughtPart);
    if (thoughts.length === 0 || thoughts.length === parts.length) return [message];
    const others = parts.filter((part) => !isThoughtPart(part));
    return [
      { role: message.role ?? 'assistant', content: thoughts },
      { ...message, content: contentOf(others) },
    ];
  });
}

/** Nothing but what was thought before an answer. */
export function isThought({ content }: JsonObject): boolean {
  return Array.isArray(content) && content.length > 0 && (content as readonly Json[]).every(isThoughtPart);
}

/** As Anthropic has them; what is thought in secret has no words. */
function isThoughtPart(part: Json): boolean {
  return isJsonObject(part) && (part.type === 'thinking' || part.type === 'redacted_thinking');
}

const SDK_PARTS: ReadonlySet<unknown> = new Set(['tool-call', 'tool-result', 'reasoning']);

function isSdkPart({ type }: JsonObject): boolean {
  return SDK_PARTS.has(type);
}

/** One text stands by itself, and nothing is null. */
function contentOf(parts: readonly Json[]): Json {
  const [only] = parts;
  if (only === undefined) return null;
  const isText = parts.length === 1 && isJsonObject(only) && only.type === 'text';
  return isText ? (only.text ?? null) : parts;
}

function saidIn(part: JsonObject): readonly JsonObject[] {
  switch (part.type) {
    case 'tool-call':
      return [];
    case 'text':
      return [{ type: 'text', text: part.text ?? '' }];
    case 'reasoning':
      return [
        part.text === '' ? { type: 'redacted_thinking' } : { type: 'thinking', thinking: part.text ?? '' },
      ];
    // A tool that the provider ran by itself.
    case 'tool-result':
      return [{ type: 'tool_result', tool_use_id: part.toolCallId ?? '', content: outputText(part.output) }];
    default:
      return [part];
  }
}

function callOf({ toolCallId, toolName, input }: JsonObject): JsonObject {
  const given = typeof input === 'string' ? input : JSON.stringify(input ?? {});
  return { id: toolCallId ?? null, type: 'function', function: { name: toolName ?? '', arguments: given } };
}

function resultOf({ toolCallId, toolName, output }: JsonObject): JsonObject {
  return {
    role: 'tool',
    tool_call_id: toolCallId ?? null,
    name: toolName ?? null,
    content: outputText(output),
  };
}

/** `{ type: 'text' | 'json' | 'error-text' | ..., value }` */
function outputText(output: Json | undefined): string {
  const value = isJsonObject(output) ? (output.value ?? output.reason ?? null) : (output ?? null);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
