// Who speaks which form: imported when a client is needed, so that planning and reporting never load an SDK.
import type { AdapterName } from '../core/providers/table.ts';
import type { BoundModel } from './ai-sdk-bound.ts';
import type { OpenAiSdk } from './openai.ts';
import type { Adapter } from './provider.ts';

/** Own code is handed OpenAI's client, or a language model of a package. */
export type AnyAdapter = Adapter<OpenAiSdk> | Adapter<BoundModel>;

export const ADAPTERS = {
  openai: async (): Promise<Adapter<OpenAiSdk>> => (await import('./openai.ts')).openAiAdapter,
  'ai-sdk': async (): Promise<Adapter<BoundModel>> => (await import('./ai-sdk.ts')).aiSdkAdapter,
} satisfies { readonly [name in AdapterName]: () => Promise<AnyAdapter> };
