// Marks in a tree of Markdown: what of its words is new stands in `ins`, and what is gone stands in `del` where it stood.
// Words are held against words, whatever they are set in. Pure.
import type { MarkdownElement, MarkdownNode } from './markdown-tree.ts';
import type { Piece } from './word-diff.ts';

/** Before and after each block, so that the words of two are not one word. */
const BREAK = '\n';
const BLOCKS: ReadonlySet<string> = new Set([
  'p',
  'ul',
  'ol',
  'li',
  'blockquote',
  'pre',
  'table',
  'tr',
  'th',
  'td',
]);

/** Its words as one text: what is compared. */
export function wordsOf(nodes: readonly MarkdownNode[]): string {
  return nodes.map((node) => (typeof node === 'string' ? node : wordsOfElement(node))).join('');
}

function wordsOfElement({ tag, children }: MarkdownElement): string {
  const inner = wordsOf(children);
  return BLOCKS.has(tag) ? BREAK + inner + BREAK : inner;
}

/** @param pieces of `wordsOf` the tree before and `wordsOf(nodes)` */
export function markWords(nodes: readonly MarkdownNode[], pieces: readonly Piece[]): readonly MarkdownNode[] {
  const rest = pieces.map(({ kind, text }) => ({ kind, text }));
  const marked = marks(nodes, rest);
  return [...marked, ...goneOf(rest)];
}

type Rest = { kind: Piece['kind']; text: string }[];

function marks(nodes: readonly MarkdownNode[], rest: Rest): readonly MarkdownNode[] {
  return nodes.flatMap((node) => {
    if (typeof node === 'string') return takeText(rest, node.length);
    if (!BLOCKS.has(node.tag)) return [{ ...node, children: marks(node.children, rest) }];
    take(rest, BREAK.length);
    const children = marks(node.children, rest);
    if (isFrame(node)) {
      take(rest, BREAK.length);
      return [{ ...node, children }];
    }
    // What is gone at the end of a block stands in it, though the break that ends it is found alike before.
    const gone = goneBehind(rest);
    take(rest, BREAK.length);
    return [{ ...node, children: [...children, ...gone, ...goneBehind(rest)] }];
  });
}

/** Text between rows, cells or items would stand outside of the table or list. */
function isFrame({ tag }: MarkdownElement): boolean {
  return tag === 'table' || tag === 'tr' || tag === 'ul' || tag === 'ol';
}

function takeText(rest: Rest, length: number): readonly MarkdownNode[] {
  const nodes: MarkdownNode[] = [];
  for (let left = length; left > 0; ) {
    nodes.push(...goneOf(rest));
    const first = rest[0];
    if (first === undefined) break;
    const text = first.text.slice(0, left);
    nodes.push(first.kind === 'added' ? { tag: 'ins', look: null, start: null, children: [text] } : text);
    take(rest, text.length);
    left -= text.length;
  }
  return nodes;
}

/** Takes so much of the second text away; what is gone before it waits for a place where it can stand. */
function take(rest: Rest, length: number): void {
  for (let left = length; left > 0; ) {
    const at = rest.findIndex(({ kind }) => kind !== 'removed');
    const first = rest[at];
    if (first === undefined) return;
    const taken = Math.min(left, first.text.length);
    first.text = first.text.slice(taken);
    left -= taken;
    if (first.text === '') rest.splice(at, 1);
  }
}

function goneOf(rest: Rest): readonly MarkdownNode[] {
  const gone: MarkdownNode[] = [];
  while (rest[0]?.kind === 'removed') {
    const { text } = rest.shift()!;
    if (text.trim() !== '') gone.push(del(oneLine(text)));
  }
  return gone;
}

/** Behind breaks of blocks alone. What something else has come in the place of stands before that. */
function goneBehind(rest: Rest): readonly MarkdownNode[] {
  const at = rest.findIndex(({ kind, text }) => kind === 'removed' || text.trim() !== '');
  if (rest[at]?.kind !== 'removed' || rest[at + 1]?.kind === 'added') return [];
  const [{ text } = { text: '' }] = rest.splice(at, 1);
  return text.trim() === '' ? [] : [del(oneLine(` ${text.trim()}`)), ...goneBehind(rest)];
}

function del(text: string): MarkdownNode {
  return { tag: 'del', look: null, start: null, children: [text] };
}

/** It is of several blocks, and stands in one. */
function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
