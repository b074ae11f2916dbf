// Packages that lie in dist/ beside our own modules: all that whoever installs expgraph would get for it alone. Of each only what is
// used is there, which is a tenth of what npm would unpack; what has to be the very package that others import too stays one.
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { OutputChunk, Plugin } from 'rolldown';
import PACKAGE from '../package.json' with { type: 'json' };

const IN_A_PACKAGE = /[\\/]node_modules[\\/]/;
/** What npm installs with expgraph, and what users install if they want it: never a part of dist/. */
const LEFT_OUT = new Set([...Object.keys(PACKAGE.dependencies), ...Object.keys(PACKAGE.peerDependencies)]);

export function isLeftOut(id: string, from: string | undefined): boolean {
  // What a package asks for comes with it.
  if (from !== undefined && IN_A_PACKAGE.test(from)) return false;
  if (isBuiltin(id) || id.startsWith('\0')) return false;
  if (id.startsWith('.') || path.isAbsolute(id) || id.startsWith('src/')) return false;
  return LEFT_OUT.has(id.split('/', id.startsWith('@') ? 2 : 1).join('/'));
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

const OPENAI = '\0no-openai';

/**
 * autoevals holds its scorers in one file, those that ask a model too, and these are never called: what they would ask with is
 * not loaded. `openai/helpers/zod` would even look for a package that nobody has.
 */
export function withoutModels(): Plugin {
  return {
    name: 'without-models',
    resolveId: (id, from) =>
      /^openai(?:\/|$)/.test(id) && /[\\/]node_modules[\\/]autoevals[\\/]/.test(from ?? '') ? OPENAI : null,
    load: (id) =>
      id === OPENAI
        ? ['OpenAI', 'AzureOpenAI', 'zodFunction'].map((one) => `export const ${one} = null;`).join('\n')
        : null,
  };
}

const RANKS = /[\\/]gpt-tokenizer[\\/]esm[\\/]bpeRanks[\\/]\w+\.js$/;

/** The words of a tokenizer: two megabytes of source in all scripts there are, or one as it is read at the first count. */
export function packedRanks(): Plugin {
  return {
    name: 'packed-ranks',
    async load(id) {
      if (!RANKS.test(id)) return null;
      const { default: ranks } = (await import(id)) as { readonly default: readonly unknown[] };
      const bytes = brotliCompressSync(JSON.stringify(ranks));
      return [
        "import { brotliDecompressSync } from 'node:zlib';",
        `export default JSON.parse(brotliDecompressSync(Buffer.from('${bytes.toString('base64')}', 'base64')));`,
      ].join('\n');
    },
  };
}

const WALKER = /[\\/]fdir[\\/]dist[\\/]index\.mjs$/;
const CHANGES = [
  // It looks for a package beside it, to make filters of globs of; tinyglobby hands it functions.
  { from: /__require\.resolve\("picomatch"\);\s*pm = __require\("picomatch"\);/, to: '' },
  // All of it reads each of its exports: see builtins.ts.
  { from: 'import * as nativeFs from "fs"', to: 'import nativeFs from "fs"' },
];

/** @throws Error where it is no longer written so */
export function changedWalker(): Plugin {
  return {
    name: 'changed-walker',
    transform(code, id) {
      if (!WALKER.test(id)) return null;
      return CHANGES.reduce((text, { from, to }) => {
        const changed = text.replace(from, to);
        if (changed === text) throw new Error(`${id} no longer holds ${from}`);
        return changed;
      }, code);
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
