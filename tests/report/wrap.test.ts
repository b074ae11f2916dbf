import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wrapWords } from '../../src/text/wrap.ts';

it.each([
  ['short', 20, 'short'],
  ['one two three four', 9, 'one two\n  three\n  four'],
  ['a-word-that-is-wider and on', 8, 'a-word-that-is-wider\n  and on'],
  ['', 8, ''],
  ['then `a b c` goes on', 10, 'then\n  `a b c`\n  goes on'],
  ['`too long a command` here', 8, '`too\n  long a\n  command`\n  here'],
  ['an open ` one stays', 12, 'an open `\n  one stays'],
])('breaks %j at %i columns between its words', (text, columns, wrapped) => {
  expect(wrapWords(text, { columns, indent: '  ' })).toBe(wrapped);
});

it('loses no word', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 4, max: 60 }), (list, columns) => {
      const lines = wrapWords(list.join(' '), { columns, indent: '  ' }).split('\n');
      expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(list);
      expect(lines.every((line) => line.length <= columns || !line.trim().includes(' '))).toBe(true);
    }),
  );
});
