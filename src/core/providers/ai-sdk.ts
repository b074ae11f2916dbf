// The entries of vendors that are spoken to through the AI SDK's provider packages: plain data. Names, functions and majors as
// npm has them in November 2026; each reads its key from the variable that its own documentation names.
import type { ProviderEntry, ProviderType, VendorPackage } from './entry.ts';

type Row = {
  readonly name: string;
  readonly sdk: VendorPackage | null;
  /** null = the package knows where it is. */
  readonly baseUrl: string | null;
  readonly apiKeyEnv: string | null;
};

const at = (name: string, create: string, major: number): VendorPackage => ({
  package: `@ai-sdk/${name}`,
  create,
  major,
});

const ROWS: { readonly [type in SdkType]: Row } = {
  anthropic: {
    name: 'Claude by Anthropic',
    sdk: at('anthropic', 'createAnthropic', 4),
    baseUrl: 'https://api.anthropic.com/v1',
    apiKeyEnv: 'ANTHROPIC_API_KEY',
  },
  google: {
    name: 'Gemini by Google',
    sdk: at('google', 'createGoogle', 4),
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    apiKeyEnv: 'GOOGLE_GENERATIVE_AI_API_KEY',
  },
  mistral: {
    name: 'Mistral',
    sdk: at('mistral', 'createMistral', 4),
    baseUrl: 'https://api.mistral.ai/v1',
    apiKeyEnv: 'MISTRAL_API_KEY',
  },
  bedrock: {
    name: 'Amazon Bedrock',
    sdk: at('amazon-bedrock', 'createAmazonBedrock', 5),
    baseUrl: null,
    apiKeyEnv: null,
  },
  azure: {
    name: 'Azure OpenAI',
    sdk: at('azure', 'createAzure', 4),
    baseUrl: null,
    apiKeyEnv: 'AZURE_API_KEY',
  },
  groq: {
    name: 'Groq',
    sdk: at('groq', 'createGroq', 4),
    baseUrl: 'https://api.groq.com/openai/v1',
    apiKeyEnv: 'GROQ_API_KEY',
  },
  xai: {
    name: 'Grok by xAI',
    sdk: at('xai', 'createXai', 5),
    baseUrl: 'https://api.x.ai/v1',
    apiKeyEnv: 'XAI_API_KEY',
  },
  cohere: {
    name: 'Cohere',
    sdk: at('cohere', 'createCohere', 4),
    baseUrl: 'https://api.cohere.com/v2',
    apiKeyEnv: 'COHERE_API_KEY',
  },
  deepseek: {
    name: 'DeepSeek',
    sdk: at('deepseek', 'createDeepSeek', 3),
    baseUrl: 'https://api.deepseek.com',
    apiKeyEnv: 'DEEPSEEK_API_KEY',
  },
  'ai-sdk': {
    name: "any package of the AI SDK's provider specification (package, create, options)",
    sdk: null,
    baseUrl: null,
    apiKeyEnv: null,
  },
};

type SdkType = Exclude<ProviderType, 'openai' | 'sim' | 'none'>;

export const aiSdk = Object.fromEntries(
  Object.entries(ROWS).map(([type, row]) => [type, entryFrom(type as SdkType, row)]),
) as { readonly [type in SdkType]: ProviderEntry };

function entryFrom(type: SdkType, { name, sdk, baseUrl, apiKeyEnv }: Row): ProviderEntry {
  return {
    type,
    description: sdk === null ? `${name}.` : `${name}, by the package ${sdk.package}.`,
    answeredBy: 'server',
    adapter: 'ai-sdk',
    sdk,
    ownSettings: sdk === null ? ['package', 'create'] : [],
    defaults: { baseUrl, apiKeyEnv, model: null, pricing: {} },
    runHeader: null,
  };
}
