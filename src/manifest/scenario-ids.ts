// Ids of scenarios that have none: made of what the model is asked, so that neither their order nor a label moves them.
import { digestOf } from '../core/canonical.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Scenario } from '../core/manifest.ts';
import type { Findings } from './findings.ts';
import type { Locate } from './origin.ts';

type Found = { readonly scenario: Scenario; readonly index: number; readonly locate: Locate };

/**
 * `what-is-a-tree-1f0c9a2b`: words of the input and 8 hex digits of input, variables and own tools. Of several with one
 * content the later ones are `...-2`, `...-3`, in the order of what else they say, and that is told.
 */
export function withMadeIds<Entry extends Found>(
  found: readonly Entry[],
  findings: Findings,
): readonly Entry[] {
  if (found.every(({ scenario }) => scenario.id !== '')) return found;
  const groups = new Map<string, Entry[]>();
  for (const entry of found) {
    if (entry.scenario.id !== '') continue;
    const digest = digestOf(askedOf(entry.scenario));
    groups.set(digest, [...(groups.get(digest) ?? []), entry]);
  }
  const made = new Map<Entry, string>();
  for (const [digest, entries] of groups) {
    const { scenario } = entries[0]!;
    const id = `${slugOf(scenario)}-${digest.slice(0, 8)}`;
    const ordered = entries.length === 1 ? entries : entries.toSorted(byRest);
    for (const [n, entry] of ordered.entries()) {
      made.set(entry, n === 0 ? id : `${id}-${n + 1}`);
      if (n > 0) tellTwin(entry, { findings, id: `${id}-${n + 1}`, first: ordered[0]! });
    }
  }
  return found.map((entry) => {
    const id = made.get(entry);
    return id === undefined ? entry : { ...entry, scenario: { ...entry.scenario, id } };
  });
}

function askedOf({ input, vars, tools }: Scenario): JsonObject {
  return { input: input as Json, vars, ...(tools === undefined ? {} : { tools: tools as unknown as Json }) };
}

function byRest(a: Found, b: Found): number {
  const [first, second] = [restOf(a.scenario), restOf(b.scenario)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function restOf({ expect, category, tags, description, toolResults }: Scenario): string {
  return digestOf({ expect, category, tags, description, tool_results: toolResults });
}

const MAX_SLUG_CHARS = 32;

function slugOf({ input, vars }: Scenario): string {
  const last =
    typeof input === 'string' ? input : (input.findLast(({ role }) => role === 'user')?.content ?? '');
  const text =
    typeof last === 'string'
      ? last
      : last.map(({ text }) => (typeof text === 'string' ? text : '')).join(' ');
  const asked = text === '' ? (Object.values(vars).find((value) => typeof value === 'string') ?? '') : text;
  const words = String(asked)
    .slice(0, 400)
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}]+/u);
  let slug = '';
  for (const word of words) {
    if (word === '') continue;
    const next = slug === '' ? [...word].slice(0, MAX_SLUG_CHARS).join('') : `${slug}-${word}`;
    if ([...next].length > MAX_SLUG_CHARS) break;
    slug = next;
  }
  return slug === '' ? 'scenario' : slug;
}

function tellTwin(
  entry: Found,
  of: { readonly findings: Findings; readonly id: string; readonly first: Found },
): void {
  const { findings, id, first } = of;
  const at = { path: ['input'], part: 'value' } as const;
  findings.add(
    entry.scenario.source.file,
    () => ({
      ...{ severity: 'warning', code: 'twin-scenario' },
      message: `this scenario asks what another one asks; it is named ${JSON.stringify(id)}`,
      hint: 'give them ids of their own, or leave one out',
      location: entry.locate(entry.index, at),
      related: [{ message: 'the other is here', location: first.locate(first.index, at) }],
    }),
    'twin-scenario',
  );
}
