// Two pieces of one thing as one: texts follow one another, lists go by index, objects member by member. Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { rawNumber } from '../core/json-text.ts';

/** Said once or with every piece, and never in pieces. */
const NEVER_IN_PIECES: ReadonlySet<string> = new Set([
  ...['id', 'type', 'role', 'name', 'format', 'object', 'model', 'index', 'status', 'signature'],
  ...['url', 'mime_type', 'tool_call_id', 'call_id', 'expires_at'],
]);

/** Lists whose neighbours of one type are one part, said in pieces: Mistral's, LiteLLM's, OpenRouter's. */
const PARTS: ReadonlySet<string> = new Set([
  ...['content', 'thinking', 'thinking_blocks', 'reasoning_details', 'summary'],
]);

/** Of a part, what its text stands under. */
const TEXTS = ['text', 'thinking', 'summary', 'reasoning', 'data'];

/** No server speaks of more things in turns; a list of a million is not searched for each. */
const MOST_AT_ONCE = 200;

/** What came before is added to in place: of a million pieces each is looked at once. */
export function joinDelta(before: Json | undefined, piece: Json | undefined, name = ''): Json {
  if (piece === undefined || piece === null) return before ?? null;
  if (before === undefined || before === null) return piece;
  if (typeof piece === 'string' && typeof before === 'string') return joinTexts(before, piece, name);
  if (isList(piece) && isList(before)) return joinLists(before, piece, name);
  // Mistral's content is a list while the model thinks, and text from then on.
  if (isList(before) && typeof piece === 'string')
    return piece === '' ? before : joinLists(before, [textPart(piece)], name);
  if (isList(piece) && typeof before === 'string')
    return joinLists(before === '' ? [] : [textPart(before)], piece, name);
  if (isJsonObject(piece) && isJsonObject(before) && !isNumberText(piece)) return joinObjects(before, piece);
  return piece;
}

/** A number that is kept as its digits (`JSON.rawJSON`): a value, not an object. */
export function isNumberText(value: JsonObject): boolean {
  return rawNumber(value) !== null;
}

function joinTexts(before: string, piece: string, name: string): string {
  if (!NEVER_IN_PIECES.has(name)) return before + piece;
  return piece === '' ? before : piece;
}

function joinObjects(before: JsonObject, piece: JsonObject): JsonObject {
  for (const [name, value] of Object.entries(piece)) {
    const known = Object.hasOwn(before, name) ? before[name] : undefined;
    setMember(before, name, joinDelta(known, value, name));
  }
  return before;
}

/** In place: what was parsed is ours. Names are the server's: `__proto__` is one like any other. */
export function setMember(object: JsonObject, name: string, value: Json | undefined): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}

function joinLists(before: readonly Json[], piece: readonly Json[], name: string): Json {
  const joined = before as Json[];
  for (const item of piece) {
    const at = placeOf(joined, item, name);
    if (at < 0) joined.push(item);
    else joined[at] = joinDelta(joined[at], item);
  }
  return joined;
}

/** @returns which of them it goes on; -1 = none, it is a new one */
function placeOf(joined: readonly Json[], item: Json, name: string): number {
  if (!isJsonObject(item)) return -1;
  const { index, type } = item;
  if (typeof index === 'number') {
    for (let at = joined.length - 1; at >= Math.max(0, joined.length - MOST_AT_ONCE); at--) {
      const one = joined[at];
      if (isJsonObject(one) && one.index === index && one.type === type) return at;
    }
    return -1;
  }
  const last = joined.at(-1);
  if (!PARTS.has(name) || !isJsonObject(last) || last.type !== type) return -1;
  return TEXTS.some((text) => last[text] !== undefined && item[text] !== undefined) ? joined.length - 1 : -1;
}

function textPart(text: string): JsonObject {
  return { type: 'text', text };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
