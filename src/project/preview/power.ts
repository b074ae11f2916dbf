// How many scenarios and runs find a difference, before anything is drawn. Reads the manifest and the index only.
import { type CompareInput, counts, type Metric } from '../../analysis/compare/input.ts';
import { formatDifference, formatMetric } from '../../analysis/compare/numbers.ts';
import { type AnswersModel, reachOf } from '../../analysis/statistics/answers-model.ts';
import { assumedModel } from '../../analysis/statistics/assumed-model.ts';
import { fitModel, fitOneArm } from '../../analysis/statistics/fit-model.ts';
import { NO_FILTER } from '../../core/task.ts';
import { type PowerBasis, type PowerPlan, planPower } from '../../report/compare/power.ts';
import { isJudged } from '../compare/arm.ts';
import { gatherComparison } from '../compare/arms.ts';
import { readAmount, readMargin, readShare, readWhole } from '../compare/margin.ts';
import { CommandError } from '../open/command-error.ts';
import { openToRead, type Reading } from '../open/read.ts';
import { hasTests } from '../open/survey-scope.ts';
import { refuseWithheld } from '../open/withheld.ts';
import type { World } from '../open/world.ts';
import { estimateExperiment } from '../plan/estimate.ts';
import { planExperiment } from '../select/plan-experiment.ts';
import { bookOfToday, chosenScorers } from '../select/verdict.ts';

export type PowerInput = {
  /** The manifest; relative to the working folder of the world. */
  readonly file: string;
  /** With `from: history`: whose answers are looked at; none: all of them. */
  readonly variants?: readonly string[];
  /** The true difference to be found, in the unit of the metric: `0.1`, `-0.1`, `10%`. */
  readonly effect?: string;
  /** Instead: to show that arms are within it. */
  readonly margin?: string;
  /** How answers vary: as those that are there do; left out: as assumed from `base`. */
  readonly from?: 'history';
  /** Left out: `score`. */
  readonly metric?: Metric;
  /** The mean to be expected, a share; left out: 0.7. */
  readonly base?: string;
  /** Of the design: whole numbers; left out: those of the manifest. */
  readonly scenarios?: string;
  readonly runs?: string;
  readonly arms?: string;
  /** How often the difference is to be found, a share; left out: 0.8. */
  readonly power?: string;
  /** With `from: history`: names of scorers; none: all. */
  readonly scorer?: readonly string[];
};

/** A rate that many experiments have; `--base` says another. */
const USUAL_BASE = 0.7;

/**
 * What a design finds, which designs find it, and what they cost in US dollars.
 * @throws ManifestError on a manifest with mistakes, CommandError on numbers that cannot be or do not go together
 */
export async function planDesign(world: World, input: PowerInput): Promise<PowerPlan> {
  const { metric = 'score' } = input;
  const margin = readMargin(input.margin, metric);
  if (input.effect === undefined && margin === null)
    throw new CommandError(
      'power needs --effect: the smallest true difference that would matter to you, as --effect 0.1; or --margin, to show that arms are within it',
    );
  const power = readShare('--power', input.power ?? '0.8');
  refuseMixed(input, metric);
  using reading = await openToRead(world, input.file);
  const { experiment } = reading;
  if (input.from === 'history') await refuseWithheld(world, experiment);
  const { variants, scenarios } = experiment.manifest;
  const { model, basis } =
    input.from === 'history' ? fromHistory(reading, input, metric) : assumed(input, metric);
  const effect =
    input.effect === undefined ? 0 : readAmount('--effect', input.effect, { metric, mean: model.mean });
  checkEffect(effect, { model, metric, margin });
  const design = {
    scenarios: readWhole('--scenarios', input.scenarios, { left: scenarios.length }),
    runs: readWhole('--runs', input.runs, {
      left: Math.max(1, ...variants.map(({ runs }) => runs)),
      most: 1_000,
    }),
    arms: readWhole('--arms', input.arms, {
      left: Math.max(
        2,
        basis.kind === 'history' && (input.variants ?? []).length > 0 ? basis.arms.length : variants.length,
      ),
      least: 2,
      most: 1_000,
    }),
  };
  if (design.scenarios < 1)
    throw new CommandError('the manifest has no scenario yet: say how many with --scenarios');
  return planPower({
    experiment: experiment.manifest.name,
    metric,
    model,
    basis,
    effect,
    margin,
    power,
    ...design,
    cluster: experiment.manifest.cluster,
    ...(await costOf(reading)),
  });
}

function refuseMixed({ from, base, variants = [], scorer = [] }: PowerInput, metric: Metric): void {
  if (from === 'history') {
    if (base === undefined) return;
    throw new CommandError(
      '--base and --from history exclude each other: the answers that are there have a mean',
    );
  }
  if (!isJudged(metric))
    throw new CommandError(
      `how ${metric} varies has no bounds to be assumed from: --from history takes it from answers that are there`,
    );
  if (variants.length > 0 || scorer.length > 0)
    throw new CommandError(
      'names of variants and --scorer go with --from history: whose answers are looked at',
    );
}

type Assumption = { readonly model: AnswersModel; readonly basis: PowerBasis };

function assumed({ base }: PowerInput, metric: Metric): Assumption {
  const mean = base === undefined ? USUAL_BASE : readShare('--base', base);
  return {
    model: assumedModel(metric === 'pass' ? 'pass' : 'score', mean),
    basis: { kind: 'assumed', base: mean },
  };
}

/** Whatever is complete or not: variances are looked for, and nothing is concluded from means. */
function fromHistory({ experiment, store }: Reading, input: PowerInput, metric: Metric): Assumption {
  const book = chosenScorers(bookOfToday(experiment), input.scorer ?? []);
  const found = gatherComparison({
    experiment,
    store,
    book,
    metric,
    patterns: input.variants ?? [],
    filter: NO_FILTER,
    by: null,
    moments: [],
    allowed: { incomplete: true, mixedModels: true },
  });
  const arms = found.arms.map(valuesOf).filter(({ values }) => values.size > 0);
  if (arms.length === 0)
    throw new CommandError(
      `no answer that is there has a value for ${metric}: npx expgraph status says what is missing; without --from history the plan stands on assumptions`,
    );
  const isBounded = isJudged(metric);
  const [first, ...others] = arms;
  const pairs = others.flatMap((other) =>
    [...first!.values].flatMap(([scenario, runs]) => {
      const its = other.values.get(scenario);
      return its ? [{ first: runs, second: its }] : [];
    }),
  );
  const alone = [...first!.values.values()];
  const model =
    pairs.length > 1
      ? fitModel({ first: pairs.map((one) => one.first), second: pairs.map((one) => one.second) }, isBounded)
      : fitOneArm(alone, isBounded);
  if (model === null)
    throw new CommandError(
      `the answers that are there do not vary in ${metric}, so how others would cannot be told from them: draw more scenarios, or leave out --from history and say --base`,
    );
  const used = pairs.length > 1 ? arms : [first!];
  const basis: PowerBasis = {
    kind: 'history',
    arms: used.map(({ name }) => name),
    scenarios: new Set(used.flatMap(({ values }) => [...values.keys()])).size,
    answers: used.reduce((sum, { values }) => sum + [...values.values()].flat().length, 0),
    simulated: found.arms.some(({ simulated }) => simulated),
  };
  return { model, basis };
}

function valuesOf(arm: CompareInput['arms'][number]): {
  readonly name: string;
  readonly values: ReadonlyMap<string, readonly number[]>;
} {
  const values = new Map<string, number[]>();
  for (const cell of arm.cells) {
    if (!counts(cell)) continue;
    const runs = values.get(cell.scenario);
    if (runs) runs.push(cell.value!);
    else values.set(cell.scenario, [cell.value!]);
  }
  return { name: arm.variant, values: new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function checkEffect(
  effect: number,
  input: { readonly model: AnswersModel; readonly metric: Metric; readonly margin: number | null },
): void {
  const { model, metric, margin } = input;
  const reach = reachOf(model);
  const [most, least] = [reach.up, -reach.down];
  if (effect > most || effect < least)
    throw new CommandError(
      `there can be no difference of ${formatDifference(metric, effect)}: the mean is ${formatMetric(metric, model.mean)}, so it is ${formatDifference(metric, least)} to ${formatDifference(metric, most)}`,
    );
  if (margin === null && effect === 0)
    throw new CommandError(
      '--effect takes a difference other than 0; to show that there is none beyond a margin, say --margin',
    );
  if (margin !== null && Math.abs(effect) >= margin)
    throw new CommandError(
      `--effect ${effect} is not within --margin ${margin}: arms that differ by that much are not to be shown to be within it`,
    );
}

/** Of an answer, as `plan --force` would tell; null = a price or a prompt is not known. */
async function costOf({ experiment, store }: Reading): Promise<{
  readonly costOfAnswer: number | null;
  readonly isSimulatedMoney: boolean;
}> {
  const none = { costOfAnswer: null, isSimulatedMoney: false };
  // What pytest collects is not asked for here.
  if (hasTests(experiment.manifest) || experiment.manifest.scenarios.length === 0) return none;
  const plan = await planExperiment({ experiment, store, filter: NO_FILTER, force: true });
  if (plan.pending.length === 0) return none;
  const { costUsd, byVariant } = await estimateExperiment({ experiment, store, plan, force: true });
  return {
    costOfAnswer: costUsd === null ? null : costUsd / plan.pending.length,
    isSimulatedMoney: byVariant.some(({ isSimulated }) => isSimulated),
  };
}
