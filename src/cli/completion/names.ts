// Names for completions, from the manifest and the store as they lie there. Whatever is wrong with them is told elsewhere.
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Manifest } from '../../core/manifest.ts';
import { loadManifest } from '../../manifest/load.ts';
import type { Io } from '../io.ts';
import type { Candidate, NameKind } from './asked.ts';

/** None where there is no manifest, or one with mistakes. */
export async function namesOf(
  io: Io,
  at: { readonly file: string; readonly kind: NameKind; readonly word: string },
): Promise<readonly Candidate[]> {
  const file = path.resolve(io.cwd, at.file);
  if (!existsSync(file)) return [];
  const loaded = await loadManifest({ file, env: io.env });
  if (loaded.kind !== 'ok') return [];
  return of(loaded.value.manifest, at);
}

function of(
  manifest: Manifest,
  { kind, word }: { readonly kind: NameKind; readonly word: string },
): readonly Candidate[] {
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
  const numbered = readdirSync(history).flatMap((entry) => {
    const [, digits, time] = /^0*(\d+)-(\d{8}T\d{6}Z)$/.exec(entry) ?? [];
    return digits && time ? [{ text: digits, about: time }] : [];
  });
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
