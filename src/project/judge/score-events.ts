// The events of judging: the loop tells of tasks, and whoever listens is told of scores.
import { asksModel } from '../../core/asking.ts';
import type { RunEvent } from '../../core/event.ts';
import type { ScorePlan, ScoreTask } from '../../planner/scores.ts';
import type { Emit } from '../open/emit.ts';
import type { ReadyScorer } from '../select/scorers.ts';

export function groupsOf(
  scorers: readonly ReadyScorer[],
  plan: ScorePlan,
): readonly { readonly scorer: string; readonly tasks: number; readonly cached: number }[] {
  const counts = new Map(scorers.map(({ scorer }) => [scorer.name, { tasks: 0, cached: 0 }]));
  for (const { scorer, state } of plan.tasks) {
    const count = counts.get(scorer)!;
    count.tasks++;
    if (state.kind === 'cached') count.cached++;
  }
  return [...counts].map(([scorer, count]) => ({ scorer, ...count }));
}

/** The loop tells of tasks; whoever listens is told that these are scores. */
export function asScores(
  emit: Emit,
  { plan, scorers }: { readonly plan: ScorePlan; readonly scorers: readonly ReadyScorer[] },
): Emit {
  const judges = new Set(scorers.flatMap(({ scorer }) => (asksModel(scorer) ? [scorer.name] : [])));
  const tasks = new Map<string, ScoreTask>(plan.pending.map((task) => [task.key, task]));
  return (event: RunEvent) => {
    if (
      event.kind !== 'attempt-started' &&
      event.kind !== 'attempt-failed' &&
      event.kind !== 'task-finished'
    ) {
      return emit(event);
    }
    const { scorer, vote } = tasks.get(event.key)!;
    if (event.kind === 'attempt-started') {
      const { reason: _, ...rest } = event;
      return emit({ ...rest, kind: 'score-started', scorer, vote });
    }
    if (event.kind === 'attempt-failed')
      return emit({ ...event, kind: 'score-attempt-failed', scorer, vote });
    // Who asks no model costs nothing; of a judge an unknown price stays unknown.
    const cost_usd = judges.has(scorer) ? event.cost_usd : 0;
    return emit({ ...event, kind: 'score-finished', scorer, vote, cost_usd });
  };
}
