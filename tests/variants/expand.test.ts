import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandMatrix, matrixSize, slugOf } from '../../src/variants/expand.ts';

describe('a matrix', () => {
  it('without axes is the variant itself', () => {
    expect(expandMatrix({ name: 'one', axes: {} })).toEqual([{ name: 'one', picks: {} }]);
    expect(matrixSize({})).toBe(1);
  });
  it('gives each combination once, the last axis turning fastest', () => {
    const axes = { model: ['a', 'b'], temperature: [0, null] };
    expect(matrixSize(axes)).toBe(4);
    expect(expandMatrix({ name: 'x', axes })).toEqual([
      { name: 'x[model=a,temperature=0]', picks: { model: 0, temperature: 0 } },
      { name: 'x[model=a,temperature=null]', picks: { model: 0, temperature: 1 } },
      { name: 'x[model=b,temperature=0]', picks: { model: 1, temperature: 0 } },
      { name: 'x[model=b,temperature=null]', picks: { model: 1, temperature: 1 } },
    ]);
  });
  it('names by its number what makes no name: maps, lists, long texts, lines', () => {
    const axes = { system: [{ file: 'a' }, 'x'.repeat(61), 'two\nlines', 'a,b', ''] };
    expect(expandMatrix({ name: 'v', axes }).map(({ name }) => name)).toEqual(
      [0, 1, 2, 3, 4].map((index) => `v[system=${index}]`),
    );
  });
});

describe('a slug', () => {
  it.each([
    ['baseline', 'baseline'],
    ['applike[model=sim-small]', 'applike-model=sim-small'],
    ['applike[model=a,temperature=0.2]', 'applike-model=a-temperature=0.2'],
    ['UPPER_case', 'upper_case'],
    ['__proto__', '__proto__'],
    ['.hidden', 'hidden'],
    ['a/../b', 'a-..-b'],
  ])('of %s is %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });
  it('is never empty and never a way up', () => {
    for (const name of ['.', '..', '/', '---', ' ', '😀'])
      expect(slugOf(name)).toMatch(/^variant-[0-9a-f]{8}$/);
  });
  it('keeps names of other scripts apart', () => {
    expect(
      new Set(['模型', '型号', '模型a', '型号a', 'базовый', 'новый'].map((name) => slugOf(name))).size,
    ).toBe(6);
  });
  it('is the same for names that differ by case or by the encoding of accents only', () => {
    expect(slugOf('Straße')).toBe(slugOf('sTRAßE'));
    expect(slugOf('caf\u00e9')).toBe(slugOf('cafe\u0301'));
  });
  it('is safe as the start of a file name for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        expect(slugOf(name)).toMatch(/^[a-z0-9_=][a-z0-9_.=-]{0,99}$/);
      }),
    );
  });
});
