// Whether the files under `inputs:` are still what every key was made of, asked again and again while tasks end.
import path from 'node:path';
import type { Manifest } from '../core/manifest.ts';
import { digestOfFile } from '../manifest/inputs.ts';
import { stampOf } from './stamp.ts';

/**
 * A file whose size, time and inode stand still is not read again; one that was touched is. Once changed, always
 * changed: results from in between belong to neither state.
 * @returns a function that gives null, or one sentence that names the file.
 */
export function watchInputs(
  manifest: Pick<Manifest, 'folder' | 'inputs' | 'prepare' | 'variants'>,
): () => string | null {
  const { folder } = manifest;
  const watched = watchedFiles(manifest);
  const known = new Map<string, string>();
  let changed: string | null = null;
  return () => {
    for (const { path: name, digest, of } of changed === null ? watched : []) {
      const file = path.join(folder, name);
      const stamp = stampOf(file);
      if (stamp !== null && known.get(name) === stamp) continue;
      if (stamp === null || digestOrNull(file) !== digest) {
        changed = `${name} (${of}) was changed while tasks ran: their answers are kept, but satisfy nothing`;
        break;
      }
      known.set(name, stamp);
    }
    return changed;
  };
}

type Watched = { readonly path: string; readonly digest: string; readonly of: string };

/** Code is loaded while tasks run, thread by thread: it counts as inputs do. */
function watchedFiles({
  inputs,
  prepare,
  variants,
}: Pick<Manifest, 'inputs' | 'prepare' | 'variants'>): readonly Watched[] {
  const watched = new Map<string, Watched>(
    inputs.map((input) => [input.path, { ...input, of: 'under inputs' }]),
  );
  for (const made of prepare.flatMap((step) => step.made))
    watched.set(made.path, { ...made, of: 'made by prepare' });
  for (const { name, harness, mcp } of variants) {
    for (const file of [...(harness?.code.files ?? []), ...(mcp?.code.files ?? [])]) {
      if (!watched.has(file.path)) watched.set(file.path, { ...file, of: `code of ${name}` });
    }
  }
  return [...watched.values()];
}

function digestOrNull(file: string): string | null {
  try {
    return digestOfFile(file);
  } catch {
    // Gone or unreadable between the two looks: no longer what it was.
    return null;
  }
}
