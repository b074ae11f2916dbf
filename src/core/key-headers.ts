// Headers that choose who answers, or how: gateways are told their model, their route or their deployment in one. What only
// says who pays and who asks stays out, and so do credentials: a key that is renewed must cost nothing.
import { sha256 } from './canonical.ts';
import type { JsonObject } from './json.ts';

/** In lower case. docs/keys.md says where each is from; `key_headers` of a provider adds to them. */
export const KEY_HEADERS: readonly string[] = [
  ...['x-portkey-config', 'x-portkey-provider', 'x-portkey-virtual-key', 'x-portkey-custom-host'],
  ...['x-portkey-azure-resource-name', 'x-portkey-azure-deployment-id', 'x-portkey-azure-api-version'],
  ...['x-portkey-azure-model-name', 'x-portkey-vertex-region', 'x-portkey-vertex-project-id'],
  ...['helicone-target-url', 'helicone-target-provider', 'helicone-fallbacks', 'helicone-prompt-id'],
  ...['cf-aig-byok-alias', 'cf-aig-custom-provider', 'cf-aig-model', 'cf-aig-provider'],
  ...['x-litellm-model', 'x-litellm-tags', 'x-ai-eg-model', 'x-bt-endpoint-name', 'oe-ai-provider'],
  ...['x-model', 'x-model-id', 'x-model-name', 'x-model-provider', 'x-provider', 'x-route', 'x-deployment'],
  ...['azureml-model-deployment', 'extra-parameters', 'api-version'],
  ...['anthropic-version', 'anthropic-beta', 'openai-version', 'openai-beta'],
  ...['x-amzn-bedrock-guardrailidentifier', 'x-amzn-bedrock-guardrailversion'],
];

/** Their names and the digests of their values, which may come from the environment. */
export function headersContent(input: {
  readonly headers: { readonly [name: string]: string };
  /** In lower case: the user's own. */
  readonly keyHeaders: readonly string[];
}): JsonObject {
  const known = new Set([...KEY_HEADERS, ...input.keyHeaders]);
  const chosen = Object.entries(input.headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => known.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (chosen.length === 0) return {};
  // Two spellings of one name are sent as one header with both values.
  const headers = new Map<string, string[]>();
  for (const [name, value] of chosen) headers.set(name, [...(headers.get(name) ?? []), value]);
  return {
    headers: Object.fromEntries([...headers].map(([name, values]) => [name, sha256(values.join(', '))])),
  };
}
