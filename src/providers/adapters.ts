// Who speaks which form: imported when a client is needed, so that planning and reporting never load an SDK.
import type { AdapterName } from '../core/providers/table.ts';
import type { OpenAiSdk } from './openai.ts';
import type { Adapter } from './provider.ts';

/** Own code is handed OpenAI's client, whoever answers it. */
export const ADAPTERS: { readonly [name in AdapterName]: () => Promise<Adapter<OpenAiSdk>> } = {
  openai: async () => (await import('./openai.ts')).openAiAdapter,
  'ai-sdk': async () => (await import('./ai-sdk.ts')).aiSdkAdapter,
};
