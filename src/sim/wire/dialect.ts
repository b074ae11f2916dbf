// How an API speaks beside its answers: errors, the id of a request, limits and waits.
import { errorBody, type WireError } from './wire-error.ts';

export type Headers = { readonly [name: string]: string };

/** What is left of a limit, and when it will be whole again. */
export type LimitTold = {
  readonly name: 'requests' | 'tokens';
  readonly limit: number;
  readonly left: number;
  readonly fullInMs: number;
};

/** `ms`: null = whole seconds are all that is said. */
export type WaitTold = { readonly seconds: number; readonly ms: number | null };

export type Dialect = {
  readonly requestIdHeader: string;
  readonly errorBody: (error: WireError, requestId: string | null) => string;
  readonly limitHeaders: (limits: readonly LimitTold[], now: Date) => Headers;
  readonly waitHeaders: (wait: WaitTold) => Headers;
};

/** The limit is what the bucket holds, the reset is when it will be full again. */
export const OPENAI: Dialect = {
  requestIdHeader: 'x-request-id',
  errorBody,
  limitHeaders: (limits) =>
    Object.fromEntries(
      limits.flatMap(({ name, limit, left, fullInMs }) => [
        [`x-ratelimit-limit-${name}`, String(limit)],
        [`x-ratelimit-remaining-${name}`, String(left)],
        [`x-ratelimit-reset-${name}`, `${fullInMs}ms`],
      ]),
    ),
  // `retry-after` knows whole seconds only; clients that know better read the other.
  waitHeaders: ({ seconds, ms }) => ({
    'retry-after': String(seconds),
    ...(ms === null ? {} : { 'retry-after-ms': String(ms) }),
  }),
};

/** https://platform.claude.com/docs/en/api/errors and /en/api/rate-limits */
export const ANTHROPIC: Dialect = {
  requestIdHeader: 'request-id',
  errorBody: (error, requestId) =>
    JSON.stringify({
      type: 'error',
      error: { type: anthropicErrorType(error.status), message: error.anthropic ?? error.message },
      request_id: requestId,
    }),
  limitHeaders: (limits, now) =>
    Object.fromEntries(
      limits.flatMap(({ name, limit, left, fullInMs }) => [
        [`anthropic-ratelimit-${name}-limit`, String(limit)],
        [`anthropic-ratelimit-${name}-remaining`, String(left)],
        [`anthropic-ratelimit-${name}-reset`, secondsUp(new Date(now.getTime() + fullInMs))],
      ]),
    ),
  waitHeaders: ({ seconds }) => ({ 'retry-after': String(seconds) }),
};

const ERROR_TYPES: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
]);

export function anthropicErrorType(status: number): string {
  return ERROR_TYPES.get(status) ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
}

/** Moments of limits have whole seconds; one that is told too early would be refused once more. */
function secondsUp(at: Date): string {
  return new Date(Math.ceil(at.getTime() / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
