// From what came back to a ClientAnswer: a completion, or a failure with its kind, its wait and its words.
import type { Clock } from '../core/clock.ts';
import type { StatusRule } from '../core/endpoint-settings.ts';
import type { Completion, FailureKind, LimitsSeen } from '../core/outcome.ts';
import { unreachable } from '../core/result.ts';
import { classifyServerError, isContentFilter, type ServerError } from './openai-failure.ts';
import { type BodyReader, readBody } from './openai-read.ts';
import { joinStream } from './openai-stream.ts';
import type { ClientAnswer } from './provider.ts';
import { readLimits } from './rate-limit-headers.ts';
import { readRetryAfterMs } from './retry-after.ts';
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
export function tellBody(of: {
  readonly response: Response;
  readonly bytes: Uint8Array;
  readonly read: BodyReader;
  readonly teller: Teller;
}): ClientAnswer {
  const { response, teller } = of;
  const { headers, status } = response;
  const told = { requestId: requestIdOf(headers), limits: readLimits(headers) };
  const joined = joinStream(of.bytes, headers.get('content-type'));
  if (joined.kind === 'cut-off' || joined.kind === 'broken') {
    const kind = joined.kind === 'cut-off' ? 'network' : 'invalid-response';
    return tellFailure({ kind, status, message: `${teller.host}: ${joined.message}`, ...told, teller });
  }
  const answer = readBody(joined.kind === 'whole' ? joined.bytes : of.bytes, of.read);
  if (answer.kind === 'ok') return { kind: 'completion', completion: answer.value, ...told };
  const problem = answer.error;
  switch (problem.kind) {
    case 'not-an-answer': {
      const message = `${teller.host}: ${problem.message}`;
      return tellFailure({ kind: 'invalid-response', status, message, ...told, teller });
    }
    case 'error-inside':
      return tellServerError({ error: problem.error, headers, teller });
    default:
      return unreachable(problem);
  }
}

export function tellServerError(of: {
  readonly error: ServerError;
  readonly headers: Headers;
  readonly teller: Teller;
}): ClientAnswer {
  const { error, headers, teller } = of;
  const told = { requestId: requestIdOf(headers), limits: readLimits(headers) };
  if (isContentFilter(error)) {
    return { kind: 'completion', completion: filtered(teller.write(error.message)), ...told };
  }
  const { status } = error;
  const rule = status === null ? undefined : teller.onStatus?.[status];
  const kind = kindByRule(classifyServerError(error), rule);
  const advice =
    kind === 'unauthorized' && rule === undefined && teller.apiKeyEnv !== null
      ? ` (check ${teller.apiKeyEnv})`
      : '';
  const message = `${teller.host} answered ${status ?? 'with an error'}: ${error.message || 'no message'}${advice}`;
  const nowMs = teller.clock.now().getTime();
  const retryAfterMs = readRetryAfterMs(headers, { status: status ?? 200, nowMs });
  return tellFailure({ kind, status, message, ...told, retryAfterMs, teller });
}

export function tellAbort(signal: AbortSignal, teller: Teller): ClientAnswer {
  const reason: unknown = signal.reason;
  if (!(reason instanceof Error && reason.name === 'TimeoutError')) return { kind: 'cancelled' };
  const message = `${teller.host} did not answer in time (${teller.limitName ?? 'execution.timeout'})`;
  return tellFailure({ kind: 'timeout', status: null, message, requestId: null, teller });
}

export function tellFailure(of: {
  readonly kind: FailureKind;
  readonly status: number | null;
  readonly message: string;
  readonly requestId: string | null;
  readonly limits?: LimitsSeen | null;
  readonly retryAfterMs?: number | null;
  readonly teller: Teller;
}): ClientAnswer {
  const { kind, status, limits = null, retryAfterMs = null } = of;
  const failure = { kind, status, message: of.teller.write(of.message), retryAfterMs };
  return { kind: 'failure', failure, requestId: bounded(of.requestId), limits };
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

function requestIdOf(headers: Headers): string | null {
  return bounded(headers.get('x-request-id') ?? headers.get('request-id'));
}

/** Servers choose it, so it is bounded like everything else that is kept. */
function bounded(requestId: string | null): string | null {
  return requestId === null ? null : requestId.slice(0, 200);
}
