// What is ready, by lane: due retries first, then fresh tasks in the planner's order. Lanes take turns by that order.
import type { Task } from '../core/task.ts';

export type Queue<Job> = {
  /** The lane whose next piece of work is first in the plan; null where no open lane has any. */
  nextLane(closed: ReadonlySet<string>): string | null;
  /** The lane's next job; opens the task if it is a fresh one. */
  peek(lane: string, open: (task: Task) => Job): Job;
  /** Removes what `peek` showed. */
  take(lane: string): void;
  /** A retry that will come later. */
  delay(): void;
  /** It is due now. */
  retry(lane: string, job: Job): void;
  /** Retries that are not due yet. */
  delayed(): number;
  /** Nothing ready and nothing delayed. */
  isEmpty(): boolean;
};

type LaneQueue<Job> = {
  /** Indexes into `pending`. */
  readonly fresh: number[];
  next: number;
  readonly due: Job[];
  /** Opened by peek and not yet taken. */
  opened: Job | null;
};

export function makeQueue<Job>(pending: readonly Task[], laneOf: (task: Task) => string): Queue<Job> {
  const lanes = new Map<string, LaneQueue<Job>>();
  let delayedCount = 0;
  const laneQueue = (name: string): LaneQueue<Job> => {
    let lane = lanes.get(name);
    if (!lane) {
      lane = { fresh: [], next: 0, due: [], opened: null };
      lanes.set(name, lane);
    }
    return lane;
  };
  for (let i = 0; i < pending.length; i++) laneQueue(laneOf(pending[i]!)).fresh.push(i);
  const hasWork = (lane: LaneQueue<Job>): boolean => lane.due.length > 0 || lane.next < lane.fresh.length;
  return {
    nextLane(closed) {
      let best: string | null = null;
      let bestIndex = Number.POSITIVE_INFINITY;
      for (const [name, lane] of lanes) {
        if (closed.has(name) || !hasWork(lane)) continue;
        const index = lane.due.length > 0 ? -1 : lane.fresh[lane.next]!;
        if (index < bestIndex) {
          best = name;
          bestIndex = index;
        }
      }
      return best;
    },
    peek(name, open) {
      const lane = lanes.get(name)!;
      const due = lane.due[0];
      if (due !== undefined) return due;
      lane.opened ??= open(pending[lane.fresh[lane.next]!]!);
      return lane.opened;
    },
    take(name) {
      const lane = lanes.get(name)!;
      if (lane.due.length > 0) {
        lane.due.shift();
      } else {
        lane.next++;
        lane.opened = null;
      }
    },
    delay: () => {
      delayedCount++;
    },
    retry(name, job) {
      delayedCount--;
      laneQueue(name).due.push(job);
    },
    delayed: () => delayedCount,
    isEmpty: () => delayedCount === 0 && ![...lanes.values()].some(hasWork),
  };
}
