// Where traces go, from the variables that LangSmith's own SDK reads (LANGSMITH_X, else LANGCHAIN_X). Pure.

import type { Env } from '../core/env.ts';
import { isJsonObject } from '../core/json.ts';
import { parseJson } from '../core/json-text.ts';

export type LangSmithEnv =
  | {
      readonly kind: 'off';
      readonly why: string;
      /** Whether it is meant: where the environment asks for traces that cannot be made as it says, somebody has to be told. */
      readonly isMeant: boolean;
    }
  | {
      readonly kind: 'on';
      readonly endpoint: Endpoint;
      readonly project: string | null;
      /** Share of traces; null = all. */
      readonly sampling: number | null;
      readonly hideInputs: boolean;
      readonly hideOutputs: boolean;
      readonly hideMetadata: boolean;
    };

/** Holds the key: never write this type to a file. */
export type Endpoint = {
  /** Without a slash at the end; may have a path, as self-hosted LangSmith has: https://host/api/v1 */
  readonly apiUrl: string;
  readonly apiKey: string;
  /** For keys of a whole organisation. */
  readonly workspace: string | null;
};

const NO: ReadonlySet<string> = new Set(['false', '0', 'no', 'off']);
const DEFAULT_URL = 'https://api.smith.langchain.com';

export function readLangSmithEnv(env: Env): LangSmithEnv {
  const of = (name: string): string | null => variableOf(env, name)?.value ?? null;
  const replica = readReplicas(env);
  const apiKey = replica.kind === 'one' ? replica.apiKey : of('API_KEY');
  if (apiKey === null && replica.kind === 'none') return off('LANGSMITH_API_KEY is not set');
  const said = switchOf(env);
  if (said !== null && said.value !== 'true') {
    if (NO.has(said.value.toLowerCase())) return off(`${said.name} is ${said.value}`);
    // As in the SDK; whoever wrote `1` or `True` may well wonder.
    return refusal(`${said.name} is ${JSON.stringify(said.value)}, and only "true" switches tracing on`);
  }
  const refused = refusalOf(env, replica);
  if (refused !== null || apiKey === null) return refusal(refused ?? 'LANGSMITH_API_KEY is not set');
  const apiUrl = (replica.kind === 'one' ? replica.apiUrl : (of('ENDPOINT') ?? DEFAULT_URL)).replace(
    /\/+$/,
    '',
  );
  if (!isWebAddress(apiUrl)) {
    const name = replica.kind === 'one' ? 'the api_url of LANGSMITH_RUNS_ENDPOINTS' : 'LANGSMITH_ENDPOINT';
    return refusal(`${name} is not an address like ${DEFAULT_URL}`);
  }
  const share = Number(of('TRACING_SAMPLING_RATE') ?? 'none');
  const ofReplica = replica.kind === 'one' ? replica : null;
  return {
    kind: 'on',
    endpoint: { apiUrl, apiKey, workspace: ofReplica?.workspace ?? of('WORKSPACE_ID') },
    project: ofReplica?.project ?? of('PROJECT') ?? unquoted(env.LANGCHAIN_SESSION),
    sampling: share >= 0 && share <= 1 ? share : null,
    hideInputs: of('HIDE_INPUTS') === 'true',
    hideOutputs: of('HIDE_OUTPUTS') === 'true',
    hideMetadata: of('HIDE_METADATA') === 'true',
  };
}

function off(why: string): LangSmithEnv {
  return { kind: 'off', why, isMeant: true };
}

function refusal(why: string): LangSmithEnv {
  return { kind: 'off', why, isMeant: false };
}

/** The variable that decides: of several the first, as in the SDK for Python. null = none is set, and the key alone switches tracing on. */
function switchOf(env: Env): Variable | null {
  return variableOf(env, 'TRACING_V2') ?? variableOf(env, 'TRACING');
}

type Variable = { readonly name: string; readonly value: string };

function variableOf(env: Env, name: string): Variable | null {
  for (const full of [`LANGSMITH_${name}`, `LANGCHAIN_${name}`]) {
    const value = unquoted(env[full]);
    if (value !== null) return { name: full, value };
  }
  return null;
}

/** Ways of the SDK that are not ours: whoever set them would look for the traces elsewhere. */
function refusalOf(env: Env, replica: Replicas): string | null {
  const mode = variableOf(env, 'TRACING_MODE');
  const otel = otelVariable(env);
  if (mode === null ? otel !== null : mode.value.toLowerCase() !== 'langsmith') {
    const { name, value } = mode ?? otel!;
    return `${name} is ${JSON.stringify(value)}, and expgraph sends to LangSmith's own API only: unset it here, or set LANGSMITH_TRACING_MODE=langsmith`;
  }
  switch (replica.kind) {
    case 'several':
      return `LANGSMITH_RUNS_ENDPOINTS names ${replica.count} places, and expgraph sends to one: unset it here and set LANGSMITH_ENDPOINT and LANGSMITH_API_KEY`;
    case 'unreadable':
      return 'LANGSMITH_RUNS_ENDPOINTS is not a list like [{"api_url": "https://...", "api_key": "..."}]';
    default:
      return null;
  }
}

function otelVariable(env: Env): Variable | null {
  if (env.OTEL_ENABLED === 'true') return { name: 'OTEL_ENABLED', value: 'true' };
  const own = variableOf(env, 'OTEL_ENABLED');
  return own?.value === 'true' ? own : null;
}

type Replicas =
  | { readonly kind: 'none' | 'unreadable' }
  | { readonly kind: 'several'; readonly count: number }
  | {
      readonly kind: 'one';
      readonly apiUrl: string;
      readonly apiKey: string;
      readonly project: string | null;
      readonly workspace: string | null;
    };

/** With it the SDK sends there and nowhere else: one place is an endpoint as any. */
function readReplicas(env: Env): Replicas {
  const text = unquoted(env.LANGSMITH_RUNS_ENDPOINTS);
  if (text === null) return { kind: 'none' };
  const given = parseJson(text);
  const entries = Array.isArray(given)
    ? given
    : isJsonObject(given)
      ? Object.entries(given).map(([api_url, api_key]) => ({ api_url, api_key }))
      : null;
  if (entries === null) return { kind: 'unreadable' };
  if (entries.length === 0) return { kind: 'none' };
  if (entries.length > 1) return { kind: 'several', count: entries.length };
  const [only] = entries as readonly unknown[];
  if (!isJsonObject(only)) return { kind: 'unreadable' };
  const { api_url: apiUrl, api_key: apiKey, project_name: project, workspace_id: workspace } = only;
  if (typeof apiUrl !== 'string' || typeof apiKey !== 'string' || apiKey === '')
    return { kind: 'unreadable' };
  return { kind: 'one', apiUrl, apiKey, project: textOf(project), workspace: textOf(workspace) };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** Keys that are in no variable of their own. */
export function replicaKeys(env: Env): readonly string[] {
  return [...(env.LANGSMITH_RUNS_ENDPOINTS ?? '').matchAll(/"([^"\s]{8,})"/g)].flatMap(([, text]) =>
    text === undefined || isWebAddress(text) ? [] : [text],
  );
}

/**
 * Routes that the service calls its platform's, as the SDK builds them (`_getPlatformEndpointPath`): an address that ends in
 * its version has the version already.
 */
export function platformPath(apiUrl: string, path: string): string {
  return apiUrl.endsWith('/v1') ? `/platform/${path}` : `/v1/platform/${path}`;
}

/** The pages for people that belong to an API's address. */
export function webUrl(apiUrl: string): string {
  const url = new URL(apiUrl);
  if (url.hostname === 'localhost' || url.hostname === '127.0.0.1') return `${url.protocol}//${url.hostname}`;
  const path = url.pathname.replace(/\/api(\/v1)?$/, '').replace(/\/+$/, '');
  const host = url.host.replace(/^api\./, '').replace(/^([a-z]+)\.api\./, '$1.');
  return `${url.protocol}//${host}${path}`;
}

function unquoted(value: string | undefined): string | null {
  const text = value?.trim().replace(/^(["'])(.*)\1$/, '$2') ?? '';
  return text === '' ? null : text;
}

function isWebAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return (
    url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === ''
  );
}
