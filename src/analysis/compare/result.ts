// What a comparison comes to: numbers of each arm, differences of each pair, and what stands in the way. Plain data.
import type { OddEnding } from '../../core/record-ending.ts';
import type { PlannedLooks, UntilGoal, UntilQuestion } from '../../core/until.ts';
import type { ArmSummary, Comparison } from '../statistics/compare.ts';
import type { Interaction } from '../statistics/interaction.ts';
import type { Interval } from '../statistics/intervals.ts';
import type { Detectable } from '../statistics/power-simulated.ts';
import type { MoreRuns } from '../statistics/sizes.ts';
import { type Lack, type Metric, momentName } from './input.ts';

/** Numbers that were printed although the gate was closed carry why. */
export type Mark = 'incomplete' | 'mixed-models';

/** What is wrong or odd with an arm or a pair. Refusals close the gate unless they are allowed, and then they mark. */
export type Finding = {
  readonly kind:
    | 'incomplete'
    | 'mixed-models'
    | 'models-differ'
    | 'no-values'
    | 'drawn-apart'
    | 'retries-differ'
    | 'shared-draws'
    | 'unjudged'
    | 'lacks-differ'
    | 'endings-differ'
    | 'redraws-differ'
    | 'reruns-differ'
    | 'looks'
    | 'not-redrawn'
    | 'precomputed';
  readonly severity: 'refusal' | 'warning';
  /** Set where a refusal was allowed. */
  readonly mark: Mark | null;
  /** Places of the arms that it is about. */
  readonly arms: readonly number[];
  readonly message: string;
  /** It is told above the numbers, and not below them. */
  readonly isFirst?: true;
  /** The same difference with the first draws. */
  readonly firstDraws?: FirstDraws;
  /** In how many steps the answers came, and what each look may find. */
  readonly steps?: Steps;
  /** What to do. */
  readonly hint: string | null;
  /** Cells that it is about: the first ones, and how many there are. */
  readonly cells: readonly string[];
  readonly count: number;
};

/** null = no scenario has a number in both. p is of this pair alone. */
export type FirstDraws = { readonly difference: number; readonly p: number } | null;

export type Steps = {
  readonly count: number;
  /** What p has to be below, so that looks after each step come to 5 % together. */
  readonly level: number;
};

export type PassK = {
  readonly k: number;
  readonly at: number;
  readonly atInterval: Interval;
  readonly hat: number;
  readonly hatInterval: Interval;
  /** With k runs or more. */
  readonly scenarios: number;
  /** All that have a value. */
  readonly of: number;
};

/** `at`: at least one of k runs passes. `hat`: all of k do. */
export type PassKind = 'at' | 'hat';

export type PairPassK = {
  readonly kind: PassKind;
  readonly k: number;
  readonly difference: number;
  /** Corrected for the lines of this pair, as the p below. */
  readonly interval: Interval;
  readonly p: number;
  /** For the lines of this pair. */
  readonly adjustedP: number;
  readonly scenarios: number;
  readonly of: number;
};

/** Scenarios that belong together, as those of one customer: then these are the units. */
export type Clustered = {
  /** As it is written: `vars.customer`. */
  readonly field: string;
  readonly scenarios: number;
  readonly clusters: number;
  /** Scenarios that do not say it: each of them is a cluster of its own. */
  readonly without: number;
};

/** One arm in one group. */
export type ArmGroup = { readonly name: string | null; readonly summary: ArmSummary | null };

export type ComparedArm = {
  readonly name: string;
  readonly variant: string;
  readonly at: string | null;
  readonly called?: string;
  readonly marks: readonly Mark[];
  /** null = no cell has a number. */
  readonly summary: ArmSummary | null;
  readonly cells: number;
  readonly lacking: { readonly [lack in Lack]: number };
  readonly unjudged: number;
  readonly simulated: boolean;
  readonly runs: number;
  readonly servedModels: readonly { readonly model: string | null; readonly cells: number }[];
  /** Answers that count and did not end as others do. */
  readonly endings: { readonly [ending in OddEnding]: number };
  /** Scenarios whose runs all gave the same answer, of those with two answers or more. */
  readonly answeredAlike: { readonly alike: number; readonly of: number };
  /** Only of passes: at least one of k runs passes, all of k runs pass; mean over scenarios with k runs. */
  readonly passK: readonly PassK[] | null;
  /** Where nothing is held against it: what it comes to in each category or tag. */
  readonly groups: readonly ArmGroup[];
};

/** Of passes: a scenario is passed where more than half of its runs are. Scenarios are the units, as they are elsewhere. */
export type PassTests = {
  readonly mcnemar: { readonly onlyFirst: number; readonly onlySecond: number; readonly p: number };
  readonly fisher: {
    readonly first: { readonly passed: number; readonly failed: number };
    readonly second: { readonly passed: number; readonly failed: number };
    readonly p: number;
  };
};

export type DifferencePower = {
  /** What p is held against before correction: 0.05 over the tests beside it, the most that Holm's method may ask. */
  readonly level: number;
  /** Found four times out of five; null = nothing varied, so it cannot be told. */
  readonly detectable: Detectable | null;
  /** The same were this the only test. */
  readonly alone: Detectable | null;
  /** Of a true difference as large as the one seen. */
  readonly ofSeen: number | null;
  /** Scenarios that would find the one seen four times out of five; null = none was seen, or none would. */
  readonly scenariosNeeded: number | null;
  readonly moreRuns: MoreRuns;
  /** Over clusters it is not told. */
  readonly isClustered?: boolean;
  /** The smallest p that any answers in these scenarios could have led to: corrected, the other tests as they are, and alone. */
  readonly leastP: { readonly corrected: number; readonly alone: number };
};

export type Difference = {
  /** Of the scenarios that both arms have. */
  readonly means: { readonly first: number; readonly second: number };
  readonly comparison: Comparison;
  /** Of the permutation test, corrected by Holm's method for the tests that stand beside it. */
  readonly adjustedP: number;
  /** How many stand there, this one included. */
  readonly tests: number;
  /** At the level that all of these intervals together need to hold 95 % (Bonferroni); of one test the interval itself. */
  readonly adjustedInterval: Interval;
  readonly passTests: PassTests | null;
  readonly power: DifferencePower;
};

/** Corrected by Holm's method for the pairs beside it. */
export type MarginP = { readonly p: number; readonly adjusted: number };

/**
 * `same`: within the margin on both sides. `not-worse`: the second arm is not worse by it. `worse`: it is worse by more.
 * `not-shown`: none of these.
 */
export type MarginVerdict = 'same' | 'not-worse' | 'worse' | 'not-shown';

export type ComparedMargin = {
  readonly margin: number;
  readonly verdict: MarginVerdict;
  readonly lowerIsBetter: boolean;
  readonly tests: number;
  /** null = nothing varied, and nothing can be shown. */
  readonly shown: {
    /** 90 %. */
    readonly interval: Interval;
    readonly same: MarginP;
    readonly notWorse: MarginP;
    readonly worse: MarginP;
  } | null;
};

/** What became of the goal of `until:`, by the numbers of this comparison. */
export type ComparedUntil = {
  readonly goal: UntilGoal;
  /** Of each scenario, in both arms. */
  readonly runs: number;
  /** One arm has more, which another question drew. */
  readonly isCut: boolean;
  readonly state: Extract<UntilQuestion['state'], 'narrow' | 'found' | 'smaller' | 'open'>;
};

/** `difference` null = no scenario is in both arms. */
export type ComparedGroup = { readonly name: string | null; readonly difference: Difference | null };

export type MovedCell = {
  readonly cell: string;
  readonly servedModels: { readonly before: string | null; readonly after: string | null };
};

export type Flip = {
  readonly cell: string;
  readonly from: 'pass' | 'fail';
  readonly to: 'pass' | 'fail';
  /** Whether both records answer the same question. */
  readonly sameInput: boolean;
};

/** One variant at two moments, cell by cell. */
export type Moved = {
  /** Cells with a record at both. */
  readonly cells: number;
  /** The same record counted at both. */
  readonly untouched: number;
  /** The same question, another answer: the provider moved, or chance did. */
  readonly anotherAnswer: readonly MovedCell[];
  readonly inputChanged: readonly string[];
  readonly flips: readonly Flip[];
};

export type ComparedPair = {
  readonly first: number;
  readonly second: number;
  readonly marks: readonly Mark[];
  readonly difference: Difference | null;
  readonly groups: readonly ComparedGroup[];
  /** Where a margin is asked for, of all scenarios. */
  readonly margin: ComparedMargin | null;
  /** Whether the groups differ in how the arms differ; null = one group, or no group. */
  readonly interaction: Interaction | null;
  /** Only of passes, from k = 2: what it is at k = 1, `difference` says. */
  readonly passK: readonly PairPassK[] | null;
  /** Only between moments. */
  readonly moved: Moved | null;
  /** Only of arms that `until:` drew, in its metric. */
  readonly until?: ComparedUntil;
};

export type Compared = {
  readonly experiment: string;
  readonly metric: Metric;
  readonly scorers: readonly string[];
  readonly between: 'variants' | 'moments';
  readonly by: 'category' | 'tag' | null;
  readonly cluster: Clustered | null;
  readonly simulated: boolean;
  /** Of first draws, whatever was drawn again. */
  readonly isFirstDraws?: true;
  readonly findings: readonly Finding[];
  readonly arms: readonly ComparedArm[];
  readonly pairs: readonly ComparedPair[];
  /** That differences are corrected for; only where there are some. */
  readonly looks?: PlannedLooks;
};

/** The gate is closed: no number is to be shown. */
export function isRefused({ findings }: Pick<Compared, 'findings'>): boolean {
  return findings.some(({ severity }) => severity === 'refusal');
}

/** Between variants the head says from what. */
export function pairName({ first, second }: ComparedPair, compared: Compared): string {
  const [before, after] = [compared.arms[first]!, compared.arms[second]!];
  if (compared.between === 'variants') return after.name;
  return `${after.variant}: ${momentName(after)} - ${momentName(before)}`;
}

/** One arm, and nothing that it is held against. */
export function isAlone({ arms, pairs }: Pick<Compared, 'arms' | 'pairs'>): boolean {
  return arms.length === 1 && pairs.length === 0;
}
