// Where traces go, from the variables that LangSmith's own SDK reads (LANGSMITH_X, else LANGCHAIN_X). Pure.
import type { Env } from '../core/env.ts';

export type LangSmithEnv =
  | { readonly kind: 'off'; readonly why: string }
  | {
      readonly kind: 'on';
      readonly endpoint: Endpoint;
      readonly project: string | null;
      /** Share of traces; null = all. */
      readonly sampling: number | null;
      readonly hideInputs: boolean;
      readonly hideOutputs: boolean;
    };

/** Holds the key: never write this type to a file. */
export type Endpoint = {
  /** Without a slash at the end. */
  readonly apiUrl: string;
  readonly apiKey: string;
  /** For keys of a whole organisation. */
  readonly workspace: string | null;
};

const DEFAULT_URL = 'https://api.smith.langchain.com';

export function readLangSmithEnv(env: Env): LangSmithEnv {
  const of = (name: string): string | null =>
    unquoted(env[`LANGSMITH_${name}`]) ?? unquoted(env[`LANGCHAIN_${name}`]);
  const apiKey = of('API_KEY');
  if (apiKey === null) return { kind: 'off', why: 'LANGSMITH_API_KEY is not set' };
  const tracing = of('TRACING') ?? of('TRACING_V2');
  if (tracing === 'false') return { kind: 'off', why: 'LANGSMITH_TRACING is false' };
  const apiUrl = (of('ENDPOINT') ?? DEFAULT_URL).replace(/\/+$/, '');
  if (!isWebAddress(apiUrl)) {
    return { kind: 'off', why: 'LANGSMITH_ENDPOINT is not an address like https://api.smith.langchain.com' };
  }
  const share = Number(of('TRACING_SAMPLING_RATE') ?? 'none');
  return {
    kind: 'on',
    endpoint: { apiUrl, apiKey, workspace: of('WORKSPACE_ID') },
    project: of('PROJECT') ?? unquoted(env.LANGCHAIN_SESSION),
    sampling: share >= 0 && share <= 1 ? share : null,
    hideInputs: of('HIDE_INPUTS') === 'true',
    hideOutputs: of('HIDE_OUTPUTS') === 'true',
  };
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
