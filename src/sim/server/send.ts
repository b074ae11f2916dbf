// Writes HTTP answers: whole ones in one piece, and those that are long or broken on purpose.
import type { ServerResponse } from 'node:http';
import { type Filler, fillerPiece } from '../player/filler.ts';
import { errorBody, type WireError } from '../wire/wire-error.ts';

export type Headers = { readonly [name: string]: string };

export type Answer = {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly headers?: Headers;
};

export function sendJson(response: ServerResponse, { status, body, headers }: Answer): void {
  writeHead(response, { status, bytes: Buffer.byteLength(body), headers });
  response.end(body);
}

export function sendError(response: ServerResponse, error: WireError, headers?: Headers): void {
  sendJson(response, { status: error.status, body: errorBody(error), headers: headers ?? {} });
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

function writeHead(
  response: ServerResponse,
  of: { readonly status: number; readonly bytes: number; readonly headers?: Headers | undefined },
): void {
  response.writeHead(of.status, {
    server: 'expgraph-sim',
    'content-type': 'application/json',
    'content-length': of.bytes,
    ...of.headers,
  });
}
