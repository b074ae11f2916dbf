// Where there is too much to resample, formulas take over: they say what resampling says.
import { describe, expect, test } from 'vitest';
import { bcaMean } from '../../src/stats/intervals.ts';
import { signFlip } from '../../src/stats/permutation.ts';
import { makeRandom } from '../../src/stats/random.ts';

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
    const differences = skewed(401, 5).map((one, i) => one - 1 + (i % 2) / 25);
    const byFormula = signFlip(differences, makeRandom(1)).p;
    const flipped = signFlip(differences.slice(1), makeRandom(1)).p;
    expect(Math.abs(byFormula - flipped)).toBeLessThan(0.03);
    expect(byFormula).toBeGreaterThan(0.001);
    expect(byFormula).toBeLessThan(0.999);
  });

  test('are flipped where one outweighs the rest: its sign is a coin, and no normal sum', () => {
    const differences = Array.from({ length: 1_001 }, (_, i) => (i === 0 ? 1_000 : i % 2 ? 1e-3 : -1e-3));
    expect(signFlip(differences, makeRandom(1)).p).toBeGreaterThan(0.45);
  });
});
