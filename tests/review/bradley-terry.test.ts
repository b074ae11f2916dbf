// Strengths of arms from pairs, against choix: references/bradley_terry.py made the values.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { coefficientOf } from '../../src/analysis/statistics/agreement.ts';
import { agreementInterval } from '../../src/analysis/statistics/agreement-interval.ts';
import { type Duel, duelsRated, strengthOf, strengths } from '../../src/analysis/statistics/bradley-terry.ts';
import { makeRandom } from '../../src/analysis/statistics/random.ts';

const { sets } = JSON.parse(
  readFileSync(new URL('references/bradley-terry.json', import.meta.url), 'utf8'),
) as {
  readonly sets: {
    readonly [name: string]: {
      readonly wins: readonly (readonly number[])[];
      readonly logs: readonly number[];
    };
  };
};

describe('strengths of arms', () => {
  test.each(Object.keys(sets))('are those of choix: %s', (name) => {
    const { wins, logs } = sets[name]!;
    const found = strengths(wins.flat(), wins.length)!;
    for (const [arm, one] of found.entries()) expect(one, `arm ${arm}`).toBeCloseTo(logs[arm]!, 8);
  });

  test('of two arms are the log odds of what the one won', () => {
    const [a, b] = strengths([0, 11.5, 8.5, 0], 2)!;
    expect(a! - b!).toBeCloseTo(Math.log(11.5 / 8.5), 10);
  });

  test('are not there where an arm never lost, or was never held against another', () => {
    expect(strengths([0, 3, 0, 0], 2)).toBeNull();
    expect(strengths([0, 1, 0, 1, 0, 0, 0, 0, 0], 3)).toBeNull();
    expect(coefficientOf([], strengthOf(2, 0))).toBeNull();
  });

  test('have an interval over scenarios, which is wider where the cards of one scenario say the same', () => {
    const duels = (cards: number, clusters: number): readonly Duel[] =>
      Array.from({ length: cards }, (_, i) => ({
        cluster: String(i % clusters),
        first: 0,
        second: 1,
        share: (i % clusters) % 3 === 0 ? 0 : 1,
      }));
    const width = (all: readonly Duel[]): number => {
      const coefficient = strengthOf(2, 0);
      const interval = agreementInterval(duelsRated(all), { coefficient, random: makeRandom(1) })!;
      const value = coefficientOf(duelsRated(all), coefficient)!;
      expect(interval.low).toBeLessThan(value);
      expect(interval.high).toBeGreaterThan(value);
      return interval.high - interval.low;
    };
    expect(width(duels(90, 30))).toBeGreaterThan(width(duels(90, 90)) * 1.3);
  });
});
