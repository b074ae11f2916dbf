// Decides what becomes of each call to the model: refused, struck by a fault, or played; and counts it.
//
//   arrived -> 401 -> 429 (bucket) -> fate rolled -> 400 (read) -> wait -> answered | error | dropped | halved
//                                          \-> hung: waits until the client goes
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { SimSettings } from '../core/manifest.ts';
import { err, ok, type Result, unreachable } from '../core/result.ts';
import { answer } from './answer.ts';
import { type Bucket, makeBucket, type Token } from './bucket.ts';
import { type Fate, makeFates } from './fates.ts';
import { type Followed, follow, type Tokens } from './follow.ts';
import { type Headers, sendError, sendHalf, sendJson } from './send.ts';
import type { Counters } from './stats.ts';
import type { Api } from './wire.ts';
import {
  badRequest,
  contextExceeded,
  rateLimited,
  SERVER_FAULT,
  unauthorized,
  type WireError,
} from './wire-error.ts';
import { promptTokens, writeReply } from './wire-fields.ts';

export type DeskOptions = {
  readonly settings: SimSettings;
  readonly apiKey: string | null;
  readonly contextTokens: number | null;
  readonly clock: Clock;
  readonly counters: Counters;
};

export type Call = {
  readonly api: Api;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
};

export function makeDesk(options: DeskOptions): (call: Call) => void {
  const { settings, clock, counters } = options;
  const nextFate = makeFates(settings);
  const bucket = bucketOf(settings);
  return (call) => {
    const { request, response } = call;
    const id = `sim_${settings.seed}_${++counters.requests}`;
    const followed = follow(response, { counters, clock });
    const named: Headers = { 'x-request-id': `req_${id}` };
    if (options.apiKey !== null && request.headers.authorization !== `Bearer ${options.apiKey}`) {
      followed.end('rejected');
      return sendError(response, unauthorized(request.headers.authorization !== undefined), named);
    }
    const token = bucket?.take(clock.monotonicMs()) ?? null;
    const headers = token && bucket ? { ...named, ...limitHeaders(bucket, token) } : named;
    if (token && !token.isTaken) {
      followed.end('rate_limited');
      return sendError(response, rateLimited(token.waitMs), { ...headers, ...retryHeaders(token.waitMs) });
    }
    const { kind, delayMs } = nextFate();
    if (kind === 'hung') return followed.end('hung');
    const played = play(call, { options, id });
    if (played.kind === 'err') {
      followed.end('rejected');
      return sendError(response, played.error, headers);
    }
    followed.wait(delayMs, () => deliver(kind, { call, followed, headers, played: played.value }));
  };
}

type Delivery = {
  readonly call: Call;
  readonly followed: Followed;
  readonly headers: Headers;
  readonly played: Played;
};

function deliver(kind: Exclude<Fate['kind'], 'hung'>, { call, followed, headers, played }: Delivery): void {
  const answered = { status: 200, body: played.body, headers };
  switch (kind) {
    case 'answered':
      followed.answer(played);
      sendJson(call.response, answered);
      break;
    case 'halved':
      followed.end('halved');
      sendHalf(call.response, answered);
      break;
    case 'error':
      followed.end('errors');
      sendError(call.response, SERVER_FAULT, headers);
      break;
    case 'dropped':
      followed.end('dropped');
      call.request.socket.destroy();
      break;
    default:
      unreachable(kind);
  }
}

type Played = Tokens & { readonly body: string };

function play(
  call: Call,
  at: { readonly options: DeskOptions; readonly id: string },
): Result<Played, WireError> {
  const { options, id } = at;
  try {
    const parsed = parseBody(call.body);
    if (parsed === null) return err(badRequest('The body of the request is not a JSON object.'));
    const prompt = call.api.read(parsed);
    if (prompt.kind === 'err') return prompt;
    const inputTokens = promptTokens(prompt.value);
    const limit = options.contextTokens;
    if (limit !== null && inputTokens > limit) return err(contextExceeded({ tokens: inputTokens, limit }));
    const reply = answer({ request: prompt.value, run: runOf(call.request) });
    const written = writeReply(reply, prompt.value.maxOutputTokens);
    const createdAt = Math.floor(options.clock.now().getTime() / 1000);
    const body = call.api.write({ prompt: prompt.value, written, inputTokens, id, createdAt });
    return ok({ body, inputTokens, outputTokens: written.tokens });
  } catch (cause) {
    // Only nesting that overflows the stack comes here; anything else is a bug and has to be seen.
    if (cause instanceof RangeError) return err(badRequest('The request is nested too deeply.'));
    throw cause;
  }
}

function parseBody(body: string): JsonObject | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Which repeat is asked for. Without the header it is the first: the same request gets the same answer. */
function runOf(request: IncomingMessage): number {
  const run = Number(request.headers['x-expgraph-run'] ?? 1);
  return Number.isSafeInteger(run) && run >= 1 ? run : 1;
}

function bucketOf(settings: SimSettings): Bucket | null {
  const rate = settings.ratePerSecond;
  if (rate === null || rate <= 0) return null;
  return makeBucket(rate, Math.max(1, settings.burst ?? Math.ceil(rate)));
}

function limitHeaders(bucket: Bucket, { left, fullInMs }: Token): Headers {
  return {
    'x-ratelimit-limit-requests': String(bucket.limit),
    'x-ratelimit-remaining-requests': String(left),
    'x-ratelimit-reset-requests': `${fullInMs}ms`,
  };
}

/** `retry-after` knows whole seconds only; clients that know better read the other. */
function retryHeaders(waitMs: number): Headers {
  return { 'retry-after': String(Math.ceil(waitMs / 1000)), 'retry-after-ms': String(waitMs) };
}
