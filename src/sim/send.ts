// Writes one whole HTTP answer. Status line, headers and body go out in one piece.
import type { ServerResponse } from 'node:http';
import { errorBody, type WireError } from './wire-error.ts';

export type Headers = { readonly [name: string]: string };

export type Answer = { readonly status: number; readonly body: string; readonly headers?: Headers };

export function sendJson(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, {
    server: 'expgraph-sim',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

export function sendError(response: ServerResponse, error: WireError, headers?: Headers): void {
  sendJson(response, { status: error.status, body: errorBody(error), headers: headers ?? {} });
}

/** The first half of the body as if it were all: the length fits, the JSON does not end. */
export function sendHalf(response: ServerResponse, { status, body, headers }: Answer): void {
  const half = Buffer.from(body).subarray(0, Math.floor(Buffer.byteLength(body) / 2));
  response.writeHead(status, {
    server: 'expgraph-sim',
    'content-type': 'application/json',
    'content-length': half.length,
    ...headers,
  });
  response.end(half);
}
