// A message as clients and frameworks write it -> the same with a role. A conversation -> what was asked, and what was answered.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { listOf, parseJson, textOf } from './values.ts';

/** Roles and LangChain's types, ShareGPT's and Gemini's words. */
const ROLES: { readonly [theirs: string]: string } = {
  ai: 'assistant',
  AIMessageChunk: 'assistant',
  gpt: 'assistant',
  model: 'assistant',
  bot: 'assistant',
  human: 'user',
  HumanMessageChunk: 'user',
  assistant: 'assistant',
  user: 'user',
  system: 'system',
  tool: 'tool',
  function: 'function',
  developer: 'developer',
};

/** Items of OpenAI's Responses that are no messages, by who they are of. */
const ITEMS: { readonly [type: string]: 'model' | 'tool' } = {
  function_call: 'model',
  custom_tool_call: 'model',
  mcp_call: 'model',
  reasoning: 'model',
  web_search_call: 'model',
  file_search_call: 'model',
  computer_call: 'model',
  function_call_output: 'tool',
  custom_tool_call_output: 'tool',
  computer_call_output: 'tool',
};

/** What LangChain wraps a message into: {lc: 1, kwargs}, {type, data}. */
export function unwrapped(value: JsonObject): JsonObject {
  if (value.lc === 1 && isJsonObject(value.kwargs)) {
    const type = typeOfClass(textOf(listOf(value.id).at(-1)));
    return { ...(type === null ? {} : { type }), ...value.kwargs };
  }
  const { type, data } = value;
  if (typeof type === 'string' && Object.hasOwn(ROLES, type) && isJsonObject(data) && 'content' in data)
    return { type, ...data };
  return value;
}

function typeOfClass(name: string | null): string | null {
  const found = /^(AI|Human|System|Tool|Function)Message/.exec(name ?? '')?.[1];
  return found === undefined ? null : found.toLowerCase();
}

/** With a role; null = it is no message. */
export function messageOf(value: Json | undefined): JsonObject | null {
  if (!isJsonObject(value)) return null;
  const one = unwrapped(value);
  const role = textOf(one.role);
  if (role !== null) {
    const known = Object.hasOwn(ROLES, role) ? ROLES[role]! : role;
    return known === role ? one : { ...one, role: known };
  }
  const type = textOf(one.type);
  if (type !== null && 'content' in one && Object.hasOwn(ROLES, type)) return { role: ROLES[type]!, ...one };
  const from = textOf(one.from);
  if (from !== null && typeof one.value === 'string' && Object.hasOwn(ROLES, from))
    return { role: ROLES[from]!, content: one.value };
  return null;
}

export type Conversation = {
  /** Up to the first word of the model. */
  readonly asked: readonly JsonObject[];
  /** From there on. */
  readonly answered: readonly JsonObject[];
  /** The model, or a tool that it called, has the last word: it is no request that waits for an answer. */
  readonly isWhole: boolean;
};

/** Messages, or items of the Responses API; a list, or the JSON text of one. null = it is neither. */
export function conversationOf(value: Json | undefined): Conversation | null {
  if (typeof value === 'string') {
    const parsed = value.trimStart().startsWith('[') ? parseJson(value) : null;
    return parsed?.kind === 'ok' && Array.isArray(parsed.value) ? conversationOf(parsed.value) : null;
  }
  if (!Array.isArray(value) || value.length === 0) return null;
  const list: JsonObject[] = [];
  for (const item of value as readonly Json[]) {
    const one = messageOf(item) ?? (isJsonObject(item) && isItem(item) ? item : null);
    if (one === null) return null;
    list.push(one);
  }
  const first = list.findIndex(isOfModel);
  return {
    asked: first < 0 ? list : list.slice(0, first),
    answered: first < 0 ? [] : list.slice(first),
    isWhole: first >= 0 && !['user', 'system', 'developer'].includes(textOf(list.at(-1)!.role) ?? ''),
  };
}

function isItem(value: JsonObject): boolean {
  return typeof value.type === 'string' && Object.hasOwn(ITEMS, value.type);
}

/** The model's own words, or a call of it. */
export function isOfModel(message: JsonObject): boolean {
  if (typeof message.role === 'string') return message.role === 'assistant';
  return isItem(message) && ITEMS[message.type as string] === 'model';
}

/** Messages with a role; null where it is no list of them. */
export function messagesOf(value: Json | undefined): readonly JsonObject[] | null {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') {
    const parsed = parseJson(value);
    return parsed.kind === 'ok' && Array.isArray(parsed.value) ? messagesOf(parsed.value) : null;
  }
  if (!Array.isArray(value)) return null;
  const list = (value as readonly Json[]).map(messageOf);
  return list.every((one) => one !== null) ? list : null;
}

/** Text, or the texts among the parts of a content. Thoughts are no answer. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .flatMap((part: unknown) => {
      if (typeof part === 'string') return part;
      if (!isJsonObject(part) || THOUGHTS.has(textOf(part.type) ?? '') || part.thought === true) return [];
      return textOf(part.text) ?? [];
    })
    .join('\n');
}

const THOUGHTS = new Set(['thinking', 'redacted_thinking', 'reasoning']);

export function messageText(message: JsonObject): string {
  return contentText(message.content ?? message.parts ?? message.text);
}

export function lastUserText(messages: readonly JsonObject[]): string | null {
  const last = messages.findLast(({ role }) => role === 'user');
  return last ? messageText(last) : null;
}

export function systemText(messages: readonly JsonObject[]): string | null {
  const first = messages.find(({ role }) => role === 'system' || role === 'developer');
  return first ? messageText(first) : null;
}
