// `params` of a variant as settings of a call: what the specification has a name for goes there, whichever way it is written,
// `provider_options` to the vendors that it names, and everything else to the package's own vendor. Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { CallOptionsV4, ProviderOptions } from '../core/language-model.ts';
import type { EndpointSdk } from '../core/providers/table.ts';

export type Settings = Omit<CallOptionsV4, 'prompt' | 'tools' | 'abortSignal' | 'headers' | 'responseFormat'>;

/** @param namespace the vendor's name in providerOptions */
export function settingsOf(params: JsonObject, namespace: string): Settings {
  const settings: { [name: string]: unknown } = {};
  const own: { [name: string]: Json | undefined } = {};
  let options: ProviderOptions = {};
  for (const [name, value] of Object.entries(params)) {
    const known = Object.hasOwn(NAMES, name) ? NAMES[name]! : null;
    if (known !== null) settings[known] = READ[known]?.(value) ?? value;
    else if (name === 'provider_options' || name === 'providerOptions')
      options = merged(options, isJsonObject(value) ? (value as ProviderOptions) : {});
    // Whether an answer comes as a stream is how it is asked, and not what.
    else if (name !== 'stream') own[name] = value;
  }
  if (Object.keys(own).length > 0) options = merged({ [namespace]: own }, options);
  return (
    Object.keys(options).length === 0 ? settings : { ...settings, providerOptions: options }
  ) as Settings;
}

/** As the specification has them, and as the APIs do. */
const NAMES: { readonly [name: string]: keyof Settings } = {
  temperature: 'temperature',
  seed: 'seed',
  max_tokens: 'maxOutputTokens',
  max_output_tokens: 'maxOutputTokens',
  maxOutputTokens: 'maxOutputTokens',
  top_p: 'topP',
  topP: 'topP',
  top_k: 'topK',
  topK: 'topK',
  stop: 'stopSequences',
  stop_sequences: 'stopSequences',
  stopSequences: 'stopSequences',
  presence_penalty: 'presencePenalty',
  presencePenalty: 'presencePenalty',
  frequency_penalty: 'frequencyPenalty',
  frequencyPenalty: 'frequencyPenalty',
  tool_choice: 'toolChoice',
  toolChoice: 'toolChoice',
  reasoning: 'reasoning',
};

const READ: { readonly [name: string]: (value: Json | undefined) => unknown } = {
  stopSequences: (value) => (typeof value === 'string' ? [value] : value),
  toolChoice,
};

/** A word, or a tool in the specification's form, OpenAI's or Anthropic's. */
function toolChoice(value: Json | undefined): unknown {
  if (typeof value === 'string') return { type: CHOICES[value] ?? value };
  if (!isJsonObject(value)) return value;
  const { type, toolName, name, function: named } = value;
  const tool = toolName ?? name ?? (isJsonObject(named) ? named.name : undefined);
  if (typeof tool === 'string') return { type: 'tool', toolName: tool };
  return { type: typeof type === 'string' ? (CHOICES[type] ?? type) : type };
}

const CHOICES: { readonly [word: string]: string } = { any: 'required' };

/** What stands in both is the second's. */
export function merged(first: ProviderOptions, second: ProviderOptions): ProviderOptions {
  const all = { ...first };
  for (const [vendor, options] of Object.entries(second)) all[vendor] = { ...all[vendor], ...options };
  return all;
}

/**
 * The vendor's name in providerOptions: `anthropic.messages` -> anthropic, `amazon-bedrock` -> amazonBedrock, as packages name
 * themselves. One that its options give another name goes by that in what it tells, and reads options under its own all the same; but
 * openai-compatible has no name of its own.
 */
export function namespaceOf(provider: string, { package: name, options }: EndpointSdk): string {
  const own = /^@ai-sdk\/(?!openai-compatible$)([a-z-]+)/.exec(name)?.[1];
  const isRenamed = own !== undefined && Object.hasOwn(options, 'name');
  const [vendor = ''] = isRenamed ? [own] : provider.split('.');
  return vendor.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
