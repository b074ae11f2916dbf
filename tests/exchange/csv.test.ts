import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { csvLines } from '../../src/exchange/write-flat.ts';

const csvOf = (cells: readonly (string | number | boolean | null)[], formulas: 'guarded' | 'raw'): string => {
  const columns = cells.map((_, i) => `c${i}`);
  const row = Object.fromEntries(cells.map((cell, i) => [`c${i}`, cell]));
  return [...csvLines([row], { columns, formulas, delimiter: ',', mark: 'none' })].join('');
};

describe('CSV', () => {
  it.each([
    ...['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\uff1d1', '\uff0b1', '\uff0d1', '\uff201'],
    ...[' =1', '\ufeff=1', '\u200b=1', '\u0000=1'],
  ])('makes text of %j, which a spreadsheet would run', (text) => {
    const [, row] = parse(csvOf([text, 1], 'guarded'), { relax_column_count: false }) as string[][];
    expect(row).toEqual([`'${text}`, '1']);
    const [, raw] = parse(csvOf([text, 1], 'raw')) as string[][];
    expect(raw).toEqual([text, '1']);
  });

  it('leaves numbers and plain text as they are', () => {
    expect(csvOf([-1.5, 'a=b', 'x-y', "it's", true, null], 'guarded').split('\r\n')[1]).toBe(
      "-1.5,a=b,x-y,it's,true,",
    );
  });

  it.each(['a\nb', 'a\rb', 'a\r\nb', 'a,b', 'a"b', '\n', 'a\u2028b', 'a\u0085b', ' a '])(
    'quotes %j, so that any reader finds one row of it',
    (text) => {
      const line = csvOf([text, 'end'], 'raw').slice('c0,c1\r\n'.length);
      expect(line).toBe(`"${text.replaceAll('"', '""')}",end\r\n`);
    },
  );
});
