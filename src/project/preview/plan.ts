// What a run would do, why, and what it is likely to take. Takes no lock, needs no key, writes nothing but what pytest collects.

import type { StoreReader } from '../../cache/store.ts';
import type { Estimate } from '../../core/estimate.ts';
import { openStack } from '../../core/opened.ts';
import type { Withheld } from '../../core/summary.ts';
import type { Filter, Plan } from '../../core/task.ts';
import type { UntilSummary } from '../../core/until.ts';
import { budgetNote } from '../../report/run/budget-ahead.ts';
import type { WorkAhead } from '../../report/run/plan-ahead.ts';
import type { ScoresAhead } from '../../report/run/scores-ahead.ts';
import { CommandError, WithheldError } from '../open/command-error.ts';
import { type Experiment, openExperiment, surveyed } from '../open/experiment.ts';
import { type FilterOptions, makeFilter } from '../open/filters.ts';
import { budgetName, type LimitOptions, readGivenLimits, withLimits } from '../open/limits-given.ts';
import { oldPrices } from '../open/prices.ts';
import { withRunsIn } from '../open/runs-begun.ts';
import { hasTests, surveyNotes } from '../open/survey-scope.ts';
import { withheldOfAll } from '../open/withheld.ts';
import { unnamed } from '../open/without-arms.ts';
import { note, notifyDiagnostics, type World } from '../open/world.ts';
import { estimateExperiment } from '../plan/estimate.ts';
import type { StageDue, stageDue } from '../run/until-stages.ts';
import { forcedLeft, withoutDrawn } from '../select/forced.ts';
import { batchesOut, keysOut, readOut } from '../select/out-batches.ts';
import { unendedNote } from '../select/paid.ts';
import { planExperiment } from '../select/plan-experiment.ts';
import { pullToLook } from '../share/use.ts';
import { pooledWork } from './without-arms.ts';

export type PlanInput = FilterOptions &
  LimitOptions & {
    /** The manifest; relative to the working folder of the world. */
    readonly file: string;
    /** Also which inputs count for every test of a pytest harness, as a notice. */
    readonly explain?: boolean;
    /** Draw again what is there. */
    readonly force?: boolean;
    /** With `force`: as if none had been broken off. */
    readonly anew?: boolean;
    /** What others made is not asked for at the manifest's remote. */
    readonly offlineRemote?: boolean;
  };

/**
 * The tasks in scope with what is to become of each, and an estimate of calls, tokens, US dollars and judgements.
 * @throws ManifestError on a manifest with mistakes, CommandError on options that mean nothing
 */
export async function planWork(world: World, input: PlanInput): Promise<WorkAhead> {
  using planned = await openPlan(world, input);
  const { experiment } = planned;
  if (input.explain && experiment.manifest.variants.some(({ harness }) => harness?.kind === 'pytest')) {
    const { countsForAll } = await import('../open/counts-for-all.ts');
    notifyDiagnostics(world, countsForAll(experiment.manifest));
  }
  const ahead = await aheadOf(planned, input.force ?? false);
  return planned.withheld ? pooledWork(ahead, planned.withheld) : ahead;
}

/** The same of an experiment as it is open, for who only looks: pytest is not asked, and nobody is told anything. */
export async function lookAhead(project: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly filter: Filter;
  /** Taken between one part of the work and the next, so that others are served. */
  readonly rest: () => Promise<void>;
}): Promise<WorkAhead> {
  const { rest } = project;
  const { experiment, look } = await stageOf(project, false);
  await rest();
  const plan = await planExperiment({ ...project, experiment, force: false, elsewhere: () => true });
  return aheadOf({ experiment, store: project.store, plan, look, rest }, false);
}

async function aheadOf(planned: Ahead, force: boolean): Promise<WorkAhead> {
  const { experiment, store, plan, look, rest } = planned;
  await rest?.();
  const out = outOf(planned, force);
  const unsent = out ? { ...plan, pending: plan.pending.filter(({ key }) => !out.keys.has(key)) } : plan;
  const estimate = await estimateExperiment({ experiment, store, plan: unsent, force });
  await rest?.();
  const { budgetUsd } = experiment.manifest.execution;
  const note = budgetUsd === null ? null : await noteOf(planned, { estimate, budgetUsd });
  return {
    plan,
    estimate,
    budget: budgetUsd === null ? null : { usd: budgetUsd, note },
    scores: experiment.manifest.scorers.length > 0 ? await scoresToCome(planned) : null,
    until: look && (await untilOf(planned, look)),
    ...(out ? { out } : {}),
  };
}

function outOf(
  { experiment, store, plan }: Pick<Ahead, 'experiment' | 'store' | 'plan'>,
  force: boolean,
): WorkAhead['out'] {
  const out = readOut({ root: experiment.root, store });
  if (out.batches.length === 0) return undefined;
  const keys = keysOut(out, plan, force);
  return { batches: batchesOut(out, keys), keys };
}

/** The same without an estimate. */
export async function planTasks(world: World, input: PlanInput): Promise<Plan> {
  using planned = await openPlan(world, input);
  if (planned.withheld) throw new WithheldError(planned.withheld);
  return planned.plan;
}

type Ahead = Omit<Planned, 'withheld'> & { readonly rest?: () => Promise<void> };

type Planned = {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly plan: Plan;
  /** Where the manifest says when runs are enough, and a look could be taken. */
  readonly look: UntilSummary | null;
  readonly withheld: Withheld | null;
};

async function openPlan(outside: World, input: PlanInput): Promise<Planned & Disposable> {
  using opening = openStack();
  const filter = makeFilter(input);
  const { force = false, anew = false } = input;
  if (anew && !force) throw new CommandError('--anew goes with --force');
  const limits = readGivenLimits(input);
  const declared = await openExperiment(outside, input.file, { as: 'plan' });
  const opened = withLimits(await surveyed(outside, declared), limits);
  const withheld = await withheldOfAll(outside, opened, filter);
  const names = opened.manifest.variants.map(({ name }) => name);
  const world = withheld ? unnamed(outside, names) : outside;
  if (!input.offlineRemote) await pullToLook(world, opened);
  const store = opening.use(opened.stores.read());
  const begun = await withRunsIn(opened, store);
  const { experiment, look } = await stageOf({ experiment: begun, store, filter }, force);
  notifyDiagnostics(world, [...store.diagnostics, ...unendedNote(store, 'not-held')]);
  if (experiment.manifest.execution.batch) {
    const { callsNotes } = await import('../draw/batch-check.ts');
    notifyDiagnostics(world, callsNotes(experiment));
  }
  notifyDiagnostics(world, surveyNotes(experiment.manifest));
  for (const text of oldPrices(experiment.manifest, world.clock.now())) note(world, text);
  const whole = await planExperiment({ experiment, store, filter, force });
  const forced = force && !anew ? withoutDrawn(whole, { store, filter }) : null;
  const plan = forced?.plan ?? whole;
  notifyDiagnostics(
    world,
    forced?.notes ?? (force ? [] : await forcedLeft('not-held', { experiment, store })),
  );
  if (!force && hasTests(experiment.manifest)) {
    const { rereadNotes, toReread } = await import('../run/reread.ts');
    notifyDiagnostics(world, rereadNotes(toReread({ experiment, store, plan })));
  }
  const kept = opening.move();
  return { experiment, store, plan, look, withheld, [Symbol.dispose]: () => kept[Symbol.dispose]() };
}

/** Where the manifest says when runs are enough: with the run that is due. Nothing of it is loaded elsewhere. */
async function stageOf(project: Parameters<typeof stageDue>[0], force: boolean): Promise<StageDue> {
  const { experiment } = project;
  if (experiment.manifest.until === undefined || force) return { experiment, look: null };
  return (await import('../run/until-stages.ts')).stageDue(project);
}

async function untilOf(planned: Ahead, look: UntilSummary): Promise<WorkAhead['until']> {
  const { untilAhead } = await import('../plan/until-ahead.ts');
  return { until: look, more: await untilAhead({ ...planned, look }) };
}

async function noteOf(
  planned: Ahead,
  budget: { readonly estimate: Estimate; readonly budgetUsd: number },
): Promise<string | null> {
  const { beyondBudget } = await import('../draw/budget-check.ts');
  const { likelyMs } = await import('../plan/likely-time.ts');
  return budgetNote({
    ...budget,
    name: budgetName(planned.experiment),
    tasks: planned.plan.pending.length,
    msOf: (tasks) => likelyMs({ ...planned, tasks }),
    beyond: beyondBudget(planned)?.why ?? null,
  });
}

async function scoresToCome(planned: Ahead): Promise<ScoresAhead | null> {
  if (!planned.experiment.stores.hasScores() && planned.plan.counts.cached === 0) {
    return (await import('../plan/score-fresh.ts')).freshScores(planned);
  }
  return (await import('../plan/score-estimate.ts')).scoresAhead(planned);
}
