// What a project declares: a file that was read and is none of it counts in no key, and an edit of it would re-run nothing.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { PrepareStep } from '../../core/harness.ts';
import type { Manifest } from '../../core/manifest.ts';
import type { World } from './world.ts';

/** What CI draws is believed by others: there an undeclared file is a failure unless the manifest says otherwise. */
export function isStrict(io: Pick<World, 'env'>, { strictInputs }: Pick<Manifest, 'strictInputs'>): boolean {
  return strictInputs ?? io.env.CI === 'true';
}

export type Declared = {
  readonly folder: string;
  readonly files: ReadonlySet<string>;
  /** A folder that is listed is declared where a pattern takes new files, too; null = what is there will do. */
  readonly patterns: readonly string[] | null;
};

/** What a step read beside its inputs and its code. @returns one sentence with the line to add; null = nothing */
export function undeclaredOfStep(
  manifest: Manifest,
  input: { readonly step: PrepareStep; readonly read: readonly string[] },
): string | null {
  const { step } = input;
  const files = new Set([
    ...sourcesOf(manifest),
    ...pathsOf([...step.inputs, ...step.made, ...step.code.files]),
    ...madePaths(manifest),
  ]);
  const declared = { folder: manifest.folder, files, patterns: null };
  const found = input.read.filter((name) => !isDeclared(name, declared));
  if (found.length === 0) return null;
  const who = `${step.argv.join(' ').slice(0, 200)} (prepare)`;
  return `${sentence(who, found)}; add to this step: ${lineOf(found)}`;
}

export function sentence(who: string, found: readonly string[]): string {
  const [first] = found;
  if (found.length === 1) return `${who} read ${first}, which counts in no key: editing it re-runs nothing`;
  const more = found.length - 1;
  return `${who} read ${first} and ${more} more, which count in no key: editing them re-runs nothing`;
}

const MOST_SHOWN = 20;

export function lineOf(found: readonly string[]): string {
  const globs = found
    .slice(0, MOST_SHOWN)
    .map((name) => JSON.stringify(name.endsWith('/') ? `${name}**` : name));
  return `inputs: [${globs.join(', ')}${found.length > MOST_SHOWN ? ', ...' : ''}]`;
}

/** A name that ends in a slash is a folder that was listed. */
export function isDeclared(name: string, declared: Declared): boolean {
  const { files, patterns } = declared;
  if (!name.endsWith('/')) return files.has(name);
  const isKnown = namesIn(path.join(declared.folder, name)).every((file) => files.has(name + file));
  return isKnown && (patterns === null || patterns.some((pattern) => takesNew(pattern, name.slice(0, -1))));
}

/** Whether a new file of the folder would be among what the pattern finds. */
function takesNew(pattern: string, folder: string): boolean {
  const segments = pattern.replace(/^(?:\.\/)+/, '').split('/');
  const fixed = segments.findIndex((segment) => /[*?[{]/.test(segment));
  if (fixed === -1 || pattern.startsWith('!')) return false;
  const base = segments.slice(0, fixed).join('/');
  if (segments.slice(fixed).includes('**')) return base === '' || `${folder}/`.startsWith(`${base}/`);
  return folder === base && fixed === segments.length - 1;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() || entry.name.startsWith('.') ? [] : [entry.name],
    );
  } catch {
    // Gone since: nobody can add it.
    return [];
  }
}

export function sourcesOf({ folder, sources }: Manifest): readonly string[] {
  return sources.map((source) => path.relative(folder, source).replaceAll('\\', '/'));
}

export function madePaths({ prepare }: Manifest): readonly string[] {
  return prepare.flatMap(({ made }) => pathsOf(made));
}

export function pathsOf(files: readonly { readonly path: string }[]): readonly string[] {
  return files.map((file) => file.path);
}
