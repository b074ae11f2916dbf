// Files of messages against the wires that they are sent over.
import type { ChatMessage } from '../../core/chat.ts';
import type { Provider, Variant } from '../../core/manifest.ts';
import { hasMedia, type MediaPart, mediaIn } from '../../core/media.ts';
import { takenKinds } from '../../core/media-wires.ts';
import type { Scorer } from '../../core/scoring.ts';
import { isInScope } from '../../scoring/expectations/expectation.ts';
import { judgeFields } from '../../scoring/judges/judge.ts';
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
  const shown = shownIn(input.scenarios);
  for (const { variant, path } of asked) {
    const provider = input.providerOf(variant);
    const wire = wireTold(provider);
    if (wire === null) continue;
    const { refused, hint } = wire;
    const who = JSON.stringify(variant.name);
    const own = typeof variant.template === 'string' ? undefined : refused(mediaIn(variant.template));
    if (own !== undefined) {
      const message = `the template of ${who} shows ${NAMES[own.type]}, and ${wire.name} takes none`;
      say(reading, { path, part: 'key', code: 'media-not-taken', message, hint });
    }
    for (const { messages, scenario } of shown) {
      const part = refused(mediaIn(messages));
      if (part === undefined) continue;
      const what = `shows ${NAMES[part.type]}, and ${wire.name}, which ${who} asks, takes none`;
      lacks({ reading, scenario }, { code: 'media-not-taken', what, hint });
    }
  }
}

/** The same of judges that are shown what a scenario shows. */
export function checkJudgedMedia(input: {
  readonly reading: Reading;
  readonly scorers: readonly Scorer[];
  readonly scenarios: readonly FoundScenario[];
  readonly providerOf: (name: string) => Provider | undefined;
}): void {
  const { reading } = input;
  const shown = shownIn(input.scenarios);
  for (const scorer of shown.length === 0 ? [] : input.scorers) {
    if (scorer.kind !== 'judge' || !judgeFields(scorer).has('files')) continue;
    const wire = wireTold(input.providerOf(scorer.provider));
    for (const { messages, scenario } of wire === null ? [] : shown) {
      const part = isInScope(scorer.scope, scenario.scenario) ? wire!.refused(mediaIn(messages)) : undefined;
      if (part === undefined) continue;
      const what = `shows ${NAMES[part.type]}, and ${wire!.name}, which the judge ${JSON.stringify(scorer.name)} asks, takes none`;
      const hint = `${wire!.hint}; without {{files}} in its prompt the judge is told of files in words`;
      lacks({ reading, scenario }, { code: 'media-not-taken', what, hint });
    }
  }
}

type Shown = { readonly messages: readonly ChatMessage[]; readonly scenario: FoundScenario };

function shownIn(scenarios: readonly FoundScenario[]): readonly Shown[] {
  return scenarios.flatMap((scenario) => {
    const { input: messages } = scenario.scenario;
    return typeof messages !== 'string' && hasMedia(messages) ? [{ messages, scenario }] : [];
  });
}

/** null = nobody here knows what it takes, or a type that there is not, which was told. */
function wireTold(provider: Provider | undefined): {
  readonly name: string;
  readonly hint: string;
  readonly refused: (parts: readonly MediaPart[]) => MediaPart | undefined;
} | null {
  const taken = provider === undefined ? null : (takenKinds(provider) ?? null);
  if (taken === null || provider === undefined) return null;
  return {
    name: wireOf(provider),
    hint: hintOf(provider, taken),
    refused: (parts) => parts.find(({ type }) => !taken.includes(type)),
  };
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
