// The request that a package makes of ours, built by a fetch that connects to nobody: what would be sent is seen before anything is.
// Packages change requests, and not all of it is in their warnings.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { parseObject } from '../core/json-text.ts';
import { KEY_HEADERS } from '../core/key-headers.ts';
import type { CallOptionsV4, LanguageModel, ModelWarning } from '../core/language-model.ts';
import type { Endpoint, ModelRequest } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import { entryOf } from '../core/providers/table.ts';
import { err, ok, type Result } from '../core/result.ts';
import { thrownMessage } from '../core/thrown.ts';
import { standInAccount } from './ai-sdk-account.ts';
import { blankResponse } from './ai-sdk-blank.ts';
import { makeSeenFetch, nothingSeen, type Seen, seeing } from './ai-sdk-fetch.ts';
import { languageModelOf, makeSdkProvider } from './ai-sdk-load.ts';
import { namespaceOf } from './ai-sdk-params.ts';
import { callOptionsOf } from './ai-sdk-request.ts';
import { badRequest } from './bad-request.ts';

export type BuiltFrame = {
  /** Of the package; null = it is a module of the project. */
  readonly version: string | null;
  /** As it would be sent. */
  readonly body: JsonObject;
  /** Of the headers that the package adds by itself, those that choose who answers, or how: by name in lower case. */
  readonly headers: { readonly [name: string]: string };
  readonly url: string;
  /** What the package says that it changes, leaves out or does otherwise. */
  readonly warnings: readonly ModelWarning[];
  /**
   * Names of `params` (`thinking.budget_tokens`) that change nothing of the request, whatever they hold: the package does not know
   * them.
   */
  readonly unused: readonly string[];
};

/**
 * @param of.endpoint opened (open-endpoint.ts); no key is needed
 * @returns err: the package is missing, is none, or refuses the request
 */
export async function buildFrame(of: {
  readonly endpoint: Endpoint;
  readonly request: ModelRequest;
}): Promise<Result<BuiltFrame, Failure>> {
  const { endpoint, request } = of;
  const made = await modelFor(endpoint, request.model);
  if (made.kind === 'err') return made;
  const { model, version } = made.value;
  const isStream = endpoint.settings?.stream === 'always';
  const build = async (asked: ModelRequest): Promise<Result<Built, Failure>> => {
    const options = callOptionsOf(asked, namespaceOf(model.provider, endpoint.sdk!));
    const whole = await wholeCall(model, options);
    return isStream && whole.kind === 'ok' ? streamedCall(model, options, whole.value) : whole;
  };
  const built = await build(request);
  if (built.kind === 'err') return built;
  const { body, headers, url, warnings } = built.value;
  const unused: string[] = [];
  const whole = JSON.stringify([body, headers, url]);
  const isSame = async (params: JsonObject): Promise<boolean> => {
    const other = await build({ ...request, params });
    if (other.kind === 'err') return false;
    return JSON.stringify([other.value.body, other.value.headers, other.value.url]) === whole;
  };
  for (const { name, params, odd } of lessEach(request.params))
    if ((await isSame(params)) && (await isSame(odd))) unused.push(name);
  return ok({ version, body, headers, url, warnings, unused });
}

/** What is no request to the model either asks nobody. */
async function nobody(): Promise<Response> {
  throw new Error('nobody is asked before the run');
}

type Built = Pick<BuiltFrame, 'body' | 'headers' | 'url' | 'warnings'>;

async function modelFor(
  endpoint: Endpoint,
  name: string,
): Promise<Result<{ readonly model: LanguageModel; readonly version: string | null }, Failure>> {
  const address = endpoint.baseUrl ?? entryOf(endpoint.type).defaults.baseUrl;
  const made = await makeSdkProvider({
    endpoint,
    options: standInAccount(endpoint, address === null ? null : URL.parse(address)),
    fetch: makeSeenFetch({ send: nobody, settings: endpoint.settings, apiKey: null }),
    // Whoever shows mistakes of a manifest redacts them.
    write: (text) => text,
  });
  if (made.kind === 'err') return made;
  const { provider, version } = made.value;
  try {
    const model = languageModelOf(provider, { sdk: endpoint.sdk!, model: name });
    return model.kind === 'err' ? model : ok({ model: model.value, version });
  } catch (error) {
    return refuse(`${endpoint.sdk!.package} has no such model: ${thrownMessage(error)}`);
  }
}

async function wholeCall(model: LanguageModel, options: CallOptionsV4): Promise<Result<Built, Failure>> {
  const seen = nothingSeen(blankResponse);
  try {
    const { warnings } = await seeing(seen, async () => await model.doGenerate(options));
    return builtFrom(seen, warnings);
  } catch (error) {
    // It had a request to send, and cannot read the answer that was made up: an API that nobody here knows.
    if (seen.url !== null) return builtFrom(seen, []);
    return refuse(`${model.provider} refuses the request: ${thrownMessage(error)}`);
  }
}

/**
 * The same as it is asked where answers come as streams: packages ask for more than the stream then (Anthropic's for tools whose
 * arguments come as they are written). That it is one, and where streams are asked, is transport.
 */
async function streamedCall(
  model: LanguageModel,
  options: CallOptionsV4,
  { url, warnings }: Built,
): Promise<Result<Built, Failure>> {
  const seen = nothingSeen(() => {
    throw new Error('nobody is asked before the run');
  });
  try {
    await seeing(seen, async () => await model.doStream(options));
  } catch (error) {
    if (seen.url === null) return refuse(`${model.provider} refuses to stream: ${thrownMessage(error)}`);
  }
  const built = builtFrom(seen, warnings);
  if (built.kind === 'err') return built;
  const { stream: _, stream_options: __, ...body } = built.value.body;
  return ok({ ...built.value, url, body });
}

function builtFrom(seen: Seen, warnings: readonly ModelWarning[]): Result<Built, Failure> {
  const body = seen.body === null ? null : parseObject(seen.body);
  if (seen.url === null)
    return refuse('the package does not ask with the fetch that it is handed: what it sends cannot be told');
  if (body === null) return refuse('the package sends no JSON: what counts for a key cannot be told');
  const headers = new Headers(seen.headers);
  const kept = KEY_HEADERS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return ok({ body, url: seen.url, headers: Object.fromEntries(kept), warnings: warnings ?? [] });
}

/** More would be a request of its own. */
const MOST_PARAMS = 60;

/**
 * Each member of params, however deep; the params without it, and with something odd in its place: what is as it would be anyway
 * shows then, for the package sends it or refuses it.
 */
function lessEach(
  params: JsonObject,
): readonly { readonly name: string; readonly params: JsonObject; readonly odd: JsonObject }[] {
  return leavesOf(params, [])
    .slice(0, MOST_PARAMS)
    .map((at) => ({
      name: at.join('.'),
      params: without(params, at),
      odd: withOdd(params, at) as JsonObject,
    }));
}

function withOdd(value: Json | undefined, [name, ...inner]: readonly string[]): Json {
  if (name !== undefined && isJsonObject(value)) return { ...value, [name]: withOdd(value[name], inner) };
  if (typeof value === 'boolean') return !value;
  return typeof value === 'number' ? value + 1 : 'odd';
}

function leavesOf(value: Json | undefined, at: readonly string[]): readonly (readonly string[])[] {
  const members = isJsonObject(value) ? Object.entries(value) : [];
  if (members.length === 0) return at.length === 0 || at[0] === 'stream' ? [] : [at];
  return members.flatMap(([name, member]) => leavesOf(member, [...at, name]));
}

function without(params: JsonObject, [name, ...inner]: readonly string[]): JsonObject {
  const { [name!]: value, ...rest } = params;
  return inner.length === 0 || !isJsonObject(value) ? rest : { ...rest, [name!]: without(value, inner) };
}

function refuse(message: string): Result<never, Failure> {
  return err(badRequest(message));
}
