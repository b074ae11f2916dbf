// Which file a dotted name of Python stands for, by the rules of Python's own finder. Nothing is imported.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isFolderAt } from './project-files.ts';

export type FoundModule = {
  /** The module, and the `__init__.py` of each package on the way. */
  readonly files: readonly string[];
  /** Where its submodules lie; none = it is a plain module, or the name leads further than the files. */
  readonly folders: readonly string[];
};

/** Looks into folders; each is listed once. */
export type ModuleFinder = {
  /** null: the first word is not there. */
  find(words: readonly string[], roots: readonly string[]): FoundModule | null;
  /** The `__init__.py` of a folder and of its parents, as far up as there is one. */
  packagesAbove(folder: string): readonly string[];
};

export function makeModuleFinder(): ModuleFinder {
  const listings = new Map<string, ReadonlySet<string>>();
  const has = (folder: string, name: string): boolean => {
    let names = listings.get(folder);
    if (!names) {
      names = namesIn(folder);
      listings.set(folder, names);
    }
    return names.has(name);
  };

  /** In each folder a package goes before an extension, that before a module; a folder without `__init__` is the last choice. */
  function step(
    word: string,
    bases: readonly string[],
  ): { readonly file: string | null; readonly folders: readonly string[] } | null {
    const loose: string[] = [];
    for (const base of bases) {
      const folder = path.join(base, word);
      const isThere = has(base, word);
      for (const init of isThere ? ['__init__.py', '__init__.pyc'] : []) {
        if (has(folder, init)) return { file: path.join(folder, init), folders: [folder] };
      }
      const module = [...(listings.get(base) ?? [])]
        .filter((name) => name.startsWith(`${word}.`) && MODULE_ENDING.test(name.slice(word.length)))
        .sort((a, b) => rank(a) - rank(b))[0];
      if (module !== undefined) return { file: path.join(base, module), folders: [] };
      if (isThere && isFolderAt(folder)) loose.push(folder);
    }
    return loose.length === 0 ? null : { file: null, folders: loose };
  }

  return {
    find(words, roots) {
      const files: string[] = [];
      let folders = roots;
      for (const [n, word] of words.entries()) {
        const found = step(word, folders);
        if (found === null) return n === 0 ? null : { files, folders: [] };
        if (found.file !== null) files.push(found.file);
        folders = found.folders;
        if (folders.length === 0) break;
      }
      return { files, folders };
    },
    packagesAbove(folder) {
      const files: string[] = [];
      for (let at = folder; has(at, '__init__.py') && at !== path.dirname(at); at = path.dirname(at)) {
        files.push(path.join(at, '__init__.py'));
      }
      return files;
    },
  };
}

const MODULE_ENDING = /^(?:\.[\w-]+)*\.(?:so|pyd)$|^\.py[cw]?$/;

function rank(name: string): number {
  return /\.(?:so|pyd)$/.test(name) ? 0 : name.endsWith('.pyc') ? 2 : 1;
}

function namesIn(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder));
  } catch {
    return new Set();
  }
}
