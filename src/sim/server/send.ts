// Writes HTTP answers: whole ones in one piece, and those that are long or broken on purpose.
import type { ServerResponse } from 'node:http';
import { type Filler, fillerPiece } from '../player/filler.ts';
import { JSON_TYPE } from '../wire/api.ts';
import type { Dialect, Headers } from '../wire/dialect.ts';
import type { WireError } from '../wire/wire-error.ts';

export type Answer = {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly headers?: Headers;
  /** Left out = JSON. */
  readonly contentType?: string;
};

export function sendWhole(response: ServerResponse, { body, ...answer }: Answer): void {
  writeHead(response, { ...answer, bytes: Buffer.byteLength(body) });
  response.end(body);
}

export type ErrorAnswer = {
  readonly error: WireError;
  readonly dialect: Dialect;
  /** null = the request has none. */
  readonly requestId: string | null;
  readonly headers?: Headers;
};

export function sendError(
  response: ServerResponse,
  { error, dialect, requestId, headers = {} }: ErrorAnswer,
): void {
  const named = requestId === null ? {} : { [dialect.requestIdHeader]: requestId };
  const body = dialect.errorBody(error, requestId);
  sendWhole(response, { status: error.status, body, headers: { ...named, ...headers } });
}

/** A body with a filler in the middle, a block at a time and no faster than the client reads. */
export function sendFilled(
  response: ServerResponse,
  {
    body: [head, tail],
    filler,
    ...answer
  }: Omit<Answer, 'body'> & {
    readonly body: readonly [head: string, tail: string];
    readonly filler: Filler;
  },
): void {
  writeHead(response, { ...answer, bytes: Buffer.byteLength(head) + filler.bytes + Buffer.byteLength(tail) });
  // Short answers go out in one piece.
  response.cork();
  response.write(head);
  let at = 0;
  const go = (): void => {
    while (at < filler.bytes) {
      const piece = fillerPiece(filler, at);
      at += piece.length;
      if (!response.write(piece)) {
        response.once('drain', go);
        return;
      }
    }
    response.end(tail);
  };
  go();
  response.uncork();
}

/** A byte, and another one each time that `wait` calls back. */
export function sendDripping(
  response: ServerResponse,
  { body, wait, ...answer }: Answer & { readonly wait: (then: () => void) => void },
): void {
  const bytes = Buffer.from(body);
  writeHead(response, { ...answer, bytes: bytes.length });
  let at = 0;
  const go = (): void => {
    response.write(bytes.subarray(at, ++at));
    if (at < bytes.length) wait(go);
    else response.end();
  };
  go();
}

function writeHead(response: ServerResponse, of: Omit<Answer, 'body'> & { readonly bytes: number }): void {
  response.writeHead(of.status, {
    server: 'expgraph-sim',
    'content-type': of.contentType ?? JSON_TYPE,
    'content-length': of.bytes,
    ...of.headers,
  });
}
