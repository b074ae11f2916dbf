// Of one shard: answers that stand beside one which another shard draws, because another scenario draws it with the same key.
import type { Diagnostic } from '../../core/diagnostic.ts';
import { cellId, type Plan } from '../../core/task.ts';
import type { ScoredCell } from '../../planner/scores.ts';
import { formatAmount } from '../../text/format.ts';
import type { ReadyScorer } from '../select/scorers.ts';

/** Nobody can judge them here, and where all shards are merged anybody can. */
export function pairsElsewhere(input: {
  readonly plan: Pick<Plan, 'shard' | 'tasks'>;
  readonly scorers: readonly ReadyScorer[];
  readonly cells: readonly ScoredCell[];
}): readonly Diagnostic[] {
  const { plan, scorers, cells } = input;
  if (plan.shard === undefined || scorers.every(({ planned }) => planned.otherOf === undefined)) return [];
  const here = new Set(plan.tasks.map(cellId));
  const count = scorers.reduce((sum, { scorer, planned }) => {
    const against = 'pairwise' in scorer ? scorer.pairwise?.against : undefined;
    if (against === undefined || planned.otherOf === undefined) return sum;
    const elsewhere = cells.filter(
      (cell) =>
        planned.expectationOf(cell) !== null &&
        planned.otherOf?.(cell) === 'missing' &&
        !here.has(cellId({ ...cell, variant: against })),
    );
    return sum + elsewhere.length;
  }, 0);
  if (count === 0) return [];
  const stand = count === 1 ? 'stands' : 'stand';
  return [
    {
      severity: 'note',
      code: 'pairs-elsewhere',
      message: `${formatAmount(count, 'answer')} of shard ${plan.shard} ${stand} beside one that another shard draws, and cannot be judged here`,
      hint: 'npx expgraph score judges them where all shards are merged',
      location: null,
      related: [],
    },
  ];
}
