// The order that a task would be, for whoever looks at its size before anything is drawn.
import type { Order } from '../../core/order.ts';
import type { Task } from '../../core/task.ts';
import { makeOrder } from '../../variants/request.ts';
import { type Experiment, providerOf, scenarioOf } from '../open/experiment.ts';

export function firstOrder(
  experiment: Experiment,
  task: Pick<Task, 'variant' | 'scenario' | 'run' | 'key'>,
): Order {
  return makeOrder({
    variant: experiment.variants.get(task.variant)!.variant,
    provider: providerOf(experiment, task.variant),
    scenario: scenarioOf(experiment, task.scenario),
    run: task.run,
    key: task.key,
    attempt: 1,
    timeoutMs: 1,
  });
}
