// What a Python file consists of: the modules of the project that it imports, over any number of steps, and the
// installed distributions that they name, by version. Nothing is run and no interpreter is started: planning stays quick.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ReadCode } from './code-list.ts';

export type PythonClosure = {
  /** Absolute paths by digest of their bytes. */
  readonly files: ReadonlyMap<string, string>;
  readonly packages: ReadonlyMap<string, string>;
};

export type PythonPlace = {
  /** Absolute; nothing outside of it is taken for the project's. */
  readonly folder: string;
  /** Where absolute imports start, besides each file's own folder. */
  readonly roots: readonly string[];
  /** Of the interpreter. */
  readonly sitePackages: readonly string[];
  readonly read: ReadCode;
};

export function pythonClosure(entries: readonly string[], at: PythonPlace): PythonClosure {
  const files = new Map<string, string>();
  const packages = new Map<string, string>();
  const installed = makeInstalled(at.sitePackages);
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    const { bytes, digest } = at.read(file);
    files.set(file, digest);
    for (const name of importsOf(bytes.toString('utf8'))) {
      const own = findModule(name, { file, at });
      if (own.length > 0) waiting.push(...own);
      else if (!name.startsWith('.')) {
        const found = installed(name.split('.')[0]!);
        if (found) packages.set(found.name, found.version);
      }
    }
  }
  return { files, packages };
}

/**
 * Names of `import a.b` and `from .c import d` (as `.c` and `.c.d`: d may be a module), wherever they stand. Text in a
 * string that looks like an import counts one file too many, never one too few.
 */
export function importsOf(source: string): readonly string[] {
  const names = new Set<string>();
  const joined = source.replace(/\\\r?\n/g, ' ');
  for (const match of joined.matchAll(/^[ \t]*import[ \t]+([^\n#;]+)/gm)) {
    for (const part of match[1]!.split(',')) addName(names, part);
  }
  for (const match of joined.matchAll(
    /^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n#;]+)/gm,
  )) {
    const base = match[1]!;
    if (base !== '') names.add(base);
    for (const part of match[2]!.replace(/[()]/g, '').split(/[,\n]/)) {
      const name = /^\s*(\w+)/.exec(part)?.[1];
      if (name) names.add(base.endsWith('.') ? `${base}${name}` : `${base}.${name}`);
    }
  }
  return [...names];
}

function addName(names: Set<string>, part: string): void {
  const name = /^\s*([\w.]+)/.exec(part)?.[1];
  if (name) names.add(name);
}

/** The files that a name stands for: the module, and the `__init__.py` of each package on the way. */
function findModule(
  name: string,
  { file, at }: { readonly file: string; readonly at: PythonPlace },
): readonly string[] {
  const dots = /^\.*/.exec(name)![0].length;
  const words = name
    .slice(dots)
    .split('.')
    .filter((word) => word !== '');
  const bases = dots > 0 ? [upwards(path.dirname(file), dots - 1)] : [path.dirname(file), ...at.roots];
  for (const base of bases) {
    const found = walk(base, words);
    if (found.length > 0 && found.every((each) => isInside(each, at.folder))) return found;
  }
  return [];
}

function walk(base: string, words: readonly string[]): readonly string[] {
  const found: string[] = [];
  let folder = base;
  for (const [n, word] of words.entries()) {
    const init = path.join(folder, word, '__init__.py');
    const module = path.join(folder, `${word}.py`);
    if (existsSync(module)) return [...found, module];
    if (!existsSync(path.join(folder, word))) return n === 0 ? [] : found;
    if (existsSync(init)) found.push(init);
    folder = path.join(folder, word);
  }
  return found;
}

function upwards(folder: string, steps: number): string {
  return path.resolve(folder, ...Array.from({ length: steps }, () => '..'));
}

function isInside(file: string, folder: string): boolean {
  return (
    !path.relative(folder, file).startsWith('..') && !file.includes(`${path.sep}site-packages${path.sep}`)
  );
}

/** Of an importable name, the distribution that brought it. */
function makeInstalled(
  sitePackages: readonly string[],
): (name: string) => { readonly name: string; readonly version: string } | null {
  let table: Map<string, { readonly name: string; readonly version: string }> | null = null;
  return (name) => {
    table ??= readDistributions(sitePackages);
    return table.get(name) ?? null;
  };
}

function readDistributions(
  folders: readonly string[],
): Map<string, { readonly name: string; readonly version: string }> {
  const table = new Map<string, { readonly name: string; readonly version: string }>();
  for (const folder of folders) {
    for (const entry of listOf(folder)) {
      const parts = /^(.+?)-([^-]+?)(?:-py[\d.]+)?\.(?:dist-info|egg-info)$/.exec(entry);
      if (!parts) continue;
      const found = { name: parts[1]!.toLowerCase().replaceAll('_', '-'), version: parts[2]! };
      const names = topLevel(path.join(folder, entry)) ?? [parts[1]!.replaceAll('-', '_')];
      for (const name of names) if (!table.has(name)) table.set(name, found);
    }
  }
  return table;
}

function topLevel(info: string): readonly string[] | null {
  const listed = textOf(path.join(info, 'top_level.txt'));
  if (listed !== null) return listed.split(/\s+/).filter((name) => name !== '');
  const record = textOf(path.join(info, 'RECORD'));
  if (record === null) return null;
  const names = new Set<string>();
  for (const line of record.split('\n')) {
    const name = /^([A-Za-z_]\w*)(?:\/|\.py,)/.exec(line)?.[1];
    if (name) names.add(name);
  }
  return [...names];
}

/** Where an interpreter keeps what is installed: beside a virtual environment's, else the system's. */
export function sitePackagesOf(of: {
  readonly python: string;
  readonly folder: string;
  readonly env: { readonly [name: string]: string | undefined };
}): readonly string[] {
  const { python, folder, env } = of;
  const binary = python.includes('/') ? path.resolve(folder, python) : findOnPath(python, env.PATH ?? '');
  if (binary === null) return [];
  const prefixes = [path.dirname(path.dirname(binary))];
  // A virtual environment has its own; a system's python3 is a link to the real one.
  if (!existsSync(path.join(prefixes[0]!, 'pyvenv.cfg')))
    prefixes.push('/usr/local', '/usr', ...realPrefix(binary));
  return prefixes.flatMap((prefix) => [
    ...listOf(path.join(prefix, 'lib'))
      .filter((name) => /^python3(\.\d+)?$/.test(name))
      .flatMap((name) =>
        ['site-packages', 'dist-packages'].map((kind) => path.join(prefix, 'lib', name, kind)),
      )
      .filter(isFolder),
  ]);
}

function realPrefix(binary: string): readonly string[] {
  try {
    return [path.dirname(path.dirname(realpathSync(binary)))];
  } catch {
    return [];
  }
}

function findOnPath(name: string, searched: string): string | null {
  for (const folder of searched.split(path.delimiter)) {
    const file = path.join(folder, name);
    if (folder !== '' && existsSync(file)) return file;
  }
  return null;
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function listOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
