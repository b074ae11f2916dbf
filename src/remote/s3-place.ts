// Where a bucket answers, in which region, and who asks: of the manifest, then of the variables that every client of S3 reads.
import type { Env } from '../core/env.ts';
import { isLoopback } from '../core/price.ts';
import type { RemoteSettings } from '../core/remote.ts';
import { RemoteError } from './remote.ts';
import type { S3Credentials } from './s3-sign.ts';
import { valueIn, variable } from './variable.ts';

export type S3Place = {
  readonly bucket: string;
  readonly region: string;
  /** The address of a name, with every part of the path encoded. */
  urlOf(name: string): URL;
  /** For people. */
  readonly shown: string;
};

type PlaceSettings = Pick<RemoteSettings, 'url' | 'endpoint' | 'region' | 'style' | 'allowHttp'>;

export function placeOf(settings: PlaceSettings, env: Env): S3Place {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(settings.url) ?? [];
  const said = settings.endpoint ?? valueIn(env, 'AWS_ENDPOINT_URL_S3') ?? valueIn(env, 'AWS_ENDPOINT_URL');
  const endpoint = said === null ? null : URL.parse(said);
  if (said !== null && !isUsable(endpoint, settings.allowHttp))
    throw new RemoteError({
      kind: 'refused',
      message:
        'the endpoint of the environment (AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL) is no https:// address',
      advice: 'correct it, or write endpoint: https://... under "remote"',
    });
  const region =
    settings.region ??
    valueIn(env, 'AWS_REGION') ??
    valueIn(env, 'AWS_DEFAULT_REGION') ??
    (endpoint === null ? 'us-east-1' : regionOf(endpoint.hostname));
  // A bucket with a dot is no name of one label: no certificate is for it. Servers of one's own seldom have names for buckets.
  const style = settings.style ?? (endpoint !== null || bucket.includes('.') ? 'path' : 'virtual');
  const base = endpoint ?? new URL(`https://s3.${region}.${domainOf(region)}`);
  const path = base.pathname.replace(/\/+$/, '');
  const host = style === 'virtual' ? `${bucket}.${base.host}` : base.host;
  const parts = (text: string): string =>
    text.split('/').filter(Boolean).map(encodeURIComponent).map(encodeRest).join('/');
  const before = [...(style === 'path' ? [bucket] : []), ...(prefix === '' ? [] : [parts(prefix)])];
  return {
    ...{ bucket, region },
    urlOf: (name) => new URL(`${base.protocol}//${host}${path}/${[...before, parts(name)].join('/')}`),
    shown: endpoint === null ? settings.url : `${settings.url} at ${endpoint.host}`,
  };
}

function isUsable(endpoint: URL | null, allowHttp: boolean): boolean {
  if (endpoint === null || endpoint.username !== '' || endpoint.search !== '') return false;
  return (
    endpoint.protocol === 'https:' ||
    (endpoint.protocol === 'http:' && (allowHttp || isLoopback(endpoint.href)))
  );
}

/** What encodeURIComponent leaves and signatures do not (RFC 3986, 2.2). */
function encodeRest(text: string): string {
  return text.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Of endpoints that have it in their name (s3.eu-central-003.backblazeb2.com, fra1.digitaloceanspaces.com), or that have one only. */
function regionOf(hostname: string): string {
  if (hostname.endsWith('.r2.cloudflarestorage.com')) return 'auto';
  const named = /^s3[.-]([a-z]{2}(?:-[a-z0-9]+)+)\./.exec(hostname);
  return named?.[1] ?? 'us-east-1';
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

type CredentialSettings = Pick<RemoteSettings, 'accessKeyEnv' | 'secretKeyEnv' | 'sessionTokenEnv'>;

export type Who = {
  /** null = nobody: what everybody may read is read. */
  readonly credentials: S3Credentials | null;
  /** The variable that a key was taken from, or would have been. */
  readonly named: { readonly accessKey: string; readonly secretKey: string; readonly sessionToken: string };
};

/** @throws RemoteError where a variable that is named is not set, or one of two */
export function credentialsOf(settings: CredentialSettings, env: Env): Who {
  const { accessKeyEnv, secretKeyEnv, sessionTokenEnv } = settings;
  const named = {
    accessKey: accessKeyEnv?.name ?? 'AWS_ACCESS_KEY_ID',
    secretKey: secretKeyEnv?.name ?? 'AWS_SECRET_ACCESS_KEY',
    sessionToken: sessionTokenEnv?.name ?? 'AWS_SESSION_TOKEN',
  };
  const accessKeyId = variable(env, accessKeyEnv) ?? valueIn(env, named.accessKey);
  const secretAccessKey = variable(env, secretKeyEnv) ?? valueIn(env, named.secretKey);
  // A session's token belongs to the key that came with it, and to no other.
  const isOwnKey = accessKeyEnv !== null;
  const sessionToken = variable(env, sessionTokenEnv) ?? (isOwnKey ? null : valueIn(env, named.sessionToken));
  if (accessKeyId !== null && secretAccessKey !== null)
    return { credentials: { accessKeyId, secretAccessKey, sessionToken }, named };
  if (accessKeyId === null && secretAccessKey === null) return { credentials: null, named };
  const missing = accessKeyId === null ? named.accessKey : named.secretKey;
  throw new RemoteError({
    kind: 'unauthorized',
    message: `of the two variables of an S3 key, ${missing} is not set`,
    advice: `set it: export ${missing}=...`,
  });
}
