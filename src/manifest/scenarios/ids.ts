// Ids of scenarios that have none: made of what the model is asked, so that neither their order nor a label moves them.
import { digestOf } from '../../core/canonical.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Scenario } from '../../core/manifest.ts';
import { keyedInput } from '../../core/media.ts';
import type { Locate } from '../documents/origin.ts';
import type { Findings } from '../errors/findings.ts';

type Found = {
  readonly scenario: Scenario;
  readonly index: number;
  readonly hasInput: boolean;
  readonly locate: Locate;
};

/**
 * `what-is-a-tree-1f0c9a2b`: words of the input and 8 hex digits of input and variables. Of several with one
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
    if (!entry.hasInput && Object.keys(entry.scenario.vars).length === 0) {
      tellNameless(entry, findings);
      continue;
    }
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
      // One question with other tools is another one, as data sets of function calls have it.
      const isTwin = n > 0 && toolsOf(entry) === toolsOf(ordered[0]!);
      if (isTwin) tellTwin(entry, { findings, id: `${id}-${n + 1}`, first: ordered[0]! });
    }
  }
  return found.flatMap((entry) => {
    if (entry.scenario.id !== '') return [entry];
    const id = made.get(entry);
    return id === undefined ? [] : [{ ...entry, scenario: { ...entry.scenario, id } }];
  });
}

/** Not its tools: who edits a tool sees the same cell with another content, and not another cell. */
function askedOf({ input, vars }: Scenario): JsonObject {
  return { input: keyedInput(input), vars };
}

function byRest(a: Found, b: Found): number {
  const [first, second] = [restOf(a.scenario), restOf(b.scenario)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function toolsOf({ scenario }: Found): string {
  return JSON.stringify(scenario.tools ?? null);
}

function restOf({ expect, category, tags, description, toolResults, tools = [] }: Scenario): string {
  const told = { tools: tools as unknown as Json, tool_results: toolResults };
  return digestOf({ ...told, expect, category, tags, description });
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
    .toLowerCase()
    .normalize('NFC')
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

function tellNameless({ scenario, index, locate }: Found, findings: Findings): void {
  findings.add(
    scenario.source.file,
    () => ({
      code: 'missing-key',
      message: 'the scenario has no "id", and no input that one could be made of',
      hint: 'for example: { id: greeting, input: Hello }',
      location: locate(index, { path: [], part: 'value' }),
    }),
    'nameless',
  );
}

function tellTwin(
  entry: Found,
  input: { readonly findings: Findings; readonly id: string; readonly first: Found },
): void {
  const { findings, id, first } = input;
  const at = { path: ['input'], part: 'value' } as const;
  findings.add(
    entry.scenario.source.file,
    () => ({
      severity: 'warning',
      code: 'twin-scenario',
      message: `this scenario asks what another one asks; it is named ${JSON.stringify(id)}`,
      hint: 'give them ids of their own, or leave one out',
      location: entry.locate(entry.index, at),
      related: [{ message: 'the other is here', location: first.locate(first.index, at) }],
    }),
    'twin-scenario',
  );
}
