// An endpoint as it is talked to: `${NAME}` in its address, headers, query and proxy becomes what this environment says, and its
// certificates and its package are found from this folder. What travels has neither.
import path from 'node:path';
import { type Env, type EnvValue, replaceEnv } from '../core/env.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { Endpoint } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';

export type Here = {
  readonly env: Env;
  /** Of the manifest, absolute. */
  readonly folder: string;
};

/** @returns err: a variable that the manifest names is not set here. What is opened is not opened again: values are no templates. */
export function openEndpoint(endpoint: Endpoint, { env, folder }: Here): Result<Endpoint, Failure> {
  const unset: string[] = [];
  const open = (text: string): string => {
    const replaced = replaceEnv(text, env);
    unset.push(...replaced.unset);
    return replaced.text;
  };
  const openAll = (texts: Endpoint['headers']): Endpoint['headers'] =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, open(text)]));
  const { baseUrl, headers, settings, sdk } = endpoint;
  const opened: Endpoint = {
    ...endpoint,
    baseUrl: baseUrl === null ? null : open(baseUrl),
    headers: openAll(headers),
    ...(settings === undefined
      ? {}
      : {
          settings: {
            ...settings,
            query: openAll(settings.query),
            proxy: settings.proxy === null ? null : open(settings.proxy),
            caFile: settings.caFile === null ? null : path.resolve(folder, open(settings.caFile)),
          },
        }),
    ...(sdk === undefined ? {} : { sdk: openSdk(sdk, { env, folder, unset }) }),
  };
  const [name] = unset;
  if (name === undefined) return ok(opened);
  const message = `set ${name} where the work is done: the manifest names it for this provider, and it is not set there`;
  return missingHere(message);
}

/** Nobody is asked without it. */
export function missingHere(message: string): Result<never, Failure> {
  return err({ kind: 'unauthorized', status: null, message, retryAfterMs: null, isOfPlace: true });
}

/** @param at.unset told of variables that are not set */
function openSdk(
  sdk: NonNullable<Endpoint['sdk']>,
  at: Here & { readonly unset: string[] },
): NonNullable<Endpoint['sdk']> {
  const secrets: EnvValue[] = [];
  const open = (value: Json | undefined): Json | undefined => {
    if (typeof value === 'string') {
      const replaced = replaceEnv(value, at.env);
      at.unset.push(...replaced.unset);
      secrets.push(...replaced.used);
      return replaced.text;
    }
    if (Array.isArray(value)) return value.map((one: Json) => open(one)!);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, open(member)]));
  };
  const options = open(sdk.options) as JsonObject;
  return { ...sdk, options, here: { folder: at.folder, secrets } };
}
