// Takes HTTP requests in: finds the route, reads the body, and hands a call on to be admitted.
import type { IncomingMessage, RequestListener } from 'node:http';
import { readPlayedPath } from '../../core/played-by.ts';
import { play, runOf } from '../player/play.ts';
import { playEmbeddings } from '../player/play-embeddings.ts';
import type { Script } from '../player/scripted.ts';
import type { Api } from '../wire/api.ts';
import { ANTHROPIC, type Dialect, OPENAI } from '../wire/dialect.ts';
import { MESSAGES } from '../wire/wire-anthropic.ts';
import { CHAT } from '../wire/wire-chat.ts';
import { TOO_LARGE } from '../wire/wire-error.ts';
import { RESPONSES } from '../wire/wire-responses.ts';
import { type Arrival, makeAdmission, type ServerOptions } from './admission.ts';
import { makeDeskDoor } from './desk-door.ts';
import { readBody } from './read-body.ts';
import { serveRead } from './reads.ts';
import { sendError } from './send.ts';

/** Far above any prompt of a test; a body without end must not eat the memory. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

const APIS: ReadonlyMap<string, Api> = new Map([
  ['/v1/chat/completions', CHAT],
  ['/v1/responses', RESPONSES],
  ['/v1/messages', MESSAGES],
]);

export function makeListener(options: ServerOptions): RequestListener {
  const admit = makeAdmission(options);
  const answerAtDesk = makeDeskDoor(options);
  return (request, response) => {
    const place = placeOf(request.url ?? '/', options.scripts);
    if (answerAtDesk(request, response, place.path)) return;
    const dialect = dialectOf(request, place);
    const called = request.method === 'POST' ? callAt(place, request) : null;
    if (called) {
      readBody(request, MAX_BODY_BYTES, (body) => {
        if (body === null) sendError(response, { error: TOO_LARGE, dialect, requestId: null });
        else admit(called(body.toString()), response);
      });
      return;
    }
    request.resume();
    serveRead({ request, path: place.path, dialect }, response, options.counters);
  };
}

type Place = { readonly path: string; readonly script: Script | null };

/** The path of the API, and what is played there: without a script of that number it is nowhere. */
function placeOf(url: string, scripts: ServerOptions['scripts']): Place {
  const path = url.replace(/\?.*$/s, '');
  const read = readPlayedPath(path);
  const turns = read === null ? undefined : scripts[read.script];
  if (read === null || turns === undefined) return { path, script: null };
  return { path: read.rest, script: { turns, answered: read.answered } };
}

/** null = nobody is called there. */
function callAt({ path, script }: Place, request: IncomingMessage): ((body: string) => Arrival) | null {
  if (path === '/v1/embeddings')
    return (body) => ({ request, dialect: OPENAI, play: (options) => playEmbeddings(body, options) });
  const api = APIS.get(path);
  if (api === undefined) return null;
  const { headers } = request;
  const call = { api, headers, run: runOf(headers), script };
  return (body) => ({ request, dialect: api.dialect, play: (options) => play({ ...call, body }, options) });
}

/** What a client of Anthropic's API asks for bears its version, whatever the path. */
function dialectOf({ headers }: IncomingMessage, { path }: Place): Dialect {
  const isAnthropic = path.startsWith('/v1/messages') || headers['anthropic-version'] !== undefined;
  return isAnthropic ? ANTHROPIC : OPENAI;
}
