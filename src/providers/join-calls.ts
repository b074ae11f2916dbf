// Pieces of tool calls -> the calls. The documented form has an index with each piece and an id with the first; servers
// leave out either, repeat names and ids, or send a call whole, once or twice. Pure.

import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { parseObject } from '../core/json-text.ts';
import { ownArguments } from './call-arguments.ts';
import { joinDelta } from './join-delta.ts';

type Call = {
  readonly index: number | null;
  id: string;
  /** Of the function, or of a custom tool. */
  name: string;
  readonly pieces: string[];
  /** Arguments that came as an object (Ollama's older form). */
  object: JsonObject | null;
  /** What else there is. */
  beside: JsonObject;
  readonly isCustom: boolean;
};

/** No model calls more tools at once; a list of a million is not searched for each piece. */
const MOST_AT_ONCE = 200;
/** Whether a call is whole is asked only while it has so few pieces. */
const MOST_PIECES = 1_000;

export function joinCalls(pieces: readonly JsonObject[]): Json {
  const calls: Call[] = [];
  for (const piece of pieces) addPiece(calls, piece);
  return calls.map(formOf);
}

/** The form before tools: one call, without an id. */
export function joinFunction(pieces: readonly JsonObject[]): Json {
  const calls: Call[] = [];
  for (const piece of pieces) addPiece(calls, { index: 0, function: piece });
  return formOf(calls[0]!).function ?? null;
}

function addPiece(calls: Call[], piece: JsonObject): void {
  const { index, id, function: called, custom, ...beside } = piece;
  const told = isJsonObject(custom) ? custom : isJsonObject(called) ? called : {};
  const text = isJsonObject(custom) ? custom.input : told.arguments;
  const at = {
    index: typeof index === 'number' ? index : null,
    id: typeof id === 'string' ? id : '',
    name: typeof told.name === 'string' ? told.name : '',
  };
  let call = callOf(calls, at);
  if (call !== undefined && isOver(call, { ...at, text })) {
    // Where only its arguments are said, it is the same tool once more.
    at.name ||= call.name;
    call = undefined;
  }
  if (call === undefined) {
    call = { ...at, name: '', pieces: [], object: null, beside: {}, isCustom: isJsonObject(custom) };
    calls.push(call);
  }
  if (call.id === '') call.id = at.id;
  call.name = joinNames(call.name, at.name);
  call.beside = joinDelta(call.beside, beside) as JsonObject;
  if (typeof text === 'string') call.pieces.push(text);
  else if (isJsonObject(text)) call.object = text;
}

/** Which call a piece goes on with; undefined = it begins one. */
function callOf(
  all: readonly Call[],
  { index, id, name }: Pick<Call, 'index' | 'id' | 'name'>,
): Call | undefined {
  const calls = all.length > MOST_AT_ONCE ? all.slice(-MOST_AT_ONCE) : all;
  const last = calls.at(-1);
  if (index !== null) {
    const known = calls.findLast((call) => call.index === index);
    // Gemini's calls all have index 0: another id with a name is another call. An id alone is not: servers make one up a chunk.
    const isOther = known && id !== '' && known.id !== '' && known.id !== id && name !== '';
    return isOther ? undefined : known;
  }
  if (id !== '')
    return calls.find((call) => call.id === id) ?? (name === '' && last?.id === '' ? last : undefined);
  if (name === '' || last === undefined) return last;
  // A name with each piece, or the next call: a call that is whole is over.
  const isWhole = last.object !== null || (last.pieces.length < MOST_PIECES && isJson(last.pieces.join('')));
  return last.name === name && !isWhole ? last : undefined;
}

/**
 * Gemini's layer and LiteLLM's give the calls of one answer the same index, without ids or with the same one: behind a whole object
 * another one, or the beginning of one with a name, is the next call, and so is one of another name. The same object is the same call
 * said again, and an empty one before it only a beginning.
 */
function isOver(
  call: Call,
  { id, name, text }: { readonly id: string; readonly name: string; readonly text: Json | undefined },
): boolean {
  if (call.index === null || (id !== '' && id !== call.id)) return false;
  if (typeof text !== 'string' || !/^\s*\{/.test(text) || call.pieces.length >= MOST_PIECES) return false;
  const said = parseObject(call.pieces.join(''));
  if (said === null) return false;
  if (name !== '' && !name.startsWith(call.name)) return true;
  if (Object.keys(said).length === 0) return false;
  const next = parseObject(text);
  return next === null ? name !== '' : JSON.stringify(next) !== JSON.stringify(said);
}

/** Said once, again with each piece, or in pieces. */
function joinNames(before: string, name: string): string {
  if (name === '' || name === before) return before;
  return name.length > before.length && name.startsWith(before) ? name : before + name;
}

function formOf(call: Call): JsonObject {
  const { id, name, beside, object, isCustom } = call;
  const text = object ?? joinArguments(call.pieces);
  const { type, ...rest } = beside;
  const kind = typeof type === 'string' && type !== '' ? type : isCustom ? 'custom' : 'function';
  return {
    ...(id === '' ? {} : { id }),
    type: kind,
    ...(isCustom ? { custom: { name, input: text } } : { function: { name, arguments: text } }),
    ...rest,
  };
}

/** One after the other; where that is no JSON and the last piece alone is, with all before it in it, servers repeated themselves. */
function joinArguments(pieces: readonly string[]): string {
  const said = pieces.filter((piece) => piece !== '');
  const joined = said.join('');
  const last = said.at(-1);
  if (last === undefined || said.length === 1 || isJson(joined)) return joined;
  if (!isJson(last)) return ownArguments(joined);
  const before = said.slice(0, -1);
  const isAgain = before.join('') === last.trim() || before.every((piece) => last.startsWith(piece));
  return isAgain ? last : ownArguments(joined);
}

function isJson(text: string): boolean {
  return parseObject(text) !== null;
}
