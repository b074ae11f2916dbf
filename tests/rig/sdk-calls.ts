// Endpoints of the AI SDK's packages, as they are installed here, and calls through them.
import path from 'node:path';
import { type EndpointSettings, NO_SETTINGS } from '../../src/core/endpoint-settings.ts';
import type { Endpoint, ModelRequest } from '../../src/core/order.ts';
import { entryOf, type ProviderType } from '../../src/core/providers/table.ts';
import { makeClients } from '../../src/providers/index.ts';
import type { ClientAnswer, ModelClient } from '../../src/providers/provider.ts';
import { API_KEY, REQUEST, realClock } from './model-calls.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const SDK_ENV = { SDK_KEY: API_KEY };

export function sdkEndpoint(
  type: ProviderType,
  baseUrl: string | null,
  changes: Partial<Omit<Endpoint, 'settings' | 'sdk'>> & {
    readonly settings?: Partial<EndpointSettings>;
    readonly sdk?: Partial<NonNullable<Endpoint['sdk']>>;
  } = {},
): Endpoint {
  const entry = entryOf(type).sdk ?? { package: './none.ts', create: 'none' };
  const { settings, sdk, ...rest } = changes;
  return {
    ...{ type, baseUrl, apiKeyEnv: 'SDK_KEY', api: 'chat', headers: {} },
    sdk: { ...entry, method: null, options: {}, here: { folder: ROOT, secrets: [] }, ...sdk },
    ...(settings === undefined ? {} : { settings: { ...NO_SETTINGS, ...settings } }),
    ...rest,
  };
}

export async function sdkClient(
  endpoint: Endpoint,
  env: { [name: string]: string } = SDK_ENV,
): Promise<ModelClient> {
  const found = await makeClients({ env, clock: realClock })(endpoint);
  if (found.kind === 'err') throw new Error(found.error.message);
  return found.value;
}

export const CLAUDE: ModelRequest = { ...REQUEST, model: 'claude-haiku-4-5', maxOutputTokens: 100 };
export const GEMINI: ModelRequest = { ...REQUEST, model: 'gemini-2.5-flash' };

export async function ask(
  client: ModelClient,
  request: ModelRequest = CLAUDE,
  signal: AbortSignal = new AbortController().signal,
): Promise<ClientAnswer> {
  return client.complete(request, { signal, run: 1 });
}

export function completionOf(answer: ClientAnswer) {
  if (answer.kind !== 'completion') throw new Error(JSON.stringify(answer));
  return answer.completion;
}

export function failureOf(answer: ClientAnswer) {
  if (answer.kind !== 'failure') throw new Error(`it ended as ${answer.kind}`);
  return answer.failure;
}
