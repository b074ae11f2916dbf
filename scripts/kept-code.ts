// Which files of dist/ are kept compiled with the functions that were called (src/cli/kept-code.ts), and what becomes of them:
// a file that is a function of what it imports, and beside it, under the name that others import, a module that calls it.
import type { OutputChunk, Plugin } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

/** What every command runs most of. Threads load neither. */
const KEPT = ['chunks/start.js', 'chunks/common.js'];
const LOADER = '../cli/kept-code.js';

export function keptCode(): Plugin {
  return {
    name: 'kept-code',
    generateBundle(_, bundle) {
      const chunks = new Map(
        Object.values(bundle).flatMap((one) => (one.type === 'chunk' ? [[one.fileName, one] as const] : [])),
      );
      for (const name of KEPT) {
        const chunk = chunks.get(name);
        if (chunk === undefined) throw new Error(`${name} would be kept, and is not made`);
        if (comesBack(name, chunks)) throw new Error(`${name} imports what imports it: it cannot be called`);
        const { module, body } = parted(chunk);
        chunk.code = module;
        this.emitFile({ type: 'asset', fileName: bodyName(name), source: body });
      }
    },
  };
}

const bodyName = (name: string): string => name.replace(/\.js$/, '-code.js');

function comesBack(name: string, chunks: ReadonlyMap<string, OutputChunk>): boolean {
  const seen = new Set<string>();
  const todo = [...(chunks.get(name)?.imports ?? [])];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (at === name) return true;
    if (!seen.has(at)) todo.push(...(chunks.get(at)?.imports ?? []));
    seen.add(at);
  }
  return false;
}

type Node = {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [part: string]: unknown;
};
type Pair = { readonly local: { readonly name: string }; readonly exported?: { readonly name: string } };

function parted({ fileName, code }: OutputChunk): { readonly module: string; readonly body: string } {
  const program = parseAst(code) as unknown as { readonly body: readonly Node[] };
  const imports = program.body.filter(({ type }) => type === 'ImportDeclaration');
  const exports = program.body.filter(({ type }) => type.startsWith('Export'));
  const [last] = exports;
  if (exports.length !== 1 || last?.type !== 'ExportNamedDeclaration' || last.declaration) {
    throw new Error(`${fileName} exports in more than one way`);
  }
  const taken = imports.flatMap(({ specifiers }) =>
    (specifiers as readonly Pair[]).map(({ local }) => local.name),
  );
  const given = (last.specifiers as readonly Pair[]).map(({ local, exported }) => [
    local.name,
    exported!.name,
  ]);
  const changed = given.find(([local]) => isAssigned(local!, code));
  if (changed) throw new Error(`${fileName} changes what it exports: ${changed[0]}`);
  const url = `./${bodyName(fileName).replace(/^.*\//, '')}`;
  const module = [
    ...imports.map(({ start, end }) => code.slice(start, end)),
    `import { keptCode } from '${LOADER}';`,
    `const its = keptCode(new URL('${url}', import.meta.url))(`,
    `  import.meta, (name) => import(name), ${taken.join(', ')},`,
    ');',
    ...given.map(([local]) => `const its_${local} = its.${local};`),
    `export { ${given.map(([local, exported]) => `its_${local} as ${exported}`).join(', ')} };`,
  ];
  const cuts = [...imports, last].map(({ start, end }) => ({ start, end, by: '' }));
  const own = replaced(code, [...cuts, ...moduleWords(program)]);
  const body = [
    `(function (importMeta, importLater, ${taken.join(', ')}) {`,
    `'use strict';`,
    own,
    `return { ${given.map(([local]) => local).join(', ')} };`,
    '})',
  ];
  return { module: `${module.join('\n')}\n`, body: `${body.join('\n')}\n` };
}

/** Beyond its declaration; constants, functions and most classes cannot be. */
function isAssigned(name: string, code: string): boolean {
  const escaped = name.replaceAll('$', '\\$');
  if (!new RegExp(`^(?:let|var) ${escaped}\\b`, 'm').test(code)) return false;
  const assigned = new RegExp(`(?<![\\w$.]|(?:const|let|var) )${escaped} (?:[-+*/|&?]{0,2}=)(?![=>])`);
  return assigned.test(code);
}

type Cut = { readonly start: number; readonly end: number; readonly by: string };

/** What only a module may say: `import.meta` and `import()`. */
function moduleWords(program: unknown): readonly Cut[] {
  const found: Cut[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) walk(one);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const { type, start, end } = node as Node;
    if (type === 'MetaProperty' && end - start === 'import.meta'.length)
      found.push({ start, end, by: 'importMeta' });
    if (type === 'ImportExpression') found.push({ start, end: start + 'import'.length, by: 'importLater' });
    for (const part of Object.values(node)) walk(part);
  };
  walk(program);
  return found;
}

function replaced(code: string, cuts: readonly Cut[]): string {
  let text = '';
  let at = 0;
  for (const { start, end, by } of [...cuts].sort((a, b) => a.start - b.start)) {
    text += code.slice(at, start) + by;
    at = end;
  }
  return text + code.slice(at);
}
