// The level of each of several looks, held against published constants of Pocock's boundary.
import { describe, expect, it } from 'vitest';
import { levelOfLooks } from '../../src/analysis/statistics/looks.ts';
import { normalQuantile } from '../../src/analysis/statistics/special.ts';

const evenly = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => (i + 1) / count);

describe('the level of each of several looks', () => {
  // C. Jennison and B. Turnbull, "Group Sequential Methods" (2000), table 2.1: C_P(K, 0.05).
  it.each([
    [2, 2.178],
    [3, 2.289],
    [4, 2.361],
    [5, 2.413],
    [8, 2.512],
    [10, 2.555],
    [20, 2.672],
  ])('is that of the table for %i looks at equal steps', (count, bound) => {
    expect(-normalQuantile(levelOfLooks(evenly(count)) / 2)).toBeCloseTo(bound, 3);
  });

  it('is that of one look where there is one, and next to it where the last step adds next to nothing', () => {
    expect(levelOfLooks([1])).toBe(0.05);
    expect(levelOfLooks([0.996, 1])).toBeGreaterThan(0.045);
    expect(levelOfLooks([0.996, 1])).toBeLessThan(0.05);
  });

  it('is never below Bonferroni, and stricter the more apart the looks are', () => {
    const early = levelOfLooks([0.1, 1]);
    const late = levelOfLooks([0.9, 1]);
    expect(early).toBeGreaterThan(0.025);
    expect(early).toBeLessThan(late);
  });
});
