// expgraph's own page over HTTP, for this machine alone: until whoever started it ends it.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { err, ok, type Result } from '../core/result.ts';
import { makeApp, refuseUnread } from './app.ts';
import { makeChanges } from './changes.ts';
import { readPageFiles } from './page-files.ts';
import { makeTickets } from './tickets.ts';
import { newToken } from './token.ts';
import type { SaveVerdict, Viewed } from './viewed.ts';

export type { SaveVerdict, Viewed } from './viewed.ts';

/** The only address that is listened on: there is no option for another one. */
export const LOOPBACK = '127.0.0.1';

export type ViewerInput = {
  readonly view: Viewed;
  /** 0 = a free one. */
  readonly port: number;
  /** Where a verdict of the page goes; null = nobody judges here. */
  readonly saveVerdict: SaveVerdict | null;
};

export type Serving = AsyncDisposable & {
  readonly port: number;
  /** Behind the # stands the token: whoever has this address may read the experiment while it is served. */
  address(path: string): string;
  /** Good once and for a minute, and without the token: for a command line, which everybody on the machine can read. */
  addressOnce(path: string): string;
};

/** @returns err: why not, and what to do: the port is taken, the page is missing */
export async function serveViewer({
  view,
  port: wanted,
  saveVerdict,
}: ViewerInput): Promise<Result<Serving, string>> {
  const files = readPageFiles();
  if (files.kind === 'err') return files;
  const token = newToken();
  const changes = makeChanges(view);
  const tickets = makeTickets();
  let app: ReturnType<typeof makeApp> | null = null;
  const server = createServer(
    getRequestListener((request) => app!.fetch(request), {
      overrideGlobalObjects: false,
      errorHandler: refuseUnread,
    }),
  );
  const listening = await listen(server, wanted);
  if (listening.kind === 'err') return listening;
  const port = listening.value;
  app = makeApp({ door: { port, token }, view, changes, files: files.value, tickets, saveVerdict });
  return ok({
    port,
    address: (path) => `http://${LOOPBACK}:${port}${path}#token=${token}`,
    addressOnce: (path) => `http://${LOOPBACK}:${port}/open/${tickets.make(path)}`,
    async [Symbol.asyncDispose]() {
      changes.end();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  });
}

async function listen(server: Server, port: number): Promise<Result<number, string>> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host: LOOPBACK, exclusive: true }, resolve);
    });
  } catch (cause) {
    return err(whyNot(cause as NodeJS.ErrnoException, port));
  }
  return ok((server.address() as AddressInfo).port);
}

function whyNot({ code, message }: NodeJS.ErrnoException, port: number): string {
  if (code === 'EADDRINUSE')
    return `port ${port} is in use, perhaps by another expgraph view: name another one with --port, or leave it out for a free one`;
  if (code === 'EACCES')
    return `port ${port} is not for everybody to listen on: name one from 1024 on with --port, or leave it out for a free one`;
  return `could not listen on port ${port}: ${message}`;
}
