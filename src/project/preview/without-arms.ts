// A plan as it is told while a blind review is open: what is pending and what it will take of all arms together, and of none by name.
import type { Estimate, VariantAmount } from '../../core/estimate.ts';
import type { Withheld } from '../../core/summary.ts';
import type { Plan, Task } from '../../core/task.ts';
import type { WorkAhead } from '../../report/run/plan-ahead.ts';
import { ALL_ARMS } from '../open/without-arms.ts';

/** How long answers of an arm are is learned from those that are there: an estimate by arm is a number by arm. */
export function pooledWork(ahead: WorkAhead, withheld: Withheld): WorkAhead {
  const { plan, estimate } = ahead;
  const pooled = { ...estimate, byVariant: pooledAmounts(estimate) };
  return { ...ahead, plan: pooledPlan(plan), estimate: pooled, until: null, withheld };
}

function pooledAmounts({ isSampled: _, byVariant: arms, ...amount }: Estimate): readonly VariantAmount[] {
  if (arms.length === 0) return [];
  const models = new Set(arms.map(({ model }) => model));
  return [
    {
      ...amount,
      variant: ALL_ARMS,
      model: models.size === 1 ? [...models][0]! : 'of several arms',
      isPriced: arms.every(({ isPriced }) => isPriced),
      isSimulated: arms.every(({ isSimulated }) => isSimulated),
      isLocal: arms.every(({ isLocal = false }) => isLocal),
      mayCallAgain: arms.some(({ mayCallAgain }) => mayCallAgain),
    },
  ];
}

function pooledPlan(plan: Plan): Plan {
  const pooled = new Map(plan.tasks.map((task): [Task, Task] => [task, { ...task, variant: ALL_ARMS }]));
  const of = (tasks: readonly Task[]): readonly Task[] => tasks.map((task) => pooled.get(task) ?? task);
  return { ...plan, tasks: of(plan.tasks), pending: of(plan.pending), twins: [] };
}
