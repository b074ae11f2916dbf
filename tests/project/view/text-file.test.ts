// Lines in a file are found as lines in memory would be, however long they are and wherever they are read.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  MAX_LINE_CHARS,
  makeBits,
  openTextFile,
  type TextFile,
} from '../../../src/project/view/text-file.ts';
import { lineHolds, searchLine, type TextTerm } from '../../../src/screens/search-texts.ts';

const line = (text: string): string => searchLine({ text, toolCalls: [], finish: [] });
const word = (text: string): TextTerm => ({ kind: 'word', text });

async function found(file: TextFile, term: TextTerm, from = 0): Promise<number[]> {
  const hits = makeBits();
  const until = await file.scan(term, from, hits);
  return Array.from({ length: until }, (_, at) => at).filter((at) => hits.has(at));
}

it('finds each line that holds a term, those that were added since as well', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'é', '雨', ' ', '😀') }), { maxLength: 20 }),
      fc.string({ unit: fc.constantFrom('a', 'b', 'é', '雨'), minLength: 1, maxLength: 2 }),
      fc.nat(20),
      async (texts, sought, cut) => {
        using file = openTextFile();
        const term = word(sought);
        const lines = texts.map(line);
        const hits = makeBits();
        for (const one of lines.slice(0, cut)) file.add(one);
        const scanned = await file.scan(term, 0, hits);
        for (const one of lines.slice(cut)) file.add(one);
        expect(await file.scan(term, scanned, hits)).toBe(lines.length);
        expect(lines.map((_, at) => hits.has(at))).toEqual(lines.map((one) => lineHolds(one, term)));
      },
    ),
    { numRuns: 30 },
  );
});

it('finds in files of more than it reads at a time, and never over the end of a line', async () => {
  using file = openTextFile();
  const filler = 'x'.repeat(MAX_LINE_CHARS - 10);
  for (let i = 0; i < 30; i++) file.add(line(`${filler}${i % 7 === 0 ? 'end' : ''}`));
  file.add(line('begin'));
  const everySeventh = Array.from({ length: 30 }, (_, i) => i).filter((i) => i % 7 === 0);
  expect(await found(file, word('xend'))).toEqual(everySeventh);
  expect(await found(file, word('endbegin'))).toEqual([]);
  expect(await found(file, word('begin'))).toEqual([30]);
  expect(await found(file, word('begin'), 31)).toEqual([]);
});

it('searches the beginning of an answer that is longer than all that anybody reads', async () => {
  using file = openTextFile();
  file.add(line(`first ${'y'.repeat(2 * MAX_LINE_CHARS)} last`));
  file.add(line('next'));
  expect([await found(file, word('first')), await found(file, word('last'))]).toEqual([[0], []]);
  expect(await found(file, word('next'))).toEqual([1]);
});

it('scans for two terms at a time', async () => {
  using file = openTextFile();
  for (let i = 0; i < 40; i++) file.add(line(`${'z'.repeat(150_000)} ${i % 2 === 0 ? 'even' : 'odd'}`));
  const [even, odd] = await Promise.all([found(file, word('even')), found(file, word('odd'))]);
  expect([even.length, odd.length, even[1], odd[0]]).toEqual([20, 20, 2, 1]);
});
