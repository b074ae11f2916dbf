// The pattern of nearly every experiment, `folder/**/*.yaml`, without a library: loading one takes longer than the rest
// of a start. A test holds it against tinyglobby on the same trees.
import { type Dirent, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** A folder, how deep, and what the names end in. */
export type PlainPattern = { readonly folder: string; readonly deep: boolean; readonly ending: string };

/** null: the pattern needs a matcher. */
export function plainPattern(pattern: string): PlainPattern | null {
  const found = /^((?:[\w.-]+\/)*)(\*\*\/)?\*(\.[A-Za-z0-9.]+)$/.exec(pattern);
  if (!found) return null;
  const folders = found[1]!.split('/').slice(0, -1);
  if (folders.some((name) => name === '..' || name === '.' || NEVER.has(name)) || folders[0] === 'artifacts')
    return null;
  return { folder: folders.join('/'), deep: found[2] !== undefined, ending: found[3]! };
}

/** Paths relative to `root`, sorted. Hidden names and links to folders are left out, as in any glob. */
export function listByEnding({ folder, deep, ending }: PlainPattern, root: string): readonly string[] {
  const found: string[] = [];
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    for (const entry of entriesOf(path.join(root, at))) {
      const inside = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      if (!entry.isDirectory()) {
        if (entry.name.endsWith(ending) && entry.isFile()) found.push(inside);
      } else if (deep && !NEVER.has(entry.name) && inside !== 'artifacts') {
        folders.push(inside);
      }
    }
  }
  return found.sort();
}

const NEVER = new Set(['node_modules', '.git']);

/**
 * The entries of a folder, links shown as files. A link to a folder is left out, or a link to its own parent would be
 * walked until the path is too long; a broken one is a file that cannot be read, which is then said.
 * A folder that is not there, or not ours to read, holds nothing: the pattern is then said to match no file.
 */
export function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (!entry.isSymbolicLink()) return [entry];
      return leadsToFolder(path.join(folder, entry.name)) ? [] : [asFile(entry)];
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return [];
  }
}

function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory();
  } catch {
    // Broken or in a circle: whoever reads it says so.
    return false;
  }
}

function asFile(entry: Dirent): Dirent {
  return Object.assign(Object.create(entry) as Dirent, { isFile: () => true, isSymbolicLink: () => false });
}
