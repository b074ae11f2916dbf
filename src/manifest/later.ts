// What the manifest's format knows and this version does not do yet: one clear error each, in one table.
import type { ExperimentFile } from '../core/generated/experiment.ts';
import type { JsonPath } from './place.ts';

export type Later = { readonly path: JsonPath; readonly message: string; readonly hint: string };

/** Everything in a manifest that has to wait for a later version. */
export function laterThings(raw: Partial<ExperimentFile>): readonly Later[] {
  const found: Later[] = [];
  if ((raw.scorers ?? []).length > 0) found.push(later(['scorers'], 'scorers'));
  if ((raw.max_turns ?? 1) > 1) found.push(later(['max_turns'], 'max_turns'));
  for (const [name, variant] of Object.entries(raw.variants ?? {})) {
    if (!variant) continue;
    const path = ['variants', name];
    for (const key of ['use', 'command', 'pytest'] as const) {
      if (variant[key] !== undefined) found.push(later([...path, key], key));
    }
    if ((variant.max_turns ?? 1) > 1) found.push(later([...path, 'max_turns'], 'max_turns'));
    const turns = variant.matrix?.max_turns ?? [];
    turns.forEach((value, index) => {
      if (typeof value === 'number' && value > 1)
        found.push(later([...path, 'matrix', 'max_turns', index], 'max_turns'));
    });
  }
  return found;
}

const THINGS = {
  use: ['a variant of own code ("use")', 'a variant of this version is a model with a prompt and tools'],
  command: [
    'a variant of any language ("command")',
    'a variant of this version is a model with a prompt and tools',
  ],
  pytest: ['a variant by pytest ("pytest")', 'a variant of this version is a model with a prompt and tools'],
  scorers: [
    'scoring ("scorers")',
    'leave the list empty; answers are kept and can be scored when it is there',
  ],
  max_turns: ['a tool loop ("max_turns" above 1)', 'max_turns: 1 records which tools the model calls'],
} as const;

function later(path: JsonPath, thing: keyof typeof THINGS): Later {
  const [what, hint] = THINGS[thing];
  return { path, message: `${what} is not in this version of expgraph`, hint };
}
