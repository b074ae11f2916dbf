// How an endpoint wants to be asked: what its refusals say of that is heeded once, said, and remembered for the worker's
// life. Only what leaves the question as it is: the name of a field, and whether the answer comes as a stream. Pure.
//
// ADD A WAY: a rule here, its wording as a row of tests/providers/openai-ways.test.ts, its row in docs/endpoints.md.
import type { EndpointSettings, Lesson } from '../core/endpoint-settings.ts';
import type { JsonObject } from '../core/json.ts';
import type { ModelRequest } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';

export type Way = {
  /** null = as the API has it. */
  readonly maxTokensField: string | null;
  /** null = nothing is said of it. */
  readonly stream: boolean | null;
  /** Whether a stream is asked for its usage. */
  readonly asksUsage: boolean;
};

/** One endpoint's ways, by model: one address may serve models of many kinds. */
export type Ways = {
  of(model: string): Way;
  /** @returns how to ask again; null = the failure does not say so */
  learn(input: Refusal): Way | null;
};

export type Refusal = {
  readonly failure: Failure;
  readonly request: ModelRequest;
  /** As it was sent. */
  readonly body: JsonObject;
  readonly way: Way;
};

/** A call is sent again so often at most: each of the rules may strike once. */
export const MOST_REPAIRS = 3;

export function makeWays(input: {
  readonly settings: EndpointSettings;
  readonly host: string;
  readonly say: (lesson: Lesson) => void;
}): Ways {
  const { settings, host, say } = input;
  const stream = settings.stream === 'auto' ? null : settings.stream === 'always';
  const first: Way = { maxTokensField: settings.maxTokensField, stream, asksUsage: true };
  const known = new Map<string, { way: Way; readonly tried: Set<string> }>();
  return {
    of: (model) => known.get(model)?.way ?? first,
    learn(refusal) {
      if (!isRefusal(refusal.failure)) return null;
      const { model } = refusal.request;
      const lesson = lessonOf(refusal, settings);
      if (lesson === null) return null;
      const { way, tried } = known.get(model) ?? { way: first, tried: new Set<string>() };
      const next = { ...way, ...lesson.change };
      const isNew = !isSame(next, way);
      // Refused both ways: the endpoint means something else.
      if (isNew && tried.has(lesson.id)) return null;
      tried.add(lesson.id);
      known.set(model, { way: next, tried });
      if (isNew && lesson.line !== null)
        say({ message: `${host}: ${model} ${lesson.says}`, line: lesson.line });
      return isSame(next, refusal.way) ? null : next;
    },
  };
}

/** Nobody was charged for such an answer. */
function isRefusal({ status }: Failure): boolean {
  return status !== null && REFUSING.has(status);
}

const REFUSING: ReadonlySet<number> = new Set([400, 404, 405, 406, 415, 422, 500, 501]);

type Learned = {
  readonly id: string;
  readonly change: Partial<Way>;
  readonly says: string;
  /** null = nothing that a user could set. */
  readonly line: string | null;
};

function lessonOf(refusal: Refusal, settings: EndpointSettings): Learned | null {
  const { failure, way } = refusal;
  const text = failure.message;
  if (way.stream !== true && settings.stream === 'auto' && ONLY_STREAMS.test(text)) {
    return {
      id: 'stream',
      change: { stream: true },
      line: 'stream: true',
      says: 'is served as a stream only; streams are asked for',
    };
  }
  if (way.stream === true && way.asksUsage && /stream_options|include_usage/i.test(text)) {
    return { id: 'usage', change: { asksUsage: false }, says: '', line: null };
  }
  return settings.maxTokensField === null ? renamed(refusal) : null;
}

/** Qwen on DashScope, QwQ, Codex' backend, proxies of many kinds. */
const ONLY_STREAMS = new RegExp(
  [
    /\bonly (supports?|allows?|accepts?|serves?|works? with|available (in|with|for|via)) (\w+[ -]){0,2}stream/,
    /\bstream\b['"`]?( parameter| field| mode)? (must|should|has to|needs to) be (set to |enabled|['"`]?true)/,
    /\bstream(ing)?( mode)? is (required|mandatory|enforced)/,
    /\b(must|please) (be |use |enable |set |turn on )(the )?['"`]?stream/,
    /\brequires? (a )?['"`]?stream(ing)?\b/,
    /\bnon-?stream(ing)?\b.{0,40}(\b(is|are) not|\bisn't|\bun)\s?(supported|allowed|available|implemented)/,
    /\bdoes ?(not|n't) support (the )?non-?stream/,
    /\bnot support(ed)? .{0,20}non-?stream/,
    /\bfor non-?streaming calls?\b/,
    /\bstream['"`]?\s*[=:]?\s*['"`]?false['"`]? (is|are) not (supported|allowed)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

/** Names for one thing, the commonest first. */
const NAMES = ['max_completion_tokens', 'max_tokens', 'max_output_tokens', 'max_new_tokens'];
const UNKNOWN_FIELD =
  /unsupported|not supported|does(n't| not) support|unrecogni[sz]ed|unknown|unexpected|not permitted|not allowed|extra[_ ](inputs?|forbidden|fields?)|no longer|deprecated|invalid (parameter|argument|field)|\buse ['"`]?max_/i;
/** The field is known and its value is not liked: another name would not help. */
const BAD_VALUE =
  /too (large|big|high|many|small|low)|at (most|least)|must be|less than|greater than|exceed|out of range/i;

function renamed({ failure, request, body }: Refusal): Learned | null {
  const text = failure.message;
  if (request.maxOutputTokens === null) return null;
  const sent = NAMES.find((name) => name in body && !(name in request.params));
  if (sent === undefined || !names(text, sent) || !UNKNOWN_FIELD.test(text)) return null;
  const told = NAMES.find((name) => name !== sent && names(text, name));
  if (told === undefined && BAD_VALUE.test(text)) return null;
  const field = told ?? (sent === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens');
  return {
    ...{ id: field, change: { maxTokensField: field }, line: `max_tokens_field: ${field}` },
    says: `refuses ${sent}; ${field} is sent instead`,
  };
}

function names(text: string, name: string): boolean {
  return new RegExp(`(?<![a-z_])${name}(?![a-z_])`, 'i').test(text);
}

function isSame(a: Way, b: Way): boolean {
  return a.maxTokensField === b.maxTokensField && a.stream === b.stream && a.asksUsage === b.asksUsage;
}

/** A refused temperature is part of what is asked: it is never left out in silence. The sentence says what to do. */
export function adviceOf({ failure, request }: Pick<Refusal, 'failure' | 'request'>): string {
  const { status, message } = failure;
  if (request.temperature === null || (status !== 400 && status !== 422)) return '';
  const isRefused =
    names(message, 'temperature') && (UNKNOWN_FIELD.test(message) || /only .{0,30}\b1\b/i.test(message));
  return isRefused ? ' (set temperature: null for this model: it is then not sent)' : '';
}

/** @param isChat only there a stream is asked for its usage; the other API tells it always */
export function streamFields(way: Pick<Way, 'stream' | 'asksUsage'>, isChat: boolean): JsonObject {
  if (way.stream === null) return {};
  if (!way.stream) return { stream: false };
  return { stream: true, ...(isChat && way.asksUsage ? { stream_options: { include_usage: true } } : {}) };
}
