// Which version of a package a file would get: the nearest node_modules upwards, as Node looks for it.
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { isJsonObject, type Json } from '../core/json.ts';

export type FoundPackage = { readonly name: string; readonly version: string };

/** null = one of Node's own, or not installed: that is found when the code runs. */
export function packageOf(specifier: string, from: string): FoundPackage | null {
  if (isBuiltin(specifier) || specifier.startsWith('#')) return null;
  const words = specifier.split('/');
  const name = specifier.startsWith('@') ? words.slice(0, 2).join('/') : words[0]!;
  for (let folder = from; ; folder = path.dirname(folder)) {
    const version = versionIn(path.join(folder, 'node_modules', name, 'package.json'));
    if (version !== null) return { name, version };
    if (folder === path.dirname(folder)) return null;
  }
}

function versionIn(file: string): string | null {
  try {
    const parsed = JSON.parse(readFileSync(file, 'utf8')) as Json;
    return isJsonObject(parsed) && typeof parsed.version === 'string' ? parsed.version : '0';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined || error instanceof SyntaxError) return null;
    throw error;
  }
}
