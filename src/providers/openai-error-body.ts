// What an answer that is an error says, in whatever form: one ServerError, made by looking into every envelope that an API
// of this family puts around its words. Pure, but for the two wrappers of what sends: they hand error answers on in the form that is read here.
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { parseJson } from '../core/json-text.ts';
import { isDeeper, MAX_LEVELS } from '../core/untrusted-json.ts';
import type { LeanFetch } from './lean-fetch.ts';
import { makeLeanResponse } from './lean-response.ts';
import { joinStream } from './openai-stream.ts';
import type { ServerError } from './server-error.ts';

/**
 * @param value a whole body, parsed or as text, or what stands under its "error"
 * @param status of the answer; null where it was no error's. A code from 400 to 599, number or text, then stands in for it.
 */
export function readServerError(value: unknown, status: number | null): ServerError {
  const data = parsed(value);
  const isTooDeep = isDeeper(data, MAX_LEVELS);
  const found: Found = { codes: [], types: [], messages: [] };
  if (isTooDeep) found.messages.push(TOO_DEEP);
  else look(data, found, MAX_ENVELOPES);
  const whole = isTooDeep || typeof data !== 'object' ? '' : JSON.stringify(data);
  return {
    status: status ?? found.codes.map(Number).find(isStatus) ?? null,
    code: found.codes.find((code) => !isStatus(Number(code))) ?? null,
    type: found.types[0] ?? null,
    message: joined(found.messages) || (isEmpty(data) ? '' : whole),
    names: [...found.codes, ...found.types],
    whole: whole.slice(0, MAX_LOOKED_AT),
  };
}

/** An error in a body of success that no reader found where errors belong: MiniMax's base_resp, a bare {code, message}. */
export function findHiddenError(bytes: Uint8Array): ServerError | null {
  const body = parsed(Buffer.from(bytes).toString('utf8'));
  if (!isJsonObject(body) || isDeeper(body, MAX_LEVELS)) return null;
  if (isJsonObject(body.base_resp)) {
    return body.base_resp.status_code === 0 ? null : readServerError({ base_resp: body.base_resp }, null);
  }
  const isNamed = ERROR_MEMBERS.some((name) => body[name] !== undefined && !isEmpty(body[name]));
  const isBare =
    body.choices === undefined &&
    [body.message, body.msg, body.error_msg].some((text) => typeof text === 'string');
  return isNamed || (isBare && saysItFailed(body)) ? readServerError(body, null) : null;
}

/** A state that is well is put around answers of other forms, and is no error. */
function saysItFailed(body: JsonObject): boolean {
  const { code, error_code: errorCode, object, success, status } = body;
  if (object === 'error' || success === false || errorCode !== undefined) return true;
  if (code !== undefined) return !/^(0|200|null)$/.test(String(code));
  return typeof status === 'string' && /^(error|fail(ed|ure)?|[45]\d\d)$/i.test(status);
}

const ERROR_MEMBERS = ['error', 'errors', 'fault', 'detail'];

/** The SDK drops a body that has no member "error", and writes others into its message by recursion. */
export function withErrorBodies(send: LeanFetch): LeanFetch {
  return async (input, init) => {
    const answered = await send(input, init);
    if (answered.status < 300) return answered;
    const text = await answered.text();
    BODIES.set(answered.headers, text);
    if (!isDeeper(parsed(text), MAX_LEVELS)) return answered;
    const { status, statusText, headers, url } = answered;
    const body = Buffer.from(JSON.stringify({ error: { message: `${TOO_DEEP}: ${text.slice(0, 200)}` } }));
    return makeLeanResponse({ status, statusText, headers, url, body });
  };
}

/**
 * An error that was sent as an event, because a stream was asked for: its status counts, and its words are those of the event.
 * DashScope and LiteLLM answer a refused stream with status 400 and `data: {"error": ...}`.
 */
export function withJoinedErrors(send: LeanFetch): LeanFetch {
  return async (input, init) => {
    const answered = await send(input, init);
    if (answered.status < 300) return answered;
    const joined = joinStream(await answered.bytes(), answered.headers.get('content-type'));
    if (joined.kind !== 'whole') return answered;
    const { status, statusText, headers, url } = answered;
    const body = Buffer.from(new Uint8Array(joined.bytes));
    return makeLeanResponse({ status, statusText, headers, url, body });
  };
}

/** The body of an error answer, found by its headers: the only thing of it that the SDK hands on untouched. */
export function errorBodyOf(headers: Headers): string | null {
  return BODIES.get(headers) ?? null;
}

/** Of an error answer that came another way: its headers, which its body is found by. */
export function withErrorBody(headers: Headers, text: string): Headers {
  BODIES.set(headers, text);
  return headers;
}

const BODIES = new WeakMap<Headers, string>();
const TOO_DEEP = `an error nested deeper than ${MAX_LEVELS} levels`;
/** Envelope in envelope: a router's error that holds its upstream's as text needs five. */
const MAX_ENVELOPES = 8;
/** Of what rules look at: details of quotas come behind long messages. */
const MAX_LOOKED_AT = 16_000;
const MAX_MESSAGES = 3;

type Found = { readonly codes: string[]; readonly types: string[]; readonly messages: string[] };

const CODES = ['code', 'Code', 'error_code', 'errorCode', 'status_code', 'errorcode', '__type'];
const TYPES = ['type', 'error_type', 'errorType', 'status', 'reason'];
/** In the order in which they say most. */
const WORDS = [
  ...[
    'message',
    'Message',
    'msg',
    'status_msg',
    'error_msg',
    'errorMessage',
    'error_message',
    'error_description',
  ],
  ...['faultstring', 'detail', 'details', 'description', 'reason_message', 'title'],
];
const ENVELOPES = [
  ...[
    'error',
    'Error',
    'errors',
    'base_resp',
    'fault',
    'detail',
    'details',
    'message',
    'innererror',
    'inner_error',
  ],
  ...['metadata', 'raw', 'cause', 'response', 'body'],
];

function isStatus(code: number): boolean {
  return code >= 400 && code < 600;
}

function look(value: unknown, found: Found, levels: number): void {
  if (levels === 0) return;
  if (typeof value === 'string') {
    const text = value.trimStart().startsWith('<') ? titleOf(value) : value;
    const inner = innerJson(text);
    if (inner.before !== '') found.messages.push(inner.before);
    if (inner.value !== undefined) look(inner.value, found, levels - 1);
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value.slice(0, MAX_MESSAGES)) look(item, found, levels - 1);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const name of CODES) takeName(value[name], found.codes);
  if (typeof value.status === 'number') takeName(value.status, found.codes);
  for (const name of TYPES) if (typeof value[name] === 'string') takeName(value[name], found.types);
  const where = placeOf(value);
  for (const name of WORDS) {
    const words = value[name];
    if (typeof words !== 'string' || words.trim() === '') continue;
    look(where === null ? words : `${where}: ${words}`, found, levels - 1);
    // A title beside a message says it once more.
    break;
  }
  if (Array.isArray(value.reasons) && value.reasons.length > 0) {
    found.messages.push(`reasons: ${wordsOf(value.reasons).join(', ')}`);
  }
  for (const name of ENVELOPES) {
    const envelope = value[name];
    if (typeof envelope === 'object') look(envelope, found, levels - 1);
    else if (typeof envelope === 'string' && (name === 'error' || name === 'raw'))
      look(envelope, found, levels - 1);
  }
}

function takeName(value: unknown, into: string[]): void {
  if (typeof value === 'number' || (typeof value === 'string' && value !== ''))
    into.push(String(value).slice(0, 200));
}

/** FastAPI says which field it means: {"loc": ["body", "store"], "msg": ...}. */
function placeOf({ loc }: JsonObject): string | null {
  return Array.isArray(loc) && loc.length > 0 ? wordsOf(loc).join('.') : null;
}

/** What is no text and no number has no words: a member named toString would make a throw of them. */
function wordsOf(list: readonly unknown[]): readonly string[] {
  return list
    .slice(0, 8)
    .flatMap((item) =>
      typeof item === 'string' || typeof item === 'number' ? [String(item).slice(0, 80)] : [],
    );
}

/** JSON inside of a text, behind words or not: how routers hand on what their upstream said. */
function innerJson(text: string): { readonly before: string; readonly value?: unknown } {
  const start = text.search(/[[{]\s*["{[]/);
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  const value = start < 0 || end <= start ? undefined : parseJson(text.slice(start, end + 1));
  const isError = isJsonObject(value) || (Array.isArray(value) && value.every(isJsonObject));
  if (!isError || isDeeper(value, MAX_LEVELS)) return { before: text };
  return { before: text.slice(0, start).trim(), value };
}

/** Each once, the outer ones first: the last is the upstream's own. */
function joined(messages: readonly string[]): string {
  const texts: string[] = [];
  for (const message of messages) {
    const text = message.trim();
    if (text !== '' && texts.length < MAX_MESSAGES && !texts.some((other) => other.includes(text)))
      texts.push(text);
  }
  return texts
    .map((text, i) => (i < texts.length - 1 ? text.replace(/[\s:.,-]{1,9}$/, '') : text))
    .join(': ');
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.values(value).every(isEmpty);
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{"]/.test(value)) return value;
  return parseJson(value) ?? value;
}

/** Gateways answer with a page; its title is the message. Looked for by hand: the page may be megabytes. */
function titleOf(page: string): string {
  const head = page.slice(0, 10_000);
  const start = head.toLowerCase().indexOf('<title>');
  const end = start < 0 ? -1 : head.indexOf('<', start + 7);
  return end < 0 ? 'an HTML page' : `an HTML page, "${head.slice(start + 7, end).trim()}"`;
}
