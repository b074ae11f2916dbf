// From arms to a comparison: each arm summed up, each pair held against each other over its scenarios. Pure.
import type { PlannedLooks } from '../core/until.ts';
import { type ArmSummary, type ArmValues, comparePaired, summarizeArm } from '../stats/compare.ts';
import { holm, passAtK, passHatK } from '../stats/effects.ts';
import { fisherExact, mcnemarExact } from '../stats/exact.ts';
import { meanOf, wilson } from '../stats/intervals.ts';
import { runsNeeded } from '../stats/more-runs.ts';
import { findingsOf } from './compare-gate.ts';
import { type Arm, armName, type CompareInput, counts, LACKS, type Lack } from './compare-input.ts';
import { movedBetween } from './compare-moved.ts';
import { precomputedFindings } from './compare-precomputed.ts';
import type {
  Compared,
  ComparedArm,
  ComparedGroup,
  ComparedPair,
  Difference,
  Finding,
  Mark,
  PassK,
  PassTests,
} from './compare-result.ts';
import { withoutTwins } from './compare-twins.ts';
import { looksOf, overAllLooks } from './compare-until.ts';

/** The same question gets the same answer: resampling and permutations start from here. */
export const SEED = 1;

export function compareArms(asked: CompareInput): Compared {
  const { pairs: apart, findings: twins } = withoutTwins(asked);
  const input = { ...asked, pairs: apart };
  const findings = [...twins, ...precomputedFindings(input), ...findingsOf(input)];
  const values = input.arms.map(valuesOf);
  const pairs = input.pairs.map((pair) => comparedPair(pair, { input, values, findings }));
  const { experiment, metric, scorers, between, by } = input;
  const looks = input.pairs.map((pair) => looksOf(input, pair)).find((one) => one !== null);
  const simulated = input.arms.some((arm) => arm.simulated);
  return {
    ...{ experiment, metric, scorers, between, by, simulated, findings },
    arms: input.arms.map((arm, at) =>
      comparedArm(arm, { metric, values: values[at]!, marks: marksOf([at], findings) }),
    ),
    pairs: withOverallHolm(pairs),
    ...(looks ? { looks } : {}),
  };
}

function valuesOf({ cells }: Arm): ArmValues {
  const values = new Map<string, number[]>();
  for (const cell of cells) {
    if (!counts(cell)) continue;
    const runs = values.get(cell.scenario);
    if (runs) runs.push(cell.value!);
    else values.set(cell.scenario, [cell.value!]);
  }
  // Sorted, so that neither the order of a file nor of time moves a resampled number.
  return new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function marksOf(arms: readonly number[], findings: readonly Finding[]): readonly Mark[] {
  const marks = findings.flatMap(({ mark, arms: of }) =>
    mark && of.some((at) => arms.includes(at)) ? mark : [],
  );
  return [...new Set(marks)].sort();
}

function comparedArm(
  arm: Arm,
  at: {
    readonly metric: CompareInput['metric'];
    readonly values: ArmValues;
    readonly marks: readonly Mark[];
  },
): ComparedArm {
  const lacking = Object.fromEntries(LACKS.map((lack) => [lack, 0])) as { [lack in Lack]: number };
  const served = new Map<string | null, number>();
  for (const { lack, record } of arm.cells) {
    if (lack !== null) lacking[lack]++;
    if (record) served.set(record.servedModel, (served.get(record.servedModel) ?? 0) + 1);
  }
  return {
    name: armName(arm),
    variant: arm.variant,
    at: arm.at,
    marks: at.marks,
    summary: withBound(summarizeArm(at.values, SEED), at.metric),
    cells: arm.cells.length,
    lacking,
    unjudged: arm.unjudged,
    simulated: arm.simulated,
    runs: largest([...at.values.values()].map((runs) => runs.length)),
    servedModels: [...served].map(([model, cells]) => ({ model, cells })),
    answeredAlike: answeredAlike(arm),
    passK: at.metric === 'pass' ? passKOf(at.values) : null,
  };
}

/**
 * Resampling what is all passes gives nothing but passes, and so no width: Wilson's interval tells what else it may be. A
 * scenario is one trial of it.
 */
export function withBound(summary: ArmSummary | null, metric: CompareInput['metric']): ArmSummary | null {
  if (!summary || (metric !== 'score' && metric !== 'pass')) return summary;
  const { mean, interval, scenarios } = summary;
  const isAtBound = interval.low === interval.high && (mean === 0 || mean === 1);
  return isAtBound ? { ...summary, interval: wilson(mean * scenarios, scenarios) } : summary;
}

function answeredAlike({ cells }: Arm): ComparedArm['answeredAlike'] {
  const answers = new Map<string, string[]>();
  for (const cell of cells) {
    const digest = counts(cell) ? cell.record?.outputDigest : null;
    if (!digest) continue;
    const known = answers.get(cell.scenario);
    if (known) known.push(digest);
    else answers.set(cell.scenario, [digest]);
  }
  const repeated = [...answers.values()].filter((digests) => digests.length > 1);
  return {
    alike: repeated.filter((digests) => digests.every((one) => one === digests[0])).length,
    of: repeated.length,
  };
}

/** Longer tables than this say nothing more. */
const MAX_K = 10;

function passKOf(values: ArmValues): readonly PassK[] {
  const scenarios = [...values.values()].map((runs) => ({
    n: runs.length,
    passes: runs.filter((one) => one === 1).length,
  }));
  const most = Math.min(MAX_K, largest(scenarios.map(({ n }) => n)));
  return Array.from({ length: most }, (_, i) => {
    const k = i + 1;
    const enough = scenarios.filter(({ n }) => n >= k);
    return {
      k,
      at: meanOf(enough.map((of) => passAtK({ ...of, k })!)),
      hat: meanOf(enough.map((of) => passHatK({ ...of, k })!)),
      scenarios: enough.length,
    };
  });
}

/** Arguments of one call have a limit, scenarios have none. */
function largest(counts: readonly number[]): number {
  return counts.reduce((most, count) => Math.max(most, count), 0);
}

type Context = {
  readonly input: CompareInput;
  readonly values: readonly ArmValues[];
  readonly findings: readonly Finding[];
};

function comparedPair(
  [first, second]: readonly [number, number],
  { input, values, findings }: Context,
): ComparedPair {
  const of = {
    ...{ first: values[first]!, second: values[second]!, isPass: input.metric === 'pass' },
    looks: looksOf(input, [first, second]),
  };
  return {
    first,
    second,
    marks: marksOf([first, second], findings),
    difference: differenceOf(of),
    groups: input.by === null ? [] : withHolm(groupsOf(of, input)),
    moved: input.between === 'moments' ? movedBetween(input.arms[first]!, input.arms[second]!) : null,
  };
}

type Both = {
  readonly first: ArmValues;
  readonly second: ArmValues;
  readonly isPass: boolean;
  readonly looks: PlannedLooks | null;
};

function groupsOf(both: Both, { groupsOf: of }: CompareInput): readonly ComparedGroup[] {
  const scenarios = new Map<string | null, string[]>();
  for (const scenario of [...new Set([...both.first.keys(), ...both.second.keys()])].sort()) {
    for (const group of of(scenario)) {
      const known = scenarios.get(group);
      if (known) known.push(scenario);
      else scenarios.set(group, [scenario]);
    }
  }
  const only = (values: ArmValues, names: readonly string[]): ArmValues =>
    new Map(names.flatMap((name) => (values.has(name) ? [[name, values.get(name)!] as const] : [])));
  const sorted = [...scenarios].sort(([a], [b]) => (a === null ? 1 : b === null || a < b ? -1 : 1));
  return sorted.map(([name, names]) => {
    const difference = differenceOf({
      ...both,
      first: only(both.first, names),
      second: only(both.second, names),
    });
    return { name, difference };
  });
}

function differenceOf({ first, second, isPass, looks }: Both): Difference | null {
  const once = comparePaired(first, second, SEED);
  if (once === null) return null;
  const comparison = overAllLooks(once, { first, second, looks });
  const names = [...first.keys()].filter((name) => second.has(name));
  const means = (values: ArmValues): readonly number[] => names.map((name) => meanOf(values.get(name)!));
  const both = { first: means(first), second: means(second) };
  return {
    means: { first: meanOf(both.first), second: meanOf(both.second) },
    comparison,
    adjustedP: comparison.permutation.p,
    tests: 1,
    passTests: isPass ? passTestsOf(both) : null,
    moreRuns: runsNeeded(first, second),
  };
}

function passTestsOf(means: {
  readonly first: readonly number[];
  readonly second: readonly number[];
}): PassTests {
  const first = means.first.map((mean) => mean > 0.5);
  const second = means.second.map((mean) => mean > 0.5);
  const onlyFirst = first.filter((passed, i) => passed && !second[i]).length;
  const onlySecond = second.filter((passed, i) => passed && !first[i]).length;
  const count = (of: readonly boolean[]): { readonly passed: number; readonly failed: number } => {
    const passed = of.filter(Boolean).length;
    return { passed, failed: of.length - passed };
  };
  const [a, b] = [count(first), count(second)];
  return {
    mcnemar: { onlyFirst, onlySecond, p: mcnemarExact(onlyFirst, onlySecond) },
    fisher: { first: a, second: b, p: fisherExact({ a: a.passed, b: a.failed, c: b.passed, d: b.failed }) },
  };
}

/** Groups of one pair are looked at together: the more of them, the more chance finds. */
function withHolm(groups: readonly ComparedGroup[]): readonly ComparedGroup[] {
  const adjusted = adjust(groups.map(({ difference }) => difference));
  return groups.map((group, i) => ({ ...group, difference: adjusted[i]! }));
}

function withOverallHolm(pairs: readonly ComparedPair[]): readonly ComparedPair[] {
  const adjusted = adjust(pairs.map(({ difference }) => difference));
  return pairs.map((pair, i) => ({ ...pair, difference: adjusted[i]! }));
}

function adjust(differences: readonly (Difference | null)[]): readonly (Difference | null)[] {
  const there = differences.filter((one) => one !== null);
  const ps = holm(there.map(({ comparison }) => comparison.permutation.p));
  let next = 0;
  return differences.map((one) => one && { ...one, adjustedP: ps[next++]!, tests: there.length });
}
