// expgraph plan: what would run, why, and what it will cost. Takes no lock, needs no key, writes nothing but what pytest collects.

import type { StoreReader } from '../../cache/store.ts';
import type { Estimate } from '../../core/estimate.ts';
import type { Plan } from '../../core/task.ts';
import { jsonLine } from '../../core/text.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { type Experiment, openExperiment, surveyed } from '../../project/open/experiment.ts';
import { type FilterOptions, makeFilter } from '../../project/open/filters.ts';
import {
  budgetName,
  type LimitOptions,
  readGivenLimits,
  withLimits,
} from '../../project/open/limits-given.ts';
import { hasTests, surveyNotes } from '../../project/open/survey-scope.ts';
import { notifyDiagnostics } from '../../project/open/world.ts';
import { estimateExperiment } from '../../project/plan/estimate.ts';
import type { untilAhead } from '../../project/plan/until-ahead.ts';
import type { StageDue, stageDue } from '../../project/run/until-stages.ts';
import { forcedLeft, withoutDrawn } from '../../project/select/forced.ts';
import { unendedNote } from '../../project/select/paid.ts';
import { planExperiment } from '../../project/select/plan-experiment.ts';
import { budgetNote } from '../../report/run/budget-ahead.ts';
import type { ScoresAhead } from '../../report/run/scores-ahead.ts';
import type { TextOptions } from '../../text/table.ts';
import type { Io } from '../io.ts';

export type PlanOptions = FilterOptions &
  LimitOptions & {
    readonly file: string;
    readonly explain?: boolean;
    readonly force?: boolean;
    /** With `force`: as if none had been broken off. */
    readonly anew?: boolean;
    readonly format: string;
    readonly json?: boolean;
  };

/** Above this a drawing is a black square: filters make it readable. */
const MAX_DRAWN = 5_000;

export async function planCommand(io: Io, options: PlanOptions): Promise<number> {
  const filter = makeFilter(options);
  if (options.anew && !options.force) throw new CommandError('--anew goes with --force');
  const limits = readGivenLimits(options);
  const opened = withLimits(await surveyed(io, await openExperiment(io, options.file)), limits);
  using store = opened.stores.read();
  const { experiment, look } = await stageOf({ experiment: opened, store, filter }, options);
  notifyDiagnostics(io, [...store.diagnostics, ...unendedNote(store, 'not-held')]);
  notifyDiagnostics(io, surveyNotes(experiment.manifest));
  const force = options.force ?? false;
  const whole = await planExperiment({ experiment, store, filter, force });
  const forced = force && !options.anew ? withoutDrawn(whole, { store, filter }) : null;
  const plan = forced?.plan ?? whole;
  notifyDiagnostics(io, forced?.notes ?? (force ? [] : await forcedLeft('not-held', { experiment, store })));
  if (!force && hasTests(experiment.manifest)) {
    const { rereadNotes, toReread } = await import('../../project/run/reread.ts');
    notifyDiagnostics(io, rereadNotes(toReread({ experiment, store, plan })));
  }
  const format = options.json ? 'json' : options.format;
  if (format === 'mermaid' || format === 'dot') {
    if (plan.tasks.length > MAX_DRAWN) {
      throw new CommandError(
        `${plan.tasks.length} tasks make no readable graph (at most ${MAX_DRAWN}); narrow it with filters`,
      );
    }
    const { toDot, toMermaid } = await import('../../planner/graph.ts');
    io.out.write(format === 'dot' ? toDot(plan) : toMermaid(plan));
    return 0;
  }
  const estimate = await estimateExperiment({ experiment, store, plan, force });
  const { budgetUsd } = experiment.manifest.execution;
  const note = budgetUsd === null ? null : await noteOf({ experiment, store, plan, estimate, budgetUsd });
  if (options.explain && experiment.manifest.variants.some(({ harness }) => harness?.kind === 'pytest')) {
    const { countsForAll } = await import('../../project/open/counts-for-all.ts');
    notifyDiagnostics(io, countsForAll(experiment.manifest));
  }
  const given = {
    estimate,
    budgetNote: note,
    columns: io.out.columns(),
    colors: io.out.colors,
    explain: options.explain ? ('each' as const) : ('counts' as const),
  };
  const hasScorers = experiment.manifest.scorers.length > 0;
  const ahead = hasScorers ? await scoresToCome({ experiment, store, plan }) : null;
  const until = look && (await untilWords({ experiment, store, plan, look }));
  if (format === 'json') {
    const { planJson } = await import('../../report/json.ts');
    const { scoresAheadJson } = await import('../../report/run/scores-ahead.ts');
    const scores = ahead === null ? {} : { scores: scoresAheadJson(ahead) };
    const budget = budgetUsd === null ? {} : { budget: { usd: budgetUsd, note } };
    io.out.write(jsonLine({ ...planJson(plan, estimate), ...budget, ...scores, ...(until?.json ?? {}) }));
  } else {
    const { planTable } = await import('../../report/run/plan-table.ts');
    io.out.write(planTable(plan, given));
    if (ahead !== null) {
      const { scoresAheadText } = await import('../../report/run/scores-ahead.ts');
      io.out.write(`\n${scoresAheadText(ahead)}`);
    }
    if (until !== null) io.out.write(`\n${until.text(given)}`);
  }
  return 0;
}

/** Where the manifest says when runs are enough: with the run that is due. Nothing of it is loaded elsewhere. */
async function stageOf(
  at: Parameters<typeof stageDue>[0],
  { force = false }: PlanOptions,
): Promise<StageDue> {
  if (at.experiment.manifest.until === undefined || force) return { experiment: at.experiment, look: null };
  return (await import('../../project/run/until-stages.ts')).stageDue(at);
}

async function untilWords(at: Parameters<typeof untilAhead>[0]): Promise<{
  readonly json: object;
  readonly text: (options: TextOptions) => string;
}> {
  const { untilAheadText } = await import('../../report/words/until-words.ts');
  const more = await (await import('../../project/plan/until-ahead.ts')).untilAhead(at);
  return {
    json: { until: { ...at.look, at_most: more } },
    text: (options) => untilAheadText({ until: at.look, more }, options),
  };
}

async function noteOf(at: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly plan: Plan;
  readonly estimate: Estimate;
  readonly budgetUsd: number;
}): Promise<string | null> {
  const { beyondBudget } = await import('../../project/draw/budget-check.ts');
  const { likelyMs } = await import('../../project/plan/likely-time.ts');
  return budgetNote({
    ...at,
    name: budgetName(at.experiment),
    tasks: at.plan.pending.length,
    msOf: (tasks) => likelyMs({ ...at, tasks }),
    beyond: beyondBudget(at)?.why ?? null,
  });
}

async function scoresToCome(at: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly plan: Plan;
}): Promise<ScoresAhead | null> {
  if (!at.experiment.stores.hasScores() && at.plan.counts.cached === 0) {
    return (await import('../../project/plan/score-fresh.ts')).freshScores(at);
  }
  return (await import('../../project/plan/score-estimate.ts')).scoresAhead(at);
}
