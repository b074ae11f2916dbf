// A package's provider, made once for an account, and one call through it: what the server said is read by us, whatever the package
// makes of it.
import { NO_SETTINGS } from '../core/endpoint-settings.ts';
import type { EmbeddingModel, GenerateResult, LanguageModel } from '../core/language-model.ts';
import type { ModelRequest } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import type { Secret } from '../core/redact.ts';
import { err, type Result } from '../core/result.ts';
import { thrownMessage, thrownStack } from '../core/thrown.ts';
import { accountOf } from './ai-sdk-account.ts';
import { KEY_HEADERS, makeSeenFetch, nothingSeen, type Seen, seeing } from './ai-sdk-fetch.ts';
import {
  embeddingModelOf,
  languageModelOf,
  type MadeProvider,
  makeSdkProvider,
  type SdkProvider,
} from './ai-sdk-load.ts';
import { namespaceOf } from './ai-sdk-params.ts';
import { tellAnswer } from './ai-sdk-read.ts';
import { callOptionsOf } from './ai-sdk-request.ts';
import { joinParts } from './ai-sdk-stream.ts';
import { badRequest } from './bad-request.ts';
import type { LeanFetch } from './lean-fetch.ts';
import { makeLeanResponse } from './lean-response.ts';
import { endpointSecrets, makeMessageWriter } from './message.ts';
import { heldAgainst, withOfferedNames } from './offered-tools.ts';
import { type Teller, tellAbort, tellFailure } from './openai-answer.ts';
import type { AdapterSettings, ClientAnswer } from './provider.ts';
import { tellTransport } from './tell-transport.ts';
import { findTransportError } from './transport-error.ts';

/** One account, as its package talks to it. */
export type SdkAccount = {
  languageModel(name: string): Promise<Result<LanguageModel, Failure>>;
  embeddingModel(name: string): Promise<Result<EmbeddingModel, Failure>>;
  /** Under which a model of it reads the vendor's options. */
  namespaceOf(model: { readonly provider: string }): string;
  /** Where nothing was asked yet, by the address of the manifest. */
  readonly teller: (seen: Seen) => Teller;
};

export function openAccount(settings: AdapterSettings, send: LeanFetch): SdkAccount {
  const { endpoint, baseUrl, env } = settings;
  // An impossible header is a mistake of the manifest: it is found here and not with each call.
  new Headers({ ...endpoint.headers });
  const apiKey = endpoint.apiKeyEnv === null ? null : settings.apiKey;
  const account = accountOf({ endpoint, apiKey, baseUrl, env });
  const fetch = makeSeenFetch({ send, settings: endpoint.settings, apiKey });
  let provider: Promise<Result<MadeProvider, Failure>> | null = null;
  const models = new Map<string, Promise<Result<LanguageModel, Failure>>>();

  async function made<Model>(
    make: (provider: SdkProvider) => Result<Model, Failure>,
  ): Promise<Result<Model, Failure>> {
    const { write } = teller(nothingSeen());
    provider ??= makeSdkProvider({ endpoint, options: account.options, fetch, write });
    const created = await provider;
    if (created.kind === 'err') return created;
    try {
      return make(created.value.provider);
    } catch (error) {
      return err(badRequest(write(`${endpoint.sdk!.package}: ${thrownMessage(error)}`)));
    }
  }

  const secrets: readonly Secret[] = [
    ...(apiKey === null ? [] : [{ name: endpoint.apiKeyEnv!, value: apiKey }]),
    ...endpointSecrets(endpoint),
    ...account.secrets,
  ];

  function teller(seen: Seen): Teller {
    const { onStatus, timeoutMs } = endpoint.settings ?? NO_SETTINGS;
    let writer: ((text: string) => string) | null = null;
    const host = (seen.url === null ? null : URL.parse(seen.url)?.host) ?? baseUrl?.host;
    return {
      host: host ?? endpoint.sdk?.package ?? endpoint.type,
      apiKeyEnv: endpoint.apiKeyEnv,
      clock: settings.clock,
      // Most calls have nothing to say.
      write: (text) => {
        writer ??= makeMessageWriter([...secrets, ...keysIn(seen)]);
        return writer(text);
      },
      onStatus,
      limitName: timeoutMs === null ? 'execution.timeout' : "the provider's timeout",
    };
  }

  return {
    languageModel(name) {
      const { sdk } = endpoint;
      const known = models.get(name) ?? made((one) => languageModelOf(one, { sdk: sdk!, model: name }));
      models.set(name, known);
      return known;
    },
    embeddingModel: (name) => made((one) => embeddingModelOf(one, { sdk: endpoint.sdk!, model: name })),
    namespaceOf: ({ provider }) => namespaceOf(provider, endpoint.sdk!),
    teller,
  };
}

/** A package may have found a key by itself. */
function keysIn(seen: Seen): readonly Secret[] {
  const headers = new Headers(seen.headers);
  return KEY_HEADERS.flatMap((name) => {
    const value = headers.get(name)?.replace(/^(bearer|basic) /i, '') ?? '';
    return value === '' ? [] : [{ name: `header ${name}`, value }];
  });
}

/** What a package made of one call, and what was seen on its way. */
export type Exchanged<Value> = {
  readonly seen: Seen;
  readonly value: Value | null;
  readonly thrown: unknown;
};

/** Never rejects. */
export async function exchange<Value>(
  work: () => PromiseLike<Value>,
  play: Seen['play'] = null,
): Promise<Exchanged<Value>> {
  const seen = nothingSeen(play);
  try {
    return { seen, value: await seeing(seen, work), thrown: null };
  } catch (thrown) {
    return { seen, value: null, thrown };
  }
}

/** One request, whole or as a stream. */
export async function generate(
  model: LanguageModel,
  of: {
    readonly account: SdkAccount;
    readonly request: ModelRequest;
    readonly signal: AbortSignal;
    readonly isStream: boolean;
  },
): Promise<GenerateResult> {
  const options = callOptionsOf(withOfferedNames(of.request), of.account.namespaceOf(model));
  const call = { ...options, abortSignal: of.signal };
  if (!of.isStream) return await model.doGenerate(call);
  return joinParts((await model.doStream(call)).stream);
}

/** Whatever a call of the package ended with. */
export async function tellExchanged(
  exchanged: Exchanged<GenerateResult>,
  of: { readonly account: SdkAccount; readonly request: ModelRequest; readonly signal: AbortSignal },
): Promise<ClientAnswer> {
  const teller = of.account.teller(exchanged.seen);
  const answer = await tellEnded(exchanged, { teller, signal: of.signal });
  return heldAgainst(of.request, { answer, teller });
}

async function tellEnded(
  { seen, value, thrown }: Exchanged<GenerateResult>,
  { teller, signal }: { readonly teller: Teller; readonly signal: AbortSignal },
): Promise<ClientAnswer> {
  const { url, response } = seen;
  // A module of the project may have ways of its own: what it says counts.
  if (url === null && value !== null && !signal.aborted)
    return tellAnswer({ url: '', response: unseen(), result: value, thrown, teller });
  if (url === null || response === null || signal.aborted)
    return tellUnanswered({ seen, thrown }, { teller, signal });
  return tellAnswer({ url, response, result: value, thrown, teller });
}

function unseen(): Response {
  const body = Buffer.alloc(0);
  return makeLeanResponse({ status: 200, statusText: '', headers: [], url: '', body });
}

/** A call that no answer came to. */
export function tellUnanswered(
  { seen, thrown }: Pick<Exchanged<unknown>, 'seen' | 'thrown'>,
  { teller, signal }: { readonly teller: Teller; readonly signal: AbortSignal },
): ClientAnswer {
  if (signal.aborted) return tellAbort(signal, teller);
  const transport = findTransportError(seen.thrown) ?? findTransportError(thrown);
  if (transport) return tellTransport(transport, teller);
  const isOfPackage = seen.url === null && isToldByPackage(thrown);
  const failed = tellFailure({
    kind: isOfPackage ? kindOf(thrown) : 'internal',
    status: null,
    message: isOfPackage ? `not sent: ${thrownMessage(thrown)}` : `${teller.host}: ${thrownStack(thrown)}`,
    requestId: null,
    teller,
  });
  if (failed.kind !== 'failure' || seen.url !== null) return failed;
  const { failure } = failed;
  const isOfPlace = failure.kind === 'unauthorized' ? ({ isOfPlace: true } as const) : {};
  return { ...failed, failure: { ...failure, isUnsent: true, ...isOfPlace } };
}

/** Errors of the AI SDK carry names of their own; settings that are missing are told by them before anything is sent. */
function isToldByPackage(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    (thrown.name.startsWith('AI_') || /credential|api[_ ]?key|region/i.test(thrown.message))
  );
}

function kindOf(thrown: unknown): 'unauthorized' | 'bad-request' {
  const { name, message } = thrown as Error;
  const isSetting =
    name === 'AI_LoadAPIKeyError' || name === 'AI_LoadSettingError' || /credential/i.test(message);
  return isSetting ? 'unauthorized' : 'bad-request';
}
