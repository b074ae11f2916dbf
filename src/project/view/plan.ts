// The screen `plan`: what an edit made stale, and why. Nothing is asked of anybody: what only a run finds out stays unknown.
import { workAheadText } from '../../report/run/plan-ahead.ts';
import { groupByReason } from '../../report/words/explain.ts';
import type { PlanScreen } from '../../screens/plan.ts';
import { lookAhead } from '../preview/plan.ts';
import { fieldChange } from './field-change.ts';
import type { Pause } from './pause.ts';
import type { Snapshot } from './snapshot.ts';

/** Of an edit that touched more the number is told. */
const MAX_CELLS = 300;
const COLUMNS = 100;

export async function planScreen(
  { experiment, store, filter }: Snapshot,
  { take: rest }: Pause,
): Promise<PlanScreen> {
  const ahead = await lookAhead({ experiment, store, filter, rest });
  const { plan, estimate } = ahead;
  const { calls, inputTokens, outputTokens, costUsd } = estimate;
  return {
    tasks: plan.counts.tasks,
    pending: plan.counts.pending,
    cached: plan.counts.cached,
    stale: plan.counts.stale,
    estimate: { calls, inputTokens, outputTokens, costUsd },
    edits: groupByReason(plan).map(({ reason, tasks }) => ({
      kind: reason.kind,
      changed: reason.kind === 'stale' ? reason.changed.map(fieldChange) : [],
      cells: tasks.slice(0, MAX_CELLS).map(({ variant, scenario, run }) => ({ variant, scenario, run })),
      total: tasks.length,
    })),
    text: workAheadText(ahead, { columns: COLUMNS, colors: false, explain: 'each' }),
  };
}
