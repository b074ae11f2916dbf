// The address of a Redis as it is typed: `redis://user:password@host:6379/0`, `rediss://` encrypted, `unix:///path?db=0`. It holds a
// password, so no sentence about it repeats it: it is shown without, and what cannot be read is not shown at all. Pure.
import { err, ok, type Result } from '../core/result.ts';
import { sanitizeLine } from '../core/text.ts';

export type RedisTarget = {
  readonly at:
    | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly isEncrypted: boolean }
    /** A socket of this machine. */
    | { readonly kind: 'socket'; readonly path: string };
  /** null = the user `default`. */
  readonly username: string | null;
  readonly password: string | null;
  readonly db: number;
};

const USUAL_PORT = 6379;

/** The schemes of Redis' and Valkey's own clients. */
const SCHEMES: { readonly [scheme: string]: 'plain' | 'encrypted' | 'socket' } = {
  'redis:': 'plain',
  'valkey:': 'plain',
  'rediss:': 'encrypted',
  'valkeys:': 'encrypted',
  'unix:': 'socket',
  'redis+unix:': 'socket',
  'redis+socket:': 'socket',
};

const USUAL_FORM = 'redis://host:6379, rediss://user:password@host:6379/0 or unix:///run/redis.sock';

/** @returns err: one sentence, without anything of the address that may be secret */
export function readRedisUrl(text: string): Result<RedisTarget, string> {
  const typed = text.trim();
  if (typed === '') return err(`the address of Redis is empty: write it as ${USUAL_FORM}`);
  if (typed.startsWith('/')) return read(`unix://${typed}`);
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(typed))
    return err(`the address of Redis has no scheme: write it as ${USUAL_FORM}`);
  return read(typed);
}

/** As it may be printed: `rediss://worker:***@queue.example:6379/1`. */
export function shownRedis({ at, username, password, db }: RedisTarget): string {
  const user = username === null ? '' : encodeURIComponent(username);
  const who = username === null && password === null ? '' : `${user}${password === null ? '' : ':***'}@`;
  if (at.kind === 'socket') return sanitizeLine(`unix://${who}${at.path}${db === 0 ? '' : `?db=${db}`}`);
  const scheme = at.isEncrypted ? 'rediss' : 'redis';
  const host = at.host.includes(':') ? `[${at.host}]` : at.host;
  return sanitizeLine(`${scheme}://${who}${host}:${at.port}${db === 0 ? '' : `/${db}`}`);
}

function read(typed: string): Result<RedisTarget, string> {
  const scheme = typed.slice(0, typed.indexOf(':') + 1).toLowerCase();
  const kind = Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme]! : null;
  if (kind === null) return err(`${scheme}// is no address of Redis: write it as ${USUAL_FORM}`);
  return kind === 'socket' ? readSocket(typed) : readTcp({ typed, isEncrypted: kind === 'encrypted' });
}

const UNREADABLE =
  'the address of Redis cannot be read: in a password # / ? @ : % are written %23 %2F %3F %40 %3A %25';
const LONE_USER =
  'the address of Redis names a user and no password: a password alone is written redis://:PASSWORD@host, with its colon';

function readTcp({
  typed,
  isEncrypted,
}: {
  readonly typed: string;
  readonly isEncrypted: boolean;
}): Result<RedisTarget, string> {
  const url = URL.parse(typed);
  // A second @ is one of the password: taken for the user, it would be shown.
  if (url === null || url.hash !== '' || typed.split('@').length > 2) return err(UNREADABLE);
  if (url.hostname === '') return err(`the address of Redis names no host: write it as ${USUAL_FORM}`);
  const who = readWho(url.username, url.password);
  if (who.kind === 'err') return who;
  const port = url.port === '' ? USUAL_PORT : Number(url.port);
  if (port === 0) return err('the address of Redis names port 0: its usual one is 6379');
  const db = readDb({ inPath: url.pathname.slice(1), query: url.searchParams });
  if (db.kind === 'err') return db;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return ok({ at: { kind: 'tcp', host, port, isEncrypted }, ...who.value, db: db.value });
}

/** `unix://user:password@/path?db=1`. */
const SOCKET = /^[^:]+:\/\/(?:([^@/:]*)(?::([^@/]*))?@)?(\/[^?#@]*)(?:\?([^#]*))?$/;

function readSocket(typed: string): Result<RedisTarget, string> {
  const [, username = '', password = '', path, query = ''] = SOCKET.exec(typed) ?? [];
  if (path === undefined) return err(UNREADABLE);
  const who = readWho(username, password);
  if (who.kind === 'err') return who;
  const file = decoded(path);
  if (file === null) return err(UNREADABLE);
  const db = readDb({ inPath: '', query: new URLSearchParams(query) });
  if (db.kind === 'err') return db;
  return ok({ at: { kind: 'socket', path: file }, ...who.value, db: db.value });
}

type Who = { readonly username: string | null; readonly password: string | null };

function readWho(username: string, password: string): Result<Who, string> {
  const who = { username: decoded(username), password: decoded(password) };
  if (who.username === null || who.password === null) return err(UNREADABLE);
  if (who.username !== '' && who.password === '') return err(LONE_USER);
  return ok({ username: who.username || null, password: who.password || null });
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function readDb(of: { readonly inPath: string; readonly query: URLSearchParams }): Result<number, string> {
  for (const name of of.query.keys()) {
    if (name !== 'db')
      return err('the address of Redis has a setting that is not known: only ?db=NUMBER may follow it');
  }
  const named = of.inPath === '' ? (of.query.get('db') ?? '0') : of.inPath;
  if (!/^\d{1,6}$/.test(named))
    return err('the database in the address of Redis is a number: redis://host:6379/0');
  return ok(Number(named));
}
