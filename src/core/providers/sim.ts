// The entry of the provider `sim`: plain data.
import type { ProviderEntry } from './entry.ts';

/** An OpenAI-compatible server on loopback: one code path with the real ones. */
export const sim: ProviderEntry = {
  type: 'sim',
  description: 'the built-in simulation.',
  answeredBy: 'simulation',
  adapter: 'openai',
  sdk: null,
  ownSettings: ['sim'],
  defaults: {
    baseUrl: null,
    apiKeyEnv: null,
    model: 'sim-small',
    // Invented, so that costs and budgets can be tried without spending.
    pricing: {
      'sim-small': { input: 0.15, output: 0.6 },
      'sim-large': { input: 2.5, output: 10 },
    },
  },
  runHeader: 'x-expgraph-run',
};
