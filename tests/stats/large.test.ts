// Where there is too much to resample, formulas take over: they say what resampling says.
import { describe, expect, test } from 'vitest';
import { bcaMean } from '../../src/analysis/statistics/intervals.ts';
import { signFlip } from '../../src/analysis/statistics/permutation.ts';
import { makeRandom } from '../../src/analysis/statistics/random.ts';

/** Exponential: as skewed as costs and latencies are. */
function skewed(count: number, seed: number): readonly number[] {
  const random = makeRandom(seed);
  return Array.from({ length: count }, () => -Math.log(1 - random.uniform()));
}

describe('many clusters', () => {
  test('have the interval that resampling gives, on both sides of the limit', () => {
    const values = skewed(1_001, 3);
    const byFormula = bcaMean(values, { random: makeRandom(1) });
    const resampled = bcaMean(values.slice(1), { random: makeRandom(1), resamples: 20_000 });
    const width = resampled.high - resampled.low;
    expect(Math.abs(byFormula.low - resampled.low)).toBeLessThan(0.03 * width);
    expect(Math.abs(byFormula.high - resampled.high)).toBeLessThan(0.03 * width);
    expect(Math.abs(byFormula.standardError / resampled.standardError - 1)).toBeLessThan(0.03);
    // The longer side is the one of the tail.
    const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
    expect(byFormula.high - mean).toBeGreaterThan(mean - byFormula.low);
  });

  test('have the p value that flipping gives', () => {
    const differences = skewed(2_501, 5).map((one, i) => one - 1 + (i % 2) / 25);
    const byFormula = signFlip(differences, makeRandom(1)).p;
    const flipped = signFlip(differences.slice(1), makeRandom(1)).p;
    expect(Math.abs(byFormula - flipped)).toBeLessThan(0.03);
    expect(byFormula).toBeGreaterThan(0.001);
    expect(byFormula).toBeLessThan(0.999);
  });

  test('of one size are counted, exactly', () => {
    const differences = Array.from({ length: 500 }, (_, i) => (i < 275 ? 1 / 3 : -1 / 3));
    // scipy.stats.binomtest(275, 500).pvalue
    expect(signFlip(differences, makeRandom(1)).p).toBeCloseTo(0.0283, 4);
    expect(signFlip(differences, makeRandom(1)).isExact).toBe(true);
  });

  test('are flipped where one outweighs the rest: its sign is a coin, and no normal sum', () => {
    const differences = Array.from({ length: 2_501 }, (_, i) => (i === 0 ? 1_000 : i % 2 ? 1e-3 : -1e-3));
    expect(signFlip(differences, makeRandom(1)).p).toBeGreaterThan(0.45);
  });
});
