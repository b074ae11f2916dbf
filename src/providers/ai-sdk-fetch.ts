// What a package sends with: our own connections, and everything that they carried is seen. A package hands its errors on in its own
// words; what the server said is read from here.
import { AsyncLocalStorage } from 'node:async_hooks';
import { type EndpointSettings, NO_SETTINGS } from '../core/endpoint-settings.ts';
import type { LeanFetch } from './lean-fetch.ts';
import { asBuiltIn } from './lean-response.ts';
import { TransportError } from './transport-error.ts';

/** What one call of a package has asked and was answered so far. */
export type Seen = {
  url: string | null;
  /** As it was sent. */
  body: string | null;
  headers: RequestInit['headers'];
  response: Response | null;
  /** What the connection ended with, where no answer came. */
  thrown: unknown;
  /** Answers in the place of the server; null = the server is asked. */
  readonly play: ((url: string) => Response) | null;
};

export function nothingSeen(play: Seen['play'] = null): Seen {
  return { url: null, body: null, headers: undefined, response: null, thrown: null, play };
}

/** By the call that it belongs to: a provider is made once, and many calls are under way. */
const calls = new AsyncLocalStorage<Seen>();

/** Does `work`, and notes in `seen` what its package asks meanwhile. */
export function seeing<Value>(seen: Seen, work: () => Value): Value {
  return calls.run(seen, work);
}

/** @param of.send whoever makes the requests: connections, or somebody who only looks */
export function makeSeenFetch(of: {
  readonly send: LeanFetch;
  readonly settings: EndpointSettings | undefined;
  readonly apiKey: string | null;
}): LeanFetch {
  const { auth, query } = of.settings ?? NO_SETTINGS;
  const hasQuery = Object.keys(query).length > 0;
  return async (input, init = {}) => {
    const asked = input instanceof Request ? input.url : String(input);
    const url = hasQuery ? withQuery(asked, query) : asked;
    const headers = init.headers ?? (input instanceof Request ? input.headers : undefined);
    const sent =
      auth === 'bearer' ? { ...init, headers } : { ...init, headers: authorised(headers, auth, of.apiKey) };
    const seen = calls.getStore();
    const isPost = (init.method ?? 'GET').toUpperCase() === 'POST';
    // Tokens and files that a package fetches beside the call are none of it.
    if (seen === undefined || !isPost) return asBuiltIn(await of.send(url, sent as RequestInit));
    if (hasQuery && isSigned(headers))
      throw new TransportError({ kind: 'bad-request', message: SIGNED, isUnsent: true });
    const body = textOf(init.body);
    // What a package asks again by itself would be paid twice. An answer that it has to fetch in pieces it asks for otherwise.
    if (seen.url === url && seen.body === body)
      throw new TransportError({ kind: 'bad-request', message: AGAIN, isUnsent: true });
    Object.assign(seen, { url, headers: sent.headers, body, response: null, thrown: null });
    try {
      const response = seen.play === null ? await of.send(url, sent as RequestInit) : seen.play(url);
      seen.response = response;
      return asBuiltIn(response);
    } catch (error) {
      seen.thrown = error;
      throw error;
    }
  };
}

const AGAIN =
  'the package asked the same address again by itself: set its retries to none, they are expgraph’s';

/** By AWS's scheme, over its whole address. */
function isSigned(headers: RequestInit['headers']): boolean {
  return /^AWS4-/.test(new Headers(headers).get('authorization') ?? '');
}

const SIGNED =
  'requests of this account are signed with their address by its package: "query" would break the signature, leave it out';

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : '';
}

function withQuery(url: string, query: EndpointSettings['query']): string {
  const whole = new URL(url);
  for (const [name, value] of Object.entries(query)) whole.searchParams.set(name, value);
  return whole.href;
}

/** Headers in which packages send a key. */
export const KEY_HEADERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'];

function authorised(
  given: RequestInit['headers'],
  auth: 'api-key' | 'x-api-key' | 'none',
  apiKey: string | null,
): { [name: string]: string } {
  const headers = new Headers(given);
  for (const name of KEY_HEADERS) headers.delete(name);
  if (auth !== 'none' && apiKey !== null) headers.set(auth, apiKey);
  return Object.fromEntries(headers);
}
