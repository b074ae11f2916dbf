// A model server held by the test: the test sees each request and decides when and how it is answered.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { JsonObject } from '../../src/core/json.ts';

export type AnswerOptions = {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
};

export type HeldRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: JsonObject;
  /** Distinguishes connections: two requests with equal ports came over one. */
  readonly port: number;
  /** Settles when the other side has closed its end or the answer is out. */
  readonly closed: Promise<void>;
  answer(json: unknown, options?: AnswerOptions): void;
  /** Bytes as they are. */
  send(body: string | Uint8Array, options?: AnswerOptions): void;
  /** Closes the connection without a byte. */
  drop(): void;
  /** Promises a whole answer, sends half of it and closes. */
  half(json: unknown): void;
  /** The raw connection, for what is not HTTP. */
  readonly socket: Socket;
};

export type ModelServer = AsyncDisposable & {
  /** For base_url: http://127.0.0.1:PORT/v1 */
  readonly url: string;
  readonly requests: readonly HeldRequest[];
  /** The next request that no call of `next` has returned yet, now or when it comes. */
  next(): Promise<HeldRequest>;
  close(): Promise<void>;
};

export async function startModelServer(): Promise<ModelServer> {
  const requests: HeldRequest[] = [];
  const waiting: ((request: HeldRequest) => void)[] = [];
  let taken = 0;

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => {});
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const held: HeldRequest = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: text === '' ? {} : JSON.parse(text),
        port: incoming.socket.remotePort ?? 0,
        closed: new Promise((resolve) => response.once('close', resolve)),
        socket: incoming.socket,
        ...answers(response),
      };
      requests.push(held);
      const waiter = waiting.shift();
      if (waiter) {
        taken += 1;
        waiter(held);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    next() {
      const held = requests[taken];
      if (!held) return new Promise((resolve) => waiting.push(resolve));
      taken += 1;
      return Promise.resolve(held);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

type Answers = Pick<HeldRequest, 'answer' | 'send' | 'drop' | 'half'>;

function answers(response: ServerResponse): Answers {
  const send = (body: string | Uint8Array, options: AnswerOptions = {}) => {
    const headers = { 'content-type': 'application/json', ...options.headers };
    response.writeHead(options.status ?? 200, { 'content-length': Buffer.byteLength(body), ...headers });
    response.end(body);
  };
  return {
    send,
    answer: (json, options) => send(JSON.stringify(json), options),
    drop: () => void response.destroy(),
    half: (json) => {
      const text = JSON.stringify(json);
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      });
      response.write(text.slice(0, text.length / 2), () => response.destroy());
    },
  };
}
