// Do groups of scenarios differ in how the arms differ? "Found in A, not in B" does not say so. Pure.

import { clusterUnits } from './clusters.ts';
import type { ArmValues } from './compare.ts';
import { type Designed, pairedDifferences } from './compare.ts';
import { meanOf } from './intervals.ts';
import { makeRandom } from './random.ts';
import { exactSum } from './sums.ts';

export type Interaction = {
  /** How often groups made by chance from the same differences would lie apart as far. */
  readonly p: number;
  /** That have a scenario in both arms. */
  readonly groups: number;
};

const SAMPLES = 10_000;
/** Statistics that should be equal differ in their last bits. */
const TIE = 1e-9;

/**
 * One-way analysis of the scenarios' differences by group, with its p by permutation: the F statistic, and labels that are dealt
 * out anew (E. J. G. Pitman, "Significance tests which may be applied to samples from any populations: III. The analysis of
 * variance test", Biometrika 29, 1938), of a sample of them (seen or more + 1) / (samples + 1): B. Phipson and G. Smyth
 * (2010). That a significant and a not significant difference need not differ: A. Gelman and H. Stern, The American
 * Statistician 60 (2006). Where clusters are the units a cluster whose scenarios are in several groups is taken apart by group.
 * @param groupOf null = the scenario is in no group, and those are a group as well
 */
export function interactionOf(
  { first, second }: { readonly first: ArmValues; readonly second: ArmValues },
  input: {
    readonly groupOf: (scenario: string) => string | null;
    readonly design: Designed;
    readonly seed: number;
  },
): Interaction | null {
  const { names, differences } = pairedDifferences(first, second);
  const groups = new Map<string | null, { readonly names: string[]; readonly values: number[] }>();
  names.forEach((name, i) => {
    const group = input.groupOf(name);
    const known = groups.get(group) ?? { names: [], values: [] };
    known.names.push(name);
    known.values.push(differences[i]!);
    groups.set(group, known);
  });
  if (groups.size < 2) return null;
  const { clusterOf } = input.design;
  const units = [...groups.values()]
    .map((group) =>
      [...(clusterOf ? clusterUnits(group.values, group.names.map(clusterOf)) : group.values)].sort(
        (a, b) => a - b,
      ),
    )
    // What is dealt out does not hang on the names of groups.
    .sort((a, b) => a.length - b.length || meanOf(a) - meanOf(b));
  // Two of one scenario each cannot be told from chance.
  if (units.every((group) => group.length < 2)) return null;
  return { p: dealt(units, input.seed), groups: groups.size };
}

/** Of a fixed total the F statistic rises with the sum of squares between groups alone. */
function dealt(groups: readonly (readonly number[])[], seed: number): number {
  const all = groups.flat();
  const mean = meanOf(all);
  const centred = Float64Array.from(all, (one) => one - mean);
  const total = exactSum(centred.map((one) => one ** 2));
  if (total === 0) return 1;
  const sizes = groups.map(({ length }) => length);
  const between = (): number => {
    let at = 0;
    let squares = 0;
    for (const size of sizes) {
      let sum = 0;
      for (const end = at + size; at < end; at++) sum += centred[at]!;
      squares += sum ** 2 / size;
    }
    return squares;
  };
  const seen = between() - TIE * total;
  const random = makeRandom(seed);
  const samples = Math.max(1_000, Math.min(SAMPLES, Math.floor(5_000_000 / all.length)));
  let extreme = 0;
  for (let n = 0; n < samples; n++) {
    for (let i = centred.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      const kept = centred[i]!;
      centred[i] = centred[j]!;
      centred[j] = kept;
    }
    if (between() >= seen) extreme++;
  }
  return (extreme + 1) / (samples + 1);
}
