// From arms to a comparison: each arm summed up, each pair held against each other over its scenarios. Pure.

import { type ArmSummary, type ArmValues, type Designed, summarizeArm } from '../statistics/compare.ts';
import { type Interaction, interactionOf } from '../statistics/interaction.ts';
import { wilson } from '../statistics/intervals.ts';
import { clusteredIn, designOf } from './cluster.ts';
import { adjust, type Both, differenceOf } from './difference.ts';
import { findingsOf } from './gate.ts';
import { endingsIn } from './gate-endings.ts';
import { type Arm, armName, type CompareInput, counts, LACKS, type Lack } from './input.ts';
import { withMargin } from './margin.ts';
import { movedBetween } from './moved.ts';
import { mostRuns, pairPassK, passKOf } from './pass-k.ts';
import { type Powers, withPower } from './power.ts';
import { precomputedFindings } from './precomputed.ts';
import type {
  ArmGroup,
  Compared,
  ComparedArm,
  ComparedGroup,
  ComparedPair,
  Finding,
  Mark,
} from './result.ts';
import { SEED } from './seed.ts';
import { withoutTwins } from './twins.ts';
import { looksOf, untilOf } from './until.ts';
import { valuesOf, valuesOfPair } from './values.ts';

/** @param powers of other comparisons of the same arms */
export function compareArms(asked: CompareInput, powers?: Powers): Compared {
  const { pairs: apart, findings: twins } = withoutTwins(asked);
  const input = { ...asked, pairs: apart };
  const findings = [...twins, ...precomputedFindings(input), ...findingsOf(input)];
  const values = input.arms.map((arm) => valuesOf(arm));
  const both = input.pairs.map((pair) => valuesOfPair(pair, { input, values }));
  const design = designOf(input);
  const pairs = input.pairs.map((pair, i) => comparedPair(pair, { input, both: both[i]!, findings, design }));
  const { experiment, metric, scorers, between, by } = input;
  const looks = input.pairs.map((pair) => looksOf(input, pair)).find((one) => one !== null);
  const simulated = input.arms.some((arm) => arm.simulated);
  return {
    experiment,
    metric,
    scorers,
    between,
    by,
    simulated,
    findings,
    ...(input.isFirstDraws ? { isFirstDraws: true as const } : {}),
    cluster: clusteredIn(input, values),
    arms: input.arms.map((arm, at) =>
      comparedArm(arm, { input, values: values[at]!, marks: marksOf([at], findings), design }),
    ),
    pairs: withMargin(
      withPower(withUntil(withOverallHolm(pairs, { input, both, design }), input), {
        metric,
        values: both,
        groupsOf: input.groupsOf,
        isClustered: Boolean(design.clusterOf),
        powers,
      }),
      { metric, values: both, margin: input.margin ?? null, clusterOf: design.clusterOf ?? null },
    ),
    ...(looks ? { looks } : {}),
  };
}

function marksOf(arms: readonly number[], findings: readonly Finding[]): readonly Mark[] {
  const marks = findings.flatMap(({ mark, arms: of }) =>
    mark && of.some((at) => arms.includes(at)) ? mark : [],
  );
  return [...new Set(marks)].sort();
}

function comparedArm(
  arm: Arm,
  context: {
    readonly input: CompareInput;
    readonly values: ArmValues;
    readonly marks: readonly Mark[];
    readonly design: Designed;
  },
): ComparedArm {
  const { metric } = context.input;
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
    ...(arm.called === undefined ? {} : { called: arm.called }),
    marks: context.marks,
    summary: withBound(summarizeArm(context.values, SEED, context.design), metric),
    cells: arm.cells.length,
    lacking,
    unjudged: arm.unjudged,
    simulated: arm.simulated,
    runs: mostRuns(context.values),
    servedModels: [...served].map(([model, cells]) => ({ model, cells })),
    endings: endingsIn(arm),
    answeredAlike: answeredAlike(arm),
    passK: metric === 'pass' ? passKOf(context.values, context.design) : null,
    groups: context.input.by === null || context.input.pairs.length > 0 ? [] : armGroups(context),
  };
}

/**
 * Resampling what is all passes gives nothing but passes, and so no width: Wilson's interval tells what else it may be. A
 * scenario is one trial of it.
 */
export function withBound(summary: ArmSummary | null, metric: CompareInput['metric']): ArmSummary | null {
  if (!summary || (metric !== 'score' && metric !== 'pass')) return summary;
  const { mean, interval, units } = summary;
  const isAtBound = interval.low === interval.high && (mean === 0 || mean === 1);
  return isAtBound ? { ...summary, interval: wilson(mean * units, units) } : summary;
}

/** One arm alone is told by group as well. */
function armGroups(context: {
  readonly input: CompareInput;
  readonly values: ArmValues;
  readonly design: Designed;
}): readonly ArmGroup[] {
  return namesByGroup([...context.values.keys()], context.input).map(([name, names]) => {
    const summary = summarizeArm(only(context.values, names), SEED, context.design);
    return { name, summary: withBound(summary, context.input.metric) };
  });
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

type Context = {
  readonly input: CompareInput;
  readonly both: readonly [ArmValues, ArmValues];
  readonly findings: readonly Finding[];
  readonly design: Designed;
};

function comparedPair(
  [first, second]: readonly [number, number],
  { input, both, findings, design }: Context,
): ComparedPair {
  const of = {
    first: both[0],
    second: both[1],
    isPass: input.metric === 'pass',
    design,
    looks: looksOf(input, [first, second]),
  };
  return {
    first,
    second,
    marks: marksOf([first, second], findings),
    difference: differenceOf(of),
    groups: input.by === null ? [] : withHolm(groupsOf(of, input)),
    margin: null,
    interaction: interactionIn(of, input),
    passK: of.isPass ? pairPassK(of, { design, seed: SEED }) : null,
    moved: input.between === 'moments' ? movedBetween(input.arms[first]!, input.arms[second]!) : null,
  };
}

type GroupOfBoth = ComparedGroup & { readonly both: Both };

function groupsOf(both: Both, input: CompareInput): readonly GroupOfBoth[] {
  const names = [...new Set([...both.first.keys(), ...both.second.keys()])];
  return namesByGroup(names, input).map(([name, of]) => {
    const own = { ...both, first: only(both.first, of), second: only(both.second, of) };
    return { name, difference: differenceOf(own), both: own };
  });
}

function namesByGroup(
  scenarios: readonly string[],
  { groupsOf: of }: CompareInput,
): readonly (readonly [string | null, readonly string[]])[] {
  const groups = new Map<string | null, string[]>();
  for (const scenario of [...scenarios].sort()) {
    for (const group of of(scenario)) {
      const known = groups.get(group);
      if (known) known.push(scenario);
      else groups.set(group, [scenario]);
    }
  }
  return [...groups].sort(([a], [b]) => (a === null ? 1 : b === null || a < b ? -1 : 1));
}

function only(values: ArmValues, names: readonly string[]): ArmValues {
  return new Map(names.flatMap((name) => (values.has(name) ? [[name, values.get(name)!] as const] : [])));
}

/** Tags overlap: a scenario with two of them is in both groups, and no label can be dealt out. */
function interactionIn(both: Both, { by, groupsOf: of }: CompareInput): Interaction | null {
  if (by !== 'category') return null;
  return interactionOf(both, {
    design: both.design,
    seed: SEED,
    groupOf: (scenario) => of(scenario)[0] ?? null,
  });
}

/** Groups of one pair are looked at together: the more of them, the more chance finds. */
function withHolm(groups: readonly GroupOfBoth[]): readonly ComparedGroup[] {
  const adjusted = adjust(groups);
  return groups.map(({ name }, i) => ({ name, difference: adjusted[i]! }));
}

function withOverallHolm(
  pairs: readonly ComparedPair[],
  context: {
    readonly input: CompareInput;
    readonly both: readonly (readonly [ArmValues, ArmValues])[];
    readonly design: Designed;
  },
): readonly ComparedPair[] {
  const adjusted = adjust(
    pairs.map(({ difference, first, second }, i) => ({
      difference,
      both: {
        first: context.both[i]![0],
        second: context.both[i]![1],
        design: context.design,
        looks: looksOf(context.input, [first, second]),
      },
    })),
    context.input.beside,
  );
  return pairs.map((pair, i) => ({ ...pair, difference: adjusted[i]! }));
}

function withUntil(pairs: readonly ComparedPair[], input: CompareInput): readonly ComparedPair[] {
  return pairs.map((pair) => {
    const until = untilOf(pair, input);
    return until === null ? pair : { ...pair, until };
  });
}
