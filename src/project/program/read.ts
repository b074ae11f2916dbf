// What a program asks of an experiment without asking a model: what would run, how the arms compare, what is kept.
import type { ScenarioResult } from '../../core/record.ts';
import type { Comparison } from '../../report/compare/comparison.ts';
import type { WorkAhead } from '../../report/run/plan-ahead.ts';
import type { CompareArmsInput } from '../compare/compare.ts';
import type { MomentsDiff } from '../history/diff.ts';
import type { CellHistory } from '../history/history.ts';
import type { ExperimentStatus } from '../history/status.ts';
import type { World } from '../open/world.ts';
import { type Experiment, worldOf } from './experiment.ts';
import { filterOptions, type Selection, unblindingOf } from './selection.ts';

export type PlanOptions = Selection & {
  /** As `run` would be with it. */
  readonly force?: boolean;
  /** Leave the manifest's remote alone: else what others made is taken first, where nobody else has the store. */
  readonly offlineRemote?: boolean;
};

/** Arms, metric, moments and gates; the cells are those of the selection, whatever became of them. */
export type CompareOptions = Omit<
  Selection,
  'variant' | 'failed' | 'notPassed' | 'stale' | 'differs' | 'shard'
> &
  Omit<CompareArmsInput, 'file' | 'scenario' | 'category' | 'tag' | 'runs'>;

export type HistoryOptions = Selection & {
  /** A glob over scenario, variant, `variant/scenario` or `variant/scenario/run`. */
  readonly pattern?: string;
};

export type DiffOptions = Selection & {
  /** An invocation (its number is enough), a date, `now`, `last` or `previous`; neither = the last two that drew something. */
  readonly a?: string;
  readonly b?: string;
};

function worldFor(
  experiment: Experiment,
  by: { readonly options: Pick<Selection, 'unblind'>; readonly called: string },
): World {
  return worldOf(experiment, { unblinding: unblindingOf(by.options, by.called) });
}

/** What `run` would do: each task with why it is pending or cached, and an estimate of calls, tokens and US dollars. */
export async function plan(experiment: Experiment, options: PlanOptions = {}): Promise<WorkAhead> {
  const { planWork } = await import('../preview/plan.ts');
  const { force = false, offlineRemote = false } = options;
  return await planWork(worldFor(experiment, { options, called: 'plan' }), {
    file: experiment.file,
    force,
    offlineRemote,
    ...filterOptions(options),
  });
}

/**
 * Intervals, tests and findings about the arms, by the metric that is asked for. What stands against a comparison is in its
 * findings; one that is refused has no number.
 */
export async function compare(experiment: Experiment, options: CompareOptions = {}): Promise<Comparison> {
  const { compareAsked } = await import('../compare/humans.ts');
  const { scenario = [], category = [], tag = [], runs = [] } = filterOptions(options as Selection);
  const cells = { scenario, category, tag, runs };
  return await compareAsked(worldFor(experiment, { options, called: 'compare' }), {
    ...options,
    ...cells,
    file: experiment.file,
  });
}

/** Every record of the cells that are meant, oldest first, each with what changed since the one before it. */
export async function history(experiment: Experiment, options: HistoryOptions = {}): Promise<CellHistory> {
  const { readHistory } = await import('../history/history.ts');
  const { pattern } = options;
  return await readHistory(worldFor(experiment, { options, called: 'history' }), {
    file: experiment.file,
    ...filterOptions(options),
    ...(pattern === undefined ? {} : { pattern }),
  });
}

/** How much of the matrix is there, row by row of variant and run. */
export async function status(experiment: Experiment, options: Selection = {}): Promise<ExperimentStatus> {
  const { readStatus } = await import('../history/status.ts');
  return await readStatus(worldFor(experiment, { options, called: 'status' }), {
    file: experiment.file,
    ...filterOptions(options),
  });
}

/** What became of each cell between two moments. */
export async function diff(experiment: Experiment, options: DiffOptions = {}): Promise<MomentsDiff> {
  const { diffMoments } = await import('../history/diff.ts');
  const { a, b } = options;
  return await diffMoments(worldFor(experiment, { options, called: 'diff' }), {
    file: experiment.file,
    ...filterOptions(options),
    ...(a === undefined ? {} : { a }),
    ...(b === undefined ? {} : { b }),
  });
}

/**
 * The record that counts of each cell in scope, whole: input, output, usage, cost, attempts. Read one at a time; the store stays
 * open until the iteration ends.
 */
export async function* records(
  experiment: Experiment,
  options: Selection = {},
): AsyncGenerator<ScenarioResult> {
  const { recordsOf } = await import('../history/counting-records.ts');
  yield* recordsOf(worldFor(experiment, { options, called: 'records' }), {
    file: experiment.file,
    ...filterOptions(options),
  });
}
