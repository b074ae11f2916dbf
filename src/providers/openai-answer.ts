// From what came back to a ClientAnswer: a completion, or a failure with its kind, its wait and its words.
import type { Clock } from '../core/clock.ts';
import type { StatusRule } from '../core/endpoint-settings.ts';
import type { Completion, Failure, FailureKind, LimitsSeen, Usage } from '../core/outcome.ts';
import { unreachable } from '../core/result.ts';
import { adviceOn } from './advice.ts';
import { toUtf8 } from './charset.ts';
import { headersOf } from './lean-response.ts';
import { findHiddenError } from './openai-error-body.ts';
import { meaningOf, type ServerError } from './openai-failure.ts';
import { type BodyReader, readBody } from './openai-read.ts';
import { joinStream } from './openai-stream.ts';
import type { ClientAnswer } from './provider.ts';
import { readLimits } from './rate-limit-headers.ts';
import { exhaustedReset, type HeaderSource } from './reset-headers.ts';
import { boundWait, readAskedMs } from './retry-after.ts';
import { kindByRule } from './status-rules.ts';

/** What the words of a failure need. */
export type Teller = {
  readonly host: string;
  readonly apiKeyEnv: string | null;
  readonly clock: Clock;
  /** Makes text fit for a message: one line, bounded, without secrets. */
  readonly write: (text: string) => string;
  /** What the manifest makes of error answers, by status. */
  readonly onStatus?: { readonly [status: string]: StatusRule };
  /** Where the limit of a call is set. */
  readonly limitName?: string;
};

/** An answer with a status of success: still anything may be in it. */
export function tellBody(input: {
  readonly response: Response;
  readonly bytes: Uint8Array;
  readonly read: BodyReader;
  readonly teller: Teller;
}): ClientAnswer {
  const { response, teller } = input;
  const { status } = response;
  const headers = headersOf(response);
  const told = factsIn(headers);
  const joined = joinStream(input.bytes, headers.get('content-type'));
  if (joined.kind === 'cut-off' || joined.kind === 'broken') {
    const kind = joined.kind === 'cut-off' ? 'network' : 'invalid-response';
    const message = `${teller.host}: ${joined.message}`;
    const failed = tellFailure({ kind, status, message, ...told, teller });
    return joined.kind === 'broken'
      ? failed
      : withFacts(failed, { usage: usageIn(joined.bytes, input.read) });
  }
  const bytes = joined.kind === 'whole' ? joined.bytes : toUtf8(input.bytes, headers.get('content-type'));
  const answer = readBody(bytes, input.read);
  if (answer.kind === 'ok') {
    const completion = told.requestId === null ? answer.value : withoutId(answer.value);
    return { kind: 'completion', completion, ...told };
  }
  const problem = answer.error;
  const hidden = problem.kind === 'error-inside' ? null : findHiddenError(bytes);
  if (hidden !== null) {
    const usage = problem.kind === 'no-answer' ? problem.usage : null;
    const answered = tellServerError({ error: hidden, headers, teller });
    return withFacts(answered, { usage, ...startOf(bytes, teller) });
  }
  switch (problem.kind) {
    case 'not-an-answer': {
      const message = `${teller.host}: ${problem.message}`;
      const failed = tellFailure({ kind: 'invalid-response', status, message, ...told, teller });
      return withFacts(failed, { usage: null, ...startOf(bytes, teller) });
    }
    case 'no-answer': {
      const { failure: kind, usage } = problem;
      const message = `${teller.host}: ${problem.message}`;
      const failed = tellFailure({ kind, status, message, ...told, teller });
      return withFacts(failed, {
        usage,
        ...startOf(bytes, teller),
        ...(kind === 'overloaded' ? { isBegun: true } : { isOfPrompt: true }),
      });
    }
    case 'error-inside':
      return withFacts(tellServerError({ error: problem.error, headers, teller }), {
        usage: problem.usage,
        ...startOf(bytes, teller),
        ...(problem.hasBegun ? { isBegun: true } : {}),
      });
    default:
      return unreachable(problem);
  }
}

/** What half an answer says that it took. */
function usageIn(bytes: Uint8Array, read: BodyReader): Usage | null {
  const half = readBody(bytes, read);
  if (half.kind === 'ok') return half.value.usage;
  return 'usage' in half.error ? half.error.usage : null;
}

/** More than is shown: a secret that is cut in half would not be found. */
const MAX_BODY_READ = 16_000;

function startOf(bytes: Uint8Array, teller: Teller): Pick<Failure, 'body'> {
  const body = teller.write(Buffer.from(bytes.subarray(0, MAX_BODY_READ)).toString('utf8'));
  return body === '' ? {} : { body };
}

/** What an answer says that is none. */
function withFacts(
  answer: ClientAnswer,
  input: { readonly usage: Usage | null } & Pick<Failure, 'body' | 'isOfPrompt' | 'isBegun'>,
): ClientAnswer {
  const { usage, ...facts } = input;
  if (answer.kind === 'completion' && usage !== null)
    return { ...answer, completion: { ...answer.completion, usage } };
  if (answer.kind !== 'failure') return answer;
  return { ...answer, failure: { ...answer.failure, ...facts, ...(usage === null ? {} : { usage }) } };
}

/** The answer's own id says no more than the request's, which every support desk asks for. */
function withoutId(completion: Completion): Completion {
  if (completion.raw === undefined) return completion;
  const { id: _, ...raw } = completion.raw;
  if (Object.keys(raw).length > 0) return { ...completion, raw };
  const { raw: __, ...rest } = completion;
  return rest;
}

/** An answer that is no success, with what its body says. */
export function tellStatus(input: {
  readonly told: ServerError;
  readonly status: number;
  readonly headers: HeaderSource;
  readonly teller: Teller;
}): ClientAnswer {
  const { told, status, headers, teller } = input;
  const location = headers.get('location');
  const redirected =
    location && status < 400 ? `redirects are not followed; should base_url be ${location}?` : null;
  return tellServerError({ error: { ...told, message: redirected ?? told.message }, headers, teller });
}

export function tellServerError(input: {
  readonly error: ServerError;
  readonly headers: HeaderSource;
  readonly teller: Teller;
}): ClientAnswer {
  const { error, headers, teller } = input;
  const told = factsIn(headers);
  const { status } = error;
  const nowMs = teller.clock.now().getTime();
  const meaning = meaningOf(error, readAskedMs(headers, { status: status ?? 200, nowMs, error }));
  if (meaning.says === 'content') {
    return { kind: 'completion', completion: filtered(teller.write(error.message)), ...told };
  }
  const rule = status === null ? undefined : teller.onStatus?.[status];
  const kind = kindByRule(meaning.kind, rule);
  // What the manifest says of a status is said of all that it is answered to.
  const refuses = rule === undefined ? meaning.refuses : undefined;
  const advice = adviceOn(meaning, {
    error,
    apiKeyEnv: teller.apiKeyEnv,
    resetsIn: whenOver(exhaustedReset(headers, nowMs) ?? meaning.askedMs, nowMs),
  });
  // Cut before it: what to do stands at the end, and a server may send a page.
  const words = error.message.slice(0, MAX_WORDS) || 'no message';
  const message = `${teller.host} answered ${status ?? 'with an error'}: ${words}${advice && ` (${advice})`}`;
  const retryAfterMs = boundWait(meaning.askedMs);
  const failed = tellFailure({ kind, status, message, ...told, retryAfterMs, teller });
  if (failed.kind !== 'failure') return failed;
  if (meaning.says === 'unread' && rule === undefined) {
    const body = teller.write(error.whole);
    return { ...failed, failure: { ...failed.failure, isOfPrompt: true, ...(body === '' ? {} : { body }) } };
  }
  return refuses === undefined ? failed : { ...failed, failure: { ...failed.failure, refuses } };
}

/** Words of a server in one message; with the advice behind them they stay under what a message may hold. */
const MAX_WORDS = 1_600;

/** Gemini asks for seconds where a day is used up: that is no end of a limit that lasts. */
const MIN_LASTING_MS = 120_000;
const MAX_LASTING_MS = 400 * 86_400_000;

/** "in 13 h (2026-11-29 00:00 UTC)"; null where nobody says. */
function whenOver(ms: number | null, nowMs: number): string | null {
  if (ms === null || ms < MIN_LASTING_MS || ms > MAX_LASTING_MS) return null;
  const at = new Date(nowMs + ms).toISOString().slice(0, 16).replace('T', ' ');
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return `in ${minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`} (${at} UTC)`;
}

export function tellAbort(signal: AbortSignal, teller: Teller): ClientAnswer {
  const reason: unknown = signal.reason;
  if (!(reason instanceof Error && reason.name === 'TimeoutError')) return { kind: 'cancelled' };
  const message = `${teller.host} did not answer in time (${teller.limitName ?? 'execution.timeout'})`;
  return tellFailure({ kind: 'timeout', status: null, message, requestId: null, teller });
}

export function tellFailure(input: {
  readonly kind: FailureKind;
  readonly status: number | null;
  readonly message: string;
  readonly requestId: string | null;
  readonly limits?: LimitsSeen | null;
  readonly retryAfterMs?: number | null;
  readonly teller: Teller;
}): ClientAnswer {
  const { kind, status, limits = null, retryAfterMs = null } = input;
  const failure = { kind, status, message: input.teller.write(input.message), retryAfterMs };
  return { kind: 'failure', failure, requestId: bounded(input.requestId), limits };
}

/** The input was refused before a model saw it: an answer to this input, as a refusal is. */
function filtered(why: string): Completion {
  return {
    text: '',
    toolCalls: [],
    messages: [],
    finishReason: 'content_filter',
    refusal: why,
    usage: null,
    servedModel: null,
    systemFingerprint: null,
  };
}

/** What the headers of any answer tell. */
export function factsIn(headers: HeaderSource): {
  readonly requestId: string | null;
  readonly limits: LimitsSeen | null;
} {
  return { requestId: requestIdOf(headers), limits: readLimits(headers) };
}

/** Most vendors; Anthropic; AWS; Azure; Cohere. */
const REQUEST_IDS = ['x-request-id', 'request-id', 'x-amzn-requestid', 'apim-request-id', 'x-debug-trace-id'];

function requestIdOf(headers: HeaderSource): string | null {
  return bounded(REQUEST_IDS.reduce<string | null>((found, name) => found ?? headers.get(name), null));
}

/** Servers choose it, so it is bounded like everything else that is kept. */
function bounded(requestId: string | null): string | null {
  return requestId === null ? null : requestId.slice(0, 200);
}
