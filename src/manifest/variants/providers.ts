// Provider accounts: the built-in ones, the declared ones, and `${NAME}` from the environment.

import { type EnvValue, replaceEnv } from '../../core/env.ts';
import type { Provider as RawProvider } from '../../core/generated/experiment.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Price, Provider } from '../../core/manifest.ts';
import { isLoopback } from '../../core/price.ts';
import {
  entryOf,
  isServer,
  PROVIDER_TYPES,
  type ProviderType,
  signsByOptions,
} from '../../core/providers/table.ts';
import { printablePrice } from '../../core/rates.ts';
import { DEFAULT_SIM_SETTINGS, OUTAGE_STATUS } from '../../core/sim-settings.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import { printableSettings, readEndpointSettings } from './endpoint-settings.ts';
import { priceFrom } from './price.ts';
import { printableSdk, readSdk } from './provider-sdk.ts';

export type Account = {
  readonly provider: Provider;
  /** The model of variants that name none. */
  readonly model: string | null;
  /** As written, `${NAME}` unreplaced, without credentials. */
  readonly printable: JsonObject;
  readonly secrets: readonly EnvValue[];
};

/**
 * Each type is an account that need not be declared, unless it has to be told its package; the one that needs neither key nor
 * server is named first.
 */
export const BUILT_IN: { readonly [name: string]: RawProvider } = Object.fromEntries(
  PROVIDER_TYPES.filter((type) => type !== 'ai-sdk')
    .toSorted((a, b) => needsOf(a) - needsOf(b))
    .map((type) => [type, { type }]),
);

function needsOf(type: ProviderType): number {
  return entryOf(type).answeredBy === 'simulation' ? 0 : 1;
}

export function readProvider(
  reading: Reading,
  input: { readonly name: string; readonly raw: RawProvider },
): Account {
  const { name, raw } = input;
  const path = ['providers', name];
  const replace = makeReplace(reading);
  const baseUrl = raw.base_url === undefined ? null : replace(raw.base_url, [...path, 'base_url']);
  const urlSecrets =
    baseUrl === null ? [] : checkBaseUrl({ reading, name, path, written: raw.base_url!, url: baseUrl });
  const headers = Object.entries(raw.headers ?? {}).map(
    ([header, value]) => [header, replace(value, [...path, 'headers', header])] as const,
  );
  const { defaults } = entryOf(raw.type);
  sayForeignSettings(reading, { path, raw });
  // A key is sent to whom it was made for: an address of one's own gets the key that is named for it, or none.
  const hasUsualKey = raw.base_url === undefined && !signsByOptions(raw.options ?? {});
  const apiKeyEnv = raw.api_key_env ?? (hasUsualKey ? defaults.apiKeyEnv : null);
  const { settings, secrets: told } = readEndpointSettings(reading, { path, raw, replace, apiKeyEnv });
  const { sdk, secrets: inOptions } = readSdk(reading, { path, raw, replace });
  const key =
    apiKeyEnv !== null && Object.hasOwn(reading.env, apiKeyEnv) ? reading.env[apiKeyEnv] : undefined;
  const secrets = [...replace.used(), ...urlSecrets, ...told, ...inOptions];
  if (apiKeyEnv !== null && key) secrets.push({ name: apiKeyEnv, value: key });
  // A model's name is in every record; it is no secret even if it comes from the environment.
  const model = raw.model === undefined ? null : makeReplace(reading)(raw.model, [...path, 'model']);
  const provider: Provider = {
    name,
    type: raw.type,
    baseUrl,
    apiKeyEnv,
    api: raw.api ?? 'chat',
    headers: nameless(headers),
    ...writtenOf({ raw, baseUrl, headers }),
    ...(sdk === undefined ? {} : { sdk }),
    ...(settings === null ? {} : { settings }),
    ...(raw.echo === undefined ? {} : { echo: raw.echo }),
    keyHeaders: [...new Set((raw.key_headers ?? []).map((header) => header.toLowerCase()))].sort(),
    limits: {
      concurrency: raw.limits?.concurrency ?? null,
      requestsPerMinute: raw.limits?.rpm ?? null,
      tokensPerMinute: raw.limits?.tpm ?? null,
    },
    pricing: pricingOf(raw),
    ...(isLocal({ raw, baseUrl }) ? { isLocal: true } : {}),
    sim: simOf(raw),
  };
  return { provider, model, printable: printableOf({ provider, raw }), secrets };
}

/** What is to be sent on is what was written: values stay here. */
function writtenOf(input: {
  readonly raw: RawProvider;
  readonly baseUrl: string | null;
  readonly headers: readonly (readonly [string, string])[];
}): Pick<Provider, 'written'> {
  const { base_url: baseUrl = null, headers = {} } = input.raw;
  const isReplaced =
    baseUrl !== input.baseUrl || input.headers.some(([name, value]) => value !== headers[name]);
  return isReplaced ? { written: { baseUrl, headers: nameless(Object.entries(headers)) } } : {};
}

/** What another type of provider has, and this one has not. */
function sayForeignSettings(
  reading: Reading,
  { path, raw }: { readonly path: JsonPath; readonly raw: RawProvider },
): void {
  for (const type of PROVIDER_TYPES) {
    for (const setting of type === raw.type ? [] : entryOf(type).ownSettings) {
      if (raw[setting as keyof RawProvider] === undefined) continue;
      const message = `${JSON.stringify(setting)} is for providers of type ${type}`;
      say(reading, { path: [...path, setting], part: 'key', code: 'wrong-value', message, hint: null });
    }
  }
}

export type Replace = { (text: string, path: JsonPath): string; readonly used: () => readonly EnvValue[] };

function makeReplace(reading: Reading): Replace {
  const all: EnvValue[] = [];
  const replace = (text: string, path: JsonPath) => {
    const { text: replaced, used, unset } = replaceEnv(text, reading.env);
    all.push(...used);
    for (const name of unset) {
      const message = `the environment variable ${name} is not set`;
      say(reading, {
        path,
        needle: `\${${name}}`,
        code: 'unset-env',
        message,
        hint: `set it: export ${name}=...`,
      });
    }
    return replaced;
  };
  return Object.assign(replace, { used: () => all });
}

/** Gives the credentials inside the URL as secrets. Messages show what was written, never what it became. */
function checkBaseUrl(input: {
  reading: Reading;
  name: string;
  path: JsonPath;
  written: string;
  url: string;
}): EnvValue[] {
  const { reading, written } = input;
  const path = [...input.path, 'base_url'];
  if (replaceEnv(written, reading.env).unset.length > 0) return [];
  const url = URL.parse(input.url);
  const wrong = (message: string, hint: string) => say(reading, { path, code: 'bad-url', message, hint });
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    wrong('"base_url" is no http(s) address', 'for example: base_url: http://127.0.0.1:11434/v1');
    return [];
  }
  if (url.search !== '' || url.hash !== '') {
    wrong('"base_url" has a query or a fragment; paths are put behind it', queryHint(url));
  }
  return [url.username, url.password]
    .filter((part) => part !== '')
    .map((value) => ({ name: `${input.name}.base_url`, value: decodeURIComponent(value) }));
}

/** Names without values: one of them may be a key. */
function queryHint(url: URL): string {
  const names = [...new Set(url.searchParams.keys())].map((name) => `${name}: "..."`);
  if (names.length === 0) return 'end it with the path, for example /v1';
  return `end it with the path, and write beside it query: { ${names.join(', ')} }`;
}

/** `pricing: unknown` is for a gateway on this machine: what it asks in turn may cost. */
function isLocal({ raw, baseUrl }: { raw: RawProvider; baseUrl: string | null }): boolean {
  return isServer(raw.type) && baseUrl !== null && raw.pricing !== 'unknown' && isLoopback(baseUrl);
}

function pricingOf(raw: RawProvider): Provider['pricing'] {
  const declared = Object.entries(raw.pricing === 'unknown' ? {} : (raw.pricing ?? {})).map(
    ([model, price]): [string, Price] => [model, priceFrom(price)],
  );
  const known = Object.entries(entryOf(raw.type).defaults.pricing).map(([model, price]): [string, Price] => [
    model,
    { ...price, cachedInput: null },
  ]);
  return nameless([...known, ...declared]);
}

function simOf(raw: RawProvider): Provider['sim'] {
  const { sim = {} } = raw;
  const standard = DEFAULT_SIM_SETTINGS;
  return {
    latencyMs: sim.latency_ms ?? standard.latencyMs,
    latencySpread: sim.latency_spread ?? standard.latencySpread,
    ratePerSecond: sim.rate_per_s ?? standard.ratePerSecond,
    burst: sim.burst ?? standard.burst,
    tokensPerMinute: sim.tokens_per_minute ?? standard.tokensPerMinute,
    tokenBurst: sim.token_burst ?? standard.tokenBurst,
    maxInFlight: sim.max_in_flight ?? standard.maxInFlight,
    ...(sim.window ? { window: sim.window } : {}),
    limitHeaders: sim.limit_headers ?? standard.limitHeaders,
    retryAfter: sim.retry_after ?? standard.retryAfter,
    errorRate: sim.error_rate ?? standard.errorRate,
    dropRate: sim.drop_rate ?? standard.dropRate,
    hangRate: sim.hang_rate ?? standard.hangRate,
    halfJsonRate: sim.half_json_rate ?? standard.halfJsonRate,
    dripRate: sim.drip_rate ?? standard.dripRate,
    dripMs: sim.drip_ms ?? standard.dripMs,
    invalidUtf8Rate: sim.invalid_utf8_rate ?? standard.invalidUtf8Rate,
    hugeRate: sim.huge_rate ?? standard.hugeRate,
    hugeBytes: sim.huge_bytes ?? standard.hugeBytes,
    answerBytes: sim.answer_bytes ?? standard.answerBytes,
    drift: sim.drift
      ? {
          after: sim.drift.after,
          latencyMs: sim.drift.latency_ms ?? null,
          servedModel: sim.drift.served_model ?? null,
          ...(sim.drift.rate_per_s === undefined ? {} : { ratePerSecond: sim.drift.rate_per_s }),
          ...(sim.drift.burst === undefined ? {} : { burst: sim.drift.burst }),
        }
      : standard.drift,
    outage: sim.outage
      ? { after: sim.outage.after, forMs: sim.outage.for_ms, status: sim.outage.status ?? OUTAGE_STATUS }
      : standard.outage,
    ...(sim.batch_ms === undefined ? {} : { batchMs: sim.batch_ms }),
    ...(sim.batch_window_ms === undefined ? {} : { batchWindowMs: sim.batch_window_ms }),
    seed: sim.seed ?? standard.seed,
  };
}

/** A table by names of users: without a prototype, so that `constructor` and `__proto__` are names like others. */
export function nameless<Value>(entries: readonly (readonly [string, Value])[]): {
  readonly [name: string]: Value;
} {
  const table: { [name: string]: Value } = Object.create(null);
  for (const [name, value] of entries) table[name] = value;
  return table;
}

function printableOf({ provider, raw }: { provider: Provider; raw: RawProvider }): JsonObject {
  return {
    type: provider.type,
    base_url: raw.base_url?.replace(/\/\/[^/?#]*@/, '//') ?? null,
    api_key_env: provider.apiKeyEnv,
    api: provider.api,
    model: raw.model ?? null,
    // Their values are credentials more often than not.
    headers: Object.keys(raw.headers ?? {}).sort(),
    ...printableSettings(raw),
    ...printableSdk(provider),
    ...(raw.echo === undefined ? {} : { echo: raw.echo }),
    ...(provider.keyHeaders.length === 0 ? {} : { key_headers: provider.keyHeaders }),
    limits: {
      concurrency: provider.limits.concurrency,
      rpm: provider.limits.requestsPerMinute,
      tpm: provider.limits.tokensPerMinute,
    },
    pricing: nameless(
      Object.entries(provider.pricing).map(([model, price]) => [model, printablePrice(price)]),
    ),
    ...(provider.type === 'sim' ? { sim: { ...provider.sim } } : {}),
  };
}
