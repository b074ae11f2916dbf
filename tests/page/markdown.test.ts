// Markdown of a model as a tree: what it may become, and what it never does.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markWords, wordsOf } from '../../src/page/parts/markdown-diff.ts';
import { LOOKS, type MarkdownNode, markdownTree, TAGS } from '../../src/page/parts/markdown-tree.ts';
import { diffTexts } from '../../src/page/parts/word-diff.ts';

function treeOf(text: string): readonly MarkdownNode[] {
  const tree = markdownTree(text);
  if (tree.kind === 'plain') throw new Error(tree.why);
  return tree.nodes;
}

/** A short way to write a tree down: `p(a em(b))`. */
function written(nodes: readonly MarkdownNode[]): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      const look = node.look === null ? '' : `.${node.look}`;
      const start = node.start === null ? '' : `@${node.start}`;
      return `${node.tag}${look}${start}(${written(node.children)})`;
    })
    .join('');
}

/** Every text of a tree, and whatever else stands in it that is no text. */
function partsOf(nodes: readonly MarkdownNode[]): {
  readonly text: string;
  readonly rest: readonly unknown[];
} {
  const rest: unknown[] = [];
  let text = '';
  const walk = (node: MarkdownNode): void => {
    if (typeof node === 'string') {
      text += node;
      return;
    }
    const { children, ...others } = node;
    rest.push(others);
    children.forEach(walk);
  };
  nodes.forEach(walk);
  return { text, rest };
}

describe('Markdown of a model', () => {
  test('becomes paragraphs, headings, lists, code, quotes and tables', () => {
    const text = [
      '# Plan for **Monday**',
      '',
      'Call `list()` and *then* ~~not~~ that.',
      '',
      '3. three',
      '4. four',
      '   - [x] done',
      '',
      '> said',
      '',
      '| day | at |',
      '|-----|---:|',
      '| Mon | 7 |',
      '',
      '```ts',
      'const a = 1;',
      '```',
      '',
      '---',
    ].join('\n');
    expect(written(treeOf(text))).toBe(
      [
        'p.md-h1(Plan for strong(Monday))',
        'p(Call code(list()) and em(then) s(not) that.)',
        'ol@3(li(three)li(fourul(li(span.md-task(☑ )done))))',
        'blockquote(p(said))',
        'table(thead(tr(th(day)th.md-right(at)))tbody(tr(td(Mon)td.md-right(7))))',
        'pre(span.md-language(ts)code(const a = 1;))',
        'hr()',
      ].join(''),
    );
  });

  test('shows links and images as words with their address, once where the words are the address', () => {
    expect(
      written(treeOf('[here](https://a.example/x "t") ![cat](https://b.example/c.png) <https://c.example>')),
    ).toBe(
      'p(here span.md-address((https://a.example/x "t")) span.md-image(image: cat span.md-address((https://b.example/c.png))) span.md-address(https://c.example))',
    );
    expect(written(treeOf('[https://good.example](https://evil.example)'))).toBe(
      'p(https://good.example span.md-address((https://evil.example)))',
    );
  });

  test('shows HTML as the text that it is, and hides no definition of an address', () => {
    expect(
      written(
        treeOf('<script>alert(1)</script>\n\na <img src=x onerror=alert(1)> b\n\n[x]: javascript:alert(1)'),
      ),
    ).toBe(
      'p.md-html(<script>alert(1)</script>)p(a <img src=x onerror=alert(1)> b)p.md-definition([x]: javascript:alert(1))',
    );
  });

  test('shows marks that would turn the direction of a text as their number', () => {
    expect(written(treeOf('safe \u202eelif.exe'))).toBe('p(safe \\u202eelif.exe)');
  });

  test('is shown as it was written where it is too long, of too many parts or nested too deep', () => {
    const why = (text: string): string => {
      const tree = markdownTree(text);
      return tree.kind === 'plain' ? tree.why : 'a tree';
    };
    expect(why('a'.repeat(40_001))).toBe('longer than 40 kB');
    expect(why('*a* '.repeat(9_000))).toBe('more than 8000 parts');
    expect(why('>'.repeat(20_000))).toBe('nested too deep');
  });

  test('ends at a depth: what is quoted deeper stands as it was written', () => {
    const { text } = partsOf(treeOf(`${'> '.repeat(30)}deep`));
    expect(text).toContain('> > ');
    expect(text).toContain('deep');
  });

  /** Pieces that meet in hostile answers. */
  const hostile = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '[a](javascript:alert(1))', '![b](https://x.example/p.png)',
          '<a href="javascript:x">', '"onmouseover="x', '```js onload=x\n', '```\n', '|a|b|\n|-|:-:|\n|', '- ', '1. ', '999999999. ',
          '> ', '# ', '**', '_', '~~', '`', '[x]: data:text/html,x\n', '[x]', '&lt;', '\\', '\n', '\n\n', '  ', '\t', '---\n', '$&',
          '__proto__', 'constructor', 'style="position:fixed"', '</div>', '<!--', '-->', '<svg/onload=x>', 'http://x.example/"x', '\u202e', '\0',
        ), // biome-ignore format: a list of pieces
        fc.string({ unit: 'binary', maxLength: 12 }),
      ),
      { maxLength: 25 },
    )
    .map((pieces) => pieces.join(''));

  test('never becomes an element, a class or an attribute that is not one of ours, whatever it is', () => {
    const tags: ReadonlySet<string> = new Set(TAGS);
    const looks: ReadonlySet<string | null> = new Set([null, ...LOOKS]);
    fc.assert(
      fc.property(hostile, (text) => {
        const tree = markdownTree(text);
        if (tree.kind === 'plain') return;
        for (const one of partsOf(tree.nodes).rest) {
          const { tag, look, start, ...others } = one as Record<string, unknown>;
          expect(others).toEqual({});
          expect(tags.has(tag as string)).toBe(true);
          expect(looks.has(look as string | null)).toBe(true);
          expect(start === null || Number.isSafeInteger(start)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('keeps every letter and digit of an answer that is no mark of Markdown', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 30 }), (words) => {
        const text = words.map((word, n) =>
          n % 3 === 0 ? `**${word}**` : n % 3 === 1 ? `[${word}](x.example)` : `<b>${word}</b>`,
        );
        const { text: shown } = partsOf(treeOf(text.join(' ')));
        for (const word of words) expect(shown).toContain(word);
      }),
    );
  });
});

describe('what changed in Markdown', () => {
  const marked = (from: string, to: string): string => {
    const [before, after] = [treeOf(from), treeOf(to)];
    return written(markWords(after, diffTexts(wordsOf(before), wordsOf(after)).pieces));
  };

  test('is marked within the words that it stands in', () => {
    expect(marked('Book it for **seven**, please.', 'Book it for **eight**, please.')).toBe(
      'p(Book it for strong(del(seven)ins(eight)), please.)',
    );
  });

  test('is told by words: a list that was a paragraph says the same', () => {
    expect(marked('one\n\ntwo', '- one\n- two')).toBe('ul(li(one)li(two))');
  });

  test('stands within its block where a sentence, an item or a row was added or is gone', () => {
    expect(marked('- one\n- two\n- three', '- one\n- three')).toBe('ul(li(onedel( two))li(three))');
    expect(marked('- one', '- one\n- two')).toBe('ul(li(one)li(ins(two)))');
    expect(marked('- one\n  - two\n\nend', '- one more\n  - two\n\nend')).toBe(
      'ul(li(one ins(more)ul(li(two))))p(end)',
    );
    expect(marked('a b c\n\nd', 'a b\n\nd')).toBe('p(a bdel( c))p(d)');
    expect(marked('|a|b|\n|-|-|\n|x|1|', '|a|b|\n|-|-|\n|x|2|')).toBe(
      'table(thead(tr(th(a)th(b)))tbody(tr(td(x)td(del(1 )ins(2)))))',
    );
    expect(marked('a b c', 'a b')).toBe('p(a bdel( c))');
    expect(marked('|a|\n|-|\n|x|\n|y|', '|a|\n|-|\n|y|')).toBe(
      'table(thead(tr(th(adel( x))))tbody(tr(td(y))))',
    );
  });

  test('adds nothing to the words of the second, and loses none', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', '**d**', '\n\n', '- ', '> ', '`e`', ', '), {
      maxLength: 25,
    });
    const text = words.map((list) => list.join(' '));
    const wholeText = (nodes: readonly MarkdownNode[], skip: 'ins' | 'del' | null): string =>
      nodes
        .map((node) =>
          typeof node === 'string' ? node : node.tag === skip ? '' : wholeText(node.children, skip),
        )
        .join('');
    fc.assert(
      fc.property(text, text, (from, to) => {
        const [before, after] = [treeOf(from), treeOf(to)];
        const diff = diffTexts(wordsOf(before), wordsOf(after));
        const nodes = markWords(after, diff.pieces);
        expect(wholeText(nodes, 'del')).toBe(wholeText(after, null));
        const letters = (value: string): string => value.replace(/[^a-e]/g, '');
        expect(letters(wholeText(nodes, 'ins'))).toBe(letters(wholeText(before, null)));
      }),
      { numRuns: 500 },
    );
  });
});
