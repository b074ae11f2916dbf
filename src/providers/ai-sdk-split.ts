// The two halves of a call through a package, and other requests to the same account: with the address, the headers and the key that
// the package itself would send.

import { parseObject } from '../core/json-text.ts';
import type { ModelRequest } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import { blankResponse } from './ai-sdk-blank.ts';
import {
  exchange,
  generate,
  openAccount,
  type SdkAccount,
  tellExchanged,
  tellUnanswered,
} from './ai-sdk-client.ts';
import type { Seen } from './ai-sdk-fetch.ts';
import { badRequest } from './bad-request.ts';
import type { LeanFetch } from './lean-fetch.ts';
import { makeLeanResponse } from './lean-response.ts';
import { readModelList } from './model-list.ts';
import type { AdapterSettings, Probed, SplitClient } from './provider.ts';

export function makeSdkSplit(settings: AdapterSettings, send: LeanFetch): SplitClient {
  const account = openAccount(settings, send);
  return {
    async bodyOf(request) {
      const seen = await rehearsed(account, request);
      if (seen.kind === 'err') return seen;
      const body = parseObject(seen.value.body ?? '');
      return body === null ? err(badRequest('the package sends no JSON')) : ok(body);
    },
    async read({ request, status, headers, text }) {
      const model = await account.languageModel(request.model);
      if (model.kind === 'err')
        return { kind: 'failure', failure: model.error, requestId: null, limits: null };
      const body = Buffer.from(text);
      const play = (url: string): Response =>
        makeLeanResponse({ status, statusText: '', headers: new Headers(headers), url, body });
      const { signal } = new AbortController();
      const done = await exchange(
        () => generate(model.value, { account, request, signal, isStream: false }),
        play,
      );
      return tellExchanged(done, { account, request, signal });
    },
    ask: (input) => askAccount(account, settings, { ...input, send }),
  };
}

/** Its list of models, where there is one behind the address. */
export async function probeAccount(
  settings: AdapterSettings,
  of: { readonly send: LeanFetch; readonly signal: AbortSignal },
): Promise<Result<Probed, Failure>> {
  const account = openAccount(settings, of.send);
  const asked = await askAccount(account, settings, { ...of, method: 'GET', path: '/models' });
  if (asked.kind === 'err') return asked;
  const { status, text } = asked.value;
  return ok({ status, models: status === 200 ? namesIn(text) : null });
}

/** Gemini's names stand in a folder of their own. */
function namesIn(text: string): readonly string[] | null {
  return readModelList(text)?.map((name) => name.replace(/^models\//, '')) ?? null;
}

/** What would be sent, and where, with everything that the package puts around it. */
async function rehearsed(account: SdkAccount, request: ModelRequest): Promise<Result<Seen, Failure>> {
  const model = await account.languageModel(request.model);
  if (model.kind === 'err') return model;
  const { signal } = new AbortController();
  const done = await exchange(
    () => generate(model.value, { account, request, signal, isStream: false }),
    blankResponse,
  );
  if (done.seen.url !== null) return ok(done.seen);
  const told = tellUnanswered(done, { teller: account.teller(done.seen), signal });
  return err(told.kind === 'failure' ? told.failure : badRequest('the package asks nobody'));
}

type Asked = { readonly status: number; readonly headers: Headers; readonly text: string };

async function askAccount(
  account: SdkAccount,
  { baseUrl }: AdapterSettings,
  input: Parameters<SplitClient['ask']>[0] & { readonly send: LeanFetch },
): Promise<Result<Asked, Failure>> {
  const { method, path, body = '', signal, take } = input;
  const seen = await rehearsed(account, ANY);
  if (seen.kind === 'err') return seen;
  const url = addressOf(baseUrl, { path, asked: seen.value.url! });
  const around = Object.fromEntries(new Headers(seen.value.headers));
  // Signed for the request that was rehearsed: it would be refused for any other.
  if (/^AWS4-/.test(around.authorization ?? ''))
    return err(badRequest('requests of this account are signed one by one: there is nothing else to ask it'));
  const { 'content-type': _, ...headers } = around;
  const type: { [name: string]: string } = body === '' ? {} : { 'content-type': 'application/json' };
  try {
    const sent = {
      method,
      headers: { ...headers, ...type, ...input.headers },
      body,
      signal,
      ...(take ? { take } : {}),
    };
    const response = await input.send(url, sent);
    return ok({ status: response.status, headers: response.headers, text: await response.text() });
  } catch (thrown) {
    const teller = account.teller(seen.value);
    const told = tellUnanswered({ seen: { ...seen.value, thrown }, thrown }, { teller, signal });
    return err(told.kind === 'failure' ? told.failure : NOT_ASKED);
  }
}

const NOT_ASKED: Failure = { kind: 'cancelled', status: null, message: 'not asked', retryAfterMs: null };

/** Nobody is asked it: what stands around a request is the same for each. */
const ANY: ModelRequest = {
  ...{ model: 'any', messages: [{ role: 'user', content: 'hello' }], tools: [], temperature: null },
  ...{ maxOutputTokens: 16, seed: null, params: {} },
};

/** Where the package alone knows the address, it is what stands before the path of the API; a query goes along. */
function addressOf(baseUrl: URL | null, of: { readonly path: string; readonly asked: string }): string {
  const asked = new URL(of.asked);
  const base = baseUrl?.href.replace(/\/$/, '') ?? `${asked.origin}${asked.pathname.replace(API_PATH, '')}`;
  const url = new URL(`${base}${of.path}`);
  for (const [name, value] of asked.searchParams) if (name !== 'alt') url.searchParams.set(name, value);
  return url.href;
}

const API_PATH = /\/(?:chat\/completions|responses|messages|chat|models\/[^/]+|model\/[^/]+\/\w+)$/;
