// From an error answer to a kind of failure. Pure: the status first, then the few codes and words that say more.
import type { FailureKind } from '../core/outcome.ts';

/** An error as servers of this family send it: {"error": {"message", "type", "code"}}. */
export type ServerError = {
  readonly status: number | null;
  readonly code: string | null;
  readonly type: string | null;
  readonly message: string;
};

export function classifyServerError(error: ServerError): FailureKind {
  const { status } = error;
  if (isQuota(error)) return 'quota-exhausted';
  if (isContext(error)) return 'context-exceeded';
  if (status === null) return classifyByCode(error);
  // A gateway that refuses one input for its content must not look like a wrong key, which stops everything.
  if (status === 403 && /moderation|flagged/i.test(error.message)) return 'bad-request';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 429) return 'rate-limited';
  if (status === 408) return 'timeout';
  // 409: a lock of the server, gone in a moment. 529: Anthropic's "overloaded".
  if (status === 409 || status >= 500) return 'overloaded';
  return 'bad-request';
}

/** Azure refuses a prompt with status 400 where others answer with finish_reason content_filter: one thing, one form. */
export function isContentFilter({ status, code }: ServerError): boolean {
  return status === 400 && code === 'content_filter';
}

/**
 * By code only: Gemini's compatible endpoint words its ordinary limit per minute as "You exceeded your current quota,
 * please check your plan and billing details", and taking that for an empty account would stop the invocation.
 */
function isQuota({ status, code, type }: ServerError): boolean {
  return status === 402 || [code, type].some((name) => name !== null && QUOTA_CODE.test(name));
}

const QUOTA_CODE = /^(insufficient_quota|insufficient_balance|insufficient_credits|billing_[a-z_]{1,60})$/;

function isContext({ status, code, type, message }: ServerError): boolean {
  if ([code, type].some((name) => name !== null && CONTEXT_CODES.has(name))) return true;
  // Words count only where the request is blamed; a 429 or 500 may quote anything.
  const blamesRequest = status === 400 || status === 404 || status === 413 || status === 422;
  return blamesRequest && CONTEXT_WORDS.test(message);
}

const CONTEXT_CODES = new Set([
  'context_length_exceeded',
  'exceed_context_size_error',
  'context_window_exceeded',
]);
const CONTEXT_WORDS =
  /maximum context length|context (length|window|size)( is| was)? exceeded|(exceeds?|exceeded|larger than|longer than) (the |this |its )?(model'?s? )?(available |maximum |max )?context|prompt is too long|input is too long|too many input tokens/i;

/** Where an error came without a status of its own: inside an answer with status 200. */
function classifyByCode({ code, type }: ServerError): FailureKind {
  for (const name of [code, type]) {
    if (name === 'rate_limit_exceeded' || name === 'too_many_requests') return 'rate-limited';
    if (name === 'server_error' || name === 'overloaded_error' || name === 'vector_store_timeout')
      return 'overloaded';
    if (name === 'invalid_api_key' || name === 'authentication_error') return 'unauthorized';
  }
  // invalid_prompt, image errors and whatever comes: the same request would fail again.
  return code === null && type === null ? 'invalid-response' : 'bad-request';
}
