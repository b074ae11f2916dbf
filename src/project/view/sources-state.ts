// What the files look like that a manifest was read from: names, sizes and times.
import path from 'node:path';
import type { Manifest } from '../../core/manifest.ts';
import type { Watched } from '../../watch/watch.ts';
import { stateOf, statOf } from './file-state.ts';

/** Of the files that a manifest was read from, and of the folders where its patterns look: a new file shows in its folder's time. */
export function sourcesState(watched: Watched, manifest: Sources): string {
  return sourcesOf(watched, manifest).map(stateOf).join(' ');
}

/** @param sinceMs wall time */
export function wasSavedSince(sinceMs: number, watched: Watched, manifest: Sources): boolean {
  return sourcesOf(watched, manifest).some((file) => {
    const stat = statOf(file);
    return stat != null && stat.mtimeMs >= sinceMs;
  });
}

type Sources = Pick<Manifest, 'sources' | 'inputs' | 'folder'>;

function sourcesOf({ files, trees }: Watched, manifest: Sources): readonly string[] {
  const read = [
    ...files,
    ...manifest.sources,
    ...manifest.inputs.map(({ path: name }) => path.resolve(manifest.folder, name)),
  ];
  const folders = trees.length === 0 ? [] : read.map((file) => path.dirname(file));
  return [...new Set([...read, ...trees.map(({ folder }) => folder), ...folders])];
}
