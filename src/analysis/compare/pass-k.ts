// At least one of k runs passes, all of k runs pass: for every k, each over the scenarios that were drawn as often. Pure.

import { clusterUnits } from '../statistics/clusters.ts';
import { type ArmValues, comparePaired, type Designed, differenceInterval } from '../statistics/compare.ts';
import { holm, passAtK, passHatK } from '../statistics/effects.ts';
import { type Interval, meanOf, wilsonOverClusters } from '../statistics/intervals.ts';
import type { PairPassK, PassK, PassKind } from './result.ts';

/** Of one arm, k from 1 to the most runs that one of its scenarios has. */
export function passKOf(values: ArmValues, design: Designed): readonly PassK[] {
  const most = mostRuns(values);
  return Array.from({ length: most }, (_, i) => {
    const k = i + 1;
    const [at, hat] = [estimates(values, { kind: 'at', k }), estimates(values, { kind: 'hat', k })];
    return {
      k,
      at: meanOf([...at.values()].flat()),
      atInterval: intervalOf(at, { values, design }),
      hat: meanOf([...hat.values()].flat()),
      hatInterval: intervalOf(hat, { values, design }),
      scenarios: at.size,
      of: values.size,
    };
  });
}

/** More lines than this say nothing more: beyond ten, some. */
const SOME_K: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 50, 100, 200, 500];

/** The first ten, some of those that follow, and the last. */
export function shownK(most: number): readonly number[] {
  return [...SOME_K.filter((k) => k < most), ...(most > 0 ? [most] : [])];
}

/**
 * Second minus first at each k that both arms have, over the scenarios in which both do; of k = 1 it is the difference itself.
 * p (Holm) and interval (Bonferroni) are corrected for the lines of this pair: they are looks at the same runs.
 */
export function pairPassK(
  { first, second }: { readonly first: ArmValues; readonly second: ArmValues },
  { design, seed }: { readonly design: Designed; readonly seed: number },
): readonly PairPassK[] {
  const both = [...first.keys()].filter((name) => second.has(name)).length;
  const most = Math.min(mostRuns(first), mostRuns(second));
  const ks = shownK(most).filter((k) => k > 1);
  const corrected = { ...design, level: 1 - 0.05 / Math.max(1, 2 * ks.length) };
  const lines = ks.flatMap((k) =>
    (['at', 'hat'] as const).flatMap((kind): readonly PairPassK[] => {
      const arms = [estimates(first, { kind, k }), estimates(second, { kind, k })] as const;
      const compared = comparePaired(...arms, seed, design);
      if (compared === null) return [];
      const { difference, method, permutation, pairs } = compared;
      const interval = method === 'none' ? compared.interval : differenceInterval(...arms, corrected)!;
      return [{ kind, k, difference, interval, p: permutation.p, adjustedP: 1, scenarios: pairs, of: both }];
    }),
  );
  const adjusted = holm(lines.map(({ p }) => p));
  return lines.map((line, i) => ({ ...line, adjustedP: adjusted[i]! }));
}

/** Of each scenario with k runs or more, what its runs say; others say nothing of k. */
function estimates(
  values: ArmValues,
  { kind, k }: { readonly kind: PassKind; readonly k: number },
): ReadonlyMap<string, readonly [number]> {
  const of = kind === 'at' ? passAtK : passHatK;
  const found = new Map<string, readonly [number]>();
  for (const [name, runs] of values) {
    const share = of({ n: runs.length, passes: runs.filter((one) => one === 1).length, k });
    if (share !== null) found.set(name, [share]);
  }
  return found;
}

/**
 * Wilson's over scenarios, as of the passes themselves, which it is at k = 1: an estimate of one scenario is a share too,
 * and where all are 0 or 1 a scenario is a trial.
 */
function intervalOf(
  shares: ReadonlyMap<string, readonly [number]>,
  { values, design }: { readonly values: ArmValues; readonly design: Designed },
): Interval {
  const names = [...shares.keys()];
  const own = names.map((name) => shares.get(name)![0]);
  const trials = names.reduce((sum, name) => sum + values.get(name)!.length, 0);
  const units = design.clusterOf ? clusterUnits(own, names.map(design.clusterOf)) : own;
  return wilsonOverClusters(units, { trials });
}

/** Arguments of one call have a limit, scenarios have none. */
export function mostRuns(values: ArmValues): number {
  let most = 0;
  for (const runs of values.values()) most = Math.max(most, runs.length);
  return most;
}
