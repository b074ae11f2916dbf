// Every file of a language below a folder: what counts where it cannot be told which of them do. And the digest of a tree.
import { createHash } from 'node:crypto';
import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export const PYTHON_FILE: RegExp = /\.pyw?$/;
/** Declarations of types are not run. */
export const JS_FILE: RegExp = /(?<!\.d)\.[cm]?[jt]sx?$/;

/** Absolute, sorted. What is installed, made or hidden is not the project's. */
export function filesBelow(folder: string, wanted: RegExp): readonly string[] {
  const found: string[] = [];
  const waiting = [folder];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const entry of listOf(at)) {
      const file = path.join(at, entry.name);
      if (isFolder(file, entry)) {
        const isOurs = !entry.isSymbolicLink() && !entry.name.startsWith('.') && !MADE.has(entry.name);
        const isResults = at === folder && entry.name === 'artifacts';
        if (isOurs && !isResults && !existsSync(path.join(file, 'pyvenv.cfg'))) waiting.push(file);
      } else if (wanted.test(entry.name)) found.push(file);
    }
  }
  return found.sort();
}

const MADE = new Set(['node_modules', 'site-packages', 'dist-packages', '__pycache__']);

/** What a folder or a file that is installed consists of, wherever it lies. */
export function treeDigest(root: string): string {
  const hash = createHash('sha256');
  const waiting = [root];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    if (isFileAt(at)) {
      hash
        .update(`${path.relative(root, at)}\0`)
        .update(createHash('sha256').update(readFileSync(at)).digest());
      continue;
    }
    const inside = listOf(at).filter(({ name }) => !MADE.has(name) && name !== '.git');
    waiting.push(...inside.filter((entry) => !entry.isSymbolicLink()).map(({ name }) => path.join(at, name)));
  }
  return hash.digest('hex');
}

/** Whatever the name is: what cannot be looked at is not there. */
export function isFileAt(file: string): boolean {
  return kindAt(file) === 'file';
}

export function isFolderAt(file: string): boolean {
  return kindAt(file) === 'folder';
}

function kindAt(file: string): 'file' | 'folder' | null {
  try {
    const stat = statSync(file);
    return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : null;
  } catch {
    return null;
  }
}

function isFolder(file: string, entry: Dirent): boolean {
  return entry.isDirectory() || (entry.isSymbolicLink() && isFolderAt(file));
}

function listOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
