// Text in JavaScript that is known without running anything: literals, and paths that are made from the module's own place.
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where the text stands. Both absolute. */
export type Place = { readonly file: string; readonly folder: string };

/** As much of ESTree as is looked at. */
type Tree = { readonly type?: string; readonly [name: string]: unknown };

/** null = it is put together while the code runs. */
export function textOf(node: unknown, place: Place): string | null {
  const tree = (node ?? {}) as Tree;
  switch (tree.type) {
    case 'Literal':
      return typeof tree.value === 'string' ? tree.value : null;
    case 'TemplateLiteral': {
      const known = partsOf(tree, place);
      return known.includes(null) ? null : known.join('');
    }
    case 'BinaryExpression': {
      if (tree.operator !== '+') return null;
      const left = textOf(tree.left, place);
      const right = left === null ? null : textOf(tree.right, place);
      return left === null || right === null ? null : left + right;
    }
    case 'Identifier':
      // By the name that CommonJS gives them, and that modules give to what they make in their stead.
      if (tree.name === '__dirname') return path.dirname(place.file);
      return tree.name === '__filename' ? place.file : null;
    case 'MemberExpression':
      return memberOf(tree, place);
    case 'NewExpression':
      return urlOf(tree, place);
    case 'CallExpression':
      return callOf(tree, place);
    default:
      return null;
  }
}

/** How a text begins that is put together: `./plugins/` of `./plugins/${name}.js`. */
export function prefixOf(node: unknown, place: Place): string {
  const tree = (node ?? {}) as Tree;
  if (tree.type === 'TemplateLiteral') {
    const known = partsOf(tree, place);
    const end = known.indexOf(null);
    return (end < 0 ? known : known.slice(0, end)).join('');
  }
  if (tree.type === 'BinaryExpression' && tree.operator === '+') {
    const left = textOf(tree.left, place);
    return left === null ? prefixOf(tree.left, place) : left + prefixOf(tree.right, place);
  }
  const args = (tree.arguments ?? []) as readonly unknown[];
  if (tree.type === 'NewExpression' && isMetaUrl(args[1])) return prefixOf(args[0], place);
  if (tree.type === 'MemberExpression' && nameOf(tree) === 'href') return prefixOf(tree.object, place);
  if (tree.type === 'CallExpression' && ['join', 'resolve'].includes(nameOf(tree.callee))) {
    const known = args.map((one) => textOf(one, place));
    const end = known.indexOf(null);
    return end < 1 ? '' : `${path.join(...(known.slice(0, end) as string[]))}/${prefixOf(args[end], place)}`;
  }
  if (tree.type === 'CallExpression' && nameOf(tree.callee) === 'pathToFileURL')
    return prefixOf(args[0], place);
  return textOf(node, place) ?? '';
}

function partsOf(tree: Tree, place: Place): (string | null)[] {
  const quasis = tree.quasis as readonly { readonly value: { readonly cooked: string | null } }[];
  const expressions = tree.expressions as readonly unknown[];
  return quasis.flatMap(({ value }, n) =>
    n < expressions.length ? [value.cooked, textOf(expressions[n], place)] : [value.cooked],
  );
}

function memberOf(tree: Tree, place: Place): string | null {
  const name = nameOf(tree);
  if ((tree.object as Tree).type === 'MetaProperty') {
    if (name === 'url') return pathToFileURL(place.file).href;
    if (name === 'filename') return place.file;
    return name === 'dirname' ? path.dirname(place.file) : null;
  }
  const of = ['href', 'pathname'].includes(name) ? textOf(tree.object, place) : null;
  return of !== null && name === 'pathname' && of.startsWith('file:') ? pathOfUrl(of) : of;
}

function urlOf(tree: Tree, place: Place): string | null {
  const [first, base] = (tree.arguments ?? []) as readonly unknown[];
  if (nameOf(tree.callee) !== 'URL' || base === undefined) return null;
  const [text, from] = [textOf(first, place), textOf(base, place)];
  if (text === null || !from?.startsWith('file:') || !URL.canParse(text, from)) return null;
  return new URL(text, from).href;
}

function callOf(tree: Tree, place: Place): string | null {
  const args = (tree.arguments as readonly unknown[]).map((one) => textOf(one, place));
  const known = args.every((one) => one !== null) ? (args as string[]) : null;
  if (known === null || known.length === 0) return null;
  switch (nameOf(tree.callee)) {
    case 'join':
    case 'resolve':
      // `[].join()` and `Promise.resolve()` are others.
      return known.length > 1 && path.isAbsolute(known[0]!) ? path.join(...known) : null;
    case 'dirname':
      return path.dirname(known[0]!);
    case 'fileURLToPath':
      return known[0]!.startsWith('file:') ? pathOfUrl(known[0]!) : null;
    case 'pathToFileURL':
      return path.isAbsolute(known[0]!) ? pathToFileURL(known[0]!).href : null;
    case 'realpathSync':
    case 'normalize':
      return known[0]!;
    default:
      return null;
  }
}

/** null: it is of another machine, or holds what no path can. */
export function pathOfUrl(url: string): string | null {
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

function isMetaUrl(node: unknown): boolean {
  const tree = (node ?? {}) as Tree;
  return (
    tree.type === 'MemberExpression' &&
    nameOf(tree) === 'url' &&
    (tree.object as Tree).type === 'MetaProperty'
  );
}

function nameOf(node: unknown): string {
  const tree = (node ?? {}) as Tree;
  if (tree.type === 'Identifier') return String(tree.name);
  return tree.type === 'MemberExpression' && tree.computed !== true
    ? String((tree.property as Tree).name)
    : '';
}
