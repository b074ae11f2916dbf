// What an experiment has to be to find a true difference, or to show that there is none beyond a margin: before it is drawn. Pure.

import type { Metric } from '../../analysis/compare/input.ts';
import { isLowerBetter } from '../../analysis/compare/margin.ts';
import { formatDifference, formatMetric } from '../../analysis/compare/numbers.ts';
import { LEVEL } from '../../analysis/compare/power.ts';
import type { AnswersModel } from '../../analysis/statistics/answers-model.ts';
import { ASSUMED_OWN } from '../../analysis/statistics/assumed-model.ts';
import { evenDesign } from '../../analysis/statistics/draw-answers.ts';
import { NOT_WORSE_LEVEL, SAME_LEVEL } from '../../analysis/statistics/margin.ts';
import {
  type Detectable,
  detectableOf,
  isPass,
  simulatePower,
  type Wish,
} from '../../analysis/statistics/power-simulated.ts';
import { experimentsFor, scenariosNeeded } from '../../analysis/statistics/sizes.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount, formatCount, formatMoney } from '../../text/format.ts';
import type { Block } from '../../text/sheet.ts';
import { roughly } from './power-words.ts';
import { NOUNS } from './words.ts';

/** Where the model of the answers is from. */
export type PowerBasis =
  | { readonly kind: 'assumed'; readonly base: number }
  | {
      readonly kind: 'history';
      readonly arms: readonly string[];
      readonly scenarios: number;
      readonly answers: number;
      readonly simulated: boolean;
    };

export type PowerQuestion = {
  readonly experiment: string;
  readonly metric: Metric;
  readonly model: AnswersModel;
  readonly basis: PowerBasis;
  /** True difference, second arm minus first. */
  readonly effect: number;
  /** null = a difference is to be found; else arms are to be shown to be within it. */
  readonly margin: number | null;
  readonly power: number;
  readonly arms: number;
  readonly scenarios: number;
  readonly runs: number;
  /** USD of one answer; null = not known. */
  readonly costOfAnswer: number | null;
  readonly isSimulatedMoney: boolean;
  /** What the manifest counts by, as it is written; null = scenarios. */
  readonly cluster: string | null;
};

export type Goal = 'found' | 'same' | 'not-worse';

export type PowerPlan = PowerQuestion & {
  readonly tests: number;
  readonly goals: readonly Goal[];
  readonly needed: readonly {
    readonly runs: number;
    /** By goal; null = out of reach. */
    readonly scenarios: readonly (number | null)[];
  }[];
  /** Of the design that is asked for, by goal. */
  readonly powers: readonly number[];
  /** Differences that it finds with the power asked for; null where a margin is asked for. */
  readonly detectable: Detectable | null;
};

const SEED = 23;
/** Scenarios drawn for each power: 100 scenarios are 6,000 experiments, and a power of 80 % is known to one point. */
const DRAWS = 600_000;
/** Of sizes that are searched fewer do. */
const DRAWS_OF_SIZES = 200_000;
const EXACT_UP_TO = 150;
const USUAL_RUNS = [1, 3, 5];

export function planPower(question: PowerQuestion): PowerPlan {
  const { model, margin, metric, effect, power } = question;
  const tests = Math.max(1, question.arms - 1);
  const goals: readonly Goal[] = margin === null ? ['found'] : ['not-worse', 'same'];
  const asked = (goal: Goal): { readonly wish: Wish; readonly level: number } => {
    if (margin === null || goal === 'found') return { wish: { kind: 'differs' }, level: LEVEL / tests };
    if (goal === 'same') return { wish: { kind: 'within', margin, asks: 'same' }, level: SAME_LEVEL / tests };
    const asks = isLowerBetter(metric) ? 'below' : 'above';
    return { wish: { kind: 'within', margin, asks }, level: NOT_WORSE_LEVEL / tests };
  };
  const design = evenDesign(question.scenarios, question.runs);
  const experiments = experimentsFor(DRAWS, question);
  const simulated = goals.map((goal) =>
    simulatePower({ ...asked(goal), model, design, seed: SEED, experiments }),
  );
  return {
    ...question,
    tests,
    goals,
    needed: [...new Set([...USUAL_RUNS, question.runs])]
      .sort((a, b) => a - b)
      .map((runs) => ({
        runs,
        scenarios: goals.map((goal) =>
          scenariosNeeded({
            ...asked(goal),
            model,
            power,
            runs,
            difference: effect,
            seed: SEED,
            draws: DRAWS_OF_SIZES,
            exactUpTo: EXACT_UP_TO,
          }),
        ),
      })),
    powers: simulated.map(({ powerAt }) => powerAt(effect)),
    detectable: margin === null ? detectableOf(simulated[0]!, { power }) : null,
  };
}

const HEADS: { readonly [goal in Goal]: string } = {
  found: 'scenarios\nto find it',
  same: 'scenarios for\n"the same"',
  'not-worse': 'scenarios for\n"not worse"',
};

export function powerSheet(plan: PowerPlan): readonly Block[] {
  const { needed, goals, costOfAnswer } = plan;
  const hasCost = costOfAnswer !== null;
  const rows = needed.map((size) => {
    const { runs, scenarios } = size;
    const answers = answersOf(plan, size);
    return {
      kind: 'cells' as const,
      cells: [
        String(runs),
        ...scenarios.map((one) => (one === null ? 'out of reach' : formatCount(roughly(one)))),
        answers === null ? '-' : formatCount(roughly(answers)),
        ...(hasCost ? [answers === null ? '-' : formatMoney(roughly(answers) * costOfAnswer)] : []),
      ],
    };
  });
  const columns = [
    { head: 'runs', align: 'right' as const },
    ...goals.map((goal) => ({ head: HEADS[goal], align: 'right' as const })),
    { head: 'answers\nin all', align: 'right' as const },
    ...(hasCost
      ? [{ head: plan.isSimulatedMoney ? 'cost\n(simulated)' : 'cost', align: 'right' as const }]
      : []),
  ];
  const { can, cannot } = powerWords(plan);
  return [
    { kind: 'title', text: titleOf(plan) },
    { kind: 'table', head: null, columns, rows },
    { kind: 'sentences', head: 'What this says', tone: 'plain', sentences: can },
    { kind: 'sentences', head: 'What it cannot say', tone: 'plain', sentences: cannot },
  ];
}

/** Where every goal is in reach. */
function answersOf({ arms }: PowerPlan, { runs, scenarios }: PowerPlan['needed'][number]): number | null {
  return scenarios.every((one) => one !== null) ? Math.max(...scenarios) * runs * arms : null;
}

function titleOf({ experiment, metric, effect, margin, power }: PowerPlan): string {
  const what =
    margin === null
      ? `to find a true difference of ${formatDifference(metric, effect)}`
      : `to show that arms are within ${formatMetric(metric, margin)}`;
  return `${sanitizeLine(experiment)}: ${NOUNS[metric]}, ${what} with a power of ${percent(power)}`;
}

export function powerWords(plan: PowerPlan): {
  readonly can: readonly string[];
  readonly cannot: readonly string[];
} {
  return { can: [designWords(plan), ...detectableWords(plan), basisWords(plan)], cannot: unknowns(plan) };
}

function designWords(plan: PowerPlan): string {
  const { metric, effect, margin, powers, scenarios, runs, arms } = plan;
  const size = `${formatAmount(scenarios, 'scenario')} x ${formatAmount(runs, 'run')}, ${formatAmount(arms, 'arm')}`;
  const [first, second] = powers;
  if (margin === null)
    return `${size}: a true difference of ${formatDifference(metric, effect)} is found in ${percent(first!)} of such experiments.`;
  const truth =
    effect === 0
      ? 'were there no difference'
      : `were the true difference ${formatDifference(metric, effect)}`;
  return `${size}: ${truth}, "not worse" is shown in ${percent(first!)} of such experiments, "the same" in ${percent(second!)}.`;
}

function detectableWords({ detectable, metric, power }: PowerPlan): readonly string[] {
  if (detectable === null) return [];
  const size = (value: number): string => formatMetric(metric, value);
  const { up, down } = detectable;
  const often = `in ${percent(power)} of them`;
  if (up === null && down === null)
    return [`It finds no difference ${often}, not even the largest possible: too few scenarios.`];
  if (up === null)
    return [`It finds a fall of ${size(down!)} ${often}, and no rise: there is too little room above.`];
  if (down === null)
    return [`It finds a rise of ${size(up)} ${often}, and no fall: there is too little room below.`];
  return [`It finds a rise of ${size(up)} or a fall of ${size(down)} ${often}.`];
}

function basisWords({ basis, model, metric }: PowerPlan): string {
  const shares = shareWords(model);
  if (basis.kind === 'assumed')
    return `Assumed, for no answer was looked at: a mean of ${formatMetric(metric, basis.base)} (--base), of the variation one half from run to run, ${percent(0.5 - ASSUMED_OWN)} the scenario, ${percent(ASSUMED_OWN)} how an arm takes it. \`--from history\` takes all of that from answers that are there.`;
  const arms = basis.arms.map(sanitizeLine);
  const some =
    arms.length > 3 ? `${arms.slice(0, 3).join(', ')} and ${arms.length - 3} more` : arms.join(', ');
  const played = basis.simulated ? ' These answers were played by a simulation.' : '';
  return `From ${formatAmount(basis.answers, 'answer')} of ${some} in ${formatAmount(basis.scenarios, 'scenario')}: a mean of ${formatMetric(metric, model.mean)}; ${shares}.${played}`;
}

/** Of what decides on a value, as a person would say it. */
function shareWords(model: AnswersModel): string {
  const scenario = percent(model.shared);
  if (!model.isSplit)
    return `${scenario} of the variation is the scenario; what of the rest is the run is not known from one run of each`;
  return `${scenario} of the variation is the scenario, ${percent(model.own)} how an arm takes it, ${percent(Math.max(0, 1 - model.shared - model.own))} the run`;
}

function unknowns(plan: PowerPlan): readonly string[] {
  const { basis, model, tests, needed } = plan;
  const thin = basis.kind === 'history' && basis.scenarios < THIN;
  const holm =
    tests > 1
      ? [
          `With ${formatAmount(plan.arms, 'arm')} each p is held against what Holm's correction for ${formatCount(tests)} tests asks for at most; where others are found it asks for less.`,
        ]
      : [];
  const clusters =
    plan.cluster === null
      ? []
      : [
          `"compare" counts clusters here (cluster: ${sanitizeLine(plan.cluster)}), and these numbers count scenarios as if each were alone: where those of one cluster lean together it takes more of them, and more clusters rather than more in each.`,
        ];
  const one = model.isSplit || needed.length === 1;
  return [
    ...clusters,
    ...(thin
      ? [
          `${formatAmount(basis.scenarios, 'scenario')} tell the variation badly: with ${formatAmount(THIN, 'scenario')} the numbers of scenarios are still off by some 40 %.`,
        ]
      : []),
    ...(one
      ? []
      : [
          'What more runs would do: these answers are of one run each, and all that arms do not share was taken for runs.',
        ]),
    ...holm,
    `How large the true difference is, or whether further scenarios are like these. Simulated with the test that compare uses${isPass(model) || basis.kind === 'assumed' ? '' : ', from the values that were seen'}; powers are within 1 point of what this model gives.`,
  ];
}

/** A standard deviation of so many differences is off by a sixth, its square by a third and more. */
const THIN = 20;

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

/** One stable shape in snake_case. */
export function powerJson(plan: PowerPlan): object {
  const { basis, model, detectable, needed, goals, powers } = plan;
  const { experiment, metric, effect, margin, power, arms, tests, scenarios, runs } = plan;
  const by = <T>(values: readonly T[]): object =>
    Object.fromEntries(goals.map((goal, i) => [goal.replace('-', '_'), values[i]]));
  const question = { v: 1, experiment, metric, effect, margin, power, arms, tests };
  return {
    ...question,
    basis: {
      from: basis.kind,
      ...(basis.kind === 'history'
        ? { arms: basis.arms, scenarios: basis.scenarios, answers: basis.answers, simulated: basis.simulated }
        : {}),
      mean: model.mean,
      variation: model.isSplit
        ? { scenario: model.shared, arm: model.own, run: Math.max(0, 1 - model.shared - model.own) }
        : { scenario: model.shared, arm: null, run: null },
    },
    needed: needed.map((size) => {
      const answers = answersOf(plan, size);
      const cost = answers === null || plan.costOfAnswer === null ? null : answers * plan.costOfAnswer;
      return { runs: size.runs, scenarios: by(size.scenarios), answers, cost_usd: cost };
    }),
    design: {
      scenarios,
      runs,
      power: by(powers),
      detectable_up: detectable?.up ?? null,
      detectable_down: detectable?.down ?? null,
    },
    simulated_money: plan.isSimulatedMoney,
    conclusions: powerWords(plan),
  };
}
