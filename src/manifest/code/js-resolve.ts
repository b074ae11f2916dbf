// Which file a name in `import` or `require` stands for, by Node's rules. Node's own resolver remembers what it saw for as
// long as the process lives, and `watch` lives long. What of a package.json decided is told, so that it counts.
import { realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { FoundPackage, PackageJson, Packages } from './packages.ts';
import { isFileAt, isFolderAt } from './project-files.ts';

export type Resolved =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'package'; readonly found: FoundPackage }
  /** Node's own, or of another world: `data:`, `npm:`. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'missing'; readonly name: string };

export type Resolver = (
  specifier: string,
  input: { readonly from: string; readonly isRequire: boolean },
) => Resolved;

export function makeResolver(input: {
  readonly packages: Packages;
  /** Beyond Node's own. */
  readonly conditions: readonly string[];
  /** Whether Node runs it: whatever else does looks for more endings. */
  readonly isNode: boolean;
  /** A field of a package.json decided something. */
  readonly used: (file: string, field: string) => void;
}): Resolver {
  const { packages, used } = input;

  const resolve: Resolver = (specifier, { from, isRequire }) => {
    if (isBuiltin(specifier)) return { kind: 'nothing' };
    if (specifier.startsWith('node:')) return { kind: 'missing', name: specifier };
    const conditions = [
      ...input.conditions,
      isRequire ? 'require' : 'import',
      'node',
      'module-sync',
      'node-addons',
    ];
    const own = path.dirname(from);
    if (/^(?:\.{1,2}(?:\/|$)|\/|file:)/.test(specifier)) return located(specifier, from, isRequire);
    if (/^[a-z][a-z\d+.-]+:/i.test(specifier)) return { kind: 'nothing' };
    const scope = packages.nearest(own);
    if (specifier.startsWith('#')) {
      if (!scope) return { kind: 'missing', name: specifier };
      used(scope.file, 'imports');
      const target = targetOf(scope.json.imports, specifier, conditions);
      if (target === null) return { kind: 'missing', name: specifier };
      if (!target.startsWith('./')) return resolve(target, { from: scope.file, isRequire });
      return fileOr(path.join(path.dirname(scope.file), target), specifier);
    }
    const words = specifier.split('/');
    const name = words.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
    const inside = ['.', ...words.slice(specifier.startsWith('@') ? 2 : 1)].join('/');
    if (scope && scope.json.name === name && scope.json.exports !== undefined) {
      return entryOf(scope, { inside, conditions, isRequire, specifier });
    }
    const found = packages.find(name, own);
    if (!found) return { kind: 'missing', name: specifier };
    if (!found.isLinked) return { kind: 'package', found };
    const json = { file: path.join(found.folder, 'package.json'), json: found.json };
    return entryOf(json, { inside, conditions, isRequire, specifier });
  };
  return resolve;

  function located(specifier: string, from: string, isRequire: boolean): Resolved {
    const file = isRequire ? path.resolve(path.dirname(from), specifier) : pathOfUrl(specifier, from);
    if (file === null) return { kind: 'missing', name: specifier };
    return isRequire || !input.isNode ? guessed(file, specifier) : fileOr(file, specifier);
  }

  /** What a package gives for a name inside of it. */
  function entryOf(
    { file, json }: PackageJson,
    context: {
      readonly inside: string;
      readonly conditions: readonly string[];
      readonly isRequire: boolean;
      readonly specifier: string;
    },
  ): Resolved {
    const folder = path.dirname(file);
    if (json.exports !== undefined) {
      used(file, 'exports');
      const target = targetOf(asMap(json.exports), context.inside, context.conditions);
      return target === null
        ? { kind: 'missing', name: context.specifier }
        : fileOr(path.join(folder, target), context.specifier);
    }
    const inside = path.join(folder, context.inside);
    if (context.inside === '.') return guessed(folder, context.specifier);
    return context.isRequire || !input.isNode
      ? guessed(inside, context.specifier)
      : fileOr(inside, context.specifier);
  }

  /** By endings, then as a folder, as `require` does. */
  function guessed(file: string, specifier: string): Resolved {
    const direct = withEnding(file);
    if (direct !== null) return { kind: 'file', file: realpathSync(direct) };
    if (!isFolderAt(file)) return { kind: 'missing', name: specifier };
    const json = path.join(file, 'package.json');
    const main = packages.json(json)?.main;
    if (typeof main === 'string') {
      used(json, 'main');
      const named = path.join(file, main);
      const found = withEnding(named) ?? withEnding(path.join(named, 'index'));
      if (found !== null) return { kind: 'file', file: realpathSync(found) };
    }
    const index = withEnding(path.join(file, 'index'));
    return index === null
      ? { kind: 'missing', name: specifier }
      : { kind: 'file', file: realpathSync(index) };
  }

  function withEnding(file: string): string | null {
    const typed = input.isNode ? [] : [file.replace(/\.([cm]?)js(x?)$/, '.$1ts$2')];
    return [file, ...ENDINGS.map((ending) => file + ending), ...typed].find(isFileAt) ?? null;
  }
}

/** Node's first; the others are asked of by what runs TypeScript in its own ways, and are there or not. */
const ENDINGS = ['.js', '.json', '.node', '.ts', '.cts', '.mts', '.mjs', '.cjs', '.tsx', '.jsx'];

function fileOr(file: string, specifier: string): Resolved {
  return isFileAt(file) ? { kind: 'file', file: realpathSync(file) } : { kind: 'missing', name: specifier };
}

/** A query makes another module of the same file. */
function pathOfUrl(specifier: string, from: string): string | null {
  try {
    const url = new URL(specifier, pathToFileURL(from));
    url.search = '';
    url.hash = '';
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

/** `exports: './a.js'` and `exports: {import: ...}` are short for the package as a whole. */
function asMap(exports: Json): Json {
  const isMap = isJsonObject(exports) && Object.keys(exports).some((key) => key.startsWith('.'));
  return isMap ? exports : { '.': exports };
}

/** The exact name, else the pattern with the longest beginning. */
function targetOf(map: Json | undefined, name: string, conditions: readonly string[]): string | null {
  if (!isJsonObject(map)) return null;
  if (Object.hasOwn(map, name) && !name.includes('*')) return chosen(map[name]!, '', conditions);
  const patterns = Object.keys(map)
    .filter((key) => key.includes('*'))
    .sort((a, b) => b.indexOf('*') - a.indexOf('*') || b.length - a.length);
  for (const pattern of patterns) {
    const [start, end] = pattern.split('*') as [string, string];
    if (!name.startsWith(start) || !name.endsWith(end) || name.length < pattern.length) continue;
    return chosen(map[pattern]!, name.slice(start.length, name.length - end.length), conditions);
  }
  return null;
}

function chosen(target: Json, star: string, conditions: readonly string[]): string | null {
  if (typeof target === 'string') return target.replaceAll('*', star);
  if (Array.isArray(target)) {
    return target.map((one) => chosen(one, star, conditions)).find((one) => one !== null) ?? null;
  }
  if (!isJsonObject(target)) return null;
  for (const [condition, one] of Object.entries(target)) {
    if (condition !== 'default' && !conditions.includes(condition)) continue;
    const found = one === undefined ? null : chosen(one, star, conditions);
    if (found !== null) return found;
  }
  return null;
}
