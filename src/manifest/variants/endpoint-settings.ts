// How a provider's endpoint has to be talked to: read, checked, and null where nothing is said of it.
import { X509Certificate } from 'node:crypto';
import path from 'node:path';
import { type EndpointSettings, NO_SETTINGS } from '../../core/endpoint-settings.ts';
import { type EnvValue, replaceEnv } from '../../core/env.ts';
import type { Provider as RawProvider } from '../../core/generated/experiment.ts';
import type { JsonObject } from '../../core/json.ts';
import { entryOf } from '../../core/providers/table.ts';
import { MAX_DOCUMENT_BYTES, readText } from '../documents/read.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import { readDuration } from './execution.ts';

type At = {
  /** Of the provider. */
  readonly path: JsonPath;
  readonly raw: RawProvider;
  readonly replace: (text: string, path: JsonPath) => string;
  readonly apiKeyEnv: string | null;
};

export function readEndpointSettings(
  reading: Reading,
  input: At,
): { readonly settings: EndpointSettings | null; readonly secrets: readonly EnvValue[] } {
  const { path: place, raw } = input;
  if (!NAMES.some((name) => raw[name] !== undefined)) return { settings: null, secrets: [] };
  const proxy = raw.proxy === undefined ? null : input.replace(raw.proxy, [...place, 'proxy']);
  const secrets = proxy === null ? [] : checkProxy(reading, { ...input, written: raw.proxy!, proxy });
  checkAuth(reading, input);
  // Variables that are missing are missed here; their values are put in where the requests are made.
  for (const [name, value] of Object.entries(raw.query ?? {}))
    input.replace(value, [...place, 'query', name]);
  if (raw.ca_file !== undefined) checkCaFile(reading, { ...input, written: raw.ca_file });
  const settings: EndpointSettings = {
    auth: raw.auth ?? NO_SETTINGS.auth,
    query: { ...raw.query },
    maxTokensField: raw.max_tokens_field ?? null,
    stream: raw.stream === true ? 'always' : raw.stream === false ? 'never' : 'auto',
    onStatus: { ...raw.on_status },
    timeoutMs:
      raw.timeout === undefined
        ? null
        : readDuration(reading, { written: raw.timeout, path: [...place, 'timeout'] }),
    proxy: raw.proxy ?? null,
    caFile: raw.ca_file ?? null,
  };
  return { settings, secrets };
}

const NAMES = [
  ...['auth', 'query', 'max_tokens_field', 'stream', 'on_status', 'timeout', 'proxy', 'ca_file'],
] as readonly (keyof RawProvider)[];

/** As written, without what may be secret; nothing where nothing is set. */
export function printableSettings(raw: RawProvider): JsonObject {
  const plain = ['auth', 'max_tokens_field', 'stream', 'on_status', 'timeout', 'ca_file'] as const;
  return {
    ...Object.fromEntries(plain.flatMap((name) => (raw[name] === undefined ? [] : [[name, raw[name]]]))),
    ...(raw.query === undefined ? {} : { query: Object.keys(raw.query).sort() }),
    ...(raw.proxy === undefined ? {} : { proxy: raw.proxy.replace(/\/\/[^/?#]*@/, '//') }),
  };
}

function checkAuth(reading: Reading, { path: place, raw, apiKeyEnv }: At): void {
  const isOfNobody = entryOf(raw.type).answeredBy === 'nobody';
  if ((raw.auth !== 'api-key' && raw.auth !== 'x-api-key') || apiKeyEnv !== null || isOfNobody) return;
  say(reading, {
    path: [...place, 'auth'],
    code: 'missing-key',
    message: `"auth: ${raw.auth}" has no key to send`,
    hint: 'name the variable that holds it: api_key_env: ...',
  });
}

/** Messages show what was written, never what it became. @returns the password inside */
function checkProxy(
  reading: Reading,
  input: At & { readonly written: string; readonly proxy: string },
): EnvValue[] {
  if (input.proxy === 'none' || replaceEnv(input.written, reading.env).unset.length > 0) return [];
  const url = URL.parse(input.proxy);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '') {
    return url.password === '' ? [] : [{ name: 'proxy', value: decodeURIComponent(url.password) }];
  }
  say(reading, {
    path: [...input.path, 'proxy'],
    code: 'bad-url',
    message: '"proxy" is no http(s) address',
    hint: 'for example: proxy: http://proxy.example:3128, or proxy: none',
  });
  return [];
}

function checkCaFile(reading: Reading, input: At & { readonly written: string }): void {
  const place = [...input.path, 'ca_file'];
  const file = path.resolve(reading.folder, input.replace(input.written, place));
  const wrong = (message: string, hint: string | null): void =>
    say(reading, { path: place, code: 'bad-ca-file', message: `"ca_file" ${message}`, hint });
  const read = readText({ file, maxBytes: MAX_DOCUMENT_BYTES, folder: reading.folder });
  if (read.kind === 'err') wrong(`(${input.written}) ${read.error.message}`, read.error.hint);
  else if (!isCertificate(read.value))
    wrong(`(${input.written}) holds no certificate`, 'a PEM file begins with -----BEGIN CERTIFICATE-----');
}

function isCertificate(text: string): boolean {
  try {
    return text.includes('-----BEGIN CERTIFICATE-----') && new X509Certificate(text) !== null;
  } catch {
    return false;
  }
}
