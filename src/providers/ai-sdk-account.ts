// What a package is told of an account: address, key, headers and options. What the manifest says is said outright, so that no
// package looks into the environment for it. Pure.
import type { Env } from '../core/env.ts';
import type { JsonObject } from '../core/json.ts';
import type { Endpoint } from '../core/order.ts';
import { type ProviderType, signsByOptions } from '../core/providers/table.ts';
import type { Secret } from '../core/redact.ts';

export type Account = {
  readonly options: { readonly [name: string]: unknown };
  /** What of it no message may show. */
  readonly secrets: readonly Secret[];
};

/** @param of.apiKey null = none is named */
export function accountOf(of: {
  readonly endpoint: Endpoint;
  readonly apiKey: string | null;
  readonly baseUrl: URL | null;
  readonly env: Env;
}): Account {
  const { endpoint, baseUrl, env } = of;
  const given = endpoint.sdk?.options ?? {};
  const found = foundIn(env, usualOf(endpoint.type), {
    ...given,
    ...(of.apiKey === null ? {} : { apiKey: '' }),
  });
  const apiKey = of.apiKey ?? keyless(endpoint, given);
  return {
    options: {
      ...found.options,
      ...(apiKey === null ? {} : { apiKey }),
      ...(baseUrl === null ? {} : { baseURL: baseUrl.href.replace(/\/$/, '') }),
      ...(Object.keys(endpoint.headers).length === 0 ? {} : { headers: { ...endpoint.headers } }),
      ...given,
    },
    secrets: [...found.secrets, ...(endpoint.sdk?.here?.secrets ?? [])],
  };
}

/** Servers without keys still get a header: the packages insist on one. */
const NO_KEY = 'none';

/**
 * A key is sent to whom it was made for: a package that is given none takes its own vendor's from the environment, whatever
 * address it was given. So it is left to itself only where it has its own address too, or its own ways to sign.
 */
function keyless(endpoint: Endpoint, given: JsonObject): string | null {
  if (endpoint.type === 'bedrock' || signsByOptions(given)) return null;
  return endpoint.type === 'ai-sdk' && endpoint.baseUrl === null ? null : NO_KEY;
}

/** Options that belong together: one of them in the manifest, and none is taken from the environment. */
type Usual = { readonly [option: string]: string };

/** The variables that the packages themselves document. */
function usualOf(type: ProviderType): readonly Usual[] {
  switch (type) {
    case 'bedrock':
      return [
        { region: 'AWS_REGION' },
        {
          apiKey: 'AWS_BEARER_TOKEN_BEDROCK',
          accessKeyId: 'AWS_ACCESS_KEY_ID',
          secretAccessKey: 'AWS_SECRET_ACCESS_KEY',
          sessionToken: 'AWS_SESSION_TOKEN',
        },
      ];
    case 'azure':
      return [{ resourceName: 'AZURE_RESOURCE_NAME' }];
    default:
      return [];
  }
}

function foundIn(env: Env, usual: readonly Usual[], given: JsonObject): Account {
  const options: { [name: string]: string } = {};
  const secrets: Secret[] = [];
  for (const group of usual) {
    if (Object.keys(group).some((option) => option in given)) continue;
    for (const [option, name] of Object.entries(group)) {
      const value = env[name]?.trim() ?? '';
      if (value === '') continue;
      options[option] = value;
      if (!PLAIN.has(option)) secrets.push({ name, value });
    }
  }
  return { options, secrets };
}

const PLAIN = new Set(['region', 'resourceName']);

/** Nobody is asked with them, and nothing is signed that leaves this machine. */
const STAND_IN = 'stand-in';

/** An account as a request is built for that is never sent. */
export function standInAccount(endpoint: Endpoint, baseUrl: URL | null): Account['options'] {
  const apiKey = signsByOptions(endpoint.sdk?.options ?? {}) ? null : STAND_IN;
  const { options } = accountOf({ endpoint, apiKey, baseUrl, env: {} });
  const usual: { [name: string]: string } = {};
  for (const option of usualOf(endpoint.type).flatMap((group) => Object.keys(group)))
    if (PLAIN.has(option)) usual[option] = STAND_IN;
  return { ...usual, ...options };
}
