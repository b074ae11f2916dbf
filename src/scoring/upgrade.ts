// Parts of scores as version 1 kept them -> the parts that today's contents would be; as variants/upgrade.ts does it for
// draws. Version 1 forgot the order of JSON, the paths of code, and the name that a program is told. Of rules and judges
// contents held what is made of a verdict as well: a threshold, numbers of labels, the order of labels. Pure.
import { digestOf } from '../core/canonical.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { keyedPassAt } from '../core/meaning.ts';
import { isPlain, makePart } from '../core/part.ts';
import type { ScorerKind } from '../core/scoring.ts';
import type { Part } from '../core/task.ts';
import { SCORER_VERSION } from './content.ts';
import { labelsAsked } from './judges/judge.ts';

export type ScorerUpgrade =
  | { readonly kind: 'known'; readonly part: Part | null }
  | { readonly kind: 'ambiguous'; readonly forgot: readonly ('code-paths' | 'order' | 'labels')[] };

type Stored = { readonly content: JsonObject; readonly isRedacted: boolean };

/** False for contents of today: nothing of them has to be looked at. */
export function mayBeOldScorer(content: JsonObject): boolean {
  if (thresholdOf(content) !== null) return true;
  if (content.exact !== undefined || content.v === SCORER_VERSION) return false;
  return content.kind === 'code' || content.kind === 'command' || !isPlain(content);
}

/** What scores were held against by a rule or a judge whose contents held that; null = they do not. */
export function thresholdOf(content: JsonObject): number | null {
  const { kind, pass_at: passAt, choices } = content;
  if (typeof kind !== 'string' || typeof passAt !== 'number') return null;
  const keyed = keyedPassAt(kind as ScorerKind);
  return keyed !== null && (passAt !== keyed || pairsOf(choices) !== null) ? passAt : null;
}

/** Labels in the order of the manifest, with their numbers. */
function pairsOf(choices: Json | undefined): readonly (readonly [string, Json])[] | null {
  const isPairs = Array.isArray(choices) && choices.every((one) => Array.isArray(one));
  return isPairs ? (choices as unknown as readonly (readonly [string, Json])[]) : null;
}

/** What is asked, without what is made of it. */
function askedOf({ exact: _, ...content }: JsonObject): JsonObject {
  const asked = { ...content, pass_at: keyedPassAt(content.kind as ScorerKind) };
  const pairs = pairsOf(content.choices);
  if (pairs === null) return asked;
  const written = pairs.map(([label]) => label);
  const choices = written.toSorted();
  const [end, prompt] = [labelsAsked(written), content.prompt];
  if (typeof prompt !== 'string' || !prompt.endsWith(end)) return { ...asked, choices };
  // The prompt that nobody wrote names them, and in their order of today.
  return { ...asked, choices, prompt: `${prompt.slice(0, -end.length)}${labelsAsked(choices)}` };
}

const NO_FILES = digestOf({ files: [] });

/** @param name the scorer's when it judged */
export function upgradeScorer({ content, isRedacted }: Stored, name: string): ScorerUpgrade {
  if (!mayBeOldScorer(content)) return { kind: 'known', part: null };
  if (thresholdOf(content) !== null) {
    if (isRedacted) return { kind: 'ambiguous', forgot: ['labels'] };
    return { kind: 'known', part: makePart('variant', askedOf(content)) };
  }
  if (content.kind !== 'code' && content.kind !== 'command') return upgradeSeen({ content, isRedacted });
  const { code, ...rest } = content;
  if (content.kind === 'code' || code !== NO_FILES) return { kind: 'ambiguous', forgot: ['code-paths'] };
  if (isRedacted) return { kind: 'ambiguous', forgot: ['order'] };
  const now = { ...rest, v: SCORER_VERSION, told: { scorer: name } };
  return { kind: 'known', part: makePart('variant', now) };
}

/** What it saw of the scenario; of a judge and a rule what it is. */
export function upgradeSeen({ content, isRedacted }: Stored, as: Part['part'] = 'variant'): ScorerUpgrade {
  if (content.exact !== undefined || isPlain(content)) return { kind: 'known', part: null };
  if (isRedacted) return { kind: 'ambiguous', forgot: ['order'] };
  return { kind: 'known', part: makePart(as, content) };
}
