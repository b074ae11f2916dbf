// What `until:` may still draw, for whoever plans: the run that is due, and what it comes to at most after that.
import type { StoreReader } from '../../cache/store.ts';
import type { Plan } from '../../core/task.ts';
import { NO_FILTER } from '../../core/task.ts';
import type { UntilSummary } from '../../core/until.ts';
import type { UntilAhead } from '../../report/words/until-words.ts';
import type { Experiment } from '../open/experiment.ts';
import { parseShard } from '../open/filters.ts';
import { withRuns } from '../open/until-runs.ts';
import { planExperiment } from '../select/plan-experiment.ts';
import { estimateExperiment } from './estimate.ts';

/** @param at `experiment` with the run that is due, `plan` of it without filters, or of one shard of that */
export async function untilAhead(input: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly plan: Plan;
  readonly look: UntilSummary;
}): Promise<UntilAhead> {
  const { experiment, store, plan, look } = input;
  const until = experiment.manifest.until!;
  const open = look.questions.filter(({ state }) => state === 'open');
  // Before a first look nothing is decided yet.
  const arms =
    look.waits !== null
      ? until.variants
      : [...new Set(open.flatMap(({ first, second }) => (second === null ? [first] : [first, second])))];
  const all = withRuns(experiment, new Map(arms.map((name) => [name, until.maxRuns])));
  const of = { experiment: all, store, force: false };
  const shard = plan.shard === undefined ? null : parseShard(plan.shard);
  const whole = await planExperiment({ ...of, filter: { ...NO_FILTER, shard } });
  const now = new Set(plan.pending.map(({ key }) => key));
  const pending = whole.pending.filter(({ key }) => !now.has(key));
  if (pending.length === 0) return { tasks: 0, cost_usd: 0 };
  const { costUsd } = await estimateExperiment({ ...of, plan: { ...whole, pending } });
  return { tasks: pending.length, cost_usd: costUsd };
}
