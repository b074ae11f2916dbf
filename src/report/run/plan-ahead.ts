// What `plan` prints in all: the tasks, what they are likely to take, what will be judged, and how far `until:` may go. Pure.
import type { BatchOut } from '../../core/batch-facts.ts';
import type { Estimate } from '../../core/estimate.ts';
import type { Withheld } from '../../core/summary.ts';
import type { Plan } from '../../core/task.ts';
import type { UntilSummary } from '../../core/until.ts';
import { planJson } from '../json.ts';
import { type UntilAhead, untilAheadText } from '../words/until-words.ts';
import { type PlanTextOptions, planTable } from './plan-table.ts';
import { type ScoresAhead, scoresAheadJson, scoresAheadText } from './scores-ahead.ts';
import { withheldText } from './withheld.ts';

export type WorkAhead = {
  readonly plan: Plan;
  readonly estimate: Estimate;
  /** In US dollars, with a sentence where it is not likely to hold; null = there is no budget. */
  readonly budget: { readonly usd: number; readonly note: string | null } | null;
  /** null = nothing judges. */
  readonly scores: ScoresAhead | null;
  /** The look at what is there, and what may be drawn beyond the plan; null = the manifest does not say when runs are enough. */
  readonly until: { readonly until: UntilSummary; readonly more: UntilAhead } | null;
  /** Batches that are out, and the keys of pending tasks that are in them. Only where there are some. */
  readonly out?: { readonly batches: readonly BatchOut[]; readonly keys: ReadonlySet<string> };
  /** Only while a blind review is open: all is told of all arms together. */
  readonly withheld?: Withheld;
};

export function workAheadJson(ahead: WorkAhead): object {
  const { plan, estimate, budget, scores, until, withheld, out } = ahead;
  return {
    ...planJson(plan, estimate),
    ...(out ? { batches: out.batches } : {}),
    ...(budget === null ? {} : { budget }),
    ...(scores === null ? {} : { scores: scoresAheadJson(scores) }),
    ...(until === null ? {} : { until: { ...until.until, at_most: until.more } }),
    ...(withheld ? { withheld } : {}),
  };
}

export function workAheadText(ahead: WorkAhead, options: PlanTextOptions): string {
  const { plan, estimate, budget, scores, until, withheld, out } = ahead;
  const parts = [
    planTable(plan, {
      ...options,
      ...(out ? { out: out.keys, batches: out.batches } : {}),
      estimate,
      budgetNote: budget?.note ?? null,
    }),
    ...(scores === null ? [] : [scoresAheadText(scores)]),
    ...(until === null ? [] : [untilAheadText(until, options)]),
    ...(withheld ? [withheldText(withheld, options)] : []),
  ];
  return parts.join('\n');
}
