// What of a folder this process watches at the moment. Handles of the whole process would count those as well that tests before this
// one are about to close.
import fs, { type FSWatcher } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** From now on until the test ends. @returns files and folders that are watched, each as often as it is */
export function watchedBelow(folder: string): () => readonly string[] {
  const watched = new Map<FSWatcher, string>();
  const { watch } = fs;
  const seen = (...given: readonly unknown[]): FSWatcher => {
    const watcher: FSWatcher = Reflect.apply(watch, fs, given);
    const at = path.resolve(String(given[0]));
    if (at === folder || at.startsWith(folder + path.sep)) {
      watched.set(watcher, at);
      watcher.once('close', () => watched.delete(watcher));
    }
    return watcher;
  };
  use(seen);
  onTestFinished(() => use(watch));
  return () => [...watched.values()].map((at) => path.relative(folder, at)).sort();
}

function use(watch: (...given: never[]) => FSWatcher): void {
  Object.assign(fs, { watch });
  syncBuiltinESMExports();
}
