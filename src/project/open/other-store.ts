// The results of this experiment at another place: the folder of a store, of artifacts, of a checkout or of a git worktree.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** @returns the folder of the store: the one that has the history in it; null = there is none */
export function otherStoreIn(folder: string, name: string): string | null {
  const places = [folder, path.join(folder, name), path.join(folder, 'artifacts', name)];
  return places.find((at) => existsSync(path.join(at, 'history'))) ?? null;
}

/** Names of the experiments that have results there, for a sentence about one that has none. */
export function storesIn(folder: string): readonly string[] {
  return [folder, path.join(folder, 'artifacts')].flatMap((at) =>
    namesIn(at).filter((name) => existsSync(path.join(at, name, 'history'))),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
