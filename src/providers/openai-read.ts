// Reading what a model server sent: bytes that may be anything become plain data that the rest of the house can trust.
import { canonicalJson } from '../core/canonical.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { Completion, ToolCall, Usage } from '../core/outcome.ts';
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

/** Bytes -> JSON object. */
export function parseBody(bytes: Uint8Array): Result<JsonObject, BodyProblem> {
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
  return ok(HALF_CHARACTER.test(text) ? (wellFormed(body) as JsonObject) : body);
}

/** The bytes are UTF-8, so half a character can come by its escape only; whole ones come that way as well. */
const HALF_CHARACTER = /\\u[dD][89a-fA-F]/;

/** Messages are kept as they came: with half a character in them no digest could be made of a record. */
function wellFormed(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormed(member!)]),
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
  const { arguments: raw } = of;
  const call = { id: readText(of.id), name: readText(of.name) ?? '' };
  // Some servers (Ollama's older ones) send the object itself.
  const value = typeof raw === 'string' ? parseJson(raw) : raw;
  if (isJsonObject(value) && isCanonical(value)) return { ...call, arguments: value, argumentsText: null };
  const text = typeof raw === 'string' ? raw : raw === undefined ? '' : JSON.stringify(raw);
  return { ...call, arguments: {}, argumentsText: text.toWellFormed() };
}

/** Text as text, everything else as null. A lone surrogate has no UTF-8 form: it becomes U+FFFD. */
export function readText(value: unknown): string | null {
  return typeof value === 'string' ? value.toWellFormed() : null;
}

/** Text of a message: a string, or parts of which those named count. */
export function joinParts(content: unknown, types: readonly string[]): string {
  if (typeof content === 'string') return content.toWellFormed();
  return readObjects(content)
    .map((part) => (types.includes(String(part.type)) ? (readText(part.text) ?? '') : ''))
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
  const input = readCount(usage[names.input]);
  const output = readCount(usage[names.output]);
  if (input === null && output === null) return null;
  const inputTokens = input ?? 0;
  const outputTokens = output ?? 0;
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

function readCount(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a digest can be made of it: no 1e999, no lone surrogate, no two names that are one in NFC, not too deep. */
function isCanonical(value: JsonObject): boolean {
  try {
    // A record holds arguments a few levels down; the limit there must not be met by what passed here.
    canonicalJson([[[[value]]]]);
    return true;
  } catch {
    return false;
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const member of Object.values(value)) if (isDeeper(member, levels - 1)) return true;
  return false;
}
