// Where a package that a manifest names lies: found as Node finds it, but from the experiment's folder. By hand, because Node
// resolves `import` from the importing file only, and `require` without the condition that these packages have.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { parseObject } from '../core/json-text.ts';
import { isOwnModule, type VendorPackage } from '../core/providers/table.ts';
import { err, ok, type Result } from '../core/result.ts';

export type FoundSdk = {
  /** Absolute. */
  readonly file: string;
  /** null = it is a module of the project. */
  readonly version: string | null;
};

/** @param folder of the manifest, absolute @param vendor the type's own package; null = the manifest names one @returns err: one sentence that says what to type */
export function findSdk(input: {
  readonly name: string;
  readonly folder: string;
  readonly vendor: VendorPackage | null;
}): Result<FoundSdk, string> {
  const { name, folder, vendor } = input;
  if (isOwnModule(name)) {
    const file = path.resolve(folder, name);
    return isFile(file) ? ok({ file, version: null }) : err(`there is no ${name} in the experiment's folder`);
  }
  const found = installed(name, folder) ?? installedOtherwise(name, folder);
  if (found === null) {
    const version = vendor === null ? '' : `@${vendor.major}`;
    const [whole] = namesOf(name);
    return err(`${whole} is not installed: npm install --save-exact ${whole}${version}`);
  }
  if (found === 'not-exported') return err(`${name} has no such entry: its package.json does not export it`);
  return ok(found);
}

/** `@scope/name/entry` -> the package, and its entry as `exports` names it. */
function namesOf(name: string): readonly [string, string] {
  const parts = name.split('/');
  const whole = parts.slice(0, name.startsWith('@') ? 2 : 1).join('/');
  return [whole, `.${name.slice(whole.length)}`];
}

function installed(name: string, folder: string): FoundSdk | 'not-exported' | null {
  const [whole, entry] = namesOf(name);
  for (let at = folder; ; at = path.dirname(at)) {
    const root = path.join(at, 'node_modules', ...whole.split('/'));
    const manifest = objectIn(path.join(root, 'package.json'));
    if (manifest !== null) {
      const target = entryOf(manifest, entry);
      if (target === null) return 'not-exported';
      return { file: path.join(root, target), version: versionIn(manifest) };
    }
    if (path.dirname(at) === at) return null;
  }
}

/** Yarn's plug'n'play and the like change what `require` finds. */
function installedOtherwise(name: string, folder: string): FoundSdk | null {
  const require = createRequire(path.join(folder, 'experiment.js'));
  try {
    const file = require.resolve(name);
    const manifest = objectIn(require.resolve(`${namesOf(name)[0]}/package.json`));
    return { file, version: manifest === null ? null : versionIn(manifest) };
  } catch {
    return null;
  }
}

function versionIn({ version }: JsonObject): string | null {
  return typeof version === 'string' && /^\d/.test(version) ? version.slice(0, 100) : null;
}

/** What `import` would load. https://nodejs.org/api/packages.html#exports */
function entryOf({ exports, module, main }: JsonObject, entry: string): string | null {
  if (exports === undefined || exports === null) {
    if (entry !== '.') return entry;
    return ([module, main].find((one) => typeof one === 'string') as string | undefined) ?? 'index.js';
  }
  const isTable = isJsonObject(exports) && Object.keys(exports).some((name) => name.startsWith('.'));
  const chosen = isTable ? (exports as JsonObject)[entry] : entry === '.' ? exports : undefined;
  return targetOf(chosen);
}

function targetOf(target: Json | undefined): string | null {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return targetOf((target as readonly Json[])[0]);
  if (!isJsonObject(target)) return null;
  for (const [condition, inner] of Object.entries(target))
    if (CONDITIONS.has(condition)) {
      const found = targetOf(inner);
      if (found !== null) return found;
    }
  return null;
}

const CONDITIONS = new Set(['node', 'import', 'module-sync', 'default']);

function objectIn(file: string): JsonObject | null {
  try {
    return parseObject(readFileSync(file, 'utf8')) ?? null;
  } catch {
    return null;
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
