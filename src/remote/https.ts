// Plain HTTP as a remote: GET of names below an address, and PUT with If-None-Match where the server takes it. Any server of
// files does for reading.
import { isLoopback } from '../core/price.ts';
import type { RemoteSettings } from '../core/remote.ts';
import { type Answer, makeExchange } from './exchange.ts';
import { filesOverHttp, type HttpWay, type Refusal } from './over-http.ts';
import { RemoteError, type RemoteFiles, type RemoteWorld } from './remote.ts';
import { variable } from './variable.ts';

/** More is a circle. */
const MAX_REDIRECTS = 5;

export function openHttps(
  settings: Pick<RemoteSettings, 'url' | 'timeoutMs' | 'tokenEnv' | 'allowHttp'>,
  world: RemoteWorld,
): RemoteFiles {
  const { url: shown, timeoutMs, tokenEnv, allowHttp } = settings;
  const token = variable(world.env, tokenEnv);
  const exchange = makeExchange({ ...world, timeoutMs });
  const own: { readonly [name: string]: string } = token === null ? {} : { authorization: `Bearer ${token}` };

  async function get(name: string, limits: Parameters<HttpWay['get']>[1]): Promise<Answer> {
    const first = new URL(`${shown}/${name}`);
    let url = first;
    for (let followed = 0; ; followed++) {
      // The token is for the host that the manifest names, and for no other.
      const headers = url.origin === first.origin ? own : {};
      const answer = await exchange.ask({ method: 'GET', url, headers, body: null, ...limits });
      const next = target(answer, url);
      if (next === null || followed === MAX_REDIRECTS) return answer;
      // Whoever asked over TLS is not sent on without it.
      if (next.protocol === 'http:' && (url.protocol === 'https:' || !(allowHttp || isLoopback(next.href))))
        throw downgraded(next);
      url = next;
    }
  }

  return filesOverHttp(
    {
      shown,
      secrets: token === null ? [] : [{ name: tokenEnv!.name, value: token }],
      get,
      put: (name, body, signal) =>
        exchange.ask({
          ...{ method: 'PUT', url: new URL(`${shown}/${name}`), body, signal, maxBytes: 0 },
          headers: { ...own, 'if-none-match': '*', 'content-type': 'application/octet-stream' },
        }),
      isNone: ({ status }) => status === 404 || status === 410,
      isThere: ({ status }) => status === 412,
      // WebDAV says it where there is no folder (RFC 4918, 9.7.1).
      isMaybeThere: ({ status }) => status === 409,
      refusal: (answer, asked) => refusal(answer, { asked, named: tokenEnv?.name ?? null }),
      close: exchange.close,
    },
    world,
  );
}

/** Where a GET is sent to; null = nowhere. */
function target({ status, headers }: Answer, from: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return null;
  const next = URL.parse(headers.location, from.href);
  return next !== null && (next.protocol === 'https:' || next.protocol === 'http:') ? next : null;
}

function downgraded(url: URL): RemoteError {
  const message = `it sends on to http://${url.host}, where everybody on the way could change what is read`;
  return new RemoteError({ kind: 'refused', message, advice: 'write the address where the files are' });
}

function refusal(
  { status, headers }: Answer,
  { asked, named }: { readonly asked: 'read' | 'write'; readonly named: string | null },
): Refusal {
  const token =
    named === null
      ? 'name the variable that holds a token: token_env: NAME'
      : `look at the value of ${named}`;
  if (status === 401) return { kind: 'unauthorized', what: 'it wants to know who asks (401)', advice: token };
  if (status === 407)
    return {
      ...{ kind: 'unauthorized', what: 'the proxy wants to know who asks (407)' },
      advice: 'look at HTTPS_PROXY',
    };
  if (status === 403) return { kind: 'forbidden', what: `it may not be ${past(asked)} (403)`, advice: token };
  if (asked === 'write' && [404, 405, 501].includes(status)) {
    const what = `the server takes no files (${status} to PUT): it is a remote to read from`;
    return { kind: 'forbidden', what, advice: 'write push: false under "remote"' };
  }
  if (status === 409)
    return {
      ...{
        kind: 'refused',
        what: 'the server says that something is in the way, and nothing is there (409)',
      },
      advice: 'a server of WebDAV makes no folders by itself: use one that does, or write push: false',
    };
  if (status === 413) return { kind: 'too-large', what: 'too large for the server (413)' };
  if (status === 428 || status === 400)
    return { kind: 'refused', what: `the server does not understand what is asked (${status})` };
  if (status >= 300 && status < 400) {
    const next = URL.parse(headers.location ?? '');
    const where = next === null ? '' : ` to ${next.origin}`;
    const what = `the server sends on${where} (${status}), which is not followed here`;
    return { kind: 'refused', what, advice: 'write the address where the files are' };
  }
  if (status === 429 || status >= 500)
    return { kind: 'network', what: `the server is busy or broken (${status})` };
  return { kind: 'refused', what: `an answer that is none (${status})` };
}

function past(asked: 'read' | 'write'): string {
  return asked === 'read' ? 'read' : 'written';
}
