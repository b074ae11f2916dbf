// Clusters, groups of scenarios and sums against others: statsmodels, every dealing out counted, Python's fsum.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ArmValues, differenceInterval } from '../../src/analysis/statistics/compare.ts';
import { interactionOf } from '../../src/analysis/statistics/interaction.ts';
import { exactSum } from '../../src/analysis/statistics/sums.ts';

const reference = JSON.parse(readFileSync(new URL('reference-clusters.json', import.meta.url), 'utf8')) as {
  readonly clustered: readonly {
    readonly values: readonly number[];
    readonly clusters: readonly number[];
    readonly level: number;
    readonly interval: readonly [number, number];
  }[];
  readonly grouped: readonly { readonly groups: readonly (readonly number[])[]; readonly p: number }[];
  readonly sums: readonly { readonly values: readonly number[]; readonly sum: number }[];
};

const name = (at: number): string => `s${String(at).padStart(2, '0')}`;
const place = (scenario: string): number => Number(scenario.slice(1));
const armOf = (values: readonly number[]): ArmValues => new Map(values.map((value, i) => [name(i), [value]]));
const zero = (values: readonly number[]): ArmValues => armOf(values.map(() => 0));

describe('against others', () => {
  it('the interval over clusters is that of a regression on a constant with cluster-robust errors', () => {
    for (const { values, clusters, level, interval } of reference.clustered) {
      const clusterOf = (scenario: string): string => `c${clusters[place(scenario)]}`;
      const { low, high } = differenceInterval(zero(values), armOf(values), { clusterOf, level })!;
      expect(low).toBeCloseTo(interval[0], 8);
      expect(high).toBeCloseTo(interval[1], 8);
    }
  });

  it('p of groups that differ is the share of all dealings out that lie as far apart, up to its sample of them', () => {
    for (const { groups, p } of reference.grouped) {
      const values = groups.flat();
      const of = groups.flatMap((group, g) => group.map(() => `g${g}`));
      const told = interactionOf(
        { first: zero(values), second: armOf(values) },
        { groupOf: (scenario) => of[place(scenario)]!, design: {}, seed: 1 },
      );
      expect(told?.groups).toBe(groups.length);
      // Four standard errors of 10,000 draws.
      expect(Math.abs(told!.p - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 10_000) + 2e-4);
    }
  });

  it('a sum is rounded once, to the bit of fsum', () => {
    for (const { values, sum } of reference.sums) expect(exactSum(values)).toBe(sum);
  });
});
