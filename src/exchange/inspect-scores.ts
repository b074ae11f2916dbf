// What scorers say of a variant, as Inspect holds it: a value a sample, epochs reduced to their mean, metrics over scenarios.
import type { JsonObject } from '../core/json.ts';
import type { CellScore } from '../core/scoring.ts';

/** A number where the scorer gives one, else pass or fail as 1 or 0, else its category; null = no verdict. */
export function scoreValue({ score, passed, label }: CellScore): number | string | null {
  return score ?? (passed === null ? label : Number(passed));
}

export type ScoreSums = {
  add(sample: { readonly scenario: string; readonly scores: readonly CellScore[] }): void;
  /** `results.scores`, `reductions` and `eval.scorers` of a log. */
  told(): {
    readonly scores: readonly JsonObject[];
    readonly reductions: readonly JsonObject[];
    readonly scorers: readonly JsonObject[];
  };
};

type Sums = {
  /** By scenario: a value an epoch. */
  readonly values: Map<string, (number | string)[]>;
  readonly unscored: Set<string>;
  saysNumbers: boolean;
};

export function sumScores(): ScoreSums {
  const byScorer = new Map<string, Sums>();
  return {
    add({ scenario, scores }) {
      for (const score of scores) {
        const sums = byScorer.get(score.scorer) ?? {
          values: new Map(),
          unscored: new Set(),
          saysNumbers: false,
        };
        byScorer.set(score.scorer, sums);
        const value = scoreValue(score);
        if (value === null) sums.unscored.add(scenario);
        else sums.values.set(scenario, [...(sums.values.get(scenario) ?? []), value]);
        sums.saysNumbers ||= score.score !== null;
      }
    },
    told() {
      const each = [...byScorer].map(([scorer, sums]) => ({ scorer, sums, reduced: reduce(sums) }));
      return {
        scores: each.map(({ scorer, sums, reduced }) => ({
          name: scorer,
          scorer,
          reducer: 'mean',
          scored_samples: reduced.length,
          unscored_samples: [...sums.unscored].filter((scenario) => !sums.values.has(scenario)).length,
          params: {},
          metrics: Object.fromEntries(
            metricsOf(reduced, sums).map(([name, value]) => [name, { name, value, params: {} }]),
          ),
        })),
        reductions: each.map(({ scorer, reduced }) => ({
          scorer,
          reducer: 'mean',
          samples: reduced.map(({ scenario, value }) => ({ sample_id: scenario, value })),
        })),
        scorers: each.map(({ scorer, sums, reduced }) => ({
          name: scorer,
          options: {},
          metrics: metricsOf(reduced, sums).map(([name]) => ({ name, options: {} })),
          metadata: {},
        })),
      };
    },
  };
}

type Reduced = { readonly scenario: string; readonly value: number | string };

/** The mean of a scenario's epochs; of categories the one that is said most often. */
function reduce({ values }: Sums): readonly Reduced[] {
  return [...values].map(([scenario, all]) => {
    const numbers = all.filter((value) => typeof value === 'number');
    return { scenario, value: numbers.length === all.length ? mean(numbers) : mostFrequent(all) };
  });
}

function metricsOf(
  reduced: readonly Reduced[],
  { saysNumbers }: Sums,
): readonly (readonly [string, number])[] {
  const numbers = reduced.flatMap(({ value }) => (typeof value === 'number' ? value : []));
  if (reduced.length === 0) return [];
  if (numbers.length < reduced.length) {
    const names = [...new Set(reduced.map(({ value }) => String(value)))];
    return names.map((name) => [
      name,
      reduced.filter(({ value }) => String(value) === name).length / reduced.length,
    ]);
  }
  return [
    [saysNumbers ? 'mean' : 'accuracy', mean(numbers)],
    // As Inspect's own: the sample's deviation over the root of n; of one scenario 0.
    ['stderr', numbers.length < 2 ? 0 : deviation(numbers) / Math.sqrt(numbers.length)],
  ];
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

function deviation(numbers: readonly number[]): number {
  const middle = mean(numbers);
  return Math.sqrt(numbers.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (numbers.length - 1));
}

function mostFrequent(values: readonly (number | string)[]): number | string {
  const counts = Map.groupBy(values, (value) => value);
  return [...counts].reduce((best, one) => (one[1].length > best[1].length ? one : best))[0];
}
