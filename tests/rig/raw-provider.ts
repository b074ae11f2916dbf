// A provider that may answer with any bytes at all: it reads requests properly and leaves the connection to the row.
import { createServer, type Socket } from 'node:net';
import { chatAnswer } from './model-calls.ts';

export type RawCall = {
  /** The last message of a user, as small experiments write it: `say 3` of scenario s3. */
  readonly scenario: string;
  /** The last word of the system text, where there is one: `be asked` of variant asked. */
  readonly variant: string;
  /** From 1, of calls for this scenario and variant. */
  readonly attempt: number;
  readonly socket: Socket;
};

export type RawProvider = AsyncDisposable & {
  readonly url: string;
  readonly calls: () => number;
  /** Connections that the client has not closed. */
  readonly open: () => number;
};

export async function startRawProvider(answer: (call: RawCall) => void): Promise<RawProvider> {
  const sockets = new Set<Socket>();
  const attempts = new Map<string, number>();
  let calls = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that hangs up in the middle of an answer is what these rows are about.
    socket.on('error', () => {});
    readRequests(socket, (body) => {
      calls += 1;
      const messages: { readonly role: string; readonly content: string }[] = JSON.parse(body).messages;
      const [system, user] = ['system', 'user'].map((role) => messages.findLast((one) => one.role === role));
      const id = `${system?.content}|${user!.content}`;
      const attempt = (attempts.get(id) ?? 0) + 1;
      attempts.set(id, attempt);
      answer({
        scenario: `s${/\d+/.exec(user!.content)![0]}`,
        variant: system?.content.split(' ').at(-1) ?? '',
        ...{ attempt, socket },
      });
    });
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, resolve));
  const address = server.address() as { readonly port: number };
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    calls: () => calls,
    open: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A whole answer as bytes; `headers` as they are. */
export function http(
  status: string,
  of: { readonly body?: string | Buffer; readonly headers?: readonly string[] } = {},
): Buffer {
  const body = Buffer.from(of.body ?? '');
  const length = of.headers?.some((header) => /^(content-length|transfer-encoding):/i.test(header))
    ? []
    : [`content-length: ${body.length}`];
  const head = [`HTTP/1.1 ${status}`, ...(of.headers ?? ['content-type: application/json']), ...length];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

export function fine(text = 'yes'): Buffer {
  return http('200 OK', { body: JSON.stringify(chatAnswer(text)) });
}

function readRequests(socket: Socket, whole: (body: string) => void): void {
  let held = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    for (;;) {
      const end = held.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(held.toString('latin1', 0, end))?.[1] ?? 0);
      if (held.length < end + 4 + length) return;
      const body = held.toString('utf8', end + 4, end + 4 + length);
      held = held.subarray(end + 4 + length);
      whole(body);
    }
  });
}
