// Markdown of a model -> a tree of a few elements and of text. What is HTML in it is text, what is a link is its words and its
// address as text: nothing of it is ever an attribute. Pure; the one file that imports the package `marked`.
import { Lexer, type Token, type Tokens } from 'marked';
import { sanitizeBlock } from '../../core/text.ts';

/** All that an answer can become. */
export const TAGS = [
  'p', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'em', 'strong', 's', 'span', 'hr',
  'table', 'thead', 'tbody', 'tr', 'th', 'td', 'ins', 'del',
] as const; // biome-ignore format: a list of names
export type Tag = (typeof TAGS)[number];

/** Our own words: none of them is made of text of the answer. */
export const LOOKS = [
  'md-h1', 'md-h2', 'md-h3', 'md-h4', 'md-h5', 'md-h6', 'md-address', 'md-language', 'md-html', 'md-image', 'md-task',
  'md-center', 'md-right', 'md-definition',
] as const; // biome-ignore format: a list of names
export type Look = (typeof LOOKS)[number];

export type MarkdownElement = {
  readonly tag: Tag;
  readonly look: Look | null;
  /** Of an ordered list. */
  readonly start: number | null;
  readonly children: readonly MarkdownNode[];
};
export type MarkdownNode = string | MarkdownElement;

export type MarkdownTree =
  | { readonly kind: 'tree'; readonly nodes: readonly MarkdownNode[] }
  /** It is shown as it was written. */
  | { readonly kind: 'plain'; readonly why: string };

/** Reading it takes time with the square of some texts: up to a second for the worst of these, measured. */
const MAX_CHARS = 40_000;
const MAX_DEPTH = 12;
const MAX_ELEMENTS = 8_000;

export function markdownTree(text: string): MarkdownTree {
  if (text.length > MAX_CHARS) return { kind: 'plain', why: `longer than ${MAX_CHARS / 1000} kB` };
  try {
    const budget = { elements: MAX_ELEMENTS };
    const nodes = blocksOf(new Lexer({ gfm: true }).lex(sanitizeBlock(text)), { depth: 0, budget });
    if (budget.elements < 0) return { kind: 'plain', why: `more than ${MAX_ELEMENTS} parts` };
    return { kind: 'tree', nodes };
  } catch {
    // Thousands of quotes or brackets inside of each other are more than its stack holds.
    return { kind: 'plain', why: 'nested too deep' };
  }
}

type Walk = { readonly depth: number; readonly budget: { elements: number } };

function element(
  tag: Tag,
  children: readonly MarkdownNode[],
  { look = null, start = null }: { readonly look?: Look | null; readonly start?: number | null } = {},
): MarkdownElement {
  return { tag, look, start, children };
}

function blocksOf(tokens: readonly Token[], walk: Walk): readonly MarkdownNode[] {
  return tokens.flatMap((token) => blockOf(token, walk));
}

function blockOf(token: Token, walk: Walk): readonly MarkdownNode[] {
  if (--walk.budget.elements < 0) return [];
  if (walk.depth > MAX_DEPTH) return [element('p', [token.raw])];
  const deeper = { ...walk, depth: walk.depth + 1 };
  const inside = (): readonly MarkdownNode[] => inlinesOf(token, deeper);
  switch (token.type) {
    case 'space':
      return [];
    case 'hr':
      return [element('hr', [])];
    case 'heading': {
      const look = LOOKS[Math.min(6, Math.max(1, (token as Tokens.Heading).depth)) - 1]!;
      return [element('p', inside(), { look })];
    }
    case 'code':
      return [codeBlock(token as Tokens.Code)];
    case 'blockquote':
      return [element('blockquote', blocksOf((token as Tokens.Blockquote).tokens, deeper))];
    case 'list':
      return [list(token as Tokens.List, deeper)];
    case 'table':
      return [table(token as Tokens.Table, deeper)];
    case 'html':
      return [element('p', [trimEnd(token.raw)], { look: 'md-html' })];
    case 'def':
      return [element('p', [trimEnd(token.raw)], { look: 'md-definition' })];
    case 'paragraph':
      return [element('p', inside())];
    case 'checkbox':
    case 'text':
      return inlineOf(token, deeper);
    default:
      return [element('p', [token.raw])];
  }
}

function codeBlock({ text, lang }: Tokens.Code): MarkdownElement {
  const label = lang ? [element('span', [lang], { look: 'md-language' })] : [];
  return element('pre', [...label, element('code', [text])]);
}

function list({ ordered, start, items }: Tokens.List, walk: Walk): MarkdownElement {
  const children = items.map((item) => element('li', blocksOf(item.tokens, walk)));
  if (!ordered) return element('ul', children);
  return element('ol', children, { start: typeof start === 'number' && start !== 1 ? start : null });
}

function table({ header, rows }: Tokens.Table, walk: Walk): MarkdownElement {
  const row = (tag: 'th' | 'td', cells: readonly Tokens.TableCell[]): MarkdownElement =>
    element(
      'tr',
      cells.map((cell) =>
        element(tag, inlines(cell.tokens, walk), {
          look: cell.align === 'center' ? 'md-center' : cell.align === 'right' ? 'md-right' : null,
        }),
      ),
    );
  const head = element('thead', [row('th', header)]);
  return element('table', [
    head,
    element(
      'tbody',
      rows.map((cells) => row('td', cells)),
    ),
  ]);
}

function inlinesOf(token: Token, walk: Walk): readonly MarkdownNode[] {
  const { tokens } = token as { readonly tokens?: readonly Token[] };
  return tokens === undefined ? [token.raw] : inlines(tokens, walk);
}

function inlines(tokens: readonly Token[], walk: Walk): readonly MarkdownNode[] {
  return tokens.flatMap((token) => inlineOf(token, walk));
}

function inlineOf(token: Token, walk: Walk): readonly MarkdownNode[] {
  if (--walk.budget.elements < 0) return [];
  if (walk.depth > MAX_DEPTH) return [token.raw];
  const deeper = { ...walk, depth: walk.depth + 1 };
  switch (token.type) {
    case 'text': {
      const { tokens, text } = token as Tokens.Text;
      return tokens === undefined ? [text] : inlines(tokens, deeper);
    }
    case 'escape':
      return [(token as Tokens.Escape).text];
    case 'codespan':
      return [element('code', [(token as Tokens.Codespan).text])];
    case 'em':
    case 'strong':
      return [element(token.type, inlinesOf(token, deeper))];
    case 'del':
      return [element('s', inlinesOf(token, deeper))];
    case 'br':
      return ['\n'];
    case 'checkbox':
      return [element('span', [(token as Tokens.Checkbox).checked ? '☑ ' : '☐ '], { look: 'md-task' })];
    case 'link':
      return link(token as Tokens.Link, deeper);
    case 'image':
      return [image(token as Tokens.Image)];
    default:
      return [token.raw];
  }
}

/** Its words, and where it would lead: nobody can click on it, and nothing is hidden behind words. */
function link(token: Tokens.Link, walk: Walk): readonly MarkdownNode[] {
  const { text, href } = token;
  const words = inlines(token.tokens, walk);
  if ([text, `mailto:${text}`, `http://${text}`].includes(href))
    return [element('span', words, { look: 'md-address' })];
  return [...words, ...addressOf(token)];
}

function image(token: Tokens.Image): MarkdownElement {
  return element('span', [`image: ${token.text}`, ...addressOf(token)], { look: 'md-image' });
}

function addressOf({ href, title }: Tokens.Link | Tokens.Image): readonly MarkdownNode[] {
  const named = title ? ` "${title}"` : '';
  return [' ', element('span', [`(${href}${named})`], { look: 'md-address' })];
}

function trimEnd(text: string): string {
  return text.replace(/\n+$/, '');
}
