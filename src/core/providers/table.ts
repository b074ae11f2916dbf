// The types of providers. A new one is a file beside this one and a row here; where it speaks a form that nobody here speaks
// yet, an adapter and a row in providers/adapters.ts as well.
import type { ProviderEntry } from './entry.ts';
import { none } from './none.ts';
import { openai } from './openai.ts';
import { sim } from './sim.ts';

type Providers = { readonly openai: typeof openai; readonly sim: typeof sim; readonly none: typeof none };

/** The build makes declarations file by file: the type is written down. */
export const PROVIDERS: Providers = { openai, sim, none };

export type ProviderType = keyof typeof PROVIDERS;
export type AdapterName = NonNullable<(typeof PROVIDERS)[ProviderType]['adapter']>;

/** In the order of the table. */
export const PROVIDER_TYPES: readonly ProviderType[] = Object.keys(PROVIDERS) as readonly ProviderType[];

/** With its fields as any entry has them. */
export function entryOf(type: ProviderType): ProviderEntry & { readonly adapter: AdapterName | null } {
  return PROVIDERS[type];
}

/** Of data that may be older or newer than the table: records name a type as text. */
export function isServer(type: string): boolean {
  return Object.hasOwn(PROVIDERS, type) && entryOf(type as ProviderType).answeredBy === 'server';
}
