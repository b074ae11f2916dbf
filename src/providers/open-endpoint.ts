// An endpoint as it is talked to: `${NAME}` in its address, headers, query and proxy becomes what this environment says, and its
// certificates are found from this folder. What travels has neither.
import path from 'node:path';
import { type Env, replaceEnv } from '../core/env.ts';
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
  const { baseUrl, headers, settings } = endpoint;
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
  };
  const [name] = unset;
  if (name === undefined) return ok(opened);
  const message = `set ${name} where the work is done: the manifest names it for this provider, and it is not set there`;
  return err({ kind: 'unauthorized', status: null, message, retryAfterMs: null });
}
