// What a body of Anthropic's or Gemini's holds beside the answer: kept as it came, less what the record says elsewhere. Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { parseObject } from '../core/json-text.ts';
import { mend } from '../core/untrusted-json.ts';
import { readObjects } from './openai-read.ts';
import type { Wire } from './wires.ts';

/** @param whole as it came, or parsed already @returns null where there is nothing, or where it came as a stream */
export function besideOf(wire: Wire, whole: unknown): JsonObject | null {
  const body = whole instanceof Uint8Array ? parsed(whole) : whole;
  if (!isJsonObject(body)) return null;
  const found = wire === 'messages' ? ofMessage(body) : wire === 'gemini' ? ofGemini(body) : {};
  if (Object.keys(found).length === 0) return null;
  const plain = mend(found);
  return plain.kind === 'ok' && isJsonObject(plain.value) ? plain.value : null;
}

function parsed(bytes: Uint8Array): JsonObject | null {
  return bytes[0] === 0x7b ? parseObject(Buffer.from(bytes).toString('utf8')) : null;
}

const MESSAGE = new Set(['id', 'type', 'role', 'model', 'content', 'stop_reason', 'usage']);
const MESSAGE_USAGE = new Set([
  'input_tokens',
  'output_tokens',
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
]);

function ofMessage(body: JsonObject): JsonObject {
  return withUsage(said(body, MESSAGE), said(body.usage, MESSAGE_USAGE), 'usage');
}

const GEMINI = new Set(['candidates', 'usageMetadata', 'modelVersion', 'responseId']);
const CANDIDATE = new Set(['content', 'finishReason', 'index']);
const GEMINI_USAGE = new Set([
  'promptTokenCount',
  'candidatesTokenCount',
  'totalTokenCount',
  'thoughtsTokenCount',
  'cachedContentTokenCount',
]);

function ofGemini(body: JsonObject): JsonObject {
  const [first, ...others] = readObjects(body.candidates);
  const found = withUsage(said(body, GEMINI), said(body.usageMetadata, GEMINI_USAGE), 'usage');
  const whole = withUsage(found, said(first, CANDIDATE), 'candidate');
  return others.length === 0 ? whole : { ...whole, candidates: others };
}

function withUsage(to: JsonObject, usage: JsonObject, name: string): JsonObject {
  return Object.keys(usage).length === 0 ? to : { ...to, [name]: usage };
}

/** Without what is kept elsewhere, and without what says nothing. */
function said(value: Json | undefined, known: ReadonlySet<string>): JsonObject {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(([name, member]) => !known.has(name) && saysSomething(member)),
  );
}

function saysSomething(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === 0) return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isJsonObject(value) || Object.values(value).some(saysSomething);
}
