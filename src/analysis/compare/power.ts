// What a comparison could have found, and what it would take to find what was seen: of the test that is used, after its
// correction. Pure.
import type { ArmValues } from '../statistics/compare.ts';
import { holm } from '../statistics/effects.ts';
import { fitModel } from '../statistics/fit-model.ts';
import { deviationOf, meanOf } from '../statistics/intervals.ts';
import { detectableOf, simulatePower } from '../statistics/power-simulated.ts';
import { experimentsFor, runsNeeded, scenariosNeeded } from '../statistics/sizes.ts';
import type { Metric } from './input.ts';
import type { ComparedGroup, ComparedPair, Difference, DifferencePower } from './result.ts';

export const LEVEL = 0.05;
const POWER = 0.8;
/** The mean may be so many standard errors nearer to its bound: 90 % of means are not. */
const MEAN_Z = 1.28;
const SEED = 17;
/** Scenarios to be drawn for each power of a table: with 100 scenarios and one pair that is 1,000 experiments. */
const DRAWS = 100_000;
/** Below this of them a power is told too badly to be worth telling. */
const LEAST_DRAWS = 8_000;
/** A power of 80 % is told to 0.9 points. */
const MOST = 2_000;
/** Below so many scenarios sums are few, and the test is coarser than Student's. */
const COARSE = 40;

export function powerBefore(scenarios: number): DifferencePower {
  const alone = leastAlone(scenarios);
  return {
    level: LEVEL,
    detectable: null,
    alone: null,
    ofSeen: null,
    scenariosNeeded: null,
    moreRuns: { kind: 'unknown' },
    leastP: { corrected: alone, alone },
  };
}

/** What was told before of the same values: a report asks one question in several forms. Filled by each comparison that is given it. */
export type Powers = Map<string, DifferencePower>;

/** `values`: of each pair. */
type At = { readonly metric: Metric; readonly values: readonly (readonly [ArmValues, ArmValues])[] } & {
  readonly groupsOf: (scenario: string) => readonly (string | null)[];
  /** Clusters are drawn and flipped then, and no model is of them: no power is told. */
  readonly isClustered: boolean;
  readonly powers?: Powers | undefined;
};

/** Once it is known how many tests stand beside each other. */
export function withPower(pairs: readonly ComparedPair[], input: At): readonly ComparedPair[] {
  // Groups have a share of their own: whether they are asked for moves no number of a pair.
  const groups = pairs.reduce((sum, pair) => sum + pair.groups.length, 0);
  const drawsFor = (rows: number): number => Math.max(LEAST_DRAWS, DRAWS / Math.max(1, rows));
  const ofPairs = leastOf(pairs.map(({ difference }) => difference));
  return pairs.map((pair, i) => {
    const [first, second] = input.values[i]!;
    const common = [...first.keys()].filter((name) => second.has(name));
    const of = (
      difference: Difference | null,
      names: readonly string[],
      { leastP, rows, exactUpTo }: Pick<Of, 'leastP' | 'exactUpTo'> & { readonly rows: number },
    ): Difference | null =>
      difference && {
        ...difference,
        power: knownPower(input.powers, difference, {
          metric: input.metric,
          draws: drawsFor(rows),
          exactUpTo,
          leastP,
          isClustered: input.isClustered,
          first: names.map((name) => first.get(name)!),
          second: names.map((name) => second.get(name)!),
        }),
      };
    const ofGroups = leastOf(pair.groups.map(({ difference }) => difference));
    return {
      ...pair,
      difference: of(pair.difference, common, { leastP: ofPairs[i]!, rows: pairs.length, exactUpTo: COARSE }),
      groups: pair.groups.map(
        (group, g): ComparedGroup => ({
          ...group,
          difference: of(
            group.difference,
            common.filter((name) => input.groupsOf(name).includes(group.name)),
            // What it would take is said of pairs only.
            { leastP: ofGroups[g]!, rows: groups, exactUpTo: 0 },
          ),
        }),
      ),
    };
  });
}

function leastAlone(scenarios: number): number {
  return Math.min(1, 2 ** (1 - scenarios));
}

/** Holm's p of each, had every scenario of it spoken for one arm and the other tests come out as they did. */
function leastOf(differences: readonly (Difference | null)[]): readonly number[] {
  const there = differences.flatMap((one) => one ?? []);
  const ps = there.map(({ comparison }) => comparison.permutation.p);
  return differences.map((one) => {
    if (one === null) return 1;
    const own = there.indexOf(one);
    return holm(ps.with(own, leastAlone(one.comparison.units)))[own]!;
  });
}

type Of = {
  readonly metric: Metric;
  readonly draws: number;
  readonly exactUpTo: number;
  readonly isClustered: boolean;
  readonly leastP: number;
  readonly first: readonly (readonly number[])[];
  readonly second: readonly (readonly number[])[];
};

function knownPower(powers: Powers | undefined, difference: Difference, of: Of): DifferencePower {
  if (powers === undefined) return powerOfDifference(difference, of);
  const { tests, comparison } = difference;
  const name = JSON.stringify([of, tests, comparison.pairs, comparison.units, comparison.difference]);
  const known = powers.get(name) ?? powerOfDifference(difference, of);
  powers.set(name, known);
  return known;
}

function powerOfDifference(
  { comparison, tests }: Difference,
  { metric, draws, exactUpTo, leastP, first, second, isClustered }: Of,
): DifferencePower {
  const scenarios = comparison.pairs;
  const none = powerBefore(comparison.units);
  const level = LEVEL / tests;
  const leasts = { corrected: leastP, alone: none.leastP.alone };
  if (isClustered && comparison.units < scenarios)
    return { ...none, level, leastP: leasts, isClustered: true };
  const model = fitModel({ first, second }, metric === 'score' || metric === 'pass');
  if (model === null) return { ...none, level, leastP: leasts };
  const design = first.map((runs, i) => [runs.length, second[i]!.length] as const);
  const asked = {
    model,
    wish: { kind: 'differs' },
    level,
    power: POWER,
    seed: SEED,
    draws,
    exactUpTo,
  } as const;
  const runs = Math.max(1, Math.round(meanOf(design.map(([one, other]) => (one + other) / 2))));
  const means = first.map((runs, i) => (meanOf(runs) + meanOf(second[i]!)) / 2);
  const slack = (MEAN_Z * deviationOf(means)) / Math.sqrt(scenarios);
  const experiments = Math.min(MOST, experimentsFor(draws, { scenarios, runs }));
  const simulated = simulatePower({ ...asked, design, experiments });
  const detectable = detectableOf(simulated, { slack });
  const isWhole = detectable.up !== null && detectable.down !== null;
  const alone = tests === 1 || isWhole ? detectable : detectableOf(simulated.atLevel(LEVEL), { slack });
  const seen = comparison.difference;
  return {
    level,
    detectable,
    alone,
    leastP: leasts,
    ofSeen: seen === 0 ? null : simulated.powerAt(seen),
    scenariosNeeded: scenariosNeeded({ ...asked, difference: seen, runs }),
    moreRuns: runsNeeded({ ...asked, difference: seen, scenarios }),
  };
}
