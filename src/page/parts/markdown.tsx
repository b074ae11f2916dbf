// An answer as it was meant to look, out of a tree of a few elements: text of a model never becomes HTML or an attribute.
import { type ComponentChildren, Fragment, h } from '../base/preact.ts';
import { markWords, wordsOf } from './markdown-diff.ts';
import { type MarkdownNode, markdownTree } from './markdown-tree.ts';
import { PlainText } from './plain-text.tsx';
import { remember } from './remember.ts';
import './markdown.css';
import { diffTexts } from './word-diff.ts';

/** A scenario has some dozens of answers; the ones before it may be asked for again. */
const readTree = remember(markdownTree, 200);
const readDiff = remember(compareTrees, 200);

export function Markdown({ text }: { readonly text: string }) {
  const tree = readTree(text);
  if (tree.kind === 'plain')
    return (
      <>
        <PlainText text={text} />
        <p class="remark">As it was written: {tree.why}.</p>
      </>
    );
  return (
    <div class="md">
      <MarkdownNodes nodes={tree.nodes} />
    </div>
  );
}

export type MarkdownDiff = {
  readonly nodes: readonly MarkdownNode[];
  readonly same: boolean;
  readonly shared: number;
};

/** @returns null where one of the two is no Markdown that can be read: their texts are compared instead */
export const markdownDiff: (from: string, to: string) => MarkdownDiff | null = (from, to) =>
  readDiff(from, to);

function compareTrees(from: string, to: string): MarkdownDiff | null {
  const [before, after] = [readTree(from), readTree(to)];
  if (before.kind === 'plain' || after.kind === 'plain') return null;
  const diff = diffTexts(wordsOf(before.nodes), wordsOf(after.nodes));
  if (diff.grain !== 'words') return null;
  const same = diff.pieces.every(({ kind }) => kind === 'same');
  return { nodes: markWords(after.nodes, diff.pieces), same, shared: diff.shared };
}

export function MarkdownNodes({ nodes }: { readonly nodes: readonly MarkdownNode[] }) {
  return <>{nodes.map(drawn)}</>;
}

function drawn(node: MarkdownNode, at: number): ComponentChildren {
  if (typeof node === 'string') return node;
  const { tag, look, start, children } = node;
  if (tag === 'ins' || tag === 'del') return markedWords(tag, children, at);
  const drawnNode = h(
    tag,
    { key: at, class: look ?? undefined, ...(start === null ? {} : { start }) },
    children.map(drawn),
  );
  // A table that is wider than its column scrolls by itself.
  return tag === 'table'
    ? h('div', { key: at, class: 'md-scroll', tabIndex: 0, role: 'region', 'aria-label': 'table' }, drawnNode)
    : drawnNode;
}

/** The space behind a word is no part of what is marked. */
function markedWords(tag: 'ins' | 'del', children: readonly MarkdownNode[], at: number): ComponentChildren {
  const text = wordsOf(children);
  const words = text.trimEnd();
  return h(Fragment, { key: at }, h(tag, null, words), text.slice(words.length));
}
