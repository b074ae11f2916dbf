// Which package a file would get, and what is known of it: the nearest node_modules upwards, as Node looks for it. By
// version; by content where a version says nothing.

import { readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { parseObject } from '../../core/json-text.ts';
import type { ReadCode } from './closure-list.ts';
import { isFileAt, isFolderAt, treeDigest } from './project-files.ts';

export type FoundPackage = {
  readonly name: string;
  /** What it is beyond its name. Without meaning where it is linked. */
  readonly version: string;
  /** Absolute, as it truly lies. */
  readonly folder: string;
  readonly json: JsonObject;
  /** A link to a folder that is no installed one: a workspace, `npm link`, `file:`. Its files count as ours do. */
  readonly isLinked: boolean;
  /** Patches of this package that lie in the project. */
  readonly patches: readonly string[];
};

export type PackageJson = { readonly file: string; readonly json: JsonObject };

export type Packages = {
  /** null = it is not installed: that is found when the code runs. */
  find(name: string, from: string): FoundPackage | null;
  /** The nearest package.json of a file, which says what its files are. */
  nearest(folder: string): PackageJson | null;
  json(file: string): JsonObject | null;
};

export function makePackages(input: { readonly read: ReadCode; readonly more: readonly string[] }): Packages {
  const parsed = new Map<string, JsonObject | null>();
  const found = new Map<string, FoundPackage | null>();

  function json(file: string): JsonObject | null {
    let known = parsed.get(file);
    if (known === undefined) {
      known = isFileAt(file) ? parse(input.read(file).bytes.toString('utf8')) : null;
      parsed.set(file, known);
    }
    return known;
  }

  function look(name: string, from: string): FoundPackage | null {
    const folders = [...upwards(from).map((at) => path.join(at, 'node_modules')), ...input.more];
    for (const modules of folders) {
      const shown = path.join(modules, name);
      if (!isFolderAt(shown)) continue;
      const folder = realpathSync(shown);
      const own = json(path.join(folder, 'package.json')) ?? {};
      const isLinked = !/[\\/]node_modules[\\/]/.test(`${folder}/`);
      const owners = upwards(from).filter((at) => !path.relative(path.dirname(modules), at).startsWith('..'));
      return {
        name,
        folder,
        json: own,
        isLinked,
        version: isLinked
          ? ''
          : versionOf({ name, folder, own, specs: owners.flatMap((at) => specOf(at, name)) }),
        patches: owners.flatMap((at) => patchesOf(at, name)),
      };
    }
    return null;
  }

  /** As the project's package.json asks for it. */
  function specOf(folder: string, name: string): readonly string[] {
    const owner = json(path.join(folder, 'package.json'));
    return DEPENDENCIES.flatMap((field) => {
      const asked = owner?.[field];
      const spec = isJsonObject(asked) ? asked[name] : undefined;
      return typeof spec === 'string' ? [spec] : [];
    });
  }

  function patchesOf(folder: string, name: string): readonly string[] {
    const written = json(path.join(folder, 'package.json'))?.pnpm;
    const named = isJsonObject(written) ? written.patchedDependencies : undefined;
    const listed = Object.entries(isJsonObject(named) ? named : {})
      .filter(([of]) => of === name || of.startsWith(`${name}@`))
      .flatMap(([, file]) => (typeof file === 'string' ? path.resolve(folder, file) : []));
    const lying = ['patches', '.yarn/patches'].flatMap((at) => {
      const inside = path.join(folder, at);
      return namesIn(inside)
        .filter((file) => isPatchOf(file, name))
        .map((file) => path.join(inside, file));
    });
    return [...new Set([...listed, ...lying])].filter(isFileAt);
  }

  return {
    json,
    find(name, from) {
      const key = JSON.stringify([name, from]);
      let known = found.get(key);
      if (known === undefined) {
        known = look(name, from);
        found.set(key, known);
      }
      return known;
    },
    nearest(folder) {
      for (const at of upwards(folder)) {
        if (path.basename(at) === 'node_modules') return null;
        const file = path.join(at, 'package.json');
        const own = json(file);
        if (own) return { file, json: own };
      }
      return null;
    },
  };
}

const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
/** From a folder, an archive, a repository: the same version may be another text tomorrow. */
const NOT_OF_A_REGISTRY =
  /^(?:file:|link:|portal:|patch:|workspace:|git[+:@]|github:|gitlab:|https?:|ssh:|\.{1,2}\/|\/|[\w-]+\/)/;

function versionOf(input: {
  readonly name: string;
  readonly folder: string;
  readonly own: JsonObject;
  readonly specs: readonly string[];
}): string {
  const { name, folder, own, specs } = input;
  const alias = typeof own.name === 'string' && own.name !== name ? `${own.name}@` : '';
  const version = typeof own.version === 'string' ? `${alias}${own.version}` : null;
  if (version !== null && !specs.some((spec) => NOT_OF_A_REGISTRY.test(spec))) return version;
  return `${version ?? '0'}+${treeDigest(folder).slice(0, 32)}`;
}

/** `@scope+name+1.0.0.patch` (patch-package), `@scope__name@1.0.0.patch` (pnpm), `@scope-name-npm-1.0.0-hash.patch` (Yarn). */
function isPatchOf(file: string, name: string): boolean {
  if (!file.endsWith('.patch')) return false;
  const written = ['+', '__', '-'].map((slash) => name.replace('/', slash));
  return written.some((one) =>
    [...file.split('++'), file].some(
      (part) => part.startsWith(one) && /^[+@.]|^-npm-|^-patch-/.test(part.slice(one.length)),
    ),
  );
}

function upwards(folder: string): readonly string[] {
  const all: string[] = [];
  for (let at = folder; ; at = path.dirname(at)) {
    all.push(at);
    if (at === path.dirname(at)) return all;
  }
}

function parse(text: string): JsonObject | null {
  return parseObject(text.replace(/^\uFEFF/, ''));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
