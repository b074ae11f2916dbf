// Loads a package of the AI SDK's specification, or a module of the project, and makes a provider with it. Beside own code
// (worker/own-code/load-module.ts) the one import of a path that is known only at run time: the manifest names it.
import { pathToFileURL } from 'node:url';
import type { EmbeddingModel, LanguageModel } from '../core/language-model.ts';
import type { Endpoint } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import {
  type EndpointSdk,
  entryOf,
  isOwnModule,
  type ProviderType,
  type SdkPackage,
  type SpokenTo,
} from '../core/providers/table.ts';
import { err, ok, type Result } from '../core/result.ts';
import { thrownMessage } from '../core/thrown.ts';
import { findSdk } from './ai-sdk-find.ts';
import { badRequest } from './bad-request.ts';
import type { LeanFetch } from './lean-fetch.ts';

/** What `create` gives back, as far as anything of it is used. */
export type SdkProvider = {
  languageModel(modelId: string): LanguageModel;
  chat?(modelId: string): LanguageModel;
  responses?(modelId: string): LanguageModel;
  embeddingModel?(modelId: string): EmbeddingModel;
};

export type LoadedSdk = {
  /** null = it is a module of the project. */
  readonly version: string | null;
  readonly create: (options: object) => SdkProvider;
};

/** @param folder of the manifest, absolute */
export async function loadSdk(input: {
  readonly type: ProviderType;
  readonly sdk: SdkPackage;
  readonly folder: string;
}): Promise<Result<LoadedSdk, Failure>> {
  const { sdk, folder } = input;
  const found = findSdk({ name: sdk.package, folder, vendor: entryOf(input.type).sdk });
  if (found.kind === 'err') return err(badRequest(found.error));
  let module: { readonly [name: string]: unknown };
  try {
    module = (await import(pathToFileURL(found.value.file).href)) as typeof module;
  } catch (error) {
    return err(badRequest(`${sdk.package} cannot be loaded: ${thrownMessage(error)}`));
  }
  const create = module[sdk.create];
  if (typeof create !== 'function') {
    const others = Object.keys(module).filter((name) => name.startsWith('create'));
    const hint = others.length === 0 ? '' : `; it has ${others.slice(0, 5).join(', ')}`;
    return err(badRequest(`${sdk.package} exports no function ${sdk.create}${hint}`));
  }
  return ok({ version: found.value.version, create: create as LoadedSdk['create'] });
}

/** @param of.endpoint opened @param of.write what a package throws may hold a value of the environment */
export async function makeSdkProvider(of: {
  readonly endpoint: Pick<Endpoint, 'type' | 'sdk'>;
  readonly options: object;
  readonly fetch: LeanFetch;
  readonly write: (text: string) => string;
}): Promise<Result<MadeProvider, Failure>> {
  const { type, sdk } = of.endpoint;
  if (sdk?.here === undefined) return err(badRequest('this provider has no package, or is not opened'));
  const loaded = await loadSdk({ type, sdk, folder: sdk.here.folder });
  if (loaded.kind === 'err') return loaded;
  const { create, version } = loaded.value;
  try {
    return ok({ provider: create({ ...of.options, fetch: of.fetch }), version });
  } catch (error) {
    const what = `${sdk.create} of ${sdk.package} takes no such options: ${thrownMessage(error)}`;
    return err(badRequest(of.write(what)));
  }
}

export type MadeProvider = { readonly provider: SdkProvider } & Pick<LoadedSdk, 'version'>;

/** Before anybody needs it: what is wrong with it is said then. */
export async function warmSdk({ type, sdk }: SpokenTo, folder: string): Promise<void> {
  // A module of the project counts with its code, which is watched while orders are done.
  if (sdk !== undefined && !isOwnModule(sdk.package)) await loadSdk({ type, sdk, folder });
}

/** @throws what the package throws over a name that it does not know @returns err: it is of another version of the specification */
export function languageModelOf(
  provider: SdkProvider,
  { sdk, model }: { readonly sdk: EndpointSdk; readonly model: string },
): Result<LanguageModel, Failure> {
  const make = provider?.[sdk.method ?? 'languageModel'];
  if (typeof make !== 'function') {
    const what = sdk.method === null ? 'no languageModel' : `no ${sdk.method}: leave api out`;
    return err(badRequest(`what ${sdk.create} of ${sdk.package} makes has ${what}`));
  }
  return ofVersion(make.call(provider, model), sdk);
}

export function embeddingModelOf(
  provider: SdkProvider,
  { sdk, model }: { readonly sdk: EndpointSdk; readonly model: string },
): Result<EmbeddingModel, Failure> {
  const make = provider?.embeddingModel;
  if (typeof make !== 'function') return err(badRequest(`${sdk.package} has no embeddings`));
  return ofVersion(make.call(provider, model), sdk);
}

function ofVersion<Model extends { readonly specificationVersion: 'v4' }>(
  model: Model,
  sdk: EndpointSdk,
): Result<Model, Failure> {
  const version: unknown = model?.specificationVersion;
  if (version === 'v4') return ok(model);
  const what = `keeps to version ${typeof version === 'string' ? version.slice(0, 20) : 'none'} of the AI SDK's specification`;
  return err(
    badRequest(`${sdk.package} ${what}, and expgraph speaks v4: install the package's version for AI SDK 7`),
  );
}
