// The entry of the provider `none`: plain data.
import type { ProviderEntry } from './entry.ts';

/** What own code and programs have that need no account of ours. */
export const none: ProviderEntry = {
  type: 'none',
  description: 'no account, for own code and programs that need none from expgraph.',
  answeredBy: 'nobody',
  adapter: null,
  sdk: null,
  ownSettings: [],
  defaults: { baseUrl: null, apiKeyEnv: null, model: 'none', pricing: {} },
  runHeader: null,
};
