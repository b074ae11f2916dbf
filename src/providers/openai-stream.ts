// A streamed answer as the whole one that it would have been: its record is the same, and its account is kept as any
// other's. Pure. https://platform.openai.com/docs/api-reference/chat-streaming and /responses-streaming
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { isDeeper, MAX_LEVELS, parseTold } from '../core/untrusted-json.ts';
import { joinChunks } from './join-chunks.ts';
import { isError } from './server-error.ts';
import { isEventStream, readEvents, type ServerEvent } from './sse.ts';

export type Joined =
  /** The bytes are no stream: they are read as they are. */
  | { readonly kind: 'plain' }
  /** JSON text of a chat completion, of a response, or of an error. */
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** The connection ended before the answer did: there is no answer. What came of it may tell what it took. */
  | { readonly kind: 'cut-off'; readonly message: string; readonly bytes: Buffer }
  | { readonly kind: 'broken'; readonly message: string };

/** Looks at the bytes first: servers stream unasked, under any content type, and answer plainly where a stream was asked for. */
export function joinStream(bytes: Uint8Array, contentType: string | null): Joined {
  // A JSON object: all ordinary answers.
  if (bytes[0] === 0x7b) return { kind: 'plain' };
  const isCalledOne = contentType?.includes('text/event-stream') ?? false;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { kind: 'plain' };
  }
  if (!isEventStream(text) && !(isCalledOne && isOnlyComments(text))) return { kind: 'plain' };
  return joinEvents(readEvents(text));
}

function isOnlyComments(text: string): boolean {
  return text.split(/\r\n|\n|\r/).every((line) => line.trim() === '' || line.startsWith(':'));
}

function joinEvents(events: readonly ServerEvent[]): Joined {
  const read: JsonObject[] = [];
  let isDone = false;
  for (const [n, event] of events.entries()) {
    if (event.data.trim() === '[DONE]') {
      isDone = true;
      continue;
    }
    const told = readEvent(event);
    if (told === 'unreadable') {
      // The last one is half an event: the connection ended in it.
      if (n === events.length - 1) break;
      return { kind: 'broken', message: `an event of the stream is not JSON: ${event.data.slice(0, 200)}` };
    }
    read.push(...told);
  }
  const error = read.findLast(isErrorEvent);
  if (error) return whole({ ...joinChunks(read).body, error: errorOf(error) });
  const response = responseOf(read);
  if (response) return whole(response);
  const { body, isFinished } = joinChunks(read);
  // Some servers never say [DONE], some never say why they finished; without either nobody knows what is missing.
  if (isFinished || (isDone && read.length > 0)) return whole(body);
  const seen = `${read.length} ${read.length === 1 ? 'event' : 'events'}`;
  const message = `the stream ended before the answer did (after ${seen})`;
  return { kind: 'cut-off', message, bytes: textOf(body) };
}

function whole(body: object): Joined {
  return { kind: 'whole', bytes: textOf(body) };
}

function textOf(body: object): Buffer {
  return Buffer.from(JSON.stringify(body));
}

/** Signs of life ("ping", nothing at all) are no events of the answer. */
function readEvent({ name, data }: ServerEvent): readonly JsonObject[] | 'unreadable' {
  const text = data.trim();
  const isNamed = name === 'error';
  if (isNamed && !text.startsWith('{')) return [{ type: 'error', message: text }];
  if (!/^[{["]/.test(text)) return [];
  const parsed = parse(text) ?? parseLines(text);
  if (parsed === undefined) return 'unreadable';
  return parsed.map((one) => (isNamed && one.error === undefined ? { ...one, type: 'error' } : one));
}

function parse(text: string): readonly JsonObject[] | undefined {
  // Numbers that would lose digits stay their text: the whole is read by whoever reads any other answer.
  const parsed = parseTold(text) as Json | undefined;
  // What is nested without end could not be written again.
  if (parsed === undefined || isDeeper(parsed, MAX_LEVELS)) return undefined;
  return isJsonObject(parsed) ? [parsed] : [];
}

/** Servers that put no blank line between events: one line, one event. */
function parseLines(text: string): readonly JsonObject[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && line.trim() !== '[DONE]');
  if (lines.length < 2) return undefined;
  const read = lines.map(parse);
  return read.every((one) => one !== undefined) ? read.flat() : undefined;
}

/** OpenRouter's and vLLM's `error` beside or instead of choices, the responses API's event, FastAPI's `detail`. */
function isErrorEvent(event: JsonObject): boolean {
  const { error, type, object, choices } = event;
  if (type === 'error' || object === 'error') return true;
  if (isJsonObject(error) && isError(error)) return true;
  if (typeof error === 'string' && error !== '') return true;
  if (groqError(event) !== null) return true;
  return choices === undefined && type === undefined && event.detail !== undefined;
}

/** Groq: why a stream was ended before its time, beside what was said. */
function groqError({ x_groq: told }: JsonObject): string | null {
  return isJsonObject(told) && typeof told.error === 'string' && told.error !== '' ? told.error : null;
}

function errorOf(event: JsonObject): Json {
  const ofGroq = groqError(event);
  if (ofGroq !== null) return { message: ofGroq };
  if (event.error !== undefined && event.error !== null) return event.error;
  const { type, sequence_number: _, ...said } = event;
  return type === undefined || type === 'error' ? said : { type, ...said };
}

const FINAL = new Set<unknown>(['completed', 'incomplete', 'failed', 'cancelled']);

/** The last event of the responses API holds the whole. Some layers leave its output empty: the items came before. */
function responseOf(events: readonly JsonObject[]): JsonObject | null {
  const last = events.findLast(({ response }) => isJsonObject(response) && FINAL.has(response.status));
  const response = last?.response;
  if (!isJsonObject(response)) return null;
  if (Array.isArray(response.output) && response.output.length > 0) return response;
  const items = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
  const output = items.filter((item): item is JsonObject => isJsonObject(item));
  return { ...response, output: output.length === 0 ? spokenIn(events) : output };
}

/** Where no item was told as a whole either: what was said piece by piece, unless a call would be lost by it. */
function spokenIn(events: readonly JsonObject[]): readonly JsonObject[] {
  const pieces = events.flatMap(({ type, delta }) =>
    type === 'response.output_text.delta' && typeof delta === 'string' ? [delta] : [],
  );
  const hasCalls = events.some(({ type }) => type === 'response.function_call_arguments.delta');
  if (pieces.length === 0 || hasCalls) return [];
  return [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: pieces.join('') }] }];
}
