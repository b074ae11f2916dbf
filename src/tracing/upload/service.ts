// One request to LangSmith's API, and what its answer means for whoever sends traces. Retries are the caller's.
import { parseJson } from '../../core/json-text.ts';
import type { Endpoint } from '../endpoint.ts';
import { type Body, jsonBody } from '../spans/wire.ts';

export type Answer =
  | { readonly kind: 'ok'; readonly body: unknown }
  /** It is there already: a create of one id is taken once. */
  | { readonly kind: 'duplicate' }
  /** It is not taken as it is: what it holds is wrong, or something is wrong with all that is sent. */
  | { readonly kind: 'refused'; readonly status: number; readonly why: string }
  | { readonly kind: 'too-large'; readonly why: string }
  | { readonly kind: 'missing'; readonly why: string }
  /** Somebody answers, and it is not LangSmith's API: a page, a proxy, another service. */
  | { readonly kind: 'stranger'; readonly why: string }
  | { readonly kind: 'unauthorized'; readonly why: string }
  /** Not now: told to wait, broken, or not reached at all. */
  | {
      readonly kind: 'busy';
      readonly isReached: boolean;
      readonly retryAfterMs: number | null;
      readonly why: string;
    };

export type Call = { readonly method: 'GET' | 'POST' | 'PATCH'; readonly path: string; readonly body?: Body };

export type Service = { readonly apiUrl: string; call(call: Call): Promise<Answer> };

/** An upload of some megabytes on a slow line takes its time; a dead one must not hold a batch for minutes. */
const TIMEOUT_MS = 30_000;
const WHY_CHARS = 300;

/** Never rejects. @param version of expgraph, for the service's logs. */
export function makeService(
  endpoint: Endpoint,
  input: { readonly version: string; readonly timeoutMs?: number },
): Service {
  const headers = {
    'x-api-key': endpoint.apiKey,
    'user-agent': `expgraph/${input.version}`,
    accept: 'application/json',
    ...(endpoint.workspace === null ? {} : { 'x-tenant-id': endpoint.workspace }),
  };
  return {
    apiUrl: endpoint.apiUrl,
    async call({ method, path, body }) {
      try {
        const response = await fetch(`${endpoint.apiUrl}${path}`, {
          method,
          headers: { ...headers, ...body?.headers },
          ...(body === undefined ? {} : { body: body.bytes }),
          // A redirect would take the key along.
          redirect: 'manual',
          signal: AbortSignal.timeout(input.timeoutMs ?? TIMEOUT_MS),
        });
        const text = await response.text();
        return answerOf({
          status: response.status,
          text,
          retryAfter: response.headers.get('retry-after'),
          location: response.headers.get('location'),
          endpoint,
        });
      } catch (cause) {
        return { kind: 'busy', isReached: false, retryAfterMs: null, why: reasonOf(cause) };
      }
    },
  };
}

export function post(service: Service, path: string, value: unknown): Promise<Answer> {
  return service.call({ method: 'POST', path, body: jsonBody(value) });
}

export function patch(service: Service, path: string, value: unknown): Promise<Answer> {
  return service.call({ method: 'PATCH', path, body: jsonBody(value) });
}

export function get(service: Service, path: string): Promise<Answer> {
  return service.call({ method: 'GET', path });
}

function answerOf(input: {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
  readonly location: string | null;
  readonly endpoint: Endpoint;
}): Answer {
  const { status } = input;
  if (status >= 200 && status < 300) return bodyOf(status, input.text);
  // What a server says may hold anything, even what it was sent.
  const said = input.text
    .replaceAll(input.endpoint.apiKey, '[redacted]')
    .replace(/\s+/g, ' ')
    .slice(0, WHY_CHARS);
  const why = `${status}${said === '' ? '' : `: ${said}`}`;
  if (status >= 300 && status < 400) {
    const to =
      input.location !== null && URL.canParse(input.location) ? new URL(input.location).origin : 'elsewhere';
    return { kind: 'stranger', why: `it answers ${status} and points to ${to}` };
  }
  if (status === 409) return { kind: 'duplicate' };
  if (status === 401 || status === 403) return { kind: 'unauthorized', why };
  if (status === 404) return { kind: 'missing', why };
  if (status === 413) return { kind: 'too-large', why };
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { kind: 'busy', isReached: true, retryAfterMs: waitOf(input.retryAfter), why };
  }
  return { kind: 'refused', status, why };
}

/** What took something says so in JSON or says nothing: a page for people took nothing. */
function bodyOf(status: number, text: string): Answer {
  if (text.trim() === '') return { kind: 'ok', body: null };
  const body = parseJson(text);
  if (body !== undefined) return { kind: 'ok', body };
  const what = /^\s*</.test(text) ? 'a page (HTML)' : 'what is no JSON';
  return { kind: 'stranger', why: `it answers ${status} with ${what}` };
}

/** Seconds, or a date. */
function waitOf(retryAfter: string | null): number | null {
  if (retryAfter === null) return null;
  const seconds = Number(retryAfter);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

function reasonOf(cause: unknown): string {
  const error = cause as Error & { readonly cause?: { readonly code?: string; readonly message?: string } };
  if (error.name === 'TimeoutError') return 'no answer in time';
  return error.cause?.code ?? error.cause?.message ?? error.message;
}
