// Packages that lie in dist/ beside our own modules. A start pays for each file that is looked up, read and linked, and these are
// 97 of them for `plan`; whatever is loaded later, or has to be the very package that others import too, stays a package.
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type { OutputChunk, Plugin } from 'rolldown';

/** All of them stay dependencies: their versions are what npm installs and audits, and the tests run them from there. */
const BUNDLED = ['cli-table3', 'commander', 'jsonc-parser', 'picocolors', 'yaml'];

const isInside = (file: string): boolean => file.split(path.sep).includes('node_modules');

/** What one of them imports comes with it. */
export function isLeftOut(id: string, from: string | undefined): boolean {
  if (isBuiltin(id) || id.startsWith('\0')) return false;
  if (id.startsWith('.') || path.isAbsolute(id) || id.startsWith('src/')) return false;
  return !BUNDLED.includes(id) && !(from !== undefined && isInside(from));
}

/** Where a package holds the same code once as modules and once as CommonJS, Node is given the latter, of which nothing can be left out. */
const AS_MODULES: { readonly [name: string]: string } = {
  'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
  yaml: 'yaml/browser/dist/index.js',
};

export function asModules(root: string): Plugin {
  const file = (name: string): string => path.join(root, 'node_modules', AS_MODULES[name]!);
  return {
    name: 'as-modules',
    resolveId: (id) => (Object.hasOwn(AS_MODULES, id) ? file(id) : null),
    transform(code, id) {
      // To Node it is CommonJS, whose exports are its default; our sources import that.
      if (id !== file('jsonc-parser')) return null;
      return `${code}\nexport default { visit };\n`;
    },
  };
}

/** The licences of what lies in these files, as their packages hold them. @throws Error where a package holds none */
export function notices(chunks: readonly OutputChunk[]): string {
  const folders = new Set(chunks.flatMap(({ moduleIds }) => moduleIds.flatMap((id) => folderOf(id) ?? [])));
  const texts = [...folders].map((folder) => {
    const { name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly version: string;
    };
    const file = readdirSync(folder).find((one) => /^(?:licen[cs]e|copying)/i.test(one));
    if (file === undefined) throw new Error(`${name} has no licence beside it, and would be in dist/`);
    return `${name} ${version}\n\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
  });
  const head = 'Packages whose code lies in these files, and their licences.\n';
  return [head, ...texts.sort()].join(`\n${'-'.repeat(80)}\n\n`);
}

/** `.../node_modules/@a/b/lib/c.js` -> `.../node_modules/@a/b`; null = a module of ours. */
function folderOf(id: string): string | null {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0] ?? null;
}
