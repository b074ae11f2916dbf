// What is ready, by lane: due retries and fresh tasks take turns, so that neither starves the other. Within a lane tasks
// keep the planner's order; lanes share the places evenly.
import type { Task } from '../core/task.ts';

export type Queue<Job> = {
  /**
   * The lane that has the fewest calls in flight: places are shared evenly, and a slow account cannot take them all. Of
   * equals, the one whose next piece of work is first in the plan. null where no open lane has any work.
   */
  nextLane(closed: ReadonlySet<string>, inFlightOf: (lane: string) => number): string | null;
  /** The lane's next job; opens the task if it is a fresh one. `fresh-first`: a due retry only where nothing else is. */
  peek(
    lane: string,
    how: { readonly prefer: 'turns' | 'fresh-first'; readonly open: (task: Task) => Job },
  ): Job;
  /** Removes what `peek` showed last; says what it was. */
  take(lane: string): 'due' | 'fresh';
  /** A retry that will come later; false where its lane was dropped: it never will, and nobody waits for it. */
  delay(lane: string, job: Job): boolean;
  /** It is due now. */
  retry(lane: string, job: Job): void;
  /** Retries that are not due yet, of lanes that still work. */
  delayed(): number;
  /** Forgets the lane's work, now and later; returns how many ready tasks that were. */
  drop(lane: string): number;
  /** Forgets all tasks that were not begun. */
  dropFresh(): void;
  /** Nothing ready and nothing delayed. */
  isEmpty(): boolean;
};

type LaneQueue<Job> = {
  /** Indexes into `pending`. */
  fresh: readonly number[];
  next: number;
  readonly due: Job[];
  /** Retries that are not due yet. */
  readonly later: Set<Job>;
  /** Opened by peek and not yet taken. */
  opened: Job | null;
  shown: 'due' | 'fresh' | null;
  /** What was taken last: the other one is next. */
  last: 'due' | 'fresh';
  isDropped: boolean;
};

export function makeQueue<Job>(pending: readonly Task[], laneOf: (task: Task) => string): Queue<Job> {
  const lanes = new Map<string, LaneQueue<Job>>();
  const laneQueue = (name: string): LaneQueue<Job> => {
    let lane = lanes.get(name);
    if (!lane) {
      lane = {
        fresh: [],
        next: 0,
        due: [],
        later: new Set(),
        opened: null,
        shown: null,
        last: 'fresh',
        isDropped: false,
      };
      lanes.set(name, lane);
    }
    return lane;
  };
  const indexes = new Map<string, number[]>();
  for (let i = 0; i < pending.length; i++) {
    const name = laneOf(pending[i]!);
    const known = indexes.get(name);
    if (known) known.push(i);
    else indexes.set(name, [i]);
  }
  for (const [name, fresh] of indexes) laneQueue(name).fresh = fresh;

  const hasFresh = (lane: LaneQueue<Job>): boolean => lane.next < lane.fresh.length;
  const hasWork = (lane: LaneQueue<Job>): boolean => lane.due.length > 0 || hasFresh(lane);
  const turnOf = (lane: LaneQueue<Job>): 'due' | 'fresh' => {
    if (lane.due.length === 0) return 'fresh';
    return hasFresh(lane) && lane.last === 'due' ? 'fresh' : 'due';
  };
  const delayed = (): number => {
    let count = 0;
    for (const { later } of lanes.values()) count += later.size;
    return count;
  };
  return {
    nextLane(closed, inFlightOf) {
      let best: { readonly name: string; readonly load: number; readonly index: number } | null = null;
      for (const [name, lane] of lanes) {
        if (closed.has(name) || !hasWork(lane)) continue;
        const index = turnOf(lane) === 'due' ? -1 : lane.fresh[lane.next]!;
        const load = inFlightOf(name);
        if (best === null || load < best.load || (load === best.load && index < best.index)) {
          best = { name, load, index };
        }
      }
      return best?.name ?? null;
    },
    peek(name, { prefer, open }) {
      const lane = lanes.get(name)!;
      lane.shown = prefer === 'fresh-first' && hasFresh(lane) ? 'fresh' : turnOf(lane);
      if (lane.shown === 'due') return lane.due[0]!;
      lane.opened ??= open(pending[lane.fresh[lane.next]!]!);
      return lane.opened;
    },
    take(name) {
      const lane = lanes.get(name)!;
      const taken = lane.shown ?? turnOf(lane);
      if (taken === 'due') {
        lane.due.shift();
      } else {
        lane.next++;
        lane.opened = null;
      }
      lane.last = taken;
      lane.shown = null;
      return taken;
    },
    delay(name, job) {
      const lane = laneQueue(name);
      if (!lane.isDropped) lane.later.add(job);
      return !lane.isDropped;
    },
    retry(name, job) {
      const lane = laneQueue(name);
      if (lane.later.delete(job)) lane.due.push(job);
    },
    delayed,
    drop(name) {
      const lane = laneQueue(name);
      const dropped = lane.due.length + lane.fresh.length - lane.next;
      lane.isDropped = true;
      lane.due.length = 0;
      lane.later.clear();
      forgetFresh(lane);
      return dropped;
    },
    dropFresh() {
      for (const lane of lanes.values()) forgetFresh(lane);
    },
    isEmpty: () => delayed() === 0 && ![...lanes.values()].some(hasWork),
  };
}

function forgetFresh<Job>(lane: LaneQueue<Job>): void {
  lane.next = lane.fresh.length;
  lane.opened = null;
}
