// The recording proxy: a server on loopback that hands each request on to where it would have gone, reads both sides, and
// changes neither. It answers only who knows a token of this invocation, and asks only whom the variables named.
//
//   /<route>/<place>/<path>          of one attempt
//   /<share>/<line>/<place>/<path>   of a process that serves many: of whoever's turn it is there
//   /<share>/<line>/~begin, ~end     {"route": "<route>"}: whose turn it is

import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { Exchanges } from '../core/exchange.ts';
import type { CallGate } from '../core/gate.ts';
import { parseObject } from '../core/json-text.ts';
import type { Order } from '../core/order.ts';
import { entryOf } from '../core/providers/table.ts';
import { PROVIDER_PLACE, type ProxyOrder } from '../core/proxy.ts';
import { makeAgents } from '../providers/lean-fetch.ts';
import { type Handed, handOn, refuse } from './hand-on.ts';
import { makeRoute, type Route, type Seen } from './route.ts';
import type { Upstreams } from './vendors.ts';

export type { Seen } from './route.ts';
export { upstreamsOf } from './vendors.ts';

export type RecordingProxy = AsyncDisposable & {
  open(input: {
    readonly order: Order;
    readonly gate: CallGate;
    readonly upstreams: Upstreams;
    /** null = nothing is kept and nothing given again. */
    readonly exchanges: Exchanges | null;
  }): OpenRoute;
  /** Requests that came while nobody's turn was, since it was last asked. */
  unattributed(): number;
};

export type OpenRoute = {
  readonly order: ProxyOrder;
  readonly gate: CallGate;
  /** Nothing comes any more; what is under way is waited for, for a moment. */
  close(): Promise<Seen>;
};

/** Whoever left a request open has ended: its socket closes in a moment. */
const IDLE_MS = 5_000;
const MAX_CONTROL_BYTES = 10_000;

export async function openProxy({
  env,
  clock,
}: {
  readonly env: Env;
  readonly clock: Clock;
}): Promise<RecordingProxy> {
  const routes = new Map<string, { readonly route: Route; readonly upstreams: Upstreams }>();
  const shares = new Map<string, Upstreams>();
  const shareOf = new Map<string, string>();
  /** Whose turn it is, by share and line. */
  const lines = new Map<string, Set<Route>>();
  const agentFor = makeAgents(env);
  let unattributed = 0;
  const server = http.createServer((request, response) => {
    // A client that goes away in the middle is no fault of ours.
    request.on('error', () => {});
    response.on('error', () => {});
    void serve(request, response).catch((error: unknown) => {
      refuse(response, {
        status: 502,
        message: `the recording proxy failed: ${String(error).slice(0, 500)}`,
      });
    });
  });
  // Answers of models take as long as they take: whoever asked has its own limits.
  Object.assign(server, { requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 60_000, timeout: 0 });
  server.on('upgrade', (_, socket) => socket.destroy());
  server.on('connect', (_, socket) => socket.destroy());
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    // Another name that leads here is a page in a browser, or a mistake.
    if (request.headers.host !== host)
      return refuse(response, { status: 421, message: 'this is not your host' });
    const handed = find(request.url ?? '/');
    if (handed === null) return refuse(response, { status: 404, message: 'there is no such address' });
    if (handed.kind === 'turn') return turn(request, response, handed);
    const { route } = handed;
    if (route === null) unattributed++;
    const work = handOn({ ...handed, request, response, agentFor, clock });
    route?.during(work);
    await work;
  }

  function find(url: string): Handed | Turn | null {
    const [, first = '', second = '', ...rest] = url.split('?')[0]!.split('/');
    const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
    if (rest.includes('..') || second === '..') return null;
    const own = routes.get(first);
    if (own) return handedAt(own.upstreams, { route: own.route, place: second, path: rest.join('/'), query });
    const upstreams = shares.get(first);
    const [place = '', ...path] = rest;
    if (upstreams === undefined) return null;
    const line = `${first}/${second}`;
    if (place === '~begin' || place === '~end') return { kind: 'turn', line, begins: place === '~begin' };
    const open = [...(lines.get(line) ?? [])];
    // Two of them at a time: whose it is nobody can tell, and a wrong guess would be worse.
    if (open.length > 1) for (const route of open) route.unclear();
    return handedAt(upstreams, {
      route: open.length === 1 ? open[0]! : null,
      place,
      path: path.join('/'),
      query,
    });
  }

  async function turn(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    { line, begins }: Turn,
  ): Promise<void> {
    let text = '';
    for await (const chunk of request) {
      text += String(chunk);
      if (text.length > MAX_CONTROL_BYTES) break;
    }
    const found = routes.get(tokenIn(text));
    if (found === undefined) return refuse(response, { status: 404, message: 'there is no such attempt' });
    const open = lines.get(line) ?? new Set();
    lines.set(line, open);
    if (begins) open.add(found.route);
    else {
      // What it asked is known before it is said to have ended.
      await soon(found.route.idle(), clock);
      open.delete(found.route);
    }
    response.writeHead(204).end();
  }

  return {
    open({ order, gate, upstreams, exchanges }) {
      const token = makeToken();
      const text = JSON.stringify(upstreams);
      const share = shareOf.get(text) ?? makeToken();
      shareOf.set(text, share);
      shares.set(share, upstreams);
      const { type, baseUrl } = order.endpoint;
      const provider =
        entryOf(type).answeredBy === 'nobody' || baseUrl === null ? null : baseUrl.replace(/\/+$/, '');
      const route = makeRoute({ order, gate, clock, exchanges });
      routes.set(token, { route, upstreams });
      const base = `http://${host}`;
      return {
        order: {
          base,
          route: token,
          share,
          places: Object.keys(upstreams),
          provider: provider === null ? null : `${base}/${token}/${PROVIDER_PLACE}`,
        },
        gate: route.gate,
        async close() {
          await soon(route.idle(), clock);
          routes.delete(token);
          for (const open of lines.values()) open.delete(route);
          return route.seen();
        },
      };
    },
    unattributed() {
      const count = unattributed;
      unattributed = 0;
      return count;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Turn = { readonly kind: 'turn'; readonly line: string; readonly begins: boolean };

/** 192 bits. */
function makeToken(): string {
  return randomBytes(24).toString('base64url');
}

function tokenIn(text: string): string {
  const route = parseObject(text)?.route;
  return typeof route === 'string' ? route : '';
}

/** null = it leads nowhere that the variables named. */
function handedAt(
  upstreams: Upstreams,
  input: {
    readonly route: Route | null;
    readonly place: string;
    readonly path: string;
    readonly query: string;
  },
): Handed | null {
  const { route, place, path, query } = input;
  const ofProvider = place === PROVIDER_PLACE ? route?.order.endpoint.baseUrl : undefined;
  const upstream =
    ofProvider?.replace(/\/+$/, '') ?? (Object.hasOwn(upstreams, place) ? upstreams[place]! : null);
  if (upstream === null) return null;
  const base = new URL(upstream);
  const url = URL.parse(`${upstream}${path === '' ? '' : `/${path}`}${query}`);
  if (url === null || url.origin !== base.origin || url.username !== base.username) return null;
  return { kind: 'request', route, url };
}

/** Resolves with the promise, or after a moment. */
async function soon(work: Promise<void>, clock: Clock): Promise<void> {
  let stop = (): void => {};
  const bound = new Promise<void>((resolve) => {
    stop = clock.after(IDLE_MS, resolve);
  });
  await Promise.race([work, bound]);
  stop();
}
