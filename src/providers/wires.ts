// The wires that clients of others speak: which one a request is of, what it asks, and what it was answered. The proxy reads
// both sides with it and changes neither. Pure.
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { unreachable } from '../core/result.ts';
import { parseTold } from '../core/untrusted-json.ts';
import { joinAnthropic, readAnthropic } from './anthropic-read.ts';
import { joinGemini, readGemini } from './gemini-read.ts';
import { type Teller, tellBody, tellServerError } from './openai-answer.ts';
import { readChatCompletion } from './openai-chat.ts';
import { readServerError } from './openai-error-body.ts';
import type { BodyReader } from './openai-read.ts';
import { readResponse } from './openai-responses.ts';
import type { ClientAnswer } from './provider.ts';
import { isEventStream, type Joined, readEvents } from './sse.ts';

export type Wire = 'chat' | 'responses' | 'messages' | 'gemini';

/** null = no question to a model: embeddings, moderation, lists of models, whatever else an API has. @param path without its query */
export function wireOf(method: string, path: string): Wire | null {
  if (method !== 'POST') return null;
  if (/\/chat\/completions\/?$/.test(path)) return 'chat';
  if (/\/responses\/?$/.test(path)) return 'responses';
  if (/\/messages\/?$/.test(path)) return 'messages';
  return /:(?:stream)?[gG]enerateContent$/.test(path) ? 'gemini' : null;
}

/** @param bytes as they came, unpacked */
export function readAnswer(input: {
  readonly wire: Wire;
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly teller: Teller;
}): ClientAnswer {
  const { wire, status, headers, bytes, teller } = input;
  if (status >= 300) {
    const error = readServerError(bytes.toString('utf8'), status);
    return tellServerError({ error, headers, teller });
  }
  const read = readerOf(wire);
  const response = { headers, status } as Response;
  if (wire === 'chat' || wire === 'responses') return tellBody({ response, bytes, read, teller });
  const joined = joinedIn(bytes, wire);
  if (joined === null) return tellBody({ response, bytes, read, teller });
  const whole = tellBody({ response: asJson(response), bytes: textOf(joined.body), read, teller });
  if (joined.isFinished) return whole;
  return cutOff({ whole, status, teller });
}

/** Half an answer is none, but it tells what it took. */
function cutOff(input: {
  readonly whole: ClientAnswer;
  readonly status: number;
  readonly teller: Teller;
}): ClientAnswer {
  const { whole, status, teller } = input;
  const usage = whole.kind === 'completion' ? whole.completion.usage : null;
  const message = teller.write(`${teller.host}: the stream ended before the answer did`);
  return {
    kind: 'failure',
    failure: { kind: 'network', status, message, retryAfterMs: null, ...(usage === null ? {} : { usage }) },
    requestId: whole.kind === 'cancelled' ? null : whole.requestId,
    limits: whole.kind === 'cancelled' ? null : whole.limits,
  };
}

function asJson({ headers, status }: Response): Response {
  const plain = new Headers(headers);
  plain.set('content-type', 'application/json');
  return { headers: plain, status } as Response;
}

function readerOf(wire: Wire): BodyReader {
  switch (wire) {
    case 'chat':
      return readChatCompletion;
    case 'responses':
      return readResponse;
    case 'messages':
      return readAnthropic;
    case 'gemini':
      return readGemini;
    default:
      return unreachable(wire);
  }
}

/** null = it is no stream. Gemini's comes as events, or as a JSON list. */
function joinedIn(bytes: Buffer, wire: 'messages' | 'gemini'): Joined | null {
  const text = bytes.toString('utf8');
  const join = wire === 'messages' ? joinAnthropic : joinGemini;
  if (isEventStream(text)) return join(readEvents(text).flatMap(({ data }) => objectsIn(data)));
  return wire === 'gemini' && text.trimStart().startsWith('[') ? join(objectsIn(text)) : null;
}

function objectsIn(text: string): readonly JsonObject[] {
  const value = parseTold(text);
  if (Array.isArray(value)) return value.filter(isJsonObject);
  return isJsonObject(value) ? [value] : [];
}

function textOf(body: JsonObject): Buffer<ArrayBuffer> {
  return Buffer.from(JSON.stringify(body));
}
