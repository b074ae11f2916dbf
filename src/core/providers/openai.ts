// The entry of the provider `openai`: plain data.
import type { ProviderEntry } from './entry.ts';

/** OpenAI and everything that speaks like it. */
export const openai: ProviderEntry = {
  type: 'openai',
  description: 'any OpenAI-compatible endpoint.',
  answeredBy: 'server',
  adapter: 'openai',
  sdk: null,
  ownSettings: [],
  defaults: {
    baseUrl: 'https://api.openai.com/v1',
    apiKeyEnv: 'OPENAI_API_KEY',
    model: null,
    pricing: {},
  },
  runHeader: null,
};
