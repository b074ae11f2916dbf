// What the simulation tells of itself: who it is, what it counted, which models there are.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Dialect, OPENAI } from '../wire/dialect.ts';
import { notFound } from '../wire/wire-error.ts';
import { sendError, sendWhole } from './send.ts';
import type { Counters } from './stats.ts';

const NOTICE =
  'This is expgraph-sim, a simulation that answers by rules so that experiments can be tried without a model, a key or a network.\n';

const MODELS = ['sim-small', 'sim-large'];

export type Asked = {
  readonly request: IncomingMessage;
  /** Without what stands before the path of the API. */
  readonly path: string;
  readonly dialect: Dialect;
};

export function serveRead(
  { request, path, dialect }: Asked,
  response: ServerResponse,
  counters: Counters,
): void {
  const { method = '' } = request;
  const json = (value: object): void => sendWhole(response, { status: 200, body: JSON.stringify(value) });
  const error = notFound(method, path);
  if (method !== 'GET' && method !== 'HEAD') {
    sendError(response, { error, dialect, requestId: null });
    return;
  }
  const { list, model } = dialect === OPENAI ? OPENAI_MODELS : ANTHROPIC_MODELS;
  if (path === '/') {
    const headers = { server: 'expgraph-sim', 'content-type': 'text/plain; charset=utf-8' };
    response.writeHead(200, headers).end(NOTICE);
  } else if (path === '/sim/stats') {
    json(counters);
  } else if (path === '/v1/models') {
    json(list(MODELS.map(model)));
  } else if (path.startsWith('/v1/models/')) {
    // Any model is played, so any model is there.
    json(model(decoded(path.slice('/v1/models/'.length))));
  } else {
    sendError(response, { error, dialect, requestId: null });
  }
}

type Models = {
  readonly model: (id: string) => object;
  readonly list: (models: readonly object[]) => object;
};

const OPENAI_MODELS: Models = {
  model: (id) => ({ id, object: 'model', created: 0, owned_by: 'expgraph-simulation' }),
  list: (data) => ({ object: 'list', data }),
};

/** https://platform.claude.com/docs/en/api/models-list */
const ANTHROPIC_MODELS: Models = {
  model: (id) => ({
    type: 'model',
    id,
    display_name: `${id} (a simulation)`,
    created_at: '1970-01-01T00:00:00Z',
  }),
  list: (data) => ({ data, has_more: false, first_id: MODELS[0], last_id: MODELS.at(-1) }),
};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
