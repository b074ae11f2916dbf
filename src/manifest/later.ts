// What the manifest's format knows and this version does not do yet: one clear error each, in one table.
import type { ExperimentFile } from '../core/generated/experiment.ts';
import type { JsonPath } from './place.ts';

export type Later = { readonly path: JsonPath; readonly message: string; readonly hint: string };

/** Everything in a manifest that has to wait for a later version. */
export function laterThings(raw: Partial<ExperimentFile>): readonly Later[] {
  const found: Later[] = [];
  if ((raw.scorers ?? []).length > 0) found.push(later(['scorers'], 'scorers'));
  for (const [name, variant] of Object.entries(raw.variants ?? {})) {
    if (!variant) continue;
    const path = ['variants', name];
    for (const key of ['use', 'command', 'pytest'] as const) {
      if (variant[key] !== undefined) found.push(later([...path, key], key));
    }
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
} as const;

function later(path: JsonPath, thing: keyof typeof THINGS): Later {
  const [what, hint] = THINGS[thing];
  return { path, message: `${what} is not in this version of expgraph`, hint };
}
