// Which requests are answered at all. Any page in the browser may send requests to this machine, and any name may be made to
// mean 127.0.0.1 (DNS rebinding): so it counts under which name, from which page and with which token one asks. Pure.
import type { Refusal } from '../screens/screen.ts';
import { isBearer } from './token.ts';

export type Asked = {
  readonly method: string;
  /** Of the address in the request's first line, which may name a host of its own beside the header's. */
  readonly host: string;
  readonly path: string;
  readonly header: (name: string) => string | undefined;
};

export type Door = { readonly port: number; readonly token: string };

export type Refused = {
  readonly status: number;
  readonly kind: Refusal['kind'];
  readonly message: string;
  /** Of a 405: which methods would do. */
  readonly allow?: string;
};

/** null = come in. */
export function refusalOf(asked: Asked, door: Door): Refused | null {
  return (
    wrongHost(asked, door) ??
    wrongMethod(asked) ??
    wrongPage(asked) ??
    (isApi(asked.path) ? wrongToken(asked, door) : null)
  );
}

export const isApi = (path: string): boolean => path === '/api' || path.startsWith('/api/');

/** Names that nobody else can make mean this machine. 80 is what browsers leave out. */
function hostsOf(port: number): readonly string[] {
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  return names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
}

function wrongHost({ host, header }: Asked, { port }: Door): Refused | null {
  const named = [host, header('host') ?? ''].map((one) => one.toLowerCase());
  if (named.every((one) => hostsOf(port).includes(one))) return null;
  const message = `This page is served to http://127.0.0.1:${port} (or localhost) alone, and was asked for under another name. A port that is forwarded has to keep its number: ssh -L ${port}:127.0.0.1:${port}`;
  return { status: 403, kind: 'unauthorized', message };
}

function wrongMethod({ method, path }: Asked): Refused | null {
  const allow = path === VERDICT ? 'POST' : 'GET, HEAD';
  if (allow.split(', ').includes(method)) return null;
  const message = `${path === VERDICT ? 'Verdicts are handed in by POST' : 'This is for reading'}: ${allow} only.`;
  return { status: 405, kind: 'bad-request', message, allow };
}

/** The one address where something is written. */
export const VERDICT = '/api/review/verdict';

/**
 * What browsers themselves say of who asks. Programs say nothing, and need the token all the same; a verdict needs its origin.
 * A link of another page may open ours: it shows nothing by itself, and cannot be looked into.
 */
function wrongPage({ method, path, header }: Asked): Refused | null {
  const origin = header('origin');
  const site = header('sec-fetch-site');
  const isLink = header('sec-fetch-mode') === 'navigate' && header('sec-fetch-dest') === 'document';
  const isOurs = site === undefined || site === 'same-origin' || site === 'none';
  const isSame = origin === undefined ? method !== 'POST' : origin === `http://${header('host')}`;
  if (isSame && (isOurs || (isLink && !isApi(path)))) return null;
  const message = 'Only the own page of the viewer may ask for this, and this request came from another one.';
  return { status: 403, kind: 'unauthorized', message };
}

function wrongToken({ header }: Asked, { token }: Door): Refused | null {
  if (isBearer(header('authorization'), token)) return null;
  const message =
    'This page has the token of a viewer that was stopped: open the address that the command printed, with all that stands behind its #.';
  return { status: 401, kind: 'unauthorized', message };
}
