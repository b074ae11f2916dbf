// What LangSmith reads of a model's call: the names are its own, as its SDK's wrappers write them. Pure.
import type { Tool } from './chat.ts';
import { isServer } from './providers/table.ts';

/**
 * The provider as LangSmith's price list calls it, the same wherever a span is made. `type` is the protocol that is spoken;
 * whose server speaks it, its address says. What is not known by its address goes by the protocol, as in the SDK.
 */
export function lsProvider(input: { readonly type: string; readonly baseUrl: string | null }): string {
  const protocol = Object.hasOwn(TYPES, input.type) ? TYPES[input.type]! : input.type;
  if (!isServer(input.type) || input.baseUrl === null) return protocol;
  const host = URL.parse(input.baseUrl)?.hostname.toLowerCase() ?? '';
  return HOSTS.find(([pattern]) => pattern.test(host))?.[1] ?? protocol;
}

/** Types of ours that go there by another name. */
const TYPES: { readonly [type: string]: string } = {
  google: 'google_genai',
  mistral: 'mistralai',
  bedrock: 'amazon_bedrock',
};

const HOSTS: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)(openai|cognitiveservices|services\.ai)\.azure\.com$/, 'azure'],
  [/(^|\.)anthropic\.com$/, 'anthropic'],
  [/(^|\.)generativelanguage\.googleapis\.com$/, 'google_genai'],
  [/(^|\.)aiplatform\.googleapis\.com$|-aiplatform\.googleapis\.com$/, 'google_vertexai'],
  [/(^|\.)mistral\.ai$/, 'mistralai'],
  [/(^|\.)groq\.com$/, 'groq'],
  [/(^|\.)deepseek\.com$/, 'deepseek'],
  [/(^|\.)x\.ai$/, 'xai'],
  [/(^|\.)together\.(xyz|ai)$/, 'together'],
  [/(^|\.)fireworks\.ai$/, 'fireworks'],
  [/(^|\.)openrouter\.ai$/, 'openrouter'],
  [/(^|\.)perplexity\.ai$/, 'perplexity'],
  [/(^|\.)cohere\.(com|ai)$/, 'cohere'],
  [/(^|\.)bedrock-runtime\.[a-z0-9-]+\.amazonaws\.com$/, 'amazon_bedrock'],
];

/** As wrapOpenAI shows them, whatever they are sent as. */
export function lsTools(tools: readonly Tool[]): readonly object[] {
  return tools.map(({ name, description, parameters, strict }) => ({
    type: 'function',
    function: {
      name,
      ...(description === null ? {} : { description }),
      parameters: parameters ?? { type: 'object', properties: {} },
      ...(strict === null ? {} : { strict }),
    },
  }));
}

/** `usage_metadata` of an answer. Without a cost LangSmith reckons one by its own price list, if it has the model. */
export function lsUsage(context: {
  readonly input: number;
  readonly output: number;
  readonly total: number;
  /** null = not told. */
  readonly cached: number | null;
  /** Into the provider's cache; left out = not told. */
  readonly written?: number | undefined;
  readonly reasoning: number | null;
  /** In USD; null = not known, and then nothing is said of it. */
  readonly costUsd: number | null;
  /** Where it is known what the cost was for. */
  readonly shares?: { readonly inputUsd: number; readonly outputUsd: number };
}): object {
  return {
    input_tokens: context.input,
    output_tokens: context.output,
    total_tokens: context.total,
    ...inputDetails(context),
    ...(context.reasoning === null ? {} : { output_token_details: { reasoning: context.reasoning } }),
    ...(context.shares === undefined
      ? {}
      : { input_cost: context.shares.inputUsd, output_cost: context.shares.outputUsd }),
    ...(context.costUsd === null ? {} : { total_cost: context.costUsd }),
  };
}

function inputDetails({
  cached,
  written,
}: {
  readonly cached: number | null;
  readonly written?: number | undefined;
}): object {
  if (cached === null && written === undefined) return {};
  return {
    input_token_details: {
      ...(cached === null ? {} : { cache_read: cached }),
      ...(written === undefined ? {} : { cache_creation: written }),
    },
  };
}
