// `openai:responses:gpt-5` -> an account and a model of ours, or why there is none. Pure: names of promptfoo's providers as its
// documentation has them in 2026.
import type { JsonObject } from '../../core/json.ts';
import { rowOf } from './names.ts';

export type FoundAccount =
  | { readonly kind: 'account'; readonly account: string; readonly entry: JsonObject; readonly model: string }
  | { readonly kind: 'none'; readonly why: string };

/** Types of ours that are called the same there. */
const SAME = ['anthropic', 'google', 'mistral', 'groq', 'xai', 'cohere', 'deepseek', 'bedrock'] as const;

/** Variables that hold the keys, as both sides read them; promptfoo's Gemini key has a name of its own. */
const KEYS: { readonly [type: string]: string | undefined } = {
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_API_KEY',
  mistral: 'MISTRAL_API_KEY',
  groq: 'GROQ_API_KEY',
  xai: 'XAI_API_KEY',
  cohere: 'COHERE_API_KEY',
  deepseek: 'DEEPSEEK_API_KEY',
};

/** Servers of others that speak the OpenAI wire. */
const WIRES: {
  readonly [prefix: string]: { readonly url: string; readonly key: string | null } | undefined;
} = {
  ollama: { url: 'http://127.0.0.1:11434/v1', key: null },
  localai: { url: 'http://127.0.0.1:8080/v1', key: null },
  openrouter: { url: 'https://openrouter.ai/api/v1', key: 'OPENROUTER_API_KEY' },
  togetherai: { url: 'https://api.together.xyz/v1', key: 'TOGETHER_API_KEY' },
  fireworks: { url: 'https://api.fireworks.ai/inference/v1', key: 'FIREWORKS_API_KEY' },
  cerebras: { url: 'https://api.cerebras.ai/v1', key: 'CEREBRAS_API_KEY' },
  perplexity: { url: 'https://api.perplexity.ai', key: 'PERPLEXITY_API_KEY' },
};

/** What is no chat with a model, by what stands behind the vendor. */
const OTHER_APIS =
  /^(?:embeddings?|image|video|moderation|realtime|assistant|completion|live|codex(?:-[a-z-]+)?|agents|transcription|speech|chatkit|claude-agent-sdk|claude-code|managed-agent|interactions|kb|nova-sonic|nova-reel|luma)$/;

export function accountOf(id: string): FoundAccount {
  const [vendor = '', ...rest] = id.split(':');
  const [first = ''] = rest;
  if (OTHER_APIS.test(first))
    return none(`${vendor}:${first} is no chat with a model, which is all that is asked here`);
  if (vendor === 'openai') return openai(rest);
  if ((SAME as readonly string[]).includes(vendor)) {
    const model = withoutWord(rest, ['messages', 'chat', 'gemini', 'completion']);
    if (model === '') return none('it names no model');
    const key = KEYS[vendor];
    return account(vendor, { type: vendor, ...(key === undefined ? {} : { api_key_env: key }) }, model);
  }
  if (vendor === 'azure' || vendor === 'azureopenai') {
    const model = withoutWord(rest, ['chat', 'responses']);
    return model === ''
      ? none('it names no deployment')
      : account('azure', { type: 'azure', api_key_env: 'AZURE_API_KEY' }, model);
  }
  const wire = rowOf(WIRES, vendor);
  if (wire !== undefined) {
    const model = withoutWord(rest, ['chat', 'completion']);
    if (model === '') return none('it names no model');
    const auth = wire.key === null ? { auth: 'none' } : { api_key_env: wire.key };
    return account(vendor, { type: 'openai', base_url: wire.url, ...auth }, model);
  }
  if (vendor === 'vertex')
    return none(
      'Vertex is spoken to by a package of yours: type: ai-sdk, package: "@ai-sdk/google-vertex", create: createVertex',
    );
  if (vendor === 'echo') return none('it answers with the prompt, and no model is asked');
  return none(
    `nothing here is called ${vendor || id}; a server that speaks the OpenAI wire is type: openai with its base_url, any package of the AI SDK type: ai-sdk`,
  );
}

function openai([api = '', ...rest]: readonly string[]): FoundAccount {
  const key = { api_key_env: 'OPENAI_API_KEY' };
  if (api === 'responses') {
    const model = rest.join(':');
    if (model === '') return none('it names no model');
    return account('openai-responses', { type: 'openai', api: 'responses', ...key }, model);
  }
  const model = api === 'chat' ? rest.join(':') : [api, ...rest].join(':');
  return model === '' ? none('it names no model') : account('openai', { type: 'openai', ...key }, model);
}

function withoutWord(parts: readonly string[], words: readonly string[]): string {
  return (words.includes(parts[0] ?? '') ? parts.slice(1) : parts).join(':');
}

function account(name: string, entry: JsonObject, model: string): FoundAccount {
  return { kind: 'account', account: name, entry, model };
}

function none(why: string): FoundAccount {
  return { kind: 'none', why };
}
