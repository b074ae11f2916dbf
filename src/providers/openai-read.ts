// Reading what a model server sent: bytes that may be anything become plain data that the rest of the house can trust.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { Completion, ToolCall, Usage } from '../core/outcome.ts';
import { escapeHalves, isDeeper, takeArguments } from '../core/outside.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ServerError } from './openai-failure.ts';

/** Why a body with status 200 is not a completion. */
export type BodyProblem =
  | { readonly kind: 'not-an-answer'; readonly message: string }
  /** An error in the clothes of a success: some gateways do that, and the responses API does it by design. */
  | { readonly kind: 'error-inside'; readonly error: ServerError };

export type BodyReader = (body: JsonObject) => Result<Completion, BodyProblem>;

/** Above this nesting neither a thread's message nor JSON.stringify is safe; no API comes near it. */
const MAX_DEPTH = 150;

/** Half characters are read as U+FFFD; what a digest is made of has them as they came, so that two answers stay two. */
export function readBody(bytes: Uint8Array, read: BodyReader): Result<Completion, BodyProblem> {
  const body = parseRaw(bytes);
  if (body.kind === 'err') return body;
  const { text, value } = body.value;
  if (isWhole(text, value)) return read(value);
  const answer = read(wellFormed(value));
  const exact = read(mapTexts(value, escapeHalves) as JsonObject);
  if (answer.kind === 'err' || exact.kind === 'err') return answer;
  const { text: escaped, toolCalls } = exact.value;
  return ok({
    ...answer.value,
    toolCalls,
    ...(escaped === answer.value.text ? {} : { textEscaped: escaped }),
  });
}

/** Bytes -> JSON object, with U+FFFD for half a character. */
export function parseBody(bytes: Uint8Array): Result<JsonObject, BodyProblem> {
  const body = parseRaw(bytes);
  if (body.kind === 'err') return body;
  const { text, value } = body.value;
  return ok(isWhole(text, value) ? value : wellFormed(value));
}

type RawBody = { readonly text: string; readonly value: JsonObject };

function parseRaw(bytes: Uint8Array): Result<RawBody, BodyProblem> {
  if (bytes.length === 0) return notAnAnswer('the answer is empty');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return notAnAnswer('the answer is not UTF-8');
  }
  const body = parseJson(text);
  if (body === undefined) return notAnAnswer(`the answer is not JSON: ${text.slice(0, 200)}`);
  if (!isJsonObject(body)) return notAnAnswer(`the answer is not a JSON object: ${text.slice(0, 200)}`);
  if (isDeeper(body, MAX_DEPTH)) return notAnAnswer(`the answer is nested deeper than ${MAX_DEPTH} levels`);
  return ok({ text, value: body });
}

/** The bytes are UTF-8, so half a character can come by its escape only; whole ones come that way as well. */
const HALF_CHARACTER = /\\u[dD][89a-fA-F]/;

function isWhole(text: string, body: JsonObject): boolean {
  return !HALF_CHARACTER.test(text) || isWholeJson(body);
}

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
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [change(name), mapTexts(member!, change)]),
  );
}

export function notAnAnswer(message: string): { readonly kind: 'err'; readonly error: BodyProblem } {
  return err({ kind: 'not-an-answer', message });
}

/** Arguments are text written by a model: usually a JSON object, and kept as text where not. */
export function readToolCall(of: {
  readonly id: unknown;
  readonly name: unknown;
  readonly arguments: unknown;
}): ToolCall {
  // Some servers (Ollama's older ones) send the object itself.
  return { id: readText(of.id), name: readText(of.name) ?? '', ...takeArguments(of.arguments) };
}

/** Text as text, everything else as null. A lone surrogate has no UTF-8 form: it becomes U+FFFD. */
export function readText(value: unknown): string | null {
  return typeof value === 'string' ? value.toWellFormed() : null;
}

/** Text of a message: a string, or parts of which those named count. */
export function joinParts(content: unknown, types: readonly string[]): string {
  if (typeof content === 'string') return content.toWellFormed();
  return readObjects(content)
    .map((part) => (types.some((type) => type === part.type) ? (readText(part.text) ?? '') : ''))
    .join('');
}

/** The objects of a list; anything else in it, or in its place, is left out. */
export function readObjects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The names under which each API reports its usage. */
export type UsageNames = {
  readonly input: string;
  readonly output: string;
  readonly inputDetails: string;
  readonly outputDetails: string;
};

export function readUsage(usage: Json | undefined, names: UsageNames): Usage | null {
  if (!isJsonObject(usage)) return null;
  const input = usage[names.input] ?? null;
  const output = usage[names.output] ?? null;
  if (input === null && output === null) return null;
  const inputTokens = input === null ? 0 : readCount(input);
  const outputTokens = output === null ? 0 : readCount(output);
  // What is no count makes the sum unknown; taken for 0 it would be a price that is too low.
  if (inputTokens === null || outputTokens === null) return null;
  return {
    inputTokens,
    outputTokens,
    totalTokens: readCount(usage.total_tokens) ?? inputTokens + outputTokens,
    cachedInputTokens: readDetail(usage[names.inputDetails], 'cached_tokens'),
    reasoningTokens: readDetail(usage[names.outputDetails], 'reasoning_tokens'),
  };
}

function readDetail(details: Json | undefined, name: string): number | null {
  return isJsonObject(details) ? readCount(details[name]) : null;
}

/** No answer has so many tokens; sums of what is below stay exact. */
const MAX_TOKENS = 1e12;

function readCount(value: Json | undefined): number | null {
  const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_TOKENS;
  return isCount ? value : null;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
