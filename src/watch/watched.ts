// Which files an experiment hangs on: those that were read for it, and those that its patterns may match. Pure.
import path from 'node:path';

export type Watched = {
  /** Absolute, sorted; some may not be there yet. What lies in a tree is not repeated here. */
  readonly files: readonly string[];
  readonly trees: readonly Tree[];
};

/** A folder where files may come and go. */
export type Tree = {
  /** Absolute. */
  readonly folder: string;
  /** Folders below it count, too. */
  readonly deep: boolean;
  /** What names end in: `.yaml`; empty = any name. */
  readonly ending: string;
  /** Absolute folders below it that a pattern excludes. */
  readonly without: readonly string[];
};

export function watchedOf(input: {
  /** The manifest's folder, absolute. */
  readonly folder: string;
  /** Absolute. */
  readonly files: readonly string[];
  /** Globs relative to the folder; a leading ! excludes. */
  readonly patterns: readonly string[];
}): Watched {
  const { folder, patterns } = input;
  const excluded = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .flatMap((pattern) => excludedFolder(folder, pattern.slice(1)) ?? []);
  const included = patterns.filter((pattern) => !pattern.startsWith('!'));
  const plain = included.filter(isPlain).map((name) => path.resolve(folder, name));
  const trees = included
    .filter((pattern) => !isPlain(pattern))
    .map((pattern) => treeOf(folder, pattern, excluded));
  const distinct = new Map(trees.map((tree) => [JSON.stringify(tree), tree]));
  const files = new Set([...input.files, ...plain].filter((file) => !trees.some((tree) => isIn(tree, file))));
  return { files: [...files].sort(), trees: [...distinct.values()] };
}

/** Both together: after a mistake the files of the last sound experiment still count. */
export function union(one: Watched, other: Watched): Watched {
  const trees = new Map([...one.trees, ...other.trees].map((tree) => [JSON.stringify(tree), tree]));
  return {
    files: [...new Set([...one.files, ...other.files])].sort(),
    trees: [...trees.values()],
  };
}

export type Accept = {
  /** Whether an edit of this file counts. */
  readonly file: (file: string) => boolean;
  /** Whether something that counts may lie in this folder. */
  readonly folder: (folder: string) => boolean;
};

export function makeAccept({ files, trees }: Watched): Accept {
  const named = new Set(files);
  const homes = new Set(files.map((file) => path.dirname(file)));
  return {
    file: (file) => named.has(file) || trees.some((tree) => isIn(tree, file)),
    folder: (folder) =>
      homes.has(folder) || trees.some((tree) => tree.folder === folder || isFolderIn(tree, folder)),
  };
}

/** Where a watcher starts. */
export function rootsOf({ files, trees }: Watched): readonly string[] {
  return [
    ...new Set([...files.map((file) => path.dirname(file)), ...trees.map((tree) => tree.folder)]),
  ].sort();
}

/** What expgraph writes, what is installed, what editors leave for a moment: never what an experiment hangs on. */
const NEVER_FOLDERS = new Set(['node_modules', '.git', '__pycache__']);
const OWN = 'artifacts';
/** vim: .x.swp, .x.swo, x~, 4913 · emacs: #x#, .#x · JetBrains: x___jb_tmp___ · anything hidden or temporary. */
const PASSING = /^\.|~$|^#.*#$|^4913$|\.(?:swp|swo|swx|tmp|temp|bak|part|crdownload)$|___jb_(?:tmp|old)___$/;

function isIn(tree: Tree, file: string): boolean {
  const name = path.basename(file);
  const folder = path.dirname(file);
  if (!name.endsWith(tree.ending) || PASSING.test(name)) return false;
  return folder === tree.folder || isFolderIn(tree, folder);
}

function isFolderIn(tree: Tree, folder: string): boolean {
  if (!tree.deep || !folder.startsWith(withSeparator(tree.folder))) return false;
  const names = folder.slice(withSeparator(tree.folder).length).split(path.sep);
  if (names.some((name) => NEVER_FOLDERS.has(name) || name.startsWith('.'))) return false;
  return !tree.without.some((excluded) => folder === excluded || folder.startsWith(withSeparator(excluded)));
}

function withSeparator(folder: string): string {
  return folder.endsWith(path.sep) ? folder : `${folder}${path.sep}`;
}

function isPlain(pattern: string): boolean {
  return !/[*?{}[\]()!\\]/.test(pattern);
}

/** The folder before the first wildcard; what comes after it is looked at by name only where it is an ending. */
function treeOf(folder: string, pattern: string, excluded: readonly string[]): Tree {
  const names = pattern.split('/');
  const first = names.findIndex((name) => !isPlain(name));
  const base = path.resolve(folder, ...names.slice(0, first));
  const ending = /^\*+(\.[A-Za-z0-9.]+)$/.exec(names.at(-1)!)?.[1] ?? '';
  const deep = first < names.length - 1 || names.at(-1) === '**';
  const own = path.join(folder, OWN);
  return { folder: base, deep, ending, without: [own, ...excluded] };
}

/** `drafts/**` takes a whole folder out; finer exclusions cost a plan that finds nothing to do. */
function excludedFolder(folder: string, pattern: string): string | null {
  const base = pattern.replace(/\/\*\*(?:\/\*)?$/, '');
  return base !== pattern && isPlain(base) ? path.resolve(folder, base) : null;
}
