// The order of starting: variants side by side, the rest shuffled by seed, so that a drift of the provider in the
// middle of the run hits all arms alike.
import { makeRandom, shuffle } from '../core/shuffle.ts';
import type { Task } from '../core/task.ts';

/**
 * Each arm's tasks are spread evenly over the whole: of an arm's m tasks the i-th falls at a random place of the i-th m-th
 * (stratified sampling: W. G. Cochran, Sampling Techniques, 1977, chapter 5). So of the first n of N tasks an arm of m has
 * n * m / N, give or take 1 + (number of arms) * m / N, however unequal the arms are. All arms take the same shuffled
 * order of scenarios x runs: arms of the same cells ask the same question side by side.
 */
export function startOrder(pending: readonly Task[], seed: number): readonly Task[] {
  const random = makeRandom(seed);
  const arms = new Map<string, Task[]>();
  for (const task of inBlocks(pending, random)) {
    const arm = arms.get(task.variant);
    if (arm) arm.push(task);
    else arms.set(task.variant, [task]);
  }
  return merged(
    [...arms.values()].map((tasks) => ({ tasks, places: placesOf(tasks.length, random), next: 0 })),
  );
}

type Arm = { readonly tasks: readonly Task[]; readonly places: Float64Array; next: number };

/** One in each of as many equal stretches as there are tasks: they rise. */
function placesOf(count: number, random: () => number): Float64Array {
  const places = new Float64Array(count);
  for (let i = 0; i < count; i++) places[i] = (i + random()) / count;
  return places;
}

/** By place; of two at one place the one of the earlier arm. The arm that is next stands on top of a heap. */
function merged(arms: readonly Arm[]): readonly Task[] {
  const rank = new Map(arms.map((arm, i) => [arm, i]));
  const isBefore = (one: Arm, other: Arm): boolean => {
    const [a, b] = [one.places[one.next]!, other.places[other.next]!];
    return a === b ? rank.get(one)! < rank.get(other)! : a < b;
  };
  const heap: Arm[] = [];
  const sink = (from: number): void => {
    const arm = heap[from]!;
    let at = from;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, arm)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = arm;
  };
  heap.push(...arms);
  for (let at = heap.length >> 1; at >= 0; at--) if (at < heap.length) sink(at);
  const order: Task[] = [];
  while (heap.length > 0) {
    const arm = heap[0]!;
    order.push(arm.tasks[arm.next++]!);
    if (arm.next === arm.tasks.length) {
      const last = heap.pop()!;
      if (heap.length === 0) break;
      heap[0] = last;
    }
    sink(0);
  }
  return order;
}

/**
 * What was asked before and has no answer comes last: a cell that ends a whole run each time must not keep the others from
 * ever being asked. Within both parts the order stays.
 */
export function triedLast(pending: readonly Task[], tried: ReadonlySet<string>): readonly Task[] {
  const wasTried = ({ key, state }: Task): boolean =>
    (state.kind === 'pending' && state.reason.kind === 'failed') || tried.has(key);
  const last = pending.filter(wasTried);
  return last.length === 0 ? pending : [...pending.filter((task) => !wasTried(task)), ...last];
}

/** Blocks of one scenario x run, which are shuffled; one task of each variant at most. */
function inBlocks(pending: readonly Task[], random: () => number): readonly Task[] {
  const blocks = new Map<number, Map<string, number>>();
  // A block is a list of places in `pending`, each with the place of the next one: a list each would be a million of them.
  const first: number[] = [];
  const last: number[] = [];
  const next = new Int32Array(pending.length).fill(-1);
  for (let place = 0; place < pending.length; place++) {
    const { run, scenario } = pending[place]!;
    let ofRun = blocks.get(run);
    if (ofRun === undefined) {
      ofRun = new Map();
      blocks.set(run, ofRun);
    }
    const block = ofRun.get(scenario);
    if (block === undefined) {
      ofRun.set(scenario, first.length);
      first.push(place);
      last.push(place);
    } else {
      next[last[block]!] = place;
      last[block] = place;
    }
  }
  const ordered: Task[] = [];
  for (const start of shuffle(first, random)) {
    for (let place = start; place >= 0; place = next[place]!) ordered.push(pending[place]!);
  }
  return ordered;
}
