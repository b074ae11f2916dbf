// Requests -> answers: the page and its files, one screen a name, what changed, and the verdicts of a review.

import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { parseObject } from '../core/json-text.ts';
import { sniffMedia } from '../core/media-bytes.ts';
import { sanitizeLine } from '../core/text.ts';
import { type Refusal, type ScreenName, STATUS_OF } from '../screens/screen.ts';
import type { Changes } from './changes.ts';
import { type Door, isApi, type Refused, refusalOf, VERDICT } from './guard.ts';
import { ASK_AGAIN, SAFE_HEADERS, UNKEPT } from './headers.ts';
import { INDEX, type PageFiles } from './page-files.ts';
import type { Tickets } from './tickets.ts';
import type { SaveVerdict, Viewed } from './viewed.ts';

export type AppInput = {
  readonly door: Door;
  readonly view: Viewed;
  readonly changes: Changes;
  readonly files: PageFiles;
  readonly tickets: Tickets;
  /** null = nobody judges here: there is no such address. */
  readonly saveVerdict: SaveVerdict | null;
};

export type App = { readonly fetch: (request: Request) => Response | Promise<Response> };

export function makeApp({ door, view, changes, files, tickets, saveVerdict }: AppInput): App {
  // What is guarded is what is routed: left to itself the router decodes, and /%61pi would be /api to it alone. Here what is
  // encoded stays so, and is no page.
  const app = new Hono({ getPath: ({ url }) => new URL(url).pathname });
  app.use(async (context, next) => {
    const { method, path, url } = context.req;
    const asked = {
      method,
      path,
      host: new URL(url).host,
      header: (name: string) => context.req.header(name),
    };
    const refused = refusalOf(asked, door);
    if (refused === null) await next();
    else context.res = refuse(context, refused);
    for (const [name, value] of Object.entries(SAFE_HEADERS)) context.res.headers.set(name, value);
    if (isApi(path)) context.res.headers.set('cache-control', UNKEPT);
  });
  app.get('/api/changes', (context) => {
    const headers = { 'content-type': 'application/x-ndjson; charset=utf-8' };
    // Whoever asks for the head alone would never end what is begun for him.
    return new Response(context.req.method === 'HEAD' ? null : changes.open(), { headers });
  });
  app.get('/api/file/:digest', async (context) => {
    const file = await fileOf(view, context.req.param('digest'));
    return file ?? refuse(context, { ...notFound(context), message: 'There is no such file here.' });
  });
  app.get('/api/:screen', async (context) => {
    const name = context.req.param('screen');
    if (!isScreen(name)) return refuse(context, notFound(context));
    const query = new URL(context.req.url).searchParams;
    if (hasNul(query)) return refuse(context, NUL);
    const answer = await view.answer(name, query);
    return context.json(answer, answer.ok ? 200 : STATUS_OF[answer.refusal.kind]);
  });
  if (saveVerdict !== null) app.post(VERDICT, SMALL, (context) => takeVerdict(context, saveVerdict));
  app.get('/open/:ticket', (context) => {
    const path = context.req.method === 'HEAD' ? null : tickets.take(context.req.param('ticket'));
    if (path === null) return refuse(context, USED);
    const headers = { location: `${path}#token=${door.token}`, 'cache-control': UNKEPT };
    return new Response(null, { status: 303, headers });
  });
  app.get('*', (context) => {
    const { path } = context.req;
    const file = files.get(isPage(path) ? INDEX : path);
    if (file === undefined) return refuse(context, notFound(context));
    const headers = { 'content-type': file.type, 'cache-control': ASK_AGAIN, etag: file.etag };
    const isKnown = context.req.header('if-none-match') === file.etag;
    return isKnown ? new Response(null, { status: 304, headers }) : new Response(file.body, { headers });
  });
  app.notFound((context) => refuse(context, notFound(context)));
  app.onError((cause, context) =>
    refuse(context, { status: 500, kind: 'broken', message: `This could not be read: ${cause.message}` }),
  );
  return app;
}

/**
 * A file of an input, as what its bytes say that it is: never what its name says, and nothing that a browser would run. Bodies of
 * records are kept beside it and are none of these.
 */
async function fileOf(view: Viewed, digest: string): Promise<Response | null> {
  const bytes = /^[0-9a-f]{64}$/.test(digest) ? await view.file(digest) : null;
  const is = bytes === null ? null : sniffMedia(bytes);
  if (bytes === null || is === null) return null;
  const headers = { 'content-type': is.mediaType, 'content-disposition': 'attachment' };
  return new Response(bytes.slice(), { headers });
}

/** What cannot even be read as a request. */
export function refuseUnread(): Response {
  const headers = { ...SAFE_HEADERS, 'content-type': 'text/plain; charset=utf-8' };
  return new Response('This is no request that can be read.\n', { status: 400, headers });
}

/** Verdicts are some labels and a note. */
const MAX_VERDICT_BYTES = 64 * 1024;
const SMALL = bodyLimit({
  maxSize: MAX_VERDICT_BYTES,
  onError: (context) =>
    refuse(context, {
      status: 413,
      kind: 'bad-request',
      message: `A verdict has ${MAX_VERDICT_BYTES / 1024} kB at most: shorten the note.`,
    }),
});

async function takeVerdict(context: Context, save: SaveVerdict): Promise<Response> {
  if (!/^application\/json\s*(?:;|$)/i.test(context.req.header('content-type') ?? ''))
    return refuse(context, { status: 415, kind: 'bad-request', message: 'A verdict is JSON.' });
  const verdict = parseObject(await context.req.text());
  if (verdict === null)
    return refuse(context, {
      status: 400,
      kind: 'bad-request',
      message: 'This verdict is no object of JSON.',
    });
  const saved = await save(verdict);
  return context.json(saved, saved.ok ? 200 : 400);
}

/** The names of screens: whoever adds one is told here by the compiler. */
const SCREENS: Readonly<Record<ScreenName, true>> = {
  experiment: true,
  matrix: true,
  scenario: true,
  cell: true,
  invocations: true,
  diff: true,
  plan: true,
  compare: true,
  timeline: true,
  review: true,
  report: true,
};

function isScreen(name: string): name is ScreenName {
  return Object.hasOwn(SCREENS, name);
}

/** State is a path of one word and a query: the page itself says where there is no such screen. */
function isPage(path: string): boolean {
  return /^\/[a-z-]*$/.test(path);
}

function hasNul(query: URLSearchParams): boolean {
  return [...query].some(([name, value]) => name.includes('\0') || value.includes('\0'));
}

const NUL: Refused = {
  status: 400,
  kind: 'bad-request',
  message: 'This address has a character (NUL) in it that no name and no text has.',
};

const USED: Refused = {
  status: 410,
  kind: 'unauthorized',
  message: 'This address was good once, and was used. Open the one that the command printed.',
};

function notFound(context: Context): Refused {
  const message = isApi(context.req.path)
    ? 'There is no such screen.'
    : 'There is no such page. The experiment is at /';
  return { status: 404, kind: 'not-found', message };
}

/** To the page as data, to whoever looks at it as text. */
function refuse(context: Context, { status, kind, message, allow }: Refused): Response {
  const text = sanitizeLine(message);
  const headers = new Headers(allow === undefined ? {} : { allow });
  if (!isApi(context.req.path)) {
    headers.set('content-type', 'text/plain; charset=utf-8');
    return new Response(`${text}\n`, { status, headers });
  }
  headers.set('content-type', 'application/json; charset=utf-8');
  const refusal: Refusal = { kind, message: text };
  // Whoever saves is told by `message`, whoever reads by `refusal`.
  return new Response(JSON.stringify({ ok: false, refusal, message: text }), { status, headers });
}
