// Two answers word by word.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { remember } from '../../src/page/parts/remember.ts';
import { differsOnlyInSpace, diffTexts, nearChanges, type TextDiff } from '../../src/page/parts/word-diff.ts';

/** `Book it for [-seven-]{+eight+}.` */
function written({ pieces }: TextDiff): string {
  return pieces
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'added' ? `{+${text}+}` : `[-${text}-]`))
    .join('');
}

describe('a word diff', () => {
  test('marks the words that are others, with what stands between them', () => {
    expect(written(diffTexts('Book it for seven on Monday.', 'Book it for eight on Monday.'))).toBe(
      'Book it for [-seven -]{+eight +}on Monday.',
    );
  });

  test('takes a comma between two changes for a part of the change', () => {
    expect(written(diffTexts('red, green and blue', 'cyan, pink and blue'))).toBe(
      '[-red, green -]{+cyan, pink +}and blue',
    );
  });

  test('reads words of other scripts as words, and Chinese by its characters', () => {
    expect(written(diffTexts('Встреча в пятницу', 'Встреча в субботу'))).toBe(
      'Встреча в [-пятницу-]{+субботу+}',
    );
    expect(written(diffTexts('星期三七点', '星期四七点'))).toBe('星期[-三-]{+四+}七点');
  });

  test('says nothing changed where only spaces and line ends did, and that they did', () => {
    const [from, to] = ['one two\nthree', 'one  two three\n'];
    const diff = diffTexts(from, to);
    expect(diff.pieces.every(({ kind }) => kind === 'same')).toBe(true);
    expect([differsOnlyInSpace(diff, from, to), differsOnlyInSpace(diffTexts(to, to), to, to)]).toEqual([
      true,
      false,
    ]);
  });

  test('goes by lines where words are too many, and says so; and by the whole where lines are', () => {
    const words = (from: number, count: number): string =>
      Array.from({ length: count }, (_, n) => `w${from + n}`).join(' ');
    const long = [words(0, 3_000), words(9_000, 3_000)].join('\n');
    const other = [words(0, 3_000), words(20_000, 3_000)].join('\n');
    const diff = diffTexts(long, other);
    expect([diff.grain, diff.pieces.map(({ kind }) => kind)]).toEqual([
      'lines',
      ['same', 'removed', 'added'],
    ]);
    const lines = (prefix: string): string =>
      Array.from({ length: 4_000 }, (_, n) => `${prefix}${n}`).join('\n');
    expect(diffTexts(lines('a'), lines('b'))).toMatchObject({ grain: 'whole', shared: 0 });
  });

  test('leaves out what is the same for long, and keeps what stands beside a change', () => {
    const same = (count: number): string => 'word '.repeat(count);
    const near = (from: string, to: string): string => {
      const diff = diffTexts(from, to);
      return written({ ...diff, pieces: nearChanges(diff.pieces, 10) });
    };
    expect(near(`${same(20)}a ${same(20)}b ${same(20)}`, `${same(20)}c ${same(20)}d ${same(20)}`)).toBe(
      '… word word [-a -]{+c +}word word word … word word [-b -]{+d +}word word word …',
    );
    expect(near('one two three four a', 'one two three four b')).toBe('one two three four [-a-]{+b+}');
    const unbroken = 'x'.repeat(100);
    expect(near(`${unbroken} a`, `${unbroken} b`)).toContain('[-a-]{+b+}');
  });

  test('tells how much both share', () => {
    expect(diffTexts('', '').shared).toBe(1);
    expect(diffTexts('abcd efgh', 'abcd ijkl').shared).toBe(0.5);
    expect(diffTexts('abcd', '').shared).toBe(0);
  });

  test('gives back the second text, and the first but for its spaces', () => {
    const text = fc
      .array(
        fc.oneof(
          fc.constantFrom('a', 'b', 'c', ' ', '\n', ', ', 'né', '七'),
          fc.string({ unit: 'binary', maxLength: 4 }),
        ),
        { maxLength: 40 },
      )
      .map((parts) => parts.join(''));
    const told = (diff: TextDiff, left: string): string =>
      diff.pieces.flatMap(({ kind, text: one }) => (kind === 'same' || kind === left ? [one] : [])).join('');
    fc.assert(
      fc.property(text, text, (from, to) => {
        const diff = diffTexts(from, to);
        expect(told(diff, 'added')).toBe(to);
        expect(told(diff, 'removed').replace(/\s+/g, '')).toBe(from.replace(/\s+/g, ''));
      }),
      { numRuns: 500 },
    );
  });
});

describe('what was worked out of texts', () => {
  test('is kept for the last that were asked for, and no two texts are taken for others that join to the same', () => {
    const made: string[] = [];
    const join = remember((a: string, b: string) => {
      made.push(`${a}|${b}`);
      return `${a}-${b}`;
    }, 2);
    expect([join('a', 'bc'), join('ab', 'c'), join('a', 'bc')]).toEqual(['a-bc', 'ab-c', 'a-bc']);
    expect(made).toEqual(['a|bc', 'ab|c']);
    // The one that was asked for longest ago has gone.
    join('x', 'y');
    join('a', 'bc');
    expect(made).toEqual(['a|bc', 'ab|c', 'x|y']);
    join('ab', 'c');
    expect(made).toHaveLength(4);
  });
});
