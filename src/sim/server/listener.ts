// Takes HTTP requests in: finds the route, reads the body, and hands a call to the desk that decides its fate.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { readPlayedPath } from '../../core/played-by.ts';
import type { Script } from '../player/scripted.ts';
import type { Api } from '../wire/wire.ts';
import { CHAT } from '../wire/wire-chat.ts';
import { notFound, TOO_LARGE } from '../wire/wire-error.ts';
import { RESPONSES } from '../wire/wire-responses.ts';
import { type DeskOptions, makeDesk } from './admission.ts';
import { sendError, sendJson } from './send.ts';

/** Far above any prompt of a test; a body without end must not eat the memory. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

const NOTICE =
  'This is expgraph-sim, a simulation that answers by rules so that experiments can be tried without a model, a key or a network.\n';

const APIS: ReadonlyMap<string, Api> = new Map([
  ['/v1/chat/completions', CHAT],
  ['/v1/responses', RESPONSES],
]);

export function makeListener(options: DeskOptions): RequestListener {
  const handle = makeDesk(options);
  return (request, response) => {
    const { path, script } = placeOf(request, options.scripts);
    const api = APIS.get(path);
    if (api && request.method === 'POST') {
      readBody(request, {
        whole: (body) => handle({ api, request, response, body, script }),
        tooLarge: () => sendError(response, TOO_LARGE),
      });
      return;
    }
    request.resume();
    if (request.method === 'GET' || request.method === 'HEAD') serveRead(path, { response, options });
    else sendError(response, notFound(request.method ?? '', path));
  };
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

/** The path of the API, and what is played there: without a script of that number it is nowhere. */
function placeOf(
  request: IncomingMessage,
  scripts: DeskOptions['scripts'],
): { readonly path: string; readonly script: Script | null } {
  const path = pathOf(request);
  const read = readPlayedPath(path);
  const turns = read === null ? undefined : scripts[read.script];
  if (read === null || turns === undefined) return { path, script: null };
  return { path: read.rest, script: { turns, answered: read.answered } };
}

function serveRead(
  path: string,
  to: { readonly response: ServerResponse; readonly options: DeskOptions },
): void {
  const { response, options } = to;
  if (path === '/') {
    response
      .writeHead(200, { server: 'expgraph-sim', 'content-type': 'text/plain; charset=utf-8' })
      .end(NOTICE);
  } else if (path === '/sim/stats') {
    sendJson(response, { status: 200, body: JSON.stringify(options.counters) });
  } else if (path === '/v1/models') {
    sendJson(response, {
      status: 200,
      body: JSON.stringify({ object: 'list', data: MODELS.map(modelObject) }),
    });
  } else if (path.startsWith('/v1/models/')) {
    // Any model is played, so any model is there.
    const name = decoded(path.slice('/v1/models/'.length));
    sendJson(response, { status: 200, body: JSON.stringify(modelObject(name)) });
  } else {
    sendError(response, notFound('GET', path));
  }
}

const MODELS = ['sim-small', 'sim-large'] as const;

function modelObject(id: string): object {
  return { id, object: 'model', created: 0, owned_by: 'expgraph-simulation' };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type BodyTaker = { readonly whole: (body: string) => void; readonly tooLarge: () => void };

/** A body that ends early calls nobody: the client has gone. */
function readBody(request: IncomingMessage, { whole, tooLarge }: BodyTaker): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.on('end', () => {
    if (bytes > MAX_BODY_BYTES) tooLarge();
    else whole(chunks.length === 1 ? chunks[0]!.toString() : Buffer.concat(chunks).toString());
  });
}
