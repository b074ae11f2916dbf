// What counts of code and of files: each by its path and its digest. Paths, because whoever swaps two files has changed
// what runs; relative ones, because a folder that is moved as a whole has changed nothing. Pure.
import type { Code, CodeFile, ModuleHarness } from './harness.ts';
import type { JsonObject } from './json.ts';

/** By path; a list without files says nothing. */
export function filesContent(name: string, files: readonly CodeFile[]): JsonObject {
  if (files.length === 0) return {};
  const byPath = new Map<string, string>();
  for (const { path, digest } of files) {
    // A Mac's file system may give one name in another form of Unicode: it is the same file. Where both are there, both count.
    const normal = path.normalize('NFC');
    const twin = byPath.get(normal);
    byPath.set(normal, twin === undefined ? digest : `${twin} ${digest}`);
  }
  return { [name]: Object.fromEntries(byPath) };
}

/** Of programs: as their command names files from the manifest's folder, so do these paths. */
export function codeContent({ files, packages }: Code): JsonObject {
  return { ...filesContent('code', files), ...packagesContent(packages) };
}

/**
 * Of a module: by the way from its own folder, so that moving the folder costs nothing. Which file is begun with counts:
 * of two that import each other, either may be.
 */
export function moduleContent({ file, code }: Pick<ModuleHarness, 'file' | 'code'>): JsonObject {
  const steps = file.split('/');
  const folder = steps.slice(0, -1);
  const files = code.files.map((one) => ({ ...one, path: relativePath(folder, one.path) }));
  return {
    entry: steps.at(-1)!.normalize('NFC'),
    ...filesContent('code', files),
    ...packagesContent(code.packages),
  };
}

function packagesContent(packages: Code['packages']): JsonObject {
  if (packages.length === 0) return {};
  return { packages: Object.fromEntries(packages.map(({ name, version }) => [name, version])) };
}

/** Both from one folder, with forward slashes and without `.`: `../lib/a.ts`. */
function relativePath(folder: readonly string[], path: string): string {
  const steps = path.split('/');
  let shared = 0;
  while (shared < folder.length && shared < steps.length - 1 && folder[shared] === steps[shared]) shared++;
  return [...folder.slice(shared).map(() => '..'), ...steps.slice(shared)].join('/');
}
