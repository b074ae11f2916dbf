// Files of messages against the wires that they are sent over.
import type { Provider, Variant } from '../../core/manifest.ts';
import { hasMedia, type MediaPart, mediaIn } from '../../core/media.ts';
import { takenKinds } from '../../core/media-wires.ts';
import { type Reading, say } from '../reading.ts';
import type { FoundScenario } from '../scenarios/scenarios.ts';
import type { ResolvedVariant } from '../variants/variants.ts';
import { lacks } from './crosscheck.ts';

/** Own code, programs and tests send what they like: they are handed the file. */
export function checkMedia(input: {
  readonly reading: Reading;
  readonly variants: readonly ResolvedVariant[];
  readonly scenarios: readonly FoundScenario[];
  readonly providerOf: (variant: Variant) => Provider | undefined;
}): void {
  const { reading } = input;
  const asked = input.variants.filter(({ variant }) => variant.harness === null);
  const shown = input.scenarios.filter(
    ({ scenario }) => typeof scenario.input !== 'string' && hasMedia(scenario.input),
  );
  for (const { variant, path } of asked) {
    const provider = input.providerOf(variant);
    // A type that there is not was told, and has no kinds.
    const taken = provider === undefined ? null : (takenKinds(provider) ?? null);
    if (taken === null || provider === undefined) continue;
    const refused = (parts: readonly MediaPart[]): MediaPart | undefined =>
      parts.find(({ type }) => !taken.includes(type));
    const words = {
      who: JSON.stringify(variant.name),
      wire: wireOf(provider),
      hint: hintOf(provider, taken),
    };
    const own = typeof variant.template === 'string' ? undefined : refused(mediaIn(variant.template));
    if (own !== undefined) {
      const message = `the template of ${words.who} shows ${NAMES[own.type]}, and ${words.wire} takes none`;
      say(reading, { path, part: 'key', code: 'media-not-taken', message, hint: words.hint });
    }
    for (const scenario of shown) {
      const { input: messages } = scenario.scenario;
      const part = typeof messages === 'string' ? undefined : refused(mediaIn(messages));
      if (part === undefined) continue;
      const what = `shows ${NAMES[part.type]}, and ${words.wire}, which ${words.who} asks, takes none`;
      lacks({ reading, scenario }, { code: 'media-not-taken', what, hint: words.hint });
    }
  }
}

const NAMES = { image: 'an image', pdf: 'a PDF', audio: 'a sound' } as const;

function wireOf({ name, type, api }: Provider): string {
  const isOfApis = type === 'openai' || type === 'azure' || type === 'sim';
  return isOfApis && api === 'responses' ? `the responses API of ${name}` : name;
}

function hintOf({ type, api }: Provider, taken: readonly string[]): string {
  const takes = `it takes ${taken.join(', ')}`;
  return type === 'openai' && api === 'responses' ? `${takes}; api: chat takes audio as well` : takes;
}
