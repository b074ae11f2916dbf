// What goes wrong: a status, and the words of each API for it. The body is OpenAI's; how others write it, their dialect says.
export type WireError = {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
  /** As the API of Anthropic words it; left out = in the same words. */
  readonly anthropic?: string;
};

export function errorBody({ message, type, code, param }: WireError): string {
  return JSON.stringify({ error: { message, type, param, code } });
}

function refusal(status: number, message: string, code: string | null = null): WireError {
  return { status, message, type: 'invalid_request_error', code, param: null };
}

function failure(status: number, message: string): WireError {
  return { status, message, type: 'server_error', code: null, param: null };
}

/** 400: the request is wrong, and would be wrong again. */
export function badRequest(
  message: string,
  about: { readonly param?: string; readonly code?: string } = {},
): WireError {
  return { ...refusal(400, message, about.code), param: about.param ?? null };
}

export const STREAM_REFUSED = badRequest(
  'The simulation does not stream. Leave "stream" out or set it to false.',
  { param: 'stream', code: 'unsupported_value' },
);

export function notFound(method: string, path: string): WireError {
  return refusal(404, `Unknown request URL: ${method} ${path.slice(0, 200)}.`, 'unknown_url');
}

export function unauthorized(isKeySent: boolean): WireError {
  const message = isKeySent
    ? 'Incorrect API key provided.'
    : 'No API key provided. Send it in the Authorization header: "Bearer KEY".';
  const anthropic = isKeySent ? 'invalid x-api-key' : 'x-api-key header is required';
  return { ...refusal(401, message, 'invalid_api_key'), anthropic };
}

/** Which limit it was is the `type`, as OpenAI words it. */
export function rateLimited(
  limit: 'requests' | 'tokens' | 'concurrency',
  retryAfterMs: number | null,
): WireError {
  const when = retryAfterMs === null ? 'Try again later.' : `Try again in ${retryAfterMs} ms.`;
  const message = `Rate limit reached for ${limit} (simulated). ${when}`;
  const anthropic = `This request would exceed your account's rate limit of ${limit} (simulated). ${when}`;
  return { ...refusal(429, message, 'rate_limit_exceeded'), type: limit, anthropic };
}

export function unavailable(status: number): WireError {
  const error = failure(status, 'The service is out of order for a while (simulated).');
  return status === 529 ? { ...error, anthropic: 'Overloaded' } : error;
}

/** What an answers file says in the place of an answer. */
export function scriptedError(status: number, message: string | null): WireError {
  const words = message ?? `A scripted error of the simulation (${status}).`;
  return status >= 500 ? failure(status, words) : refusal(status, words);
}

export function contextExceeded(tokens: number, limit: number): WireError {
  const message = `This model's maximum context length is ${limit} tokens (simulated). The request has ${tokens} tokens.`;
  return {
    ...badRequest(message, { param: 'messages', code: 'context_length_exceeded' }),
    anthropic: `prompt is too long: ${tokens} tokens > ${limit} maximum`,
  };
}

export const TOO_LARGE = refusal(
  413,
  'The request body is larger than the simulation takes.',
  'request_too_large',
);

export const SERVER_FAULT = failure(500, 'The server had an error (simulated). Retry the request.');

/** Something that has an address, and is not there. */
export function missing(what: string, id: string): WireError {
  return {
    ...refusal(404, `No such ${what}: ${id.slice(0, 200)}`),
    anthropic: `No ${what} found with ID ${id.slice(0, 200)}`,
  };
}
