// Reading what a model server sent: bytes that may be anything become plain data that the rest of the house can trust.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { jsonProblem, parseJson, rawNumber, readDigits, unread } from '../core/json-text.ts';
import type { Completion, FailureKind, ToolCall, Usage } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import { escapeHalves, isDeeper, takeArguments } from '../core/untrusted-json.ts';
import { ownArguments } from './call-arguments.ts';
import { mendJson } from './mend-json.ts';
import { readServerError } from './openai-error-body.ts';
import type { ServerError } from './openai-failure.ts';

/** Why a body with status 200 is not a completion. */
export type BodyProblem =
  | { readonly kind: 'not-an-answer'; readonly message: string }
  /** It is of the API's form, and holds no answer of the model. It was paid for all the same. */
  | {
      readonly kind: 'no-answer';
      readonly message: string;
      /** Whose doing it was: `overloaded` = the provider's, `invalid-response` = what the model made of this prompt. */
      readonly failure: Extract<FailureKind, 'overloaded' | 'invalid-response'>;
      readonly usage: Usage | null;
    }
  /** An error in the clothes of a success: some gateways do that, and the responses API does it by design. */
  | {
      readonly kind: 'error-inside';
      readonly error: ServerError;
      readonly usage: Usage | null;
      /** Whether the model had said something before it. */
      readonly hasBegun: boolean;
    };

export type BodyReader = (body: JsonObject) => Result<Completion, BodyProblem>;

/** Above this nesting neither a thread's message nor JSON.stringify is safe; no API comes near it. */
const MAX_DEPTH = 150;

/** Half characters are read as U+FFFD; what a digest is made of has them as they came, so that two answers stay two. */
export function readBody(bytes: Uint8Array, read: BodyReader): Result<Completion, BodyProblem> {
  const body = parseRaw(bytes);
  if (body.kind === 'err') return body;
  const { value, hasHalves, hasLongNumbers } = body.value;
  const answer = read(hasHalves ? wellFormed(value) : value);
  if (answer.kind === 'err') return answer;
  const completion = hasLongNumbers ? withDigits(answer.value) : answer.value;
  if (!hasHalves) return ok(completion);
  const exact = read(mapTexts(value, escapeHalves) as JsonObject);
  if (exact.kind === 'err') return answer;
  const { text: escaped, toolCalls } = exact.value;
  return ok({ ...completion, toolCalls, ...(escaped === completion.text ? {} : { textEscaped: escaped }) });
}

/** Bytes -> JSON object, with U+FFFD for half a character. */
export function parseBody(bytes: Uint8Array): Result<JsonObject, BodyProblem> {
  const body = parseRaw(bytes);
  if (body.kind === 'err') return body;
  const { value, hasHalves, hasLongNumbers } = body.value;
  const plain = hasLongNumbers ? (digitsAsText(value) as JsonObject) : value;
  return ok(hasHalves ? wellFormed(plain) : plain);
}

/** What is kept in the provider's own form is plain data: a number that cannot be held stands there as its digits. */
function withDigits(completion: Completion): Completion {
  const { messages, raw } = completion;
  return {
    ...completion,
    messages: messages.map((message) => digitsAsText(message) as JsonObject),
    ...(raw === undefined ? {} : { raw: digitsAsText(raw) as JsonObject }),
  };
}

function digitsAsText(value: Json): Json {
  const digits = rawNumber(value);
  if (digits !== null) return digits;
  if (Array.isArray(value)) return value.map(digitsAsText);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, digitsAsText(member!)]));
}

type RawBody = { readonly value: JsonObject; readonly hasHalves: boolean; readonly hasLongNumbers: boolean };

function parseRaw(bytes: Uint8Array): Result<RawBody, BodyProblem> {
  if (bytes.length === 0) return notAnAnswer('the answer is empty');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return notAnAnswer('the answer is not UTF-8');
  }
  const hasLongNumbers = LONG_NUMBER.test(text);
  const parse = hasLongNumbers ? parseDigits : parseJson;
  const body = parse(text) ?? parse(mendJson(text));
  if (body === undefined) return notAnAnswer(noJson(text));
  if (!isJsonObject(body)) return notAnAnswer(`the answer is not a JSON object: ${text.slice(0, 200)}`);
  if (isDeeper(body, MAX_DEPTH)) return notAnAnswer(`the answer is nested deeper than ${MAX_DEPTH} levels`);
  const hasHalves = HALF_CHARACTER.test(text) && !isWholeJson(body);
  return ok({ value: body, hasHalves, hasLongNumbers });
}

function noJson(text: string): string {
  if (!text.trimStart().startsWith('<')) return `the answer ${wrongWith(text)}: ${text.slice(0, 200)}`;
  return `the answer is ${readServerError(text, null).message}, not JSON: is base_url the address of the API?`;
}

/** Its start alone would look like any good answer's. */
function wrongWith(text: string): string {
  if (!text.trimStart().startsWith('{')) return 'is not JSON';
  const words = jsonProblem(mendJson(text));
  if (/unexpected end|unterminated/i.test(words)) return 'ends in the middle of its JSON';
  if (/after JSON/i.test(words)) return 'goes on behind its JSON';
  const where = /^(.{1,80}? at position \d{1,12})/.exec(words)?.[1];
  return where === undefined ? 'is not JSON' : `is not JSON (${where})`;
}

/** A number of so many digits may be one that cannot be held. In a text it does no harm but for the time. */
const LONG_NUMBER = /(?<![\d.])\d{16}/;

/** The bytes are UTF-8, so half a character can come by its escape only; whole ones come that way as well. */
const HALF_CHARACTER = /\\u[dD][89a-fA-F]/;

function isWholeJson(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => name.isWellFormed() && isWholeJson(member as Json));
}

function wellFormed(body: JsonObject): JsonObject {
  return mapTexts(body, (text) => text.toWellFormed()) as JsonObject;
}

function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapTexts(item, change));
  if (!isJsonObject(value)) return value;
  if (rawNumber(value) !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [change(name), mapTexts(member!, change)]),
  );
}

export function notAnAnswer(message: string): { readonly kind: 'err'; readonly error: BodyProblem } {
  return err({ kind: 'not-an-answer', message });
}

/** Arguments are text written by a model: usually a JSON object, and kept as text where not. */
export function readToolCall(input: {
  readonly id: unknown;
  readonly name: unknown;
  readonly arguments: unknown;
}): ToolCall {
  // Some servers (Ollama's older ones) send the object itself.
  return {
    id: readText(input.id),
    name: readText(input.name) ?? '',
    ...takeArguments(ownArguments(input.arguments)),
  };
}

/** Text as text, everything else as null. A lone surrogate has no UTF-8 form: it becomes U+FFFD. */
export function readText(value: unknown): string | null {
  return typeof value === 'string' ? value.toWellFormed() : null;
}

/** The objects of a list; anything else in it, or in its place, is left out. */
export function readObjects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function parseDigits(text: string): Json | undefined {
  try {
    return readDigits(text, unread) as Json;
  } catch {
    return undefined;
  }
}
