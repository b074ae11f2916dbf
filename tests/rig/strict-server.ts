// An endpoint with a will of its own: it says what the test lets it say, in turns, and refuses requests as the test tells it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../src/core/json.ts';

export type Refusal = { readonly status: number; readonly body: unknown };

export type StrictServer = AsyncDisposable & {
  readonly url: string;
  /** Bodies of all requests, refused ones included. */
  readonly bodies: readonly JsonObject[];
};

/** @param of.answer the whole answer to a request that is not refused; `turn` counts from 1 and by the model's own turns */
export async function startStrictServer(of: {
  readonly answer: (body: JsonObject, turn: number) => unknown;
  readonly refuse?: (body: JsonObject) => Refusal | null;
}): Promise<StrictServer> {
  const bodies: JsonObject[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => {});
    incoming.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonObject;
      bodies.push(body);
      const refusal = of.refuse?.(body) ?? null;
      const { status, body: said } = refusal ?? { status: 200, body: of.answer(body, turnOf(body)) };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

type Said = { readonly role?: string; readonly type?: string };

/** A turn is over with its results: the number of stretches of them, and one. */
function turnOf({ messages, input }: JsonObject): number {
  const said = (messages ?? input) as readonly Said[];
  const isResult = ({ role, type }: Said): boolean =>
    role === 'tool' || role === 'function' || type?.endsWith('_call_output') === true;
  return said.filter((one, n) => isResult(one) && !(said[n + 1] && isResult(said[n + 1]!))).length + 1;
}

export function refusal(message: string, status = 400): Refusal {
  return { status, body: { error: { message, type: 'invalid_request_error', param: null, code: null } } };
}
