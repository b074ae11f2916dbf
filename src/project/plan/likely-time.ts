// How long tasks are likely to take, by how long answers of the same variants took.
import type { StoreReader } from '../../cache/store.ts';
import type { Plan, Task } from '../../core/task.ts';
import { type Experiment, providerOf } from '../open/experiment.ts';
import { laneOf } from './accounts.ts';

/** Of the first so many tasks of a plan, arms by their shares; null where nothing was ever drawn. Retries and pauses are in none of it. */
export function likelyMs(input: {
  readonly experiment: Experiment;
  readonly store: Pick<StoreReader, 'measures'>;
  readonly plan: Plan;
  readonly tasks: number;
}): number | null {
  const { experiment, plan, tasks } = input;
  const mean = meanLatency(input.store);
  if (mean === null || plan.pending.length === 0) return null;
  const share = tasks / plan.pending.length;
  const lanes = new Map<string, Task[]>();
  for (const task of plan.pending) {
    const lane = laneOf(experiment, task.variant);
    const own = lanes.get(lane) ?? [];
    lanes.set(lane, own);
    own.push(task);
  }
  const places = Math.max(1, Math.floor(experiment.manifest.execution.concurrency / lanes.size));
  // Lanes go on side by side: the slowest is the one that is waited for.
  const each = [...lanes.values()].map((own) => {
    const { limits } = providerOf(experiment, own[0]!.variant);
    const count = own.length * share;
    const atOnce = Math.max(1, Math.min(places, limits.concurrency ?? places, Math.ceil(count)));
    const paced = limits.requestsPerMinute === null ? 0 : (count / limits.requestsPerMinute) * 60_000;
    return Math.max((count * mean) / atOnce, paced);
  });
  return Math.max(...each);
}

function meanLatency(store: Pick<StoreReader, 'measures'>): number | null {
  let sum = 0;
  let count = 0;
  for (const { latencyMs } of store.measures()) {
    if (latencyMs === null) continue;
    sum += latencyMs;
    count++;
  }
  return count === 0 ? null : sum / count;
}
