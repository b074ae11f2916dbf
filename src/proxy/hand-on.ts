// One request of a client: read, let go by its lane or answered from the kept draw, handed on, and told when it has ended.

import type http from 'node:http';
import { sizeOfBody } from '../core/call-size.ts';
import { sha256Of } from '../core/canonical.ts';
import type { Clock } from '../core/clock.ts';
import type { KeptExchange } from '../core/exchange.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Sent } from '../core/outcome.ts';
import { rawHeaders } from '../core/raw-headers.ts';
import type { Secret } from '../core/redact.ts';
import { parseTold } from '../core/untrusted-json.ts';
import { askedOn } from '../providers/asked.ts';
import { decompress, isCompressed } from '../providers/decompress.ts';
import { makeMessageWriter } from '../providers/message.ts';
import type { ClientAnswer } from '../providers/provider.ts';
import { readAnswer, type Wire, wireOf } from '../providers/wires.ts';
import { type Forwarded, forward } from './forward.ts';
import type { Route, RoutedCall } from './route.ts';

export type Handed = {
  readonly kind: 'request';
  /** null = nobody's turn is. */
  readonly route: Route | null;
  readonly url: URL;
};

/** A request with pictures has some megabytes; a file that is uploaded may have more. */
const MAX_REQUEST_BYTES = 256 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

export async function handOn(
  input: Handed & {
    readonly request: http.IncomingMessage;
    readonly response: http.ServerResponse;
    readonly agentFor: (url: URL) => http.Agent;
    readonly clock: Clock;
  },
): Promise<void> {
  const { route, url, request, response, clock } = input;
  const method = request.method ?? 'GET';
  const raw = await bodyOf(request);
  if (raw === null)
    return refuse(response, { status: 413, message: 'the request is too long for the recording proxy' });
  const wire = wireOf(method, url.pathname);
  const send = (): Promise<Forwarded> =>
    forward({
      url,
      method,
      rawHeaders: request.rawHeaders,
      body: raw,
      agent: input.agentFor(url),
      client: response,
    });
  if (wire === null || route === null) {
    route?.other();
    finish(response, await send());
    return;
  }
  const body = await jsonOf(raw, request.headers['content-encoding']);
  const asked = askedOn(wire, { body, path: url.pathname });
  const write = makeMessageWriter(secretsOf(request, url));
  const teller = { host: url.host, apiKeyEnv: null, clock, write };
  const read = async (answer: Forwarded): Promise<ClientAnswer> => readForwarded(answer, { wire, teller });
  const digest = digestOf({ method, url, body: raw });
  const kept = route.replay(digest);
  if (kept !== null) {
    await giveAgain(kept, { route, asked, response, read });
    return;
  }
  const call = await route.begin({ size: sizeOfBody(body), host: url.host, model: asked.model });
  if (call === 'closed') {
    const message =
      'expgraph lets no further call be made: the run ends here (a budget, a stop, or a provider that is given up)';
    return refuse(response, { status: 503, message, headers: { 'x-should-retry': 'false' } });
  }
  const answer = await send();
  await told(answer, { route, call, asked, read, digest });
  finish(response, answer);
}

type Read = (answer: Forwarded) => Promise<ClientAnswer>;

/** Known, and where draws are given again durable, before the client has the end of it. */
async function told(
  answer: Forwarded,
  input: {
    readonly route: Route;
    readonly call: RoutedCall;
    readonly asked: Sent;
    readonly read: Read;
    readonly digest: string;
  },
): Promise<void> {
  const { route, call, asked, digest } = input;
  const read = await input.read(answer);
  call.ended({ asked, answer: read });
  if (read.kind !== 'completion' || answer.kind !== 'answered' || answer.isTooLong) return;
  const { status, headers, bytes } = answer;
  const text = await textOf(bytes, headers);
  await route.keep({
    text,
    request: digest,
    status,
    body: bytes.toString('base64'),
    headers: KEPT_HEADERS.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value] as const];
    }),
  });
}

const KEPT_HEADERS = ['content-type', 'content-encoding', 'request-id', 'x-request-id'];

async function giveAgain(
  kept: KeptExchange,
  input: {
    readonly route: Route;
    readonly asked: Sent;
    readonly response: http.ServerResponse;
    readonly read: Read;
  },
): Promise<void> {
  const { route, asked, response } = input;
  const { status, invocation } = kept;
  const bytes = Buffer.from(kept.body, 'base64');
  const headers = rawHeaders(kept.headers.flat());
  const read = await input.read({ kind: 'answered', status, headers, bytes, cutBy: null, isTooLong: false });
  if (read.kind === 'completion') route.replayed({ asked, completion: read.completion, invocation });
  await route.keep({ ...kept, text: await textOf(bytes, headers) });
  response.writeHead(status, { ...Object.fromEntries(kept.headers), 'content-length': bytes.length });
  response.end(bytes);
}

async function readForwarded(
  answer: Forwarded,
  { wire, teller }: { readonly wire: Wire; readonly teller: Parameters<typeof readAnswer>[0]['teller'] },
): Promise<ClientAnswer> {
  if (answer.kind === 'unanswered') {
    if (answer.cutBy === 'client') return { kind: 'cancelled' };
    const { kind, message, isUnsent } = answer.failure;
    const failure = { kind, status: null, message: teller.write(message), retryAfterMs: null } as const;
    return {
      kind: 'failure',
      failure: isUnsent ? { ...failure, isUnsent } : failure,
      requestId: null,
      limits: null,
    };
  }
  const { status, headers, cutBy } = answer;
  const encoding = headers.get('content-encoding') ?? undefined;
  const bytes = await unpacked(answer.bytes, encoding);
  if (cutBy === null && bytes !== null && !answer.isTooLong)
    return readAnswer({ wire, status, headers, bytes, teller });
  const told = bytes === null ? null : readAnswer({ wire, status, headers, bytes, teller });
  const usage =
    told?.kind === 'failure'
      ? (told.failure.usage ?? null)
      : told?.kind === 'completion'
        ? told.completion.usage
        : null;
  const [kind, why] =
    cutBy === 'client'
      ? (['cancelled', 'the client closed the connection before the answer was whole'] as const)
      : cutBy === 'server'
        ? (['network', 'closed in the middle of its answer'] as const)
        : (['invalid-response', 'an answer that went through and could not be read'] as const);
  return {
    kind: 'failure',
    failure: {
      ...{ kind, status, retryAfterMs: null, message: teller.write(`${teller.host}: ${why}`) },
      ...(usage === null ? {} : { usage }),
    },
    requestId: null,
    limits: null,
  };
}

async function textOf(bytes: Buffer<ArrayBuffer>, headers: Headers): Promise<string> {
  return String((await unpacked(bytes, headers.get('content-encoding') ?? undefined)) ?? '');
}

async function unpacked(bytes: Buffer<ArrayBuffer>, encoding: string | undefined): Promise<Buffer | null> {
  if (!isCompressed(encoding, bytes)) return bytes;
  return decompress(bytes, { encoding, maxBytes: MAX_UNPACKED_BYTES }).catch(() => null);
}

/** The client hears the end only now; a connection that broke is one for it, too. */
function finish(response: http.ServerResponse, answer: Forwarded): void {
  if (answer.kind === 'unanswered' || answer.cutBy !== null) response.destroy();
  else response.end();
}

export function refuse(
  response: http.ServerResponse,
  input: {
    readonly status: number;
    readonly message: string;
    readonly headers?: { readonly [name: string]: string };
  },
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(input.status, {
    'content-type': 'application/json',
    connection: 'close',
    ...input.headers,
  });
  response.end(JSON.stringify({ type: 'error', error: { type: 'expgraph_proxy', message: input.message } }));
}

/** null = more than may come. */
async function bodyOf(request: http.IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_REQUEST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function jsonOf(raw: Buffer, encoding: string | undefined): Promise<JsonObject> {
  const bytes = await unpacked(Buffer.from(raw), encoding);
  const value = bytes === null ? undefined : parseTold(bytes.toString('utf8'));
  return isJsonObject(value) ? value : {};
}

/** What no message may show, not even when the server says it back. */
function secretsOf(request: http.IncomingMessage, url: URL): readonly Secret[] {
  const values = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie'].flatMap((name) => {
    const value = request.headers[name];
    return typeof value === 'string' ? [{ name, value: value.replace(/^(?:Bearer|Basic) /i, '') }] : [];
  });
  const key = url.searchParams.get('key');
  return key === null ? values : [...values, { name: 'key', value: key }];
}

/** What makes two requests one: method, address and body. Gemini's key may stand in the query. */
function digestOf(input: { readonly method: string; readonly url: URL; readonly body: Buffer }): string {
  const plain = new URL(input.url);
  for (const name of ['key', 'api_key', 'access_token']) plain.searchParams.delete(name);
  return sha256Of([`${input.method} ${plain.href}\n`, input.body]);
}
