// Globs -> files. The only file that imports tinyglobby, and only for patterns that need it.
import { type Dirent, existsSync } from 'node:fs';
import path from 'node:path';
import type { FileSystemAdapter } from 'tinyglobby';
import { entriesOf, listByEnding, plainPattern } from './listing.ts';

export type GlobRequest = {
  /** As written in the manifest; a leading ! excludes. undefined: refused before, keeps its place. */
  readonly patterns: readonly (string | undefined)[];
  /** Absolute; patterns are relative to it. */
  readonly folder: string;
};

export type GlobMatch = {
  /** Index of the pattern. */
  readonly pattern: number;
  /** Relative to the folder with forward slashes, sorted; a file stands under the first pattern that finds it. */
  readonly paths: readonly string[];
  /** Whether the pattern found anything, its own or not. */
  readonly found: boolean;
};

/** One entry a pattern that includes. */
export async function findMatches({ patterns, folder }: GlobRequest): Promise<readonly GlobMatch[]> {
  const isExclusion = (pattern: string | undefined) => pattern?.startsWith('!') === true;
  const ignore = [
    ...NEVER,
    ...patterns.flatMap((pattern) =>
      pattern !== undefined && isExclusion(pattern) ? [normal(pattern.slice(1))] : [],
    ),
  ];
  const taken = new Set<string>();
  const matches: GlobMatch[] = [];
  for (const [index, pattern] of patterns.entries()) {
    if (pattern === undefined || isExclusion(pattern) || globProblem(pattern) !== null) continue;
    const all = await filesOf({ pattern: normal(pattern), ignore, folder });
    const paths = all.filter((file) => !taken.has(file));
    for (const file of paths) taken.add(file);
    matches.push({ pattern: index, paths, found: all.length > 0 });
  }
  return matches;
}

/** A wildcard costs time by the power of their number in the worst case: a pattern for people has a few. */
const MAX_WILDCARDS_IN_A_NAME = 6;

/** Why a pattern is refused; null = it is fine. */
export function globProblem(pattern: string): string | null {
  if (/[\x00-\x1f\x7f-\x9f]/.test(pattern)) return 'holds a control character';
  const names = pattern.split('/');
  if (names.some((name) => name !== '**' && (name.match(/[*?{[]/g) ?? []).length > MAX_WILDCARDS_IN_A_NAME)) {
    return `has more than ${MAX_WILDCARDS_IN_A_NAME} wildcards in one name`;
  }
  if (names.filter((name) => name === '**').length > 3) return 'has more than three "**"';
  return null;
}

/** What expgraph writes or installs is never what it reads: results would change the keys that they answer. */
const NEVER = ['artifacts/**', '**/node_modules/**', '**/.git/**'];

function normal(pattern: string): string {
  return pattern.replace(/^(?:\.\/)+/, '');
}

async function filesOf(input: {
  pattern: string;
  ignore: readonly string[];
  folder: string;
}): Promise<readonly string[]> {
  const { pattern, ignore, folder } = input;
  if (isPlainPath(pattern) && ignore.length === NEVER.length) {
    return existsSync(path.resolve(folder, pattern)) ? [path.posix.normalize(pattern)] : [];
  }
  const plain = ignore.length === NEVER.length ? plainPattern(pattern) : null;
  if (plain) return listByEnding(plain, folder);
  const { glob } = await import('tinyglobby');
  const found = await glob(pattern, {
    cwd: folder,
    ignore: [...ignore],
    followSymbolicLinks: false,
    expandDirectories: false,
    extglob: false,
    onlyFiles: true,
    fs: { readdir } as unknown as FileSystemAdapter,
  });
  return found.sort();
}

/** The library's way to ask for entries. It leaves out links to files, which are files to everybody else. */
function readdir(folder: string, _: unknown, done: (error: null, entries: readonly Dirent[]) => void): void {
  done(null, entriesOf(folder));
}

function isPlainPath(pattern: string): boolean {
  return !/[*?{}[\]()!\\]/.test(pattern);
}
