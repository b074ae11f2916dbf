// The clients of one worker: one for each endpoint, made when it is first needed.
import type { Clock } from '../core/clock.ts';
import { type Lesson, NO_SETTINGS } from '../core/endpoint-settings.ts';
import type { Env } from '../core/env.ts';
import type { Endpoint, ModelRequest } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import { entryOf, type SpokenTo } from '../core/providers/table.ts';
import { err, ok, type Result } from '../core/result.ts';
import { ADAPTERS, type AnyAdapter } from './adapters.ts';
import type { BoundModel } from './ai-sdk-bound.ts';
import { type BodyRoom, makeBodyRoom } from './body-room.ts';
import { type LeanFetch, makeLeanFetch } from './lean-fetch.ts';
import { endpointSecrets, makeMessageWriter } from './message.ts';
import { missingHere } from './open-endpoint.ts';
import type { OpenAiSdk } from './openai.ts';
import type {
  CallHook,
  CallOptions,
  EmbedAnswer,
  EmbedRequest,
  Exchange,
  ModelClient,
  Probed,
  SplitClient,
} from './provider.ts';

export type FindClient = (endpoint: Endpoint) => Promise<Result<ModelClient, Failure>>;

/** Answers of ordinary size never come near it, a thousand of them at once neither; two of the largest fit. */
const ROOM_BYTES = 128 * 1024 * 1024;

/** What own code is handed to ask with: by its account's type, the one or the other. */
export type BoundSdk =
  | { readonly kind: 'client'; readonly client: OpenAiSdk }
  | ({ readonly kind: 'language-model' } & BoundModel);

/** Made for one attempt. */
export type BindSdk = (
  endpoint: Endpoint,
  input: { readonly hook: CallHook; readonly run: number; readonly request: ModelRequest },
) => Promise<Result<BoundSdk, Failure>>;

/** Clients live as long as the worker: their connections are kept alive between calls. */
export function makeClients(settings: {
  readonly env: Env;
  readonly clock: Clock;
  /** Told once what an endpoint turned out to need. */
  readonly say?: (lesson: Lesson) => void;
  readonly watch?: (exchange: Exchange) => void;
}): FindClient {
  const known = new Map<string, ReturnType<FindClient>>();
  const room = makeBodyRoom(ROOM_BYTES);
  const sim = makeSimClients({ ...settings, room });
  return (endpoint) => {
    if (entryOf(endpoint.type).answeredBy === 'simulation') return sim(endpoint);
    // By content: each order crosses the thread as a copy.
    const id = JSON.stringify(endpoint);
    const found = known.get(id);
    if (found) return found;
    const made = makeClient({ ...settings, room, endpoint });
    known.set(id, made);
    return made;
  };
}

/** Clients that are kept of a simulation, which has an address for each of its scripts. */
const MAX_SIM_CLIENTS = 100;

/** A thousand scripts are a thousand clients: they share their connections, and the oldest are forgotten. */
function makeSimClients(settings: Omit<ClientOf, 'endpoint'>): FindClient {
  const known = new Map<string, ReturnType<FindClient>>();
  const sends = new Map<string, LeanFetch>();
  return (endpoint) => {
    const id = JSON.stringify(endpoint);
    const found = known.get(id);
    if (found) return found;
    const made = makeClient({ ...settings, endpoint, sends });
    known.set(id, made);
    if (known.size > MAX_SIM_CLIENTS) known.delete(known.keys().next().value!);
    return made;
  };
}

export function makeBinder(settings: { readonly env: Env; readonly clock: Clock }): BindSdk {
  const room = makeBodyRoom(ROOM_BYTES);
  const sends = new Map<string, LeanFetch>();
  return async (endpoint, at) => {
    const bound = await made(endpoint, settings, async (adapter, ready) => {
      const send = shared(sends, endpoint, () => adapter.makeSend({ ...settings, room, endpoint }));
      return adapter.makeBoundSdk({ ...settings, ...ready, ...at, endpoint, room, send });
    });
    const sdk = bound.kind === 'ok' ? bound.value : bound;
    if (sdk.kind === 'err') return sdk;
    const { value } = sdk;
    if ('callOptions' in value) return ok({ kind: 'language-model', ...value });
    return ok({ kind: 'client', client: value });
  };
}

/** What is said of batches; files of answers are taken piece by piece, and have no limit. */
const MAX_TOLD_BYTES = 64 * 1024 * 1024;

/** The halves of calls, for accounts whose calls go in batches. */
export function makeSplits(settings: {
  readonly env: Env;
  readonly clock: Clock;
}): (endpoint: Endpoint) => Promise<Result<SplitClient, Failure>> {
  const room = makeBodyRoom(MAX_TOLD_BYTES);
  const known = new Map<string, Promise<Result<SplitClient, Failure>>>();
  const make = (endpoint: Endpoint): Promise<Result<SplitClient, Failure>> =>
    made(endpoint, settings, (adapter, ready) => {
      const { proxy, caFile } = endpoint.settings ?? NO_SETTINGS;
      const send = makeLeanFetch({
        env: settings.env,
        maxBodyBytes: MAX_TOLD_BYTES,
        room,
        proxy,
        caFile,
      });
      return adapter.makeSplit({ ...settings, ...ready, room, endpoint, send });
    });
  return (endpoint) => {
    const id = JSON.stringify(endpoint);
    const found = known.get(id) ?? make(endpoint);
    known.set(id, found);
    return found;
  };
}

/** What nobody said anything else of. */
const USUALLY_SPOKEN: readonly SpokenTo[] = [{ type: 'openai' }];

/**
 * Loads what the accounts are spoken to with (a tenth of a second for each SDK) before the first order asks for it. Whatever is wrong
 * with a package of the project is said by the order that needs it.
 */
export async function loadAdapters(of: {
  readonly folder: string;
  readonly spoken?: readonly SpokenTo[];
}): Promise<void> {
  const { folder, spoken = USUALLY_SPOKEN } = of;
  await Promise.all(
    spoken.map(async (account) => {
      const { adapter } = entryOf(account.type);
      if (adapter !== null) await (await ADAPTERS[adapter]()).warm(account, folder);
    }),
  );
}

/** The two halves of a call to an account, and other requests to it. */
export async function makeSplit(
  endpoint: Endpoint,
  settings: { readonly env: Env; readonly clock: Clock },
): Promise<Result<SplitClient, Failure>> {
  const room = makeBodyRoom(ROOM_BYTES);
  return made(endpoint, settings, (adapter, ready) =>
    adapter.makeSplit({ ...settings, ...ready, room, endpoint }),
  );
}

/** Makes texts vectors; connections are kept between calls. */
export type Embed = (endpoint: Endpoint, request: EmbedRequest, options: CallOptions) => Promise<EmbedAnswer>;

export function makeEmbedder(settings: { readonly env: Env; readonly clock: Clock }): Embed {
  const room = makeBodyRoom(ROOM_BYTES);
  const sends = new Map<string, LeanFetch>();
  return async (endpoint, request, options) => {
    const answer = await made(endpoint, settings, async (adapter, ready) => {
      const send = shared(sends, endpoint, () => adapter.makeSend({ ...settings, room, endpoint }));
      return adapter.embed({ ...settings, ...ready, endpoint, room, send }, request, options);
    });
    if (answer.kind === 'ok') return answer.value;
    return { kind: 'failure', failure: answer.error, requestId: null, limits: null };
  };
}

/** One cheap question to an endpoint: its list of models, or what is wrong between here and there. */
export async function probe(
  endpoint: Endpoint,
  input: { readonly env: Env; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Result<Probed, Failure>> {
  const room = makeBodyRoom(ROOM_BYTES);
  const asked = await made(endpoint, input, async (adapter, ready) =>
    adapter.probe({ ...input, ...ready, room, endpoint }, input.signal),
  );
  return asked.kind === 'ok' ? asked.value : asked;
}

type ClientOf = {
  readonly env: Env;
  readonly clock: Clock;
  readonly say?: (lesson: Lesson) => void;
  readonly watch?: (exchange: Exchange) => void;
  readonly room: BodyRoom;
  readonly endpoint: Endpoint;
  /** Connections by the way they go, to be shared; left out = the client has its own. */
  readonly sends?: Map<string, LeanFetch>;
};

async function makeClient({ sends, ...of }: ClientOf): Promise<Result<ModelClient, Failure>> {
  return made(of.endpoint, of, async (adapter, ready) => {
    const send = sends === undefined ? null : shared(sends, of.endpoint, () => adapter.makeSend(of));
    return adapter.makeClient({ ...of, ...ready, ...(send === null ? {} : { send }) });
  });
}

/** Connections are shared by all that go the same way. */
function shared(sends: Map<string, LeanFetch>, { settings }: Endpoint, make: () => LeanFetch): LeanFetch {
  const id = JSON.stringify([settings?.proxy, settings?.caFile]);
  const send = sends.get(id) ?? make();
  sends.set(id, send);
  return send;
}

type Ready = {
  readonly apiKey: string;
  readonly baseUrl: URL | null;
  readonly runHeader: string | null;
};

async function made<Client>(
  endpoint: Endpoint,
  { env }: { readonly env: Env },
  make: (adapter: AnyAdapter, ready: Ready) => Promise<Client>,
): Promise<Result<Client, Failure>> {
  const { adapter, defaults, runHeader } = entryOf(endpoint.type);
  if (adapter === null) {
    return refuse('bad-request', 'this variant has no provider: set "provider:" to use its client');
  }
  const address = endpoint.baseUrl ?? defaults.baseUrl;
  const baseUrl = address === null && adapter === 'ai-sdk' ? ok(null) : parseBaseUrl(address);
  if (baseUrl.kind === 'err') return baseUrl;
  const apiKey = readKey(endpoint, env);
  if (apiKey.kind === 'err') return apiKey;
  try {
    return ok(
      await make(await ADAPTERS[adapter](), { apiKey: apiKey.value, baseUrl: baseUrl.value, runHeader }),
    );
  } catch (error) {
    const write = makeMessageWriter([...endpointSecrets(endpoint), { name: 'key', value: apiKey.value }]);
    return refuse('bad-request', write(`cannot use the provider's settings: ${String(error)}`));
  }
}

function parseBaseUrl(text: string | null): Result<URL, Failure> {
  if (text === null) return refuse('internal', 'the simulation has no address: it was not started');
  const url = URL.parse(text);
  // The text may hold a password: it is not repeated.
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return refuse('bad-request', 'base_url is not a URL that starts with http:// or https://');
  }
  if (url.username !== '' || url.password !== '') {
    return refuse('bad-request', 'base_url must not hold a user or password: use api_key_env or headers');
  }
  return ok(url);
}

/** Servers without keys still get a header: some of them, and the SDK, insist on one. */
const NO_KEY = 'none';

function readKey({ apiKeyEnv }: Endpoint, env: Env): Result<string, Failure> {
  if (apiKeyEnv === null) return ok(NO_KEY);
  // A file's line end at the end of a key is the most common mistake of all.
  const key = env[apiKeyEnv]?.trim() ?? '';
  if (key === '') return missingHere(`set ${apiKeyEnv}: it is the key of this provider, and it is empty`);
  if (!/^[\x21-\x7e]+$/.test(key))
    return missingHere(`set ${apiKeyEnv} again: it holds characters that no key has`);
  return ok(key);
}

function refuse(kind: Failure['kind'], message: string): Result<never, Failure> {
  return err({ kind, status: null, message, retryAfterMs: null });
}
