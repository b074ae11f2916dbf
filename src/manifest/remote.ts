// `remote:` with its defaults: where results are shared. What is wrong with an address is said here; whether it answers, and
// whether its variables are set, shows when it is used.
import { fileURLToPath } from 'node:url';
import type { EnvValue } from '../core/env.ts';
import type { Remote as RawRemote } from '../core/generated/experiment.ts';
import { isLoopback } from '../core/price.ts';
import type { EnvName, RemoteKind, RemoteSettings } from '../core/remote.ts';
import type { JsonPath } from './errors/place.ts';
import { type Reading, say } from './reading.ts';
import { readDuration } from './variants/execution.ts';

const TIMEOUT_MS = 30_000;
const LONGEST = { ms: 3_600_000, words: '1h' };

const EXAMPLES = 's3://bucket/prefix, file:///share/results or https://host/results';

/** null = a mistake, which was said. */
export function readRemote(reading: Reading, given: string | RawRemote): RemoteSettings | null {
  const raw: RawRemote = typeof given === 'string' ? { url: given } : given;
  const path: JsonPath = typeof given === 'string' ? ['remote'] : ['remote', 'url'];
  const allowHttp = raw.allow_http ?? false;
  const address = readAddress({ reading, path, written: raw.url, allowHttp });
  if (address === null) return null;
  const { kind, url } = address;
  sayForeign(reading, { raw, kind });
  sayHalfAKey(reading, raw);
  const endpoint =
    raw.endpoint === undefined ? null : readEndpoint(reading, { written: raw.endpoint, allowHttp });
  const written = raw.timeout;
  const timeout =
    written === undefined
      ? null
      : readDuration(reading, { written, path: ['remote', 'timeout'], atMost: LONGEST });
  const named = (field: NamedField): EnvName | null => {
    const name = raw[field];
    if (name === undefined) return null;
    return { name, location: reading.document.locate({ path: ['remote', field], part: 'value' }) };
  };
  return {
    ...{ kind, url, at: reading.document.locate({ path, part: 'value' }) },
    ...{ push: raw.push ?? true, timeoutMs: timeout ?? TIMEOUT_MS },
    ...{ endpoint, region: raw.region ?? null, style: raw.style ?? null, allowHttp },
    accessKeyEnv: named('access_key_env'),
    secretKeyEnv: named('secret_key_env'),
    sessionTokenEnv: named('session_token_env'),
    tokenEnv: named('token_env'),
    signatureKeyEnv: named('signature_key_env'),
  };
}

/** Of the variables that it names and that are set: never to be written. */
export function remoteSecrets({ env }: Reading, remote: RemoteSettings): readonly EnvValue[] {
  const { accessKeyEnv, secretKeyEnv, sessionTokenEnv, tokenEnv, signatureKeyEnv } = remote;
  return [accessKeyEnv, secretKeyEnv, sessionTokenEnv, tokenEnv, signatureKeyEnv].flatMap((named) => {
    const value = named !== null && Object.hasOwn(env, named.name) ? env[named.name] : undefined;
    return value ? [{ name: named!.name, value }] : [];
  });
}

type NamedField =
  | 'access_key_env'
  | 'secret_key_env'
  | 'session_token_env'
  | 'token_env'
  | 'signature_key_env';

/** Settings that one kind of remote has, and others have not. */
const OF_KIND: { readonly [field in keyof RawRemote]?: readonly RemoteKind[] } = {
  endpoint: ['s3'],
  region: ['s3'],
  style: ['s3'],
  access_key_env: ['s3'],
  secret_key_env: ['s3'],
  session_token_env: ['s3'],
  token_env: ['https'],
  allow_http: ['s3', 'https'],
};

function sayForeign(
  reading: Reading,
  { raw, kind }: { readonly raw: RawRemote; readonly kind: RemoteKind },
): void {
  for (const [field, kinds] of Object.entries(OF_KIND)) {
    if (raw[field as keyof RawRemote] === undefined || kinds.includes(kind)) continue;
    const message = `${JSON.stringify(field)} is for remotes at ${kinds.map((one) => `${one}://`).join(' or ')}`;
    say(reading, { path: ['remote', field], part: 'key', code: 'wrong-value', message, hint: null });
  }
}

function sayHalfAKey(reading: Reading, raw: RawRemote): void {
  const [there, other] =
    raw.access_key_env === undefined
      ? (['secret_key_env', 'access_key_env'] as const)
      : (['access_key_env', 'secret_key_env'] as const);
  if (raw[there] === undefined || raw[other] !== undefined || reading.isSpoiled(['remote', other])) return;
  const message = `"${there}" stands without "${other}": a key has both`;
  say(reading, { path: ['remote', there], code: 'wrong-value', message, hint: `add ${other}: NAME` });
}

type Address = { readonly kind: RemoteKind; readonly url: string };

function readAddress(input: {
  readonly reading: Reading;
  readonly path: JsonPath;
  readonly written: string;
  readonly allowHttp: boolean;
}): Address | null {
  const { reading, path, written, allowHttp } = input;
  const wrong = (message: string, hint: string): null => {
    say(reading, { path, code: 'bad-url', message, hint });
    return null;
  };
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(written)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    const isPath = /^[/~.]/.test(written);
    return wrong(
      'the remote is no address',
      isPath ? `of a folder: file:///absolute/path` : `for example: ${EXAMPLES}`,
    );
  }
  const url = URL.parse(written);
  if (url !== null && (url.username !== '' || url.password !== '')) {
    const field = scheme === 's3' ? 'access_key_env and secret_key_env' : 'token_env';
    return wrong(
      'a user or a password stands in the remote, and whoever is given this file has it',
      `put it into an environment variable, and name it with ${field}`,
    );
  }
  if (/[?#]/.test(written))
    return wrong('the remote has a query or a fragment; names are put behind it', 'end it with the path');
  switch (scheme) {
    case 's3':
      return readBucket(written, wrong);
    case 'file':
      return readFolder(written, { url, wrong });
    case 'https':
    case 'http':
      if (url === null) return wrong('the remote is no address', `for example: ${EXAMPLES}`);
      if (scheme === 'http' && !allowHttp && !isLoopback(url.href)) return wrong(PLAIN, PLAIN_HINT);
      return { kind: 'https', url: url.href.replace(/\/+$/, '') };
    default:
      return wrong(`a remote of the kind ${scheme}:// is not known`, `there are ${EXAMPLES}`);
  }
}

const PLAIN = 'over http:// everybody on the way reads what is shared, and the key with it';
const PLAIN_HINT = 'write https://; in a network of your own: remote: { url: ..., allow_http: true }';

type Wrong = (message: string, hint: string) => null;

function readBucket(written: string, wrong: Wrong): Address | null {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/is.exec(written) ?? [];
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/.test(bucket))
    return wrong(`${JSON.stringify(bucket)} is no name of a bucket`, 'for example: s3://my-bucket/prefix');
  const parts = prefix.split('/').filter(Boolean);
  if (parts.some((part) => part === '.' || part === '..'))
    return wrong('the prefix has a part that leads elsewhere', 'leave out . and ..');
  if (parts.some((part) => !part.isWellFormed()) || prefix.length > 500)
    return wrong('the prefix is too long, or no text', 'at most 500 characters');
  return { kind: 's3', url: ['s3:/', bucket, ...parts].join('/') };
}

function readFolder(
  written: string,
  { url, wrong }: { readonly url: URL | null; readonly wrong: Wrong },
): Address | null {
  if (url === null || url.hostname !== '')
    return wrong(
      'the remote names a host where a folder is meant',
      `three slashes: file:///${written.slice('file://'.length)}, or where the share is mounted here`,
    );
  try {
    if (fileURLToPath(url).replace(/^[A-Za-z]:/, '') === '/')
      return wrong('the remote is no folder', `for example: ${EXAMPLES}`);
  } catch {
    return wrong('the remote is no path of this machine', `for example: ${EXAMPLES}`);
  }
  return { kind: 'file', url: url.href.replace(/\/+$/, '') };
}

function readEndpoint(
  reading: Reading,
  { written, allowHttp }: { readonly written: string; readonly allowHttp: boolean },
): string | null {
  const wrong = (message: string, hint: string): null => {
    say(reading, { path: ['remote', 'endpoint'], code: 'bad-url', message, hint });
    return null;
  };
  const example = 'for example: endpoint: https://minio.example:9000';
  const url = URL.parse(written);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return wrong('"endpoint" is no https:// address', example);
  if (url.username !== '' || url.password !== '')
    return wrong(
      'a user or a password stands in "endpoint", and whoever is given this file has it',
      'put it into an environment variable, and name it with access_key_env and secret_key_env',
    );
  if (url.search !== '' || url.hash !== '') return wrong('"endpoint" has a query or a fragment', example);
  if (url.protocol === 'http:' && !allowHttp && !isLoopback(url.href)) return wrong(PLAIN, PLAIN_HINT);
  return url.href.replace(/\/+$/, '');
}
