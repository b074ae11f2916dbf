// Takes HTTP requests in: finds the route, reads the body, and hands a call on to be admitted.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { readPlayedPath } from '../../core/played-by.ts';
import type { Script } from '../player/scripted.ts';
import { CHAT } from '../wire/wire-chat.ts';
import { notFound, TOO_LARGE } from '../wire/wire-error.ts';
import type { Api } from '../wire/wire-fields.ts';
import { RESPONSES } from '../wire/wire-responses.ts';
import { makeAdmission, type ServerOptions } from './admission.ts';
import { sendError, sendJson } from './send.ts';

/** Far above any prompt of a test; a body without end must not eat the memory. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

const NOTICE =
  'This is expgraph-sim, a simulation that answers by rules so that experiments can be tried without a model, a key or a network.\n';

const APIS: ReadonlyMap<string, Api> = new Map([
  ['/v1/chat/completions', CHAT],
  ['/v1/responses', RESPONSES],
]);

export function makeListener(options: ServerOptions): RequestListener {
  const admit = makeAdmission(options);
  return (request, response) => {
    const { path, script } = placeOf(request.url ?? '/', options.scripts);
    const api = APIS.get(path);
    if (api && request.method === 'POST') {
      readBody(request, (body) => {
        if (body === null) sendError(response, TOO_LARGE);
        else admit({ api, request, body, script }, response);
      });
      return;
    }
    request.resume();
    if (request.method === 'GET' || request.method === 'HEAD') serveRead(path, response, options);
    else sendError(response, notFound(request.method ?? '', path));
  };
}

/** The path of the API, and what is played there: without a script of that number it is nowhere. */
function placeOf(
  url: string,
  scripts: ServerOptions['scripts'],
): { readonly path: string; readonly script: Script | null } {
  const path = url.replace(/\?.*$/s, '');
  const read = readPlayedPath(path);
  const turns = read === null ? undefined : scripts[read.script];
  if (read === null || turns === undefined) return { path, script: null };
  return { path: read.rest, script: { turns, answered: read.answered } };
}

function serveRead(path: string, response: ServerResponse, { counters }: ServerOptions): void {
  const json = (value: object): void => sendJson(response, { status: 200, body: JSON.stringify(value) });
  if (path === '/') {
    const headers = { server: 'expgraph-sim', 'content-type': 'text/plain; charset=utf-8' };
    response.writeHead(200, headers).end(NOTICE);
  } else if (path === '/sim/stats') {
    json(counters);
  } else if (path === '/v1/models') {
    json({ object: 'list', data: ['sim-small', 'sim-large'].map(modelObject) });
  } else if (path.startsWith('/v1/models/')) {
    // Any model is played, so any model is there.
    json(modelObject(decoded(path.slice('/v1/models/'.length))));
  } else {
    sendError(response, notFound('GET', path));
  }
}

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

/** null = it is too large. A body that ends early calls nobody: the client has gone. */
function readBody(request: IncomingMessage, then: (body: string | null) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.on('end', () => then(bytes > MAX_BODY_BYTES ? null : Buffer.concat(chunks).toString()));
}
