// What one file of JavaScript or TypeScript names of others: imports, `require`, and the literals that lead to files. Nothing
// is run. The only file that knows the package `acorn`.
import { stripTypeScriptTypes } from 'node:module';
import { type Node, parse } from 'acorn';
import { type Place, prefixOf, textOf } from './js-texts.ts';

export type JsRequest = {
  readonly specifier: string;
  /** `import`: must lead to a file. `later`: import() and import.meta.resolve. `file`: counts where it is one. */
  readonly kind: 'import' | 'later' | 'require' | 'file' | 'program';
  readonly offset: number;
};

export type JsImports = {
  readonly requests: readonly JsRequest[];
  /** Offsets of imports whose name is put together while the code runs. */
  readonly open: readonly number[];
  /** The same, with a known beginning that holds a folder: `./plugins/`. */
  readonly prefixes: readonly string[];
  /** Words that are handed to other programs. */
  readonly words: readonly (readonly string[])[];
  readonly error: { readonly message: string; readonly offset: number } | null;
};

/**
 * @param of.file absolute
 * @param of.isStrict as Node runs it; else enums and the like are known to whatever runs it
 */
export function jsImports(input: {
  readonly file: string;
  readonly folder: string;
  readonly text: string;
  readonly isStrict: boolean;
}): JsImports {
  try {
    const parsed = treeOf(input);
    if ('error' in parsed) return { ...NOTHING, error: parsed.error };
    return { ...readTree(parsed.tree, input), error: null };
  } catch (error) {
    // A text of ten thousand pieces is deeper than any stack: what it imports cannot be told.
    if (error instanceof RangeError) return { ...NOTHING, open: [0], error: null };
    throw error;
  }
}

const NOTHING = { requests: [], open: [], prefixes: [], words: [] };

type AnyNode = Node & { readonly [name: string]: unknown };

function readTree(tree: Node, place: Place): Omit<JsImports, 'error'> {
  const requests: JsRequest[] = [];
  const open: number[] = [];
  const prefixes: string[] = [];
  const words: (readonly string[])[] = [];
  const all = [...nodesOf(tree as AnyNode)];
  const requires = new Set(['require', ...all.flatMap(madeRequires)]);
  const written = new Set(all.flatMap(writtenTo));

  const request = (node: unknown, kind: JsRequest['kind']): void => {
    const known = textOf(node, place);
    if (known !== null) {
      requests.push({ specifier: known, kind, offset: (node as Node).start });
      return;
    }
    const prefix = prefixOf(node, place);
    if (/^(?:\.{1,2}|file:|\/).*\/|^\.{1,2}\//.test(prefix))
      prefixes.push(prefix.slice(0, prefix.lastIndexOf('/') + 1));
    else open.push((node as Node).start);
  };

  for (const node of all) {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        if (node.source) request(node.source, 'import');
        break;
      case 'ImportExpression':
        request(node.source, 'later');
        break;
      case 'CallExpression':
        readCall(node);
        break;
      case 'NewExpression':
        readNew(node);
        break;
    }
  }
  return { requests, open, prefixes, words };

  function readCall(node: AnyNode): void {
    const callee = node.callee as AnyNode;
    const given = node.arguments as readonly AnyNode[];
    const [first] = given;
    if (!first || first.type === 'SpreadElement') return;
    const name = nameOf(callee);
    if (isRequire(callee, requires)) request(first, 'require');
    else if (name === 'resolve' && isMeta((callee as AnyNode).object)) request(first, 'later');
    else if (name === 'resolve' && isRequire(callee.object as AnyNode, requires)) request(first, 'require');
    else if (name === 'register' && textOf(first, place) !== null) request(first, 'later');
    else if (READS.has(name)) {
      const known = isBareLiteral(first) ? null : textOf(first, place);
      if (known !== null) requests.push({ specifier: known, kind: 'file', offset: node.start });
    } else if (PROGRAMS.has(name)) {
      const [known, ...more] = given.map((one) => textsOf(one, place));
      if (name === 'fork' && known?.[0] !== undefined)
        requests.push({ specifier: known[0], kind: 'program', offset: node.start });
      else if (known) words.push([...known.flatMap((text) => text.split(/\s+/)), ...more.flat()]);
    }
  }

  function readNew(node: AnyNode): void {
    const [first] = node.arguments as readonly AnyNode[];
    const name = nameOf(node.callee as AnyNode);
    if (!first) return;
    if (name === 'Worker') {
      const known = textOf(first, place);
      if (known !== null) requests.push({ specifier: known, kind: 'program', offset: node.start });
    }
    if (name === 'URL' && !written.has(node)) {
      const known = textOf(node, place);
      if (known !== null) requests.push({ specifier: known, kind: 'file', offset: node.start });
    }
  }
}

/** Reads of a path that is made from the module's own place; a path in quotes alone hangs on where the program starts. */
const READS = new Set([
  'readFileSync',
  'readFile',
  'createReadStream',
  'openSync',
  'open',
  'readJson',
  'readJsonSync',
]);
const WRITES =
  /^(?:writeFile|appendFile|createWriteStream|mkdir|mkdtemp|rm|rmdir|unlink|rename|truncate|copyFile|cp|symlink)(?:Sync)?$/;
const PROGRAMS = new Set([
  'fork',
  'spawn',
  'spawnSync',
  'execFile',
  'execFileSync',
  'exec',
  'execSync',
  'execa',
  'execaSync',
]);

/** `const req = createRequire(import.meta.url)` makes another name for it. */
function madeRequires(node: AnyNode): readonly string[] {
  if (node.type !== 'VariableDeclarator') return [];
  const made = node.init as AnyNode | null;
  const isMade = made?.type === 'CallExpression' && nameOf(made.callee as AnyNode) === 'createRequire';
  const isCopy = made?.type === 'Identifier' && made.name === 'require';
  return (isMade || isCopy) && (node.id as AnyNode).type === 'Identifier'
    ? [String((node.id as AnyNode).name)]
    : [];
}

/** URLs that something is written to: a result is no input. Those behind a name, too. */
function writtenTo(node: AnyNode, _: number, all: readonly AnyNode[]): readonly unknown[] {
  if (node.type !== 'CallExpression' || !isWrite(node)) return [];
  return (node.arguments as readonly AnyNode[]).flatMap((given) => {
    if (given.type !== 'Identifier') return [...nodesOf(given)];
    return all
      .filter(
        (one) => one.type === 'VariableDeclarator' && (one.id as AnyNode).name === given.name && one.init,
      )
      .flatMap((one) => [...nodesOf(one.init as AnyNode)]);
  });
}

function isWrite(node: AnyNode): boolean {
  const name = nameOf(node.callee as AnyNode);
  const mode = (node.arguments as readonly AnyNode[])[1]?.value;
  return (
    WRITES.test(name) || (/^open(?:Sync)?$/.test(name) && typeof mode === 'string' && !mode.startsWith('r'))
  );
}

function isRequire(node: AnyNode | undefined, requires: ReadonlySet<string>): boolean {
  if (node?.type === 'Identifier') return requires.has(String(node.name));
  if (node?.type === 'MemberExpression') {
    return nameOf(node) === 'require' && ['module', 'Module'].includes(String((node.object as AnyNode).name));
  }
  return node?.type === 'CallExpression' && nameOf(node.callee as AnyNode) === 'createRequire';
}

function isMeta(node: unknown): boolean {
  return (node as AnyNode | undefined)?.type === 'MetaProperty';
}

function isBareLiteral(node: AnyNode): boolean {
  return node.type === 'Literal' || node.type === 'TemplateLiteral';
}

function textsOf(node: AnyNode, place: Place): readonly string[] {
  const nodes = node.type === 'ArrayExpression' ? (node.elements as readonly unknown[]) : [node];
  return nodes.flatMap((one) => textOf(one, place) ?? []);
}

/** Of `spawn` and `child_process.spawn`, `spawn`. */
function nameOf(node: AnyNode): string {
  if (node.type === 'Identifier') return String(node.name);
  if (node.type !== 'MemberExpression' || node.computed === true) return '';
  return String((node.property as AnyNode).name);
}

/** Without recursion: a chain of a thousand calls is nested a thousand times. */
function* nodesOf(tree: AnyNode): Generator<AnyNode> {
  const waiting: AnyNode[] = [tree];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    for (const value of Object.values(node)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (typeof one === 'object' && one !== null && typeof (one as AnyNode).type === 'string') {
          waiting.push(one as AnyNode);
        }
      }
    }
  }
}

type Tree =
  | { readonly tree: Node }
  | { readonly error: { readonly message: string; readonly offset: number } };

/** Types go first: an `import type` is no part of what runs. A file that is no module may still be a script. */
function treeOf(input: { readonly file: string; readonly text: string; readonly isStrict: boolean }): Tree {
  let plain: string;
  try {
    plain = /\.[cm]?ts$/.test(input.file) ? stripQuietly(input.text, input.isStrict) : input.text;
  } catch (error) {
    return { error: stripError(error, input.text) };
  }
  const kinds = /\.c[jt]s$/.test(input.file)
    ? (['commonjs', 'module'] as const)
    : (['module', 'commonjs'] as const);
  let first: unknown = null;
  for (const sourceType of kinds) {
    try {
      return { tree: parse(plain, { ecmaVersion: 'latest', sourceType, allowHashBang: true }) };
    } catch (error) {
      if (isTooDeep(error)) throw new RangeError(firstLine(error));
      first ??= error;
    }
  }
  const { pos } = first as { readonly pos?: number };
  return { error: { message: firstLine(first).replace(/ \(\d+:\d+\)$/, ''), offset: pos ?? 0 } };
}

/** The parser has its own words for the end of the stack. */
function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError || /stack space/.test(String(error));
}

/** Node calls the function experimental, once, on stderr; it is the one that runs the file. */
function stripQuietly(text: string, isStrict: boolean): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text, { mode: isStrict ? 'strip' : 'transform' });
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Where the file ends too early there is no line to show; what else might have stood there is of no help. */
function stripError(error: unknown, text: string): { readonly message: string; readonly offset: number } {
  const message = firstLine(error);
  if (message.includes('`<eof>`'))
    return { message: 'the file ends before what was begun is closed', offset: text.trimEnd().length };
  return {
    message: message.replace(/(?<=Unexpected token `[^`]*`)\. Expected .*/, ''),
    offset: offsetIn(error, text),
  };
}

/** Node shows the line in the stack of its error, and no number: the first line that reads like it. */
function offsetIn(error: unknown, text: string): number {
  const lines = String((error as Error).stack ?? '').split('\n');
  const shown = lines.findIndex((line) => /^\s*\^+\s*$/.test(line));
  const source = shown > 0 ? lines[shown - 1]! : '';
  const start = source.trim() === '' ? -1 : text.indexOf(source.trim());
  return start < 0 ? 0 : start + Math.max(0, lines[shown]!.indexOf('^') - source.search(/\S/));
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0]!;
}
