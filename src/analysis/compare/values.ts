// Numbers of an arm by scenario, and those that a pair is compared by. Pure.
import type { ArmValues } from '../statistics/compare.ts';
import { type Arm, type CompareInput, counts } from './input.ts';
import { looksOf, mostRun } from './until.ts';

/** @param upTo runs of each scenario */
export function valuesOf({ cells }: Pick<Arm, 'cells'>, upTo: number = Number.POSITIVE_INFINITY): ArmValues {
  const values = new Map<string, number[]>();
  for (const cell of cells) {
    if (!counts(cell) || cell.run > upTo) continue;
    const runs = values.get(cell.scenario);
    if (runs) runs.push(cell.value!);
    else values.set(cell.scenario, [cell.value!]);
  }
  // Sorted, so that neither the order of a file nor of time moves a resampled number.
  return new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * All that the arms have. Arms of `until:` are compared as its looks compare them, by the runs that both have: an arm that
 * another question drew further meanwhile was not looked at there.
 */
export function valuesOfPair(
  [first, second]: readonly [number, number],
  { input, values }: { readonly input: CompareInput; readonly values: readonly ArmValues[] },
): readonly [ArmValues, ArmValues] {
  const shared = sharedRuns([first, second], input);
  if (shared === null) return [values[first]!, values[second]!];
  return [valuesOf(input.arms[first]!, shared), valuesOf(input.arms[second]!, shared)];
}

/** Of arms that `until:` drew unequally far, the runs of the shorter one; null = all of them count. */
function sharedRuns(pair: readonly [number, number], input: CompareInput): number | null {
  if (looksOf(input, pair) === null) return null;
  const [a, b] = pair.map((arm) => mostRun(input.arms[arm]!)) as [number, number];
  return a === b ? null : Math.min(a, b);
}
