// What a reader is not shown: names of arms and models anywhere; names of tools and arguments where the protocol hides them, also
// within texts. On each card tools have letters of its own: that tool A makes reminders on one card says nothing of the next.
import type { ChatMessage } from '../core/chat.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { parseJson } from '../core/json-text.ts';
import { isMediaPart, withoutName } from '../core/media.ts';

/** Stands where a name of an arm or a model stood. */
export const HIDDEN = '[hidden]';

/** What the words of an arm are taken for: shorter ones are ordinary words. */
const LEAST_CHARS = 3;
const MAX_LEVELS = 40;

export type WordMask = {
  readonly text: (text: string) => string;
  readonly json: (value: Json) => Json;
  readonly message: (message: ChatMessage) => ChatMessage;
};

/**
 * @param input.hidden names of arms and of models: each is hidden whole, whatever its case
 * @param input.tool a name of a tool -> its letter on this card; null = it is shown
 * @param input.tools names of tools of all arms: a word that is one arm's tool is hidden on every arm's card
 */
export function wordMask(input: {
  readonly hidden: readonly string[];
  readonly tools: readonly string[];
  readonly tool: ((name: string) => string) | null;
}): WordMask {
  const tools = new Map(input.tool === null ? [] : input.tools.map((name) => [name.toLowerCase(), name]));
  const words = [...input.hidden.filter(isTelling), ...tools.values()];
  const pattern = words.length === 0 ? null : patternOf(words);
  const replace = (match: string): string => {
    const name = tools.get(match.toLowerCase());
    if (name === undefined) return HIDDEN;
    // `list` is a tool, `List` at the start of a sentence a word; `create_event` is one in any case.
    return isPlainWord(name) && match !== name ? match : input.tool!(name);
  };
  const text = (value: string): string => {
    const whole = value.toWellFormed();
    return pattern === null ? whole : whole.replace(pattern, replace);
  };
  const json = (value: Json, level = 0): Json => {
    if (typeof value === 'string') return text(value);
    // A card wraps a few levels around it, and nobody reads that deep.
    if (level > MAX_LEVELS && typeof value === 'object' && value !== null) return text(JSON.stringify(value));
    if (Array.isArray(value)) return value.map((item: Json) => json(item, level + 1));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [text(name), json(member ?? null, level + 1)]),
    );
  };
  const whole = (value: Json): Json => json(value);
  return { text, json: whole, message: (message) => messageWith(message, { text, json: whole }) };
}

function isTelling(word: string): boolean {
  return [...word].length >= LEAST_CHARS;
}

function isPlainWord(name: string): boolean {
  return /^\p{Ll}+$/u.test(name);
}

/** Longer names first: `create_event` must not become `tool A_event`. */
function patternOf(words: readonly string[]): RegExp {
  const sorted = [...new Set(words)].sort((a, b) => b.length - a.length);
  const either = sorted.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${either})(?![\\p{L}\\p{N}])`, 'giu');
}

/**
 * A message with what people read of it: role, words, calls and results. All else, ids and members of one provider among it,
 * tells who answered.
 */
function messageWith(message: ChatMessage, { text, json }: Pick<WordMask, 'text' | 'json'>): ChatMessage {
  const { role, content, tool_calls: calls } = message;
  return {
    role,
    content: contentOf(content, text),
    ...(Array.isArray(calls)
      ? { tool_calls: calls.flatMap((call: Json) => callOf(call, { text, json })) }
      : {}),
  };
}

function contentOf(content: ChatMessage['content'], text: WordMask['text']): ChatMessage['content'] {
  if (typeof content === 'string') return text(content);
  if (content === null || content === undefined) return null;
  return content.map((part): JsonObject => {
    if (typeof part.text === 'string') return { type: 'text', text: text(part.text) };
    // What it shows is what was asked; what it is called may name an arm.
    return isMediaPart(part) ? { ...withoutName(part) } : { type: 'text', text: '[no text]' };
  });
}

/** As a card shows calls: `{ name, arguments }`. Of a call of OpenAI's form the function within. */
export function callIn(call: Json): { readonly name: string; readonly arguments: Json } | null {
  if (!isJsonObject(call)) return null;
  const made: JsonObject = isJsonObject(call.function) ? call.function : call;
  if (typeof made.name !== 'string') return null;
  const written = made.arguments ?? {};
  const read = typeof written === 'string' ? parseJson(written) : written;
  return { name: made.name, arguments: isJsonObject(read) ? read : written };
}

function callOf(call: Json, { text, json }: Pick<WordMask, 'text' | 'json'>): readonly JsonObject[] {
  const made = callIn(call);
  return made === null ? [] : [{ name: text(made.name), arguments: json(made.arguments) }];
}
