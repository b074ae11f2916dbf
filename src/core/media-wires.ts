// Which kinds of files each wire has a place for: what it has none for is a mistake of the manifest, and no call that is refused. What a
// model makes of it is the vendor's affair. As the packages and the documentation have it in November 2026. Pure.
import type { Provider } from './manifest.ts';
import type { MediaKind } from './media.ts';
import type { ProviderType } from './providers/table.ts';

/** null = nobody here knows: what is sent is seen with the answer. */
export function takenKinds({ type, api }: Pick<Provider, 'type' | 'api'>): readonly MediaKind[] | null {
  const taken = TAKEN[type];
  return typeof taken === 'function' ? taken(api) : taken;
}

/** The responses API has no place for a sound. */
const openai = (api: Provider['api']): readonly MediaKind[] =>
  api === 'chat' ? ['image', 'pdf', 'audio'] : ['image', 'pdf'];

const TAKEN: {
  readonly [type in ProviderType]:
    | readonly MediaKind[]
    | null
    | ((api: Provider['api']) => readonly MediaKind[]);
} = {
  openai,
  sim: openai,
  azure: openai,
  none: null,
  anthropic: ['image', 'pdf'],
  google: ['image', 'pdf', 'audio'],
  mistral: ['image', 'pdf'],
  bedrock: ['image', 'pdf'],
  groq: ['image'],
  xai: ['image'],
  cohere: ['image'],
  deepseek: ['image'],
  'ai-sdk': null,
};
