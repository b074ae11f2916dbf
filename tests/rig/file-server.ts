// A server of files as people have them for sharing: GET, and PUT that may be made conditional, with a token or without.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type FileServer = {
  readonly port: number;
  readonly files: Map<string, Buffer>;
  /** Of every request: method, path and the header of authorization. */
  readonly asked: { readonly method: string; readonly url: string; readonly authorization: string | null }[];
  [Symbol.asyncDispose](): Promise<void>;
};

export type FileServerOptions = {
  /** Asked for of all. */
  readonly token?: string;
  /** May read and not write. */
  readonly readerToken?: string;
  /**
   * `ignored`: as servers are that never heard of If-None-Match; every writer is told that it made the file. `early`: as those
   * are that look before they take the body, and not after: of two writers at one time both are told so.
   */
  readonly condition?: 'kept' | 'ignored' | 'early';
  /** Answers before anything else is looked at; null = go on. */
  readonly first?: (request: http.IncomingMessage, response: http.ServerResponse) => boolean;
};

export async function fileServer(options: FileServerOptions = {}): Promise<FileServer> {
  const { token, readerToken, condition = 'kept', first } = options;
  const files = new Map<string, Buffer>();
  const asked: FileServer['asked'] = [];
  const held = new Map<string, (() => void)[]>();
  const server = http.createServer((request, response) => {
    const { method = '', url = '' } = request;
    const { authorization = null } = request.headers;
    asked.push({ method, url, authorization });
    const end = (status: number): void => void response.writeHead(status).end();
    if (first?.(request, response)) return;
    const isReader = readerToken !== undefined && authorization === `Bearer ${readerToken}`;
    if (token !== undefined && authorization !== `Bearer ${token}` && !isReader) return end(401);
    if (method === 'GET') {
      const bytes = files.get(url);
      if (bytes === undefined) return end(404);
      response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      return;
    }
    if (method !== 'PUT') return end(405);
    if (isReader) return end(403);
    const mustBeNew = request.headers['if-none-match'] === '*' && condition !== 'ignored';
    const isRefused = condition === 'early' && mustBeNew && files.has(url);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      if (body.length !== Number(request.headers['content-length'])) return;
      if (isRefused || (condition === 'kept' && mustBeNew && files.has(url))) return end(412);
      const store = (): void => {
        files.set(url, body);
        end(201);
      };
      if (condition !== 'early') return store();
      // Two are let through at a time: nobody has to be quick.
      const waiting = held.get(url) ?? [];
      waiting.push(store);
      held.set(url, waiting);
      if (waiting.length > 1) for (const each of waiting.splice(0)) each();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...{ port: (server.address() as AddressInfo).port, files, asked },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
