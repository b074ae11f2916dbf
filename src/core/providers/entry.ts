// What there is to know of a type of provider without talking to one: read by whoever reads manifests, plans or says
// something of it. How it is talked to is an adapter (providers/adapters.ts), loaded when there is somebody to ask.
import type { Provider } from '../generated/experiment.ts';
import type { JsonObject } from '../json.ts';

/** As the schema has them, which has them from the table: `npm run generate` after a row was added there. */
export type ProviderType = Provider['type'];

/** Each has a row in providers/adapters.ts. */
export type AdapterName = 'openai' | 'ai-sdk';

/** A package of the AI SDK's provider specification that the user's project installs. */
export type SdkPackage = {
  /** Its name on npm, or, of type ai-sdk, a file of the project. */
  readonly package: string;
  /** Its function that makes a provider of settings. */
  readonly create: string;
};

/** A package of the AI SDK's provider specification, and what its provider is made of. */
export type EndpointSdk = SdkPackage & {
  /** By which of its methods a model is made; null = `languageModel`. */
  readonly method: 'chat' | 'responses' | null;
  /** Handed to `create` beside address, key, headers and fetch. */
  readonly options: JsonObject;
  /** Only where the work is done (providers/open-endpoint.ts), never in an order. */
  readonly here?: SdkHere;
};

/** What an environment and a folder add to it. */
export type SdkHere = {
  /** Of the manifest, absolute: the package is found from here. */
  readonly folder: string;
  /** Values of the environment that stand in `options` now: no message shows one. */
  readonly secrets: readonly { readonly name: string; readonly value: string }[];
};

/** Whom a worker will speak to, as far as it decides what has to be loaded for that. */
export type SpokenTo = { readonly type: ProviderType; readonly sdk?: SdkPackage };

/** Of a vendor's own row: the major version that it was tried with. */
export type VendorPackage = SdkPackage & { readonly major: number };

export type ProviderEntry = {
  /** As `type:` says it in a manifest; an account of that name is there without being declared. */
  readonly type: ProviderType;
  /** For who writes it: part of the schema (`npm run generate`). */
  readonly description: string;
  /** A server of others, the simulation that expgraph starts by itself, or nobody: own code and programs ask whom they like. */
  readonly answeredBy: 'server' | 'simulation' | 'nobody';
  /** Who speaks its form; null = nobody is spoken to. */
  readonly adapter: AdapterName | null;
  /** The package that speaks to it; null = expgraph brings its own, or the manifest names one (type ai-sdk). */
  readonly sdk: VendorPackage | null;
  /** Settings of a provider that only this type has. */
  readonly ownSettings: readonly string[];
  readonly defaults: {
    /** null = there is no address before it is said or started. */
    readonly baseUrl: string | null;
    /** Only for the address above: a key is sent to whom it was made for, and to nobody else. */
    readonly apiKeyEnv: string | null;
    /** null = it has to be named. */
    readonly model: string | null;
    /** USD per million tokens, by model. */
    readonly pricing: { readonly [model: string]: { readonly input: number; readonly output: number } };
  };
  /** By it the server is told which repeat this is. Real ones get nothing but the request. */
  readonly runHeader: string | null;
};
