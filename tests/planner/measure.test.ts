import { describe, expect, it } from 'vitest';
import { measureTexts } from '../../src/planner/measure.ts';

const of = (texts: readonly string[]) => ({ count: texts.length, at: (i: number) => texts[i]! });
const letters = (text: string): number => text.replaceAll(' ', '').length;

describe('sizes of texts', () => {
  it('are each measured where there are few', () => {
    const measured = measureTexts(of(['a b', 'cd', '']), { sizeOf: letters, maxChars: 5 });
    expect(measured).toEqual({ sizes: new Float64Array([2, 2, 0]), isSampled: false });
  });

  it('are taken from a sample of at most so many characters where there are many, and are the same each time', () => {
    const texts = Array.from({ length: 1_000 }, (_, i) => 'ab '.repeat(1 + (i % 10)));
    let seen = 0;
    const sizeOf = (text: string): number => {
      seen += text.length;
      return letters(text);
    };
    const measured = measureTexts(of(texts), { sizeOf, maxChars: 3_000 });
    expect(measured.isSampled).toBe(true);
    expect(seen).toBe(3_000);
    const total = (sizes: Float64Array): number => sizes.reduce((sum, size) => sum + size, 0);
    const exact = texts.reduce((sum, text) => sum + letters(text), 0);
    expect(Math.abs(total(measured.sizes) / exact - 1)).toBeLessThan(0.01);
    expect(measureTexts(of(texts), { sizeOf: letters, maxChars: 3_000 })).toEqual(measured);
  });

  it('of one text that is too long are taken from its beginning', () => {
    const measured = measureTexts(of(['a '.repeat(1_000)]), { sizeOf: letters, maxChars: 100 });
    expect(measured).toEqual({ sizes: new Float64Array([1_000]), isSampled: true });
  });
});
