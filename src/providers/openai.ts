// The adapter on the official SDK: chat completions and the responses API of OpenAI and of everything that speaks like
// it. The only file that knows the package `openai`. One request a call; retries are the loop's.
import OpenAI, { APIError } from 'openai';
import { NO_SETTINGS } from '../core/endpoint-settings.ts';
import type { JsonObject } from '../core/json.ts';
import type { ModelRequest } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import { makeBoundFetch } from './bound-fetch.ts';
import { withModelInPath } from './deployment-path.ts';
import { type LeanFetch, makeLeanFetch } from './lean-fetch.ts';
import { headersOf } from './lean-response.ts';
import { endpointSecrets, makeMessageWriter } from './message.ts';
import { readModelList } from './model-list.ts';
import { heldAgainst, withOfferedNames } from './offered-tools.ts';
import { type Teller, tellAbort, tellBody, tellFailure, tellStatus } from './openai-answer.ts';
import { dialectOf } from './openai-dialect.ts';
import type { Echo } from './openai-echo.ts';
import { embedTexts } from './openai-embed.ts';
import { errorBodyOf, readServerError, withErrorBodies, withJoinedErrors } from './openai-error-body.ts';
import { makeEchoMemory, mendOf } from './openai-mend.ts';
import { makeOpenAiSplit, type OpenAiParts } from './openai-split.ts';
import { adviceOf, MOST_REPAIRS, makeWays } from './openai-ways.ts';
import type {
  Adapter,
  AdapterSettings,
  BoundSettings,
  CallOptions,
  ClientAnswer,
  ClientSettings,
  ModelClient,
  Probed,
} from './provider.ts';
import { tellTransport } from './tell-transport.ts';
import { findTransportError } from './transport-error.ts';

/** No model's answer comes near it; without a limit one server could take the memory of all. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** The deadline is the caller's signal; the SDK's own timer must never be first (an order may take a day). */
const SDK_TIMEOUT_MS = 2 * 86_400_000;

/** The official SDK, as own code is handed it. */
export type OpenAiSdk = OpenAI;
export type OpenAiMessage = OpenAI.Chat.ChatCompletionMessageParam;
export type OpenAiTool = OpenAI.Chat.ChatCompletionFunctionTool;

export const openAiAdapter: Adapter<OpenAiSdk> = {
  makeClient: (settings) => makeClient(withAddress(settings)),
  warm: async () => {},
  probe: (settings, signal) => probe(withAddress(settings), signal),
  makeBoundSdk: async (settings) => ok(makeBoundSdk({ ...settings, ...withAddress(settings) })),
  makeSend,
  makeSplit: async (settings) => makeOpenAiSplit(partsOf(withAddress(settings))),
  embed: (settings, request, options) => embedTexts(partsOf(withAddress(settings)), { request, options }),
};

type Settings = AdapterSettings & { readonly baseUrl: URL };

function withAddress(settings: AdapterSettings): Settings {
  const { baseUrl } = settings;
  if (baseUrl === null) throw new TypeError('this account has no address');
  return { ...settings, baseUrl };
}

/** What else is asked of an account is asked with its own address, headers and key. */
function partsOf(settings: Settings): OpenAiParts {
  const { endpoint, baseUrl, say = () => {} } = settings;
  const send = withModelInPath(baseUrl, settings.send ?? makeSend(settings));
  const sdk = makeSdk(settings, send);
  return {
    dialect: dialectOf(endpoint.api, baseUrl),
    echo: makeEchoMemory(endpoint.echo ?? []),
    ways: makeWays({ settings: endpoint.settings ?? NO_SETTINGS, host: baseUrl.host, say }),
    teller: tellerOf(settings),
    tellRefusal,
    tellThrown,
    async ask({ method, path, body, headers = {}, signal, take }) {
      const { url, req } = await sdk.buildRequest({ method, path, body: {}, headers });
      const sent = { ...Object.fromEntries(req.headers), ...headers };
      return await send(url, { method, headers: sent, body: body ?? '', signal, ...(take ? { take } : {}) });
    },
  };
}

function makeClient(settings: Settings): ModelClient {
  const { endpoint, baseUrl, say = () => {}, watch } = settings;
  const send = withModelInPath(baseUrl, settings.send ?? makeSend(settings));
  const dialect = dialectOf(endpoint.api, baseUrl);
  const headOf = makeHeads(settings, { path: dialect.path, send });
  const teller = tellerOf(settings);
  const memory = makeEchoMemory(endpoint.echo ?? []);
  const ways = makeWays({ settings: endpoint.settings ?? NO_SETTINGS, host: baseUrl.host, say });

  return {
    nameCalls: dialect.nameCalls,
    toolMessage: dialect.toolMessage,
    async complete(asked, { signal, run, mend = [] }) {
      const request = withOfferedNames(asked);
      const { echo, changes } = memory.of(request.model, mend);
      const told = await askItsWay(request, { echo, signal, run });
      const answer = heldAgainst(request, { answer: told, teller });
      if (request.since === undefined || request.since.length === 0) return answer;
      if (answer.kind === 'failure') {
        const next = mendOf(answer.failure, dialect.said(request.since, echo));
        const changed = new Set(mend.map((name) => name.replace(/^-/, '')));
        // What was changed for this very request is not changed back: the two would take turns.
        const more = next.filter((name) => !changed.has(name.replace(/^-/, '')));
        return more.length === 0 ? answer : { ...answer, mend: [...mend, ...more] };
      }
      if (answer.kind !== 'completion' || changes.length === 0) return answer;
      const isNews = mend.length > 0 && memory.taken(request.model, mend);
      return { ...answer, repaired: changes, ...(isNews ? { isNews } : {}) };
    },
  };

  /** Where a refusal says how the endpoint wants to be asked, again in its way. */
  async function askItsWay(request: ModelRequest, input: At): Promise<ClientAnswer> {
    let way = ways.of(request.model);
    for (let repairs = 0; ; repairs++) {
      const body = dialect.write(request, { echo: input.echo, way });
      const answer = await post(body, input);
      if (answer.kind !== 'failure') return answer;
      const { failure } = answer;
      const better = repairs < MOST_REPAIRS ? ways.learn({ failure, request, body, way }) : null;
      if (better === null || input.signal.aborted) {
        const advice = adviceOf({ failure, request });
        if (advice === '') return answer;
        return { ...answer, failure: { ...failure, message: failure.message + advice } };
      }
      way = better;
    }
  }

  async function post(body: JsonObject, { signal, run }: At): Promise<ClientAnswer> {
    try {
      const { url, headers } = await headOf(run);
      const response = await send(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
      if (!response.ok) return tellRefusal(response, teller);
      watch?.({ body, response });
      return tellBody({ response, bytes: await response.bytes(), read: dialect.read, teller });
    } catch (error) {
      return signal.aborted ? tellAbort(signal, teller) : tellThrown(error, teller);
    }
  }
}

type Head = { readonly url: string; readonly headers: { readonly [name: string]: string } };

/**
 * What the SDK puts around a request: the same for each of an endpoint, so it is asked once for each repeat that is told. With
 * the SDK around every request a call took a third more CPU.
 */
function makeHeads(
  settings: Settings,
  { path, send }: { readonly path: string; readonly send: LeanFetch },
): (run: number) => Promise<Head> {
  const { runHeader } = settings;
  const sdk = makeSdk(settings, send);
  const heads = new Map<number, Promise<Head>>();
  const ask = async (run: number): Promise<Head> => {
    const headers = runHeader === null ? {} : { [runHeader]: String(run) };
    const { url, req } = await sdk.buildRequest({ method: 'post', path, body: {}, headers });
    return { url, headers: Object.fromEntries(req.headers) };
  };
  return (told) => {
    const run = runHeader === null ? 0 : told;
    const known = heads.get(run) ?? ask(run);
    heads.set(run, known);
    return known;
  };
}

type At = { readonly echo: Echo } & Pick<CallOptions, 'signal' | 'run'>;

async function probe(settings: Settings, signal: AbortSignal): Promise<Result<Probed, Failure>> {
  const sdk = makeSdk(settings, settings.send ?? makeSend(settings));
  try {
    const response = await sdk.get('/models', { signal }).asResponse();
    return ok({ status: response.status, models: readModelList(await response.text()) });
  } catch (error) {
    if (error instanceof APIError && error.status !== undefined)
      return ok({ status: error.status, models: null });
    const told = tellThrown(error, tellerOf(settings));
    return err(told.kind === 'failure' ? told.failure : NOT_ASKED);
  }
}

const NOT_ASKED: Failure = { kind: 'cancelled', status: null, message: 'not asked', retryAfterMs: null };

function makeBoundSdk(settings: BoundSettings & Settings): OpenAiSdk {
  const { hook, runHeader, run, send } = settings;
  const teller = tellerOf(settings);
  const headers = runHeader === null ? {} : { [runHeader]: String(run) };
  const { stream } = settings.endpoint.settings ?? NO_SETTINGS;
  return makeSdk(settings, makeBoundFetch({ send, hook, teller, tellThrown, stream }), headers);
}

/** One for all attempts of a worker. @throws where the CA file cannot be read */
function makeSend({ env, room, endpoint }: Pick<ClientSettings, 'env' | 'room' | 'endpoint'>): LeanFetch {
  const { proxy, caFile } = endpoint.settings ?? NO_SETTINGS;
  return withErrorBodies(
    withJoinedErrors(makeLeanFetch({ env, maxBodyBytes: MAX_BODY_BYTES, room, proxy, caFile })),
  );
}

function makeSdk(
  { endpoint, apiKey, baseUrl }: Settings,
  fetch: LeanFetch,
  headers: { readonly [name: string]: string } = {},
): OpenAI {
  // An impossible header is a mistake of the manifest: it is found here and not with each call.
  const own = new Headers({ ...endpoint.headers, ...headers });
  const { auth, query } = endpoint.settings ?? NO_SETTINGS;
  const defaultHeaders =
    auth === 'bearer' ? own : { ...keyHeaders(auth, apiKey), ...Object.fromEntries(own) };
  return new OpenAI({
    apiKey,
    // The SDK would take these from the environment and send them to whatever base_url names.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: baseUrl.href.replace(/\/$/, ''),
    defaultHeaders,
    defaultQuery: { ...query },
    maxRetries: 0,
    timeout: SDK_TIMEOUT_MS,
    logLevel: 'off',
    fetch: withModelInPath(baseUrl, fetch),
  });
}

/** Null takes the SDK's own header away. */
function keyHeaders(
  auth: 'api-key' | 'x-api-key' | 'none',
  apiKey: string,
): { [name: string]: string | null } {
  return { authorization: null, ...(auth === 'none' ? {} : { [auth]: apiKey }) };
}

function tellerOf({ endpoint, apiKey, clock, baseUrl }: Settings): Teller {
  const write = makeMessageWriter([
    ...(endpoint.apiKeyEnv === null ? [] : [{ name: endpoint.apiKeyEnv, value: apiKey }]),
    ...endpointSecrets(endpoint),
  ]);
  const { onStatus, timeoutMs } = endpoint.settings ?? NO_SETTINGS;
  const limitName = timeoutMs === null ? 'execution.timeout' : "the provider's timeout";
  return { host: baseUrl.host, apiKeyEnv: endpoint.apiKeyEnv, clock, write, onStatus, limitName };
}

function tellThrown(error: unknown, teller: Teller): ClientAnswer {
  const transport = findTransportError(error);
  if (transport) return tellTransport(transport, teller);
  if (error instanceof APIError && error.status !== undefined && error.headers !== undefined) {
    const { status, headers } = error;
    const told = readServerError(errorBodyOf(headers) ?? error.error, status);
    return tellStatus({ told, status, headers, teller });
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return tellFailure({
    kind: 'internal',
    status: null,
    message: `${teller.host}: ${stack}`,
    requestId: null,
    teller,
  });
}

/** An answer that is no success. */
function tellRefusal(response: Response, teller: Teller): ClientAnswer {
  const { status } = response;
  const told = readServerError(errorBodyOf(response.headers) ?? '', status);
  return tellStatus({ told, status, headers: headersOf(response), teller });
}
