// Errors as the OpenAI API writes them: a status and a body that every client of that API can read.
export type WireError = {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
};

export function errorBody({ message, type, code, param }: WireError): string {
  return JSON.stringify({ error: { message, type, param, code } });
}

/** 400: the request is wrong, and would be wrong again. */
export function badRequest(
  message: string,
  at?: { readonly param?: string; readonly code?: string },
): WireError {
  return {
    status: 400,
    message,
    type: 'invalid_request_error',
    code: at?.code ?? null,
    param: at?.param ?? null,
  };
}

export const STREAM_REFUSED = badRequest(
  'The simulation does not stream. Leave "stream" out or set it to false.',
  { param: 'stream', code: 'unsupported_value' },
);

export function notFound(method: string, path: string): WireError {
  return {
    status: 404,
    message: `Unknown request URL: ${method} ${path.slice(0, 200)}.`,
    type: 'invalid_request_error',
    code: 'unknown_url',
    param: null,
  };
}

export function unauthorized(isKeySent: boolean): WireError {
  return {
    status: 401,
    message: isKeySent
      ? 'Incorrect API key provided.'
      : 'No API key provided. Send it in the Authorization header: "Bearer KEY".',
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    param: null,
  };
}

/** Which limit it was is the `type`, as OpenAI words it. */
export function rateLimited(
  of: 'requests' | 'tokens' | 'concurrency',
  retryAfterMs: number | null,
): WireError {
  const when = retryAfterMs === null ? 'Try again later.' : `Try again in ${retryAfterMs} ms.`;
  return {
    status: 429,
    message: `Rate limit reached for ${of} (simulated). ${when}`,
    type: of,
    code: 'rate_limit_exceeded',
    param: null,
  };
}

export function unavailable(status: number): WireError {
  return {
    status,
    message: 'The service is out of order for a while (simulated).',
    type: 'server_error',
    code: null,
    param: null,
  };
}

export function contextExceeded(is: { readonly tokens: number; readonly limit: number }): WireError {
  return badRequest(
    `This model's maximum context length is ${is.limit} tokens (simulated). The request has ${is.tokens} tokens.`,
    { param: 'messages', code: 'context_length_exceeded' },
  );
}

export const TOO_LARGE: WireError = {
  status: 413,
  message: 'The request body is larger than the simulation takes.',
  type: 'invalid_request_error',
  code: 'request_too_large',
  param: null,
};

export const SERVER_FAULT: WireError = {
  status: 500,
  message: 'The server had an error (simulated). Retry the request.',
  type: 'server_error',
  code: null,
  param: null,
};
