// The types of providers. A new one is a file beside this one, a row here, and `npm run generate`; where it speaks a form that nobody
// here speaks yet, an adapter and a row in providers/adapters.ts as well.
import { aiSdk } from './ai-sdk.ts';
import type { ProviderEntry, ProviderType } from './entry.ts';
import { none } from './none.ts';
import { openai } from './openai.ts';
import { sim } from './sim.ts';

export type {
  AdapterName,
  EndpointSdk,
  ProviderType,
  SdkHere,
  SdkPackage,
  SpokenTo,
  VendorPackage,
} from './entry.ts';

const PROVIDERS: { readonly [type in ProviderType]: ProviderEntry } = { openai, sim, none, ...aiSdk };

/** In the order of the table. */
export const PROVIDER_TYPES: readonly ProviderType[] = Object.keys(PROVIDERS) as ProviderType[];

/** @param type undefined = the manifest's is a mistake, which was told: nothing more is to be said of it. */
export function entryOf(type: ProviderType | undefined): ProviderEntry {
  return type === undefined ? MISTAKEN : PROVIDERS[type];
}

const MISTAKEN: ProviderEntry = {
  ...openai,
  defaults: { baseUrl: null, apiKeyEnv: null, model: '', pricing: {} },
};

/** Of data that may be older or newer than the table: records name a type as text. */
export function isServer(type: string): boolean {
  return Object.hasOwn(PROVIDERS, type) && entryOf(type as ProviderType).answeredBy === 'server';
}

/** Options of these packages by which a request is signed or authorised: the type's usual key is then not looked for. */
const KEYS_AMONG_OPTIONS = ['apiKey', 'authToken', 'tokenProvider', 'accessKeyId', 'credentialProvider'];

export function signsByOptions(options: object): boolean {
  return KEYS_AMONG_OPTIONS.some((name) => Object.hasOwn(options, name));
}

/** Whether a package's name is the path of a file of the project. */
export function isOwnModule(name: string): boolean {
  return /^\.{1,2}\//.test(name);
}
