// Names for completions, from the manifest and the store as they lie there. Whatever is wrong with them is told elsewhere.
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { compareNames, isInvocationId, shortNames } from '../../core/invocation-id.ts';
import type { Manifest } from '../../core/manifest.ts';
import { loadManifest } from '../../manifest/load.ts';
import type { World } from '../open/world.ts';

/** Names that only a manifest or a store knows. */
export type NameKind =
  | 'variants'
  | 'scenarios'
  | 'categories'
  | 'tags'
  | 'runs'
  | 'scorers'
  | 'providers'
  | 'invocations'
  | 'cells';

/** `about`: what tells it from others; '' where nothing does. */
export type Candidate = { readonly text: string; readonly about: string };

export type NamesInput = {
  /** The manifest; relative to the working folder of the world. */
  readonly file: string;
  readonly kind: NameKind;
  /** What is written so far: cells are told step by step, as paths are. */
  readonly word: string;
};

/** None where there is no manifest, or one with mistakes. Names that do not begin with the word are among them. */
export async function namesOf(
  world: Pick<World, 'cwd' | 'env'>,
  input: NamesInput,
): Promise<readonly Candidate[]> {
  const file = path.resolve(world.cwd, input.file);
  if (!existsSync(file)) return [];
  const loaded = await loadManifest({ file, env: world.env });
  if (loaded.kind !== 'ok') return [];
  return candidatesIn(loaded.value.manifest, input);
}

function candidatesIn(manifest: Manifest, { kind, word }: NamesInput): readonly Candidate[] {
  const { variants, scenarios } = manifest;
  switch (kind) {
    case 'variants':
      return variants.map(({ name, model }) => ({ text: name, about: model }));
    case 'scenarios':
      return scenarios.map(({ id, category }) => ({ text: id, about: category ?? '' }));
    case 'categories':
      return distinct(scenarios.flatMap(({ category }) => category ?? []));
    case 'tags':
      return distinct(scenarios.flatMap(({ tags }) => tags));
    case 'runs':
      return distinct(variants.flatMap(({ runs }) => runsUpTo(runs)));
    case 'scorers':
      return manifest.scorers.map(({ name, kind: about }) => ({ text: name, about }));
    case 'providers':
      return Object.values(manifest.providers).map(({ name, type }) => ({ text: name, about: type }));
    case 'invocations':
      return invocationsOf(manifest);
    case 'cells':
      return cellsOf(manifest, word);
  }
}

function distinct(names: readonly string[]): readonly Candidate[] {
  return [...new Set(names)].map((text) => ({ text, about: '' }));
}

function runsUpTo(runs: number): readonly string[] {
  return Array.from({ length: runs }, (_, at) => String(at + 1));
}

/** The newest first: that is mostly the one that is meant. */
function invocationsOf({ folder, name }: Manifest): readonly Candidate[] {
  const history = path.join(folder, 'artifacts', name, 'history');
  if (!statSync(history, { throwIfNoEntry: false })?.isDirectory()) return [];
  const names = readdirSync(history).filter(isInvocationId).sort(compareNames);
  const short = shortNames(names);
  const numbered = names.map((name) => ({ text: short(name), about: name.split('-')[1]! }));
  return [...numbered.reverse(), { text: 'now', about: '' }];
}

/** Step by step, as paths are: variants, then their scenarios, then their runs. */
function cellsOf({ variants, scenarios }: Manifest, word: string): readonly Candidate[] {
  const variant = variants.find(({ name }) => word.startsWith(`${name}/`));
  if (!variant) return variants.map(({ name, model }) => ({ text: `${name}/`, about: model }));
  const scenario = scenarios.find(({ id }) => word.startsWith(`${variant.name}/${id}/`));
  if (!scenario)
    return scenarios.map(({ id, category }) => ({ text: `${variant.name}/${id}/`, about: category ?? '' }));
  return runsUpTo(variant.runs).map((run) => ({ text: `${variant.name}/${scenario.id}/${run}`, about: '' }));
}
