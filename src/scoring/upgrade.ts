// Parts of scores as version 1 kept them -> the parts that today's contents would be; as variants/upgrade.ts does it for
// draws. Version 1 forgot the order of JSON, the paths of code, and the name that a program is told. Pure.
import { digestOf } from '../core/canonical.ts';
import type { JsonObject } from '../core/json.ts';
import { isPlain, makePart } from '../core/part.ts';
import type { Part } from '../core/task.ts';
import { SCORER_VERSION } from './content.ts';

export type ScorerUpgrade =
  | { readonly kind: 'known'; readonly part: Part | null }
  | { readonly kind: 'ambiguous'; readonly forgot: readonly ('code-paths' | 'order')[] };

type Stored = { readonly content: JsonObject; readonly isRedacted: boolean };

/** False for contents of today: nothing of them has to be looked at. */
export function mayBeOldScorer(content: JsonObject): boolean {
  if (content.exact !== undefined || content.v === SCORER_VERSION) return false;
  return content.kind === 'code' || content.kind === 'command' || !isPlain(content);
}

const NO_FILES = digestOf({ files: [] });

/** @param name the scorer's when it judged */
export function upgradeScorer({ content, isRedacted }: Stored, name: string): ScorerUpgrade {
  if (!mayBeOldScorer(content)) return { kind: 'known', part: null };
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
