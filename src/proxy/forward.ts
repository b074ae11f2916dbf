// One request to where it would have gone, and its answer back, byte for byte as they come. Nothing is followed, nothing
// is tried again: what a server says is for the client that asked.
import http from 'node:http';
import https from 'node:https';
import { rawHeaders } from '../core/raw-headers.ts';
import { describeSocketError } from '../providers/transport-error.ts';

export type Forwarded =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Headers;
      /** As they came. */
      readonly bytes: Buffer<ArrayBuffer>;
      /** Who ended it before its end; null = it is whole. */
      readonly cutBy: 'client' | 'server' | null;
      /** More came than is kept: it went through, and nobody read it. */
      readonly isTooLong: boolean;
    }
  /** No answer began. */
  | {
      readonly kind: 'unanswered';
      readonly cutBy: 'client' | 'server';
      readonly failure: ReturnType<typeof describeSocketError>;
    };

/** Of an answer that is read; longer ones pass. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

export function forward(input: {
  readonly url: URL;
  readonly method: string;
  /** As they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly agent: http.Agent;
  readonly client: http.ServerResponse;
}): Promise<Forwarded> {
  const { url, method, body, agent, client } = input;
  return new Promise((resolve) => {
    const module = url.protocol === 'https:' ? https : http;
    const headers = [...endToEnd(input.rawHeaders, NOT_FORWARDED), 'host', url.host];
    if (body.length > 0 || method !== 'GET') headers.push('content-length', String(body.length));
    const request = module.request(url, { method, headers, agent });
    const chunks: Buffer<ArrayBuffer>[] = [];
    let answer: http.IncomingMessage | null = null;
    let sizeBytes = 0;
    let isSettled = false;

    const settle = (cutBy: 'client' | 'server' | null, error?: NodeJS.ErrnoException): void => {
      if (isSettled) return;
      isSettled = true;
      client.off('close', onLeave);
      if (answer === null) {
        const stage = request.reusedSocket ? 'reused' : 'fresh';
        const why = error ?? new Error('the connection closed without an answer');
        const failure = describeSocketError(why, { host: url.host, stage });
        resolve({ kind: 'unanswered', cutBy: cutBy ?? 'server', failure });
        return;
      }
      const bytes = Buffer.concat(chunks);
      const isTooLong = sizeBytes > MAX_KEPT_BYTES;
      const status = answer.statusCode ?? 0;
      resolve({ kind: 'answered', status, headers: rawHeaders(answer.rawHeaders), bytes, cutBy, isTooLong });
    };
    const onLeave = (): void => {
      if (client.writableFinished) return;
      settle('client');
      request.destroy();
    };
    client.on('close', onLeave);
    request.on('error', (error: NodeJS.ErrnoException) => settle('server', error));
    request.on('close', () => settle('server'));
    request.on('response', (incoming) => {
      answer = incoming;
      client.writeHead(
        incoming.statusCode ?? 502,
        incoming.statusMessage,
        endToEnd(incoming.rawHeaders, HOP_BY_HOP),
      );
      // A stream's first words may be long after its head.
      client.flushHeaders();
      incoming.on('data', (chunk: Buffer<ArrayBuffer>) => {
        sizeBytes += chunk.length;
        if (sizeBytes <= MAX_KEPT_BYTES) chunks.push(chunk);
        if (client.write(chunk)) return;
        incoming.pause();
        client.once('drain', () => incoming.resume());
      });
      incoming.on('error', () => settle('server'));
      incoming.on('end', () => settle(incoming.complete ? null : 'server'));
    });
    if (client.destroyed) {
      onLeave();
      return;
    }
    request.end(body);
  });
}

/** RFC 9110, 7.6.1: of one connection, not of the message. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Said anew for the server that is asked. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'host', 'content-length', 'expect']);

function endToEnd(raw: readonly string[], without: ReadonlySet<string>): string[] {
  const named = new Set<string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    if (raw[at]!.toLowerCase() !== 'connection') continue;
    for (const name of raw[at + 1]!.split(',')) named.add(name.trim().toLowerCase());
  }
  const kept: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]!.toLowerCase();
    if (!without.has(name) && !named.has(name)) kept.push(raw[at]!, raw[at + 1]!);
  }
  return kept;
}
